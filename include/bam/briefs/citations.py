"""Numbered sources: documents by number in the order in which a reader meets them, their quotes by letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from bam.briefs.language import N_, Language
from bam.briefs.material import Testimony
from bam.briefs.model import Mark, Quote, Source
from bam.model.records import Record

MARKS_PER_ROW = 3
"""Most witnesses named beside a row; the attached data name them all."""

_FIELDS_THAT_CARRY = ("amount", "status", "participants", "commitment", "name", "topic")
"""The claim that gave one of these is the first to be cited: it says what the row says."""

_KINDS = {
    "official": N_("official"),
    "multilateral": N_("multilateral"),
    "media": N_("media"),
    "think_tank": N_("think tank"),
}


class SourceBook:
    """Gives out marks and remembers what they stand for."""

    def __init__(self, testimonies: Mapping[str, Testimony], language: Language) -> None:
        self._testimonies = testimonies
        self._language = language
        self._numbers: dict[str, int] = {}
        self._quotes: dict[str, list[Testimony]] = {}

    def mark(self, claim_id: str) -> Mark | None:
        """The mark of a claim's quote; None where the material lacks the claim."""
        testimony = self._testimonies.get(claim_id)
        if testimony is None or not testimony.evidence:
            return None
        document_id = testimony.witness.document_id
        number = self._numbers.setdefault(document_id, len(self._numbers) + 1)
        quotes = self._quotes.setdefault(document_id, [])
        for index, known in enumerate(quotes):
            if known.evidence[0].quote == testimony.evidence[0].quote:
                return Mark(number, _letters(index))
        quotes.append(testimony)
        return Mark(number, _letters(len(quotes) - 1))

    def of_record(self, record: Record, *, all_voices: bool = False) -> tuple[Mark, ...]:
        """Who says what the row says: the witness of its main value and those who disagree with it; with `all_voices` the
        independent others too.
        """
        witnesses = self.witnesses(record)
        disagreeing = {claim_id for choice in record.choices for _, claim_id in choice.alternatives}
        shown = witnesses if all_voices else [w for index, w in enumerate(witnesses) if index == 0 or w in disagreeing]
        return self._marks(shown[:MARKS_PER_ROW])

    def of_records(self, records: Sequence[Record], limit: int) -> tuple[tuple[Mark, ...], int]:
        """The first witness of each record, at most `limit` marks, and how many records stay without one."""
        marks = self._marks([ids[0] for record in records[:limit] if (ids := self.witnesses(record))])
        return marks, max(0, len(records) - limit)

    def witnesses(self, record: Record) -> list[str]:
        """Claim ids of the record: the one its main value comes from, those that disagree with it, then the others; of near
        copies of one article only the first.
        """
        ordered: list[str] = []
        for field in _FIELDS_THAT_CARRY:
            if choice := record.choice(field):
                ordered.append(choice.claim_id)
                ordered.extend(claim_id for _, claim_id in choice.alternatives)
        if record.score_claim_id:
            ordered.append(record.score_claim_id)
        ordered.extend(record.claim_ids)
        voices: set[str] = set()
        kept = []
        for claim_id in dict.fromkeys(ordered):
            testimony = self._testimonies.get(claim_id)
            if testimony and testimony.witness.copy_group not in voices:
                voices.add(testimony.witness.copy_group)
                kept.append(claim_id)
        return kept

    def sources(self) -> tuple[Source, ...]:
        """The numbered list of everything that was marked."""
        return tuple(self._source(document_id, number) for document_id, number in self._numbers.items())

    def _marks(self, claim_ids: list[str]) -> tuple[Mark, ...]:
        return tuple(dict.fromkeys(mark for claim_id in claim_ids if (mark := self.mark(claim_id))))

    def _source(self, document_id: str, number: int) -> Source:
        testimonies = self._quotes[document_id]
        witness = testimonies[0].witness
        say = self._language.say
        return Source(
            number=number,
            document_id=document_id,
            publisher=witness.publisher or say("Publisher not named"),
            title=witness.title or say("Untitled document"),
            published=self._language.date(testimonies[0].published_on, short=True) or say("no date"),
            address=witness.address,
            kind=say(_KINDS.get(witness.officiality, witness.officiality)),
            quotes=tuple(self._quote(testimony, index) for index, testimony in enumerate(testimonies)),
        )

    def _quote(self, testimony: Testimony, index: int) -> Quote:
        evidence = testimony.evidence[0]
        page = "" if evidence.page is None else self._language.say("p. {page}").format(page=evidence.page)
        return Quote(_letters(index), testimony.claim_id, evidence.quote, page, testimony.language)


def is_web_address(address: str) -> bool:
    """Whether an address may become a link: `http` or `https` with a host, and nothing that could hide another scheme."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() or ord(c) < 32 for c in address)


def _letters(index: int) -> str:
    """`a` ... `z`, `aa`, `ab` ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(97 + rest) + letters
    return letters
