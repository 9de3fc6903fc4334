"""When and where a meeting was: dates and places beside its mentions, else those of the head of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import timedelta
from typing import Protocol

from bam.extraction.annotate.model import Clause, Date, PlaceMention, Sentence
from bam.extraction.context import Context, distance
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.text import BlockKind

_TOP_SENTENCES = 6
_BESIDE = 40
_TO = 5
_WEEK = 7
_DAYS = frozenset({"day", "days"})
_OF_VERB = 1.2
_NOT_ITS_DAY = 1.2
_HEAD = 40
_LATE = 45
"""Days after which a document rarely reports on a meeting for the first time."""


class _Mention(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def sentence(self) -> int: ...
    @property
    def year(self) -> str | None: ...
    @property
    def place_word(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _Scored:
    date: Date
    score: float


def date_of(context: Context, matchers: FollowUpMatchers, group: Sequence[_Mention], *, is_present: bool) -> Date | None:
    """The date of a meeting. `value` is its first day; None where no date stands near any mention."""
    scored: list[_Scored] = []
    annotated = context.annotated
    for order, mention in enumerate(group[:6]):
        sentence = annotated.sentences[mention.sentence]
        scored += _beside(context, matchers, mention, sentence, order, is_present)
        if sentence.kind in (BlockKind.TITLE, BlockKind.HEADING, BlockKind.BYLINE) or is_present:
            scored += _below(context, sentence, order, is_present)
    scored += _beside_town(context, group)
    if is_present:
        scored += _at_top(context)
        scored += _at_verbs(context, matchers)
    if not scored:
        return None
    best = max(scored, key=lambda s: (s.score, -s.date.start)).date
    return _finer(context, group, best) if is_present else best


def _beside(
    context: Context, matchers: FollowUpMatchers, mention: _Mention, sentence: Sentence, order: int, is_present: bool
) -> list[_Scored]:
    """Dates of the mention's sentence, the nearer and the more exact the better."""
    annotated = context.annotated
    clause = annotated.clause_at(mention.start)
    result = []
    for date in annotated.within(annotated.dates, sentence):
        if date.role == "deadline" or date.is_fiscal or mention.start <= date.start < mention.end:
            continue
        if date.role == "since" and not _opens_range(context, date):
            continue
        date = _not_ahead(context, date)
        inside = clause.start <= date.start < clause.end
        gap = distance(date, mention)
        score = 2.0 - 0.25 * order - min(gap, 300) / 150 + (0.8 if inside else 0.0) + _exactness(date)
        score += _plausible(context, date, is_present) + (0.8 if 0 <= date.start - mention.end <= _BESIDE else 0.0)
        if is_present and (date.precision == "year" or _is_dateline(context, sentence, date)):
            score -= _NOT_ITS_DAY
        if gap < 150 and is_present:
            date = _first_day(context, matchers, clause, mention, date)
        result.append(_Scored(date, score))
    return result


def _is_dateline(context: Context, sentence: Sentence, date: Date) -> bool:
    """Whether the date is that of the report at the head of its first sentence: "JIMANI, July 15, 2016 - The Commission ..."."""
    annotated = context.annotated
    verbs = annotated.verbs_of(sentence)
    opens = sentence.kind is BlockKind.PARAGRAPH and sentence.index < _TOP_SENTENCES
    return (
        opens
        and date.value == annotated.publication.date
        and (not verbs or date.end < verbs[0].start)
        and date.start - sentence.start <= _HEAD
    )


def _beside_town(context: Context, group: Sequence[_Mention]) -> list[_Scored]:
    """Dates right behind the town of a meeting, wherever that is named: "in Budapest, Hungary, on 3 and 4 May"."""
    annotated = context.annotated
    towns = {m.place_word for m in group if m.place_word}
    result = []
    for place in annotated.places if towns else ():
        if place.name not in towns:
            continue
        for date in annotated.within(annotated.dates, annotated.sentence_at(place.start)):
            if 0 <= date.start - place.end <= _BESIDE and date.precision == "day" and date.role in ("at", "range"):
                moved = _not_ahead(context, date)
                result.append(_Scored(moved, 1.6 + _exactness(moved) + _plausible(context, moved, False)))
    return result


def _below(context: Context, sentence: Sentence, order: int, is_present: bool) -> list[_Scored]:
    """Dates of the next short lines and sentences: "Kingston, 3 December 2015" under a name."""
    annotated = context.annotated
    result = []
    for following in annotated.sentences[sentence.index + 1 : sentence.index + 3]:
        for date in annotated.within(annotated.dates, following):
            if date.role in ("deadline", "since"):
                continue
            score = 0.6 - 0.25 * order + _exactness(date) + _plausible(context, date, is_present)
            result.append(_Scored(date, score))
    return result


def _at_top(context: Context) -> list[_Scored]:
    """Dates of the lines at the head of the document that carry a place beside them."""
    annotated = context.annotated
    result = []
    for sentence in annotated.sentences[:_TOP_SENTENCES]:
        places = annotated.within(annotated.places, sentence)
        for date in annotated.within(annotated.dates, sentence):
            if date.role in ("deadline", "since"):
                continue
            short = sentence.end - sentence.start < 160
            score = _exactness(date) + _plausible(context, date, True) + (0.7 if places and short else -0.4)
            score -= 0.3 if date.value == annotated.publication.date and not places else 0.0
            result.append(_Scored(date, score))
    return result


