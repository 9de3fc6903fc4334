"""Who met: the sets of countries and organisations that a meeting's members can be, where no list at the head names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bam.extraction.annotate.model import Party, PartyUse, Spanned
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.model.text import BlockKind

_MOST, _FEW = 6, 3
_MENTIONS, _OPENING = 3, 3
_EARLY_WEIGHT = 2.0
_GAPS = (0.34, 0.67, 0.99)
"""Bounds of how often the next country is named for each time that the last of a set is."""
_LEVEL = 0.3
"""How often the last of a set is named for each time that the first is, where both are about as prominent."""


@dataclass(frozen=True, slots=True)
class Members:
    """A set of parties, with what speaks for its being the one that met."""

    codes: tuple[str, ...]
    signs: tuple[str, ...]


def members_of(context: Context, present: Meeting | None) -> tuple[Members, ...]:
    """The sets that can have met: the two or three named most, those of the title, those beside the meeting's name."""
    return tuple(_found(context, present))


def _found(context: Context, present: Meeting | None) -> Iterator[Members]:
    annotated = context.annotated
    counted = _counted(context)
    ranked = sorted(counted, key=lambda code: (-counted[code], code))
    for size in (2, 3):
        if len(ranked) >= size:
            rest = counted[ranked[size]] / counted[ranked[size - 1]] if len(ranked) > size else 0.0
            gap = sum(rest > bound for bound in _GAPS)
            level = counted[ranked[size - 1]] / counted[ranked[0]]
            yield Members(tuple(ranked[:size]), (f"most{size}", f"most{size}:gap={gap}", f"most{size}:level={level > _LEVEL}"))
    titles = [s for s in annotated.sentences[:_OPENING] if s.kind in (BlockKind.TITLE, BlockKind.HEADING)]
    yield from _beside(context, titles, "title")
    if present is not None:
        named = [annotated.sentence_at(m.start) for m in present.mentions[:_MENTIONS]]
        yield from _beside(context, named[:1], "first_mention")
        yield from _beside(context, present.mentions[:_MENTIONS], "name")
        yield from _beside(context, list(dict.fromkeys(named)), "mentions")
    opening = [s for s in annotated.sentences[: 2 * _OPENING] if s.kind is BlockKind.PARAGRAPH][:1]
    yield from _beside(context, opening, "opening")


def _beside(context: Context, spans: Sequence[Spanned], sign: str) -> Iterator[Members]:
    """The countries that stretches name, and them with the organisations."""
    annotated = context.annotated
    parties = [p for span in spans for p in annotated.within(annotated.parties, span) if _counts(p)]
    countries = tuple(dict.fromkeys(p.country for p in parties if p.country))
    every = tuple(dict.fromkeys(p.country or p.code for p in parties))
    for codes, kind in ((countries, "countries"), (every, "all")):
        if 2 <= len(codes) <= _MOST:
            yield Members(codes, (sign, f"{sign}:{kind}", f"{sign}:size={min(_FEW, len(codes))}"))


def _counted(context: Context) -> dict[str, float]:
    """How often each country is named; more at the head of the document."""
    annotated = context.annotated
    counted: defaultdict[str, float] = defaultdict(float)
    for party in annotated.parties:
        if party.country and _counts(party):
            counted[party.country] += _EARLY_WEIGHT if annotated.sentence_at(party.start).index < _OPENING else 1.0
    return counted


def _counts(party: Party) -> bool:
    return bool(party.code) and (party.use is not PartyUse.CAPITAL or party.weight > 0.5)
