"""Earlier sessions that a heading tells by their day alone: "Decisions of Kathmandu, November 2021" above what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bam.extraction.annotate.model import Date, Sentence
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.mention import Mention
from bam.model.text import BlockKind

_MOST_WORDS = 18
"""Tokens of the words above a table that can be its heading."""


def headed_sessions(context: Context, mentions: Sequence[Mention], present: str | None) -> list[list[Mention]]:
    """A group of one mention for each day that a heading names and no meeting: a session before the present one, of whose day
    `present` is the ISO prefix (the publication's where None).
    """
    annotated = context.annotated
    limit = present or annotated.publication.date
    spoken = {mention.sentence for mention in mentions}
    found: dict[str, list[Mention]] = {}
    for heading in _headings(context):
        dates = annotated.within(annotated.dates, heading)
        if heading.index in spoken or not dates or not _is_earlier(dates[0], limit):
            continue
        found.setdefault(dates[0].value, []).append(_mention(context, heading, dates[0]))
    return list(found.values())


def _headings(context: Context) -> Iterator[Sentence]:
    """Headings, and the short lines above tables."""
    annotated = context.annotated
    above = {annotated.sentence_at(row.caption[0]).index for row in annotated.rows if row.caption is not None}
    for sentence in annotated.sentences:
        is_short = sentence.index in above and sentence.last - sentence.first <= _MOST_WORDS
        if sentence.kind is BlockKind.HEADING or is_short:
            yield sentence


def _is_earlier(date: Date, limit: str | None) -> bool:
    """Whether a day is surely before another one."""
    if limit is None:
        return True
    length = min(len(limit), len(date.value))
    return date.value[:length] < limit[:length]


def _mention(context: Context, heading: Sentence, date: Date) -> Mention:
    annotated = context.annotated
    place = next(iter(annotated.within(annotated.places, heading)), None)
    return Mention(
        date.start, date.end, heading.index, frozenset(), True, True, is_metonym=True, relation="previous",
        place_word=place.name if place is not None else None, own_date=date.value,
    )  # fmt: skip