def _at_verbs(context: Context, matchers: FollowUpMatchers) -> list[_Scored]:
    """Days beside a verb of meeting in the first sentences of the text: "the ministers, meeting on 7 and 8 July". They say more
    than the date of the page above them.
    """
    annotated = context.annotated
    result = []
    for sentence in annotated.sentences[:_TOP_SENTENCES]:
        if sentence.kind is not BlockKind.PARAGRAPH:
            continue
        for date in annotated.within(annotated.dates, sentence):
            if date.precision != "day" or date.role not in ("at", "range") or date.value == annotated.publication.date:
                continue
            clause = annotated.clause_at(date.start)
            verbs = annotated.verbs_of(clause)
            opens = annotated.tokens.norms[clause.first] in matchers.words.convening
            if opens or any(v.lemma in matchers.words.gathering and v.form == "finite" and v.tense == "past" for v in verbs):
                moved = _not_ahead(context, date)
                result.append(_Scored(moved, _OF_VERB + _exactness(moved) + _plausible(context, moved, True)))
    return result


def _opens_range(context: Context, date: Date) -> bool:
    """Whether another day follows at once: "from Thursday to Saturday"."""
    annotated = context.annotated
    following = annotated.within(annotated.dates, annotated.sentence_at(date.start))
    return any(0 < other.start - date.end <= _TO and other.precision == "day" for other in following)


def _exactness(date: Date) -> float:
    if date.precision == "day":
        return 1.2 if date.until and date.until != date.value else 1.0
    return 0.4 if date.precision == "month" else -0.2


def _plausible(context: Context, date: Date, is_present: bool) -> float:
    """A meeting that is reported on lies a little before the publication, never behind it."""
    published = context.annotated.publication.date
    if published is None:
        return 0.0
    if date.value[: len(published)] > published[: len(date.value)]:
        return -4.0
    if not is_present or len(published) < 7:
        return 0.0
    days = days_between(date.value, published)
    return 0.0 if days <= (_LATE if date.precision == "day" else 2 * _LATE) else -min(2.0, 0.5 + days / 180)


def days_between(earlier: str, later: str) -> int:
    """Days from the first day of one ISO prefix to the first day of another; 0 where the shorter one holds the other."""
    length = min(len(earlier), len(later))
    if earlier[:length] == later[:length]:
        return 0 if length < 10 or len(earlier) != len(later) else (_day(later) - _day(earlier)).days
    return (_day(later) - _day(earlier)).days


def _day(prefix: str) -> Day:
    return Day.fromisoformat((prefix + "-01-01")[:10] if len(prefix) != 7 else prefix + "-01")


def _not_ahead(context: Context, date: Date) -> Date:
    """A day without a year in its own words is the last such day up to the publication; so is a day of the week."""
    published = context.annotated.publication.date
    if published is None or len(published) < 7 or len(date.value) < 7:
        return date
    is_weekday = date.precision == "day" and context.text[date.start : date.end].isalpha()
    if is_weekday and len(published) == 10 and 0 < days_between(published, date.value) <= _WEEK:
        return replace(date, value=(_day(date.value) - timedelta(days=_WEEK)).isoformat(), until=None)
    if not date.is_yearless:
        return date
    for year in (int(published[:4]), int(published[:4]) - 1):
        moved = f"{year}{date.value[4:]}"
        if moved[: len(published)] <= published[: len(moved)]:
            until = f"{year}{date.until[4:]}" if date.until else None
            return replace(date, value=moved, until=until)
    return date


def _first_day(context: Context, matchers: FollowUpMatchers, clause: Clause, mention: _Mention, date: Date) -> Date:
    """The two-day meeting that "ended on Tuesday" began on Monday."""
    if date.precision != "day" or date.until not in (None, date.value):
        return date
    annotated, tokens = context.annotated, context.annotated.tokens
    sentence = annotated.sentences[mention.sentence]
    ends = any(tokens.norms[i] in matchers.words.closing for i in range(sentence.first, sentence.last))
    for index in range(sentence.first, sentence.last - 1):
        number = annotated.numbers.get(index)
        if ends and number and 2 <= number.value <= 7 and not _DAYS.isdisjoint(tokens.norms[number.last : number.last + 2]):
            day = Day.fromisoformat(date.value) - timedelta(days=int(number.value) - 1)
            return replace(date, value=day.isoformat())
    return date


def _finer(context: Context, group: Sequence[_Mention], best: Date) -> Date:
    """A range in the next sentences that holds the chosen day: "in two days (June 22-23)"."""
    annotated = context.annotated
    low = annotated.sentences[group[0].sentence].start
    for date in annotated.dates:
        if date.start < low or date.start > low + 1500 or not date.until or date.precision != "day":
            continue
        if date.value < best.value <= date.until[:10] and best.precision == "day" and date.role in ("range", "at"):
            return date
    return best


def place_of(context: Context, group: Sequence[_Mention], date: Date | None, *, is_present: bool) -> str | None:
    """The town nearest to the meeting's date in its sentence, else nearest to a mention, else the dateline of a present one."""
    annotated = context.annotated
    if date is not None:
        sentence = annotated.sentence_at(date.start)
        towns = [p for p in annotated.within(annotated.places, sentence) if p.kind == "town"]
        if towns:
            return min(towns, key=lambda p: (distance(p, date), p.start)).name
    for mention in group[:4]:
        towns = _towns(context, annotated.sentences[mention.sentence])
        if towns:
            return min(towns, key=lambda p: (distance(p, mention), p.start)).name
    if is_present and context.topic.place is not None:
        return context.topic.place.name
    return None


def _towns(context: Context, sentence: Sentence) -> list[PlaceMention]:
    annotated = context.annotated
    return [p for p in annotated.within(annotated.places, sentence) if p.kind == "town" and p.weight >= 0.5]
