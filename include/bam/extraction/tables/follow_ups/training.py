"""Examples for this table's rankers from annotated documents.

The shipped weights come from `python -m bam.extraction.ranker.train follow_ups FOLDER...` over all annotated folders that are
for training.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bam.extraction.annotate import annotate
from bam.extraction.annotate.tokens import fold
from bam.extraction.choosing import nearest
from bam.extraction.context import context_of
from bam.extraction.ranker.train import Example
from bam.extraction.resources import Resources
from bam.extraction.tables.follow_ups.candidate import Candidate
from bam.extraction.tables.follow_ups.draft import Draft, Span, drafts_of
from bam.extraction.tables.follow_ups.finder import Reading, read
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.model.text import ConvertedDocument

_MARKS = re.compile(r"[\s*_`|>\\]+")
_QUOTES = str.maketrans("’‘“”–—‑\xa0", "''\"\"--- ")
_BEFORE = 30
_SAME_NAME, _ALIKE = 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document's candidates with the gold record that each stands for, or None; `unsure` are those inside optional records."""

    reading: Reading
    gold: dict[int, dict[str, Any]]
    unsure: frozenset[int]


def accept_examples(document: ConvertedDocument, gold: dict[str, Any], resources: Resources) -> Iterator[Example]:
    """Every candidate: is it a commitment?"""
    labelled = label(document, gold, resources)
    for index, candidate in enumerate(labelled.reading.candidates):
        if candidate.kind in ("row", "report"):
            continue
        record = labelled.gold.get(index)
        weight = 0.0 if index in labelled.unsure or (record is not None and record.get("optional")) else 1.0
        yield Example(labelled.reading.features.of(candidate), "no" if record is None else "yes", weight)


def party_examples(document: ConvertedDocument, gold: dict[str, Any], resources: Resources) -> Iterator[Example]:
    """Every set of parties that can act on a commitment: the right one, else the one nearest to it, against all others."""
    labelled = label(document, gold, resources)
    for draft, record in drafts(labelled):
        if draft.who is not None:
            continue
        sets = labelled.reading.parties.sets(draft)
        right = nearest([choice.codes for choice in sets], record["parties"], _ALIKE)
        for choice, fits in zip(sets, right, strict=True):
            yield Example(choice.features, "yes" if fits else "no", group=_group(document, draft))


def meeting_examples(document: ConvertedDocument, gold: dict[str, Any], resources: Resources) -> Iterator[Example]:
    """Every meeting for every commitment: did it come out of it?"""
    labelled = label(document, gold, resources)
    linker = labelled.reading.linker
    for draft, record in drafts(labelled):
        if len(linker.meetings) > 1:
            right = [m for m in linker.meetings if same_meeting(m, record)]
            for meeting in linker.meetings if right else ():
                label_ = "yes" if meeting is right[0] else "no"
                yield Example(linker.features(draft, meeting), label_, group=_group(document, draft))


def _group(document: ConvertedDocument, draft: Draft) -> str:
    """What the choices about one commitment have in common."""
    return f"{document.name}:{draft.candidate.anchor}"


def drafts(labelled: Labelled) -> Iterator[tuple[Draft, dict[str, Any]]]:
    """The drafts of the right candidates, with their gold records."""
    accepted = [(labelled.reading.candidates[index], index) for index in sorted(labelled.gold)]
    made = drafts_of(labelled.reading.context, [(candidate, 1.0) for candidate, _ in accepted])
    for draft, (_, index) in zip(made, accepted, strict=True):
        yield draft, labelled.gold[index]


def same_meeting(meeting: Meeting, record: dict[str, Any]) -> bool:
    """Whether a meeting is the gold record's conference, by name or date."""
    date, gold = meeting.date or "", record.get("conference_date") or ""
    one, other = _words(meeting.name), _words(record["conference"])
    shared = len(one & other) / max(1, min(len(one), len(other)))
    if date and gold and not (date.startswith(gold) or gold.startswith(date)):
        return shared == 1.0 and date[:7] == gold[:7]
    return shared >= _SAME_NAME or bool(date and gold)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text))) - {"the", "of", "on", "for", "and", "in"}


def label(document: ConvertedDocument, gold: dict[str, Any], resources: Resources) -> Labelled:
    """Give each gold record the first candidate that stands in its commitment, else in its quote."""
    context = context_of(annotate(document, resources), resources)
    reading = read(context, resources)
    text, offsets = _plain(document.text)
    taken: dict[int, dict[str, Any]] = {}
    unsure: set[int] = set()
    for record in sorted(gold["follow_ups"], key=lambda r: bool(r.get("optional"))):
        said = _locate(record["commitment"], text, offsets)
        quotes = [_locate(q, text, offsets) for q in (record.get("quote"), *(record.get("quotes") or [])) if q]
        located = [s for s in quotes if s is not None]
        index = _candidate(reading.candidates, record, located, said, taken)
        spans = [*located, *([said] if said is not None else [])]
        if index is not None:
            taken[index] = record
        if record.get("optional"):
            inside = [i for i, c in enumerate(reading.candidates) if any(s.start <= c.anchor < s.end for s in spans)]
            unsure.update(i for i in inside if i not in taken)
    return Labelled(reading, taken, frozenset(unsure))


def _candidate(
    candidates: tuple[Candidate, ...],
    record: dict[str, Any],
    spans: list[Span],
    said: Span | None,
    taken: dict[int, dict[str, Any]],
) -> int | None:
    """The first candidate of a fitting kind in the quotes, else in the commitment, else any."""
    telling = record["status"] != "open"
    best: tuple[int, int, int] | None = None
    for index, candidate in enumerate(candidates):
        places = [n for n, s in enumerate(spans) if s.start <= candidate.anchor < s.end and candidate.end > s.start]
        if said is not None and said.start - _BEFORE <= candidate.anchor < said.end and candidate.end > said.start:
            places.append(1)
        if index in taken or not places:
            continue
        fits = candidate.kind in ("row", "report") or (candidate.kind == "cue") == telling
        rank = (0 if fits else 3) + {"now": 1, "item": 1, "agreed": 2}.get(candidate.kind, 0)
        key = (rank, min(places), index)
        best = key if best is None or key < best else best
    return None if best is None else best[2]


def _plain(text: str) -> tuple[str, list[int]]:
    """The text without marks and in lower case, and for each character where it stands."""
    result: list[str] = []
    offsets: list[int] = []
    for match in re.finditer(r"[\s*_`|>\\]+|[^\s*_`|>\\]", text):
        found = match.group()
        result.append(" " if _MARKS.fullmatch(found) else found.translate(_QUOTES).lower()[:1])
        offsets.append(match.start())
    return "".join(result), [*offsets, len(text)]


def _locate(phrase: str, text: str, offsets: list[int]) -> Span | None:
    wanted = _MARKS.sub(" ", phrase.translate(_QUOTES).lower()).strip()
    position = text.find(wanted)
    return None if position < 0 else Span(offsets[position], offsets[position + len(wanted)])
