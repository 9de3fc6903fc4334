"""The annotated documents of our own keep the rules of docs/method.md for what a fact is; the extractor isn't involved here.

`NAME.gold.json` holds the facts of a document: the four tables with every field of the table, `null` or `[]` where the document
doesn't say. What is written in the document (names, topics, places, quotes) must stand there letter by letter.

`tests/corpus/` has documents of other regions and kinds than those that the rules are developed on: they measure, and no rule is
made for one of them. `tests/corpus/samples/` has the facts of the sample documents, in whatever format these are.
"""

from __future__ import annotations

import email
import email.policy
import html
import html.parser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycountry
import pytest
from babel.core import get_global

from bam.model.dates import is_date_prefix

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "corpus"
SAMPLES = ROOT / "include" / "samples"
GOLD_FILES = sorted(FOLDER.glob("*.gold.json"))
SAMPLE_GOLD_FILES = sorted(FOLDER.glob("samples/*.gold.json"))
COUNTRIES = {country.alpha_2 for country in pycountry.countries} | {"XK"}
CURRENCIES = set(get_global("all_currencies"))
"""Past ones too: documents of the nineties count in lire and drachmas."""
TWO_LETTER_BODIES = {"EU", "UN", "WB"}
CHOICES = {
    ("funding", "stage"): {"planned", "pledged", "committed", "disbursed"},
    ("facilities", "type"): {
        *("training_centre", "border_crossing", "border_post", "bridge", "base", "airport", "laboratory", "office"),
        *("checkpoint", "other"),
    },
    ("facilities", "status"): {"planned", "under_construction", "operational", "closed"},
    ("workshops", "status"): {"held", "ongoing", "planned"},
    ("follow_ups", "status"): {"open", "done", "ongoing", "dropped"},
}
FIELDS = {
    "funding": "amount currency stage donors recipients programme purpose date",
    "facilities": "name type country place status status_date funders programme",
    "workshops": "topic start end country place venue organisers participants audience status programme",
    "follow_ups": "conference conference_date conference_place commitment parties due status",
}
OPTIONAL_FIELDS = {"funding": {"part_of", "amount_min", "amount_max"}, "workshops": {"count"}}
REQUIRED_TEXTS = {"quote", "name", "topic", "conference", "commitment"}
WRITTEN = {"programme", "purpose", "place", "venue", "conference_place"}
PARTIES = {"donors", "recipients", "funders", "organisers", "audience", "parties"}
DATES = {"date", "status_date", "start", "end", "conference_date", "due"}
FURNITURE = {"script", "style", "nav", "aside", "footer", "head"}


