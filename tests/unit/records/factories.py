"""Claims made by hand, and the annotated corpus read as claims."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from bam.model.claims import Claim, ClaimValues, Evidence, Table, Witness, values_from_dict
from bam.model.identity import content_id

RECORDED_AT = "2026-11-01T00:00:00.000000+00:00"
CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"

_ROUNDED = re.compile(r"\b(nearly|almost|about|some|over|more than|upwards of|around|approximately)\b", re.IGNORECASE)
_YEAR = r"(19|20)\d\d"
_BACKGROUND = re.compile(
    rf"\b(since {_YEAR}|in the past \d+ years|between {_YEAR} and {_YEAR}|starting from {_YEAR})\b", re.IGNORECASE
)

_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=[A-Z“\"])")


def witness(document: str, *, officiality: str = "media", copy_of: str | None = None, tlp: str = "clear") -> Witness:
    """A voice: documents of other names are independent unless one is a copy of the other."""
    return Witness(
        document_id=f"doc-{document}",
        copy_group=f"doc-{copy_of or document}",
        source_id="tests",
        publisher=document,
        officiality=officiality,
        tlp=tlp,
        title=document,
        address=f"https://example.org/{document}",
    )


def claim(
    table: Table | str,
    document: str,
    published: str | None = "2014-03-05",
    *,
    quote: str = "",
    at: int = 0,
    recorded_at: str = RECORDED_AT,
    confidence: float = 0.9,
    officiality: str = "media",
    copy_of: str | None = None,
    is_reviewed: bool = False,
    extractor: str = "tests/1",
    tlp: str = "clear",
    **values: Any,
) -> Claim:
    """A claim with these values; what isn't given is as an extractor leaves it."""
    made = values_of(Table(table), values)
    told = quote or str(values)
    return Claim(
        id=content_id("clm", document, extractor, table, sorted((key, str(value)) for key, value in values.items()), told, at),
        version_id=f"ver-{document}",
        table=Table(table),
        values=made,
        evidence=(Evidence(at, at + len(told), told),),
        confidence=confidence,
        extractor=extractor,
        published_on=published,
        recorded_at=recorded_at,
        witness=witness(document, officiality=officiality, copy_of=copy_of, tlp=tlp),
        is_reviewed=is_reviewed,
    )


def values_of(table: Table, values: dict[str, Any]) -> ClaimValues:
    """Values of a table, with the required ones filled."""
    required: dict[Table, dict[str, Any]] = {
        Table.FUNDING: {"amount": 1_000_000.0, "currency": "USD", "stage": "committed"},
        Table.FACILITIES: {"name": "border post", "type": "border_post"},
        Table.WORKSHOPS: {"topic": "document examination"},
        Table.FOLLOW_UPS: {"conference": "Ministerial Conference", "commitment": "meet again"},
    }
    filled = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
    return values_from_dict(table, required[table] | filled)


def gold_claims(folder: str, *, optional: bool = False) -> list[Claim]:
    """The annotated facts of a corpus folder as an extractor would hand them over; empty where the corpus is absent.

    The flags that the annotation doesn't have are read off the document: rounded figures from the quote, sums over many years
    from the quote and from how its sentence begins ("Since 1992, ...").
    """
    claims: list[Claim] = []
    for path in sorted((CORPUS / folder).glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        document, text = gold["document"], _text_beside(path)
        for table in Table:
            claims.extend(
                _gold_claim(table, document, fact, number, text)
                for number, fact in enumerate(gold[table])
                if optional or not fact.get("optional")
            )
    return claims


def _text_beside(path: Path) -> str:
    """The words of the annotated document, without its markup."""
    (document,) = (each for each in path.parent.glob(f"{path.name.removesuffix('.gold.json')}.*") if each.suffix != ".json")
    return _plain(document.read_text(encoding="utf-8"))


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def _sentence_around(quote: str, text: str) -> str:
    """The sentence in which a quote stands; the quote where the text doesn't have it as it is."""
    start = text.find(_plain(quote))
    if start < 0:
        return quote
    end = start + len(_plain(quote))
    before = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start + 1)), default=0)
    after = _SENTENCE_END.search(text, max(start, end - 1))
    return text[before : after.start() + 1 if after else len(text)]


def _gold_claim(table: Table, document: dict[str, Any], fact: dict[str, Any], number: int, text: str) -> Claim:
    quote = html.unescape(re.sub(r"<[^>]+>", "", fact["quote"]))
    values = {key: value for key, value in fact.items() if value is not None and key not in ("quote", "quotes", "optional")}
    if table is Table.FUNDING:
        values["is_approximate"] = bool(_ROUNDED.search(quote))
        values["is_cumulative"] = bool(_BACKGROUND.search(quote) or _BACKGROUND.match(_sentence_around(quote, text)))
    return claim(table, document["id"], document.get("published"), quote=quote, at=number * 1000, **values)