class RenderedText(html.parser.HTMLParser):
    """What a reader sees of a page, without what stands around the article."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.open_furniture: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FURNITURE:
            self.open_furniture.append(tag)
        if tag not in {"a", "b", "em", "i", "strong", "span"}:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open_furniture:
            self.open_furniture.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.open_furniture:
            self.pieces.append(data)


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " ")).strip()


def name_of(gold_file: Path) -> str:
    return gold_file.name.removesuffix(".gold.json")


def document_of(gold_file: Path) -> Path:
    """The one document that belongs to a file of facts; for a printed sample the original that it was made from."""
    name = name_of(gold_file)
    if gold_file.parent == FOLDER:
        (document,) = (path for path in FOLDER.glob(f"{name}.*") if path.suffix in {".txt", ".md", ".html"})
        return document
    originals = [path for path in (SAMPLES / "originals").iterdir() if path.stem == name]
    (document,) = originals or list((SAMPLES / "documents").glob(f"{name}.*"))
    return document


def text_of(document: Path) -> str:
    data = document.read_bytes()
    if document.suffix == ".eml":
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
        return folded(" ".join(part.get_content() for part in parts))
    text = data.decode("cp1252" if b"charset=windows-1252" in data else "utf-8")
    if document.suffix == ".atom":
        text = html.unescape(text)
    if document.suffix in {".html", ".atom"}:
        parser = RenderedText()
        parser.feed(text)
        text = "".join(parser.pieces)
    return folded(text)


def faults(table: str, record: dict[str, Any], text: str) -> Iterator[str]:
    """What is wrong with one record."""
    known = set(FIELDS[table].split())
    extra = OPTIONAL_FIELDS.get(table, set())
    if missing := known - set(record):
        yield f"lacks {sorted(missing)}"
    if unknown := set(record) - known - extra - {"quote", "quotes", "optional"}:
        yield f"has unknown {sorted(unknown)}"
    for key, value in record.items():
        if not is_value_right(table, key, value, text):
            yield f"{key}: {value!r}"


def is_value_right(table: str, key: str, value: Any, text: str) -> bool:
    if (table, key) in CHOICES:
        return value in CHOICES[table, key]
    if key in PARTIES:
        return are_parties_right(value, COUNTRIES if key == "audience" else None)
    if key in REQUIRED_TEXTS:
        return bool(value) and is_written(value, text)
    if key in DATES | WRITTEN | {"country", "participants"} and value is None:
        return True
    if key in DATES:
        return is_date_prefix(value)
    if key in WRITTEN:
        return is_written(value, text)
    return is_code_or_number_right(key, value, text)


def is_code_or_number_right(key: str, value: Any, text: str) -> bool:
    if key in {"amount", "part_of", "amount_min", "amount_max"}:
        return isinstance(value, int | float) and value > 0
    if key in {"participants", "count"}:
        return isinstance(value, int) and value > 0
    if key == "quotes":
        return bool(value) and all(folded(quote) in text for quote in value)
    allowed = {"currency": CURRENCIES, "country": COUNTRIES, "optional": {True}}
    return value in allowed.get(key, set())


def is_written(value: str, text: str) -> bool:
    return folded(value).casefold() in text.casefold()


def are_parties_right(value: Any, allowed: set[str] | None) -> bool:
    if not isinstance(value, list) or len(set(value)) != len(value):
        return False
    if allowed is not None:
        return set(value) <= allowed
    short = {party for party in value if len(party) == 2}
    return all(isinstance(party, str) and party.strip() for party in value) and short <= COUNTRIES | TWO_LETTER_BODIES


def test_every_document_has_its_facts_and_the_other_way_round() -> None:
    documents = {path.stem for path in FOLDER.iterdir() if path.suffix in {".txt", ".md", ".html"}}
    assert documents == {name_of(path) for path in GOLD_FILES}
    assert len(documents) >= 14
    assert {path.stem for path in (SAMPLES / "documents").iterdir()} == {name_of(path) for path in SAMPLE_GOLD_FILES}


@pytest.mark.parametrize("gold_file", GOLD_FILES + SAMPLE_GOLD_FILES, ids=name_of)
def test_the_facts_keep_the_rules(gold_file: Path) -> None:
    gold = json.loads(gold_file.read_text(encoding="utf-8"))
    document = document_of(gold_file)
    text = text_of(document)
    assert set(gold) == {"document", *FIELDS}
    assert gold["document"]["id"] == document.stem
    assert gold["document"]["published"] is None or is_date_prefix(gold["document"]["published"])
    found = {
        f"{table}[{number}]": problems
        for table in FIELDS
        for number, record in enumerate(gold[table])
        if (problems := list(faults(table, record, text)))
    }
    assert not found


@pytest.mark.parametrize("gold_file", GOLD_FILES + SAMPLE_GOLD_FILES, ids=name_of)
def test_sums_and_times_fit_together(gold_file: Path) -> None:
    gold = json.loads(gold_file.read_text(encoding="utf-8"))
    amounts = {record["amount"] for record in gold["funding"]}
    for record in gold["funding"]:
        assert record.get("part_of") is None or record["part_of"] in amounts - {record["amount"]}
        if "amount_min" in record:
            assert record["amount_min"] < record["amount_max"]
            assert record["amount"] == (record["amount_min"] + record["amount_max"]) / 2
    for record in gold["workshops"]:
        if record["start"] and record["end"]:
            shorter = min(len(record["start"]), len(record["end"]))
            assert record["start"][:shorter] <= record["end"][:shorter]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("quote", "words that nobody wrote"),
        ("purpose", "a purpose that nobody stated"),
        ("currency", "XXQ"),
        ("stage", "hoped for"),
        ("date", "2014-13"),
        ("donors", ["QQ"]),
        ("donors", ["US", "US"]),
        ("amount", -1),
        ("optional", False),
        ("amuont", 1),
    ],
)
def test_a_wrong_value_is_seen(key: str, value: Any) -> None:
    gold_file = FOLDER / "samples" / "embassy-fact-sheet-2013.gold.json"
    record = json.loads(gold_file.read_text(encoding="utf-8"))["funding"][0]
    text = text_of(document_of(gold_file))
    assert not list(faults("funding", record, text))
    assert list(faults("funding", record | {key: value}, text))


def test_all_tables_and_some_pages_without_facts_are_there() -> None:
    golds = [json.loads(path.read_text(encoding="utf-8")) for path in GOLD_FILES]
    for table in FIELDS:
        certain = sum(not record.get("optional") for gold in golds for record in gold[table])
        assert certain >= 15, table
    assert sum(not any(gold[table] for table in FIELDS) for gold in golds) >= 2
