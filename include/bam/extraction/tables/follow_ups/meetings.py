"""The conferences of a document: every mention, which mentions are the same one, and which one the document reports on."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bam.extraction.annotate.model import Date, PlaceMention
from bam.extraction.annotate.tokens import fold
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.meeting_dates import date_of, days_between, place_of
from bam.extraction.tables.follow_ups.mention import Mention
from bam.extraction.tables.follow_ups.mentions import find_mentions
from bam.extraction.tables.follow_ups.sessions import headed_sessions
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.text import BlockKind

T = TypeVar("T")

_TOP_SENTENCES = 6
_FRESH = 75
"""Days within which a document reports on a meeting as news."""
_MOST_FIRST, _MOST_LAST = 20, 40
"""How many groups, and mentions of a group, a new mention is compared with: the first and the last ones."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with the mentions that mean it. `date` is the ISO prefix of its first day."""

    index: int
    name: str
    date: str | None
    place: str | None
    ordinal: int | None
    is_present: bool
    is_next: bool
    mentions: tuple[Mention, ...]

    @property
    def start(self) -> int:
        """Where it is named first."""
        return self.mentions[0].start


def find_meetings(context: Context, matchers: FollowUpMatchers) -> tuple[Meeting, ...]:
    """All meetings in order of first mention; at most one is the present one. A document about a meeting of owners or scholars
    has none.
    """
    mentions = sorted(find_mentions(context, matchers), key=lambda m: (m.start, -m.end))
    groups = _by_place(_grouped(mentions, context), context, matchers)
    dates = [_value(date_of(context, matchers, group, is_present=False)) for group in groups]
    present = _present_group(groups, context, dates)
    groups, present = _with_previous(groups, present)
    if present is not None and any(m.is_closed for m in groups[present]):
        return ()
    meetings: list[Meeting] = []
    for number, group in enumerate(groups):
        is_next = all(m.relation == "next" for m in group)
        date = date_of(context, matchers, group, is_present=number == present)
        place = next((m.place_word for m in group if m.place_word), None)
        place = place or place_of(context, group, date, is_present=number == present)
        ordinal = next((m.ordinal for m in group if m.ordinal), None)
        name = _name(context, group, date)
        meetings.append(Meeting(number, name, _value(date), place, ordinal, number == present, is_next, tuple(group)))
    meetings += _headed(context, mentions, meetings)
    return _with_order(tuple(meetings), context, matchers)


def _headed(context: Context, mentions: list[Mention], meetings: list[Meeting]) -> list[Meeting]:
    """Earlier sessions of the present meeting, which headings name by their day alone."""
    present = next((meeting for meeting in meetings if meeting.is_present), None)
    if present is None:
        return []
    number = len(meetings)
    known = {meeting.date[:7] for meeting in meetings if meeting.date}
    return [
        Meeting(number + index, present.name, group[0].own_date, group[0].place_word, None, False, False, tuple(group))
        for index, group in enumerate(headed_sessions(context, mentions, present.date))
        if (group[0].own_date or "")[:7] not in known
    ]


def _value(date: Date | None) -> str | None:
    return None if date is None else date.value


def _by_place(groups: list[list[Mention]], context: Context, matchers: FollowUpMatchers) -> list[list[Mention]]:
    """ "The twelfth conference was held in X" and "the X meeting" are one, where nothing contradicts it."""
    result: list[list[Mention]] = []
    for group in groups:
        word = next((m.place_word for m in group if m.place_word), None)
        home = None
        if word is not None and all(not m.name_words - {fold(word)} and m.ordinal is None for m in group):
            fitting = [g for g in _ends(result) if not _dates_differ(g, group[0]) and g[0].relation != "next"]
            home = next((g for g in reversed(fitting) if _place(context, matchers, g) == word), None)
        if home is None:
            result.append(group)
        else:
            home.extend(group)
    return result


def _place(context: Context, matchers: FollowUpMatchers, group: list[Mention]) -> str | None:
    word = next((m.place_word for m in group if m.place_word), None)
    return word or place_of(context, group, date_of(context, matchers, group, is_present=False), is_present=False)


def _with_order(meetings: tuple[Meeting, ...], context: Context, matchers: FollowUpMatchers) -> tuple[Meeting, ...]:
    """Meetings that lie ahead are marked, and mentions of a meeting by its town alone are added."""
    present = next((m for m in meetings if m.is_present), None)
    published = context.annotated.publication.date
    towns = _unnamed_towns(context, meetings)
    result: list[Meeting] = []
    for meeting in meetings:
        ahead = meeting.is_next
        if present is not None and not meeting.is_present:
            is_later = bool(meeting.ordinal and present.ordinal and meeting.ordinal > present.ordinal)
            ahead = ahead or (is_later and not any(m.name_words for m in meeting.mentions))
        limit = published or (present.date if present else None)
        ahead = ahead or bool(meeting.date and limit and meeting.date[: len(limit)] > limit[: len(meeting.date)])
        if meeting.place is not None:
            extra = _by_town(context, meeting, towns)
            meeting = replace(meeting, mentions=tuple(sorted((*meeting.mentions, *extra), key=lambda m: m.start)))
        ahead = ahead or (not meeting.is_present and len(meeting.mentions) == 1 and _is_planned(context, meeting.mentions[0]))
        result.append(replace(meeting, is_next=ahead))
    return tuple(result)


def _is_planned(context: Context, mention: Mention) -> bool:
    """Whether the mention's clause says that the meeting is still to come."""
    annotated = context.annotated
    verbs = annotated.verbs_of(annotated.clause_at(mention.start))
    behind = [v for v in verbs if v.start >= mention.end]
    return bool(behind) and behind[0].tense == "future" and mention.own_date is None


def _unnamed_towns(context: Context, meetings: Sequence[Meeting]) -> dict[str, list[PlaceMention]]:
    """The towns where just one of the meetings was, with their mentions outside of the names of meetings."""
    counts = Counter(meeting.place for meeting in meetings if meeting.place is not None)
    taken = sorted((m.start, m.end) for meeting in meetings for m in meeting.mentions)
    starts = [start for start, _ in taken]
    found: dict[str, list[PlaceMention]] = {}
    for place in context.annotated.places:
        position = bisect_right(starts, place.start) - 1
        is_inside = any(start <= place.start < end for start, end in taken[max(0, position - 3) : position + 1])
        if counts[place.name] == 1 and not is_inside:
            found.setdefault(place.name, []).append(place)
    return found


def _by_town(context: Context, meeting: Meeting, towns: dict[str, list[PlaceMention]]) -> list[Mention]:
    """ "agreed in Bishkek", where only one meeting was in Bishkek."""
    found: list[Mention] = []
    for place in towns.get(meeting.place or "", ()):
        if place.start >= meeting.start:
            sentence = context.annotated.sentence_at(place.start)
            found.append(Mention(place.start, place.end, sentence.index, frozenset(), True, True, is_metonym=True))
    return found[:40]


def _grouped(mentions: list[Mention], context: Context) -> list[list[Mention]]:
    """Mentions of one meeting together. A bare "the conference" means the one that the document opened with, or the last one."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        home = _possessor(groups, mention) or next((g for g in reversed(_ends(groups)) if _same(g, mention, context)), None)
        if home is None and (_is_bare(mention) or _heads_section(mention, context)):
            home = _home_of_bare(groups, mention, context)
        if home is None:
            groups.append([mention])
        else:
            home.append(mention)
    return _joined_at_top(groups, context)


def _ends(items: list[T]) -> list[T]:
    """The first and last ones of many; all of few."""
    return items if len(items) <= _MOST_FIRST + _MOST_LAST else [*items[:_MOST_FIRST], *items[-_MOST_LAST:]]


def _possessor(groups: list[list[Mention]], mention: Mention) -> list[Mention] | None:
    """ "The steering committee, in its meeting": the meeting is that of the body named before in the sentence."""
    if not mention.is_possessed or mention.relation == "next":
        return None
    return next((g for g in reversed(_ends(groups)) if g[-1].sentence == mention.sentence and g[-1].relation != "next"), None)


def _with_previous(groups: list[list[Mention]], present: int | None) -> tuple[list[list[Mention]], int | None]:
    """ "The previous meeting" is the one whose number is one less."""
    ordinal = None if present is None else next((m.ordinal for m in groups[present] if m.ordinal), None)
    if present is None or ordinal is None:
        return groups, present
    home = next((g for g in groups if any(m.ordinal == ordinal - 1 for m in g)), None)
    bare = [g for g in groups if g is not home and all(m.relation == "previous" and not m.name_words for m in g)]
    if home is None or not bare:
        return groups, present
    for group in bare:
        home.extend(group)
    home.sort(key=lambda m: m.start)
    kept = [g for g in groups if not any(g is b for b in bare)]
    return kept, next(i for i, g in enumerate(kept) if g is groups[present])


def _joined_at_top(groups: list[list[Mention]], context: Context) -> list[list[Mention]]:
    """ "Leaders had their 38th meeting" under the title "Lakes Forum": a number without a name belongs to the name above it."""
    named = next((g for g in groups if g[0].name_words and _is_top(context, g[0]) and not any(m.ordinal for m in g)), None)
    if named is None or any(m.relation == "next" or m.is_paper for m in named):
        return groups
    for group in groups:
        bare = not any(m.name_words or m.relation for m in group) and group[0].ordinal is not None
        if group is not named and bare and _is_top(context, group[0]) and not _dates_differ(named, group[0]):
            named.extend(group)
            named.sort(key=lambda m: m.start)
            return [g for g in groups if g is not group]
    return groups


def _is_bare(mention: Mention) -> bool:
    return mention.ordinal is None and not mention.name_words and mention.place_word is None and mention.relation != "next"


def _heads_section(mention: Mention, context: Context) -> bool:
    """ "The meeting in X" as a heading: the meeting of the document, unless that is known to have been elsewhere."""
    is_heading = context.annotated.sentences[mention.sentence].kind is BlockKind.HEADING
    return is_heading and mention.ordinal is None and not mention.name_words and mention.relation is None and mention.is_definite


def _home_of_bare(groups: list[list[Mention]], mention: Mention, context: Context) -> list[Mention] | None:
    candidates = [g for g in _ends(groups) if g[0].relation != "next" and not g[0].is_paper and not _dates_differ(g, mention)]
    if mention.relation == "previous" or not candidates or not mention.is_definite or _is_long_ago(context, mention):
        return None
    if mention.place_word is not None:
        candidates = [g for g in candidates if not any(m.place_word for m in g)]
    top = [g for g in candidates if _is_top(context, g[0])]
    return top[0] if top else candidates[-1] if candidates else None


def _is_long_ago(context: Context, mention: Mention) -> bool:
    """Whether a date right beside it says that the mention can't be the meeting that the document reports on as news."""
    published = context.annotated.publication.date
    own = mention.own_date
    return bool(own and published and len(own) >= 7 and own < published and days_between(own, published) > _FRESH)


def _dates_differ(group: list[Mention], mention: Mention) -> bool:
    own = mention.own_date
    known = [m.own_date for m in _ends(group) if m.own_date]
    return bool(own and known) and not any(k.startswith(own[:7]) or own.startswith(k[:7]) for k in known if own)


def _same(group: list[Mention], mention: Mention, context: Context) -> bool:
    """Whether the mention can be the group's meeting: no contradiction in number, year or place, and something in common."""
    group = _ends(group)
    for other in group:
        if (other.relation == "next") != (mention.relation == "next") or other.is_paper != mention.is_paper:
            return False
        if other.ordinal and mention.ordinal and other.ordinal != mention.ordinal:
            return False
        if other.year and mention.year and other.year != mention.year:
            return False
    if mention.ordinal and any(o.ordinal == mention.ordinal for o in group):
        return True
    places = {o.place_word for o in group if o.place_word}
    if mention.place_word and places:
        return mention.place_word in places
    if _dates_differ(group, mention):
        return False
    if mention.ordinal is not None and not mention.name_words:
        return False
    words = frozenset().union(*(o.name_words for o in group))
    if mention.name_words and words and (mention.name_words <= words or words <= mention.name_words):
        return True
    is_kind = any(o.lemma == mention.lemma and o.name_words for o in group) and bool(mention.name_words)
    return is_kind and _is_top(context, mention) and _is_top(context, group[0])


def _is_top(context: Context, mention: Mention) -> bool:
    sentence = context.annotated.sentences[mention.sentence]
    return sentence.kind is BlockKind.TITLE or sentence.index < _TOP_SENTENCES


def _present_group(groups: list[list[Mention]], context: Context, dates: Sequence[str | None]) -> int | None:
    """The meeting that the document is about: named at the top, strongly and often, and lately held."""
    best, best_score = None, 1.5
    for number, (group, date) in enumerate(zip(groups, dates, strict=True)):
        if group[0].relation == "next" or all(m.is_paper for m in group):
            continue
        score = sum(_weight(context, mention) for mention in group)
        score += 1.0 if any(m.name_words or m.ordinal for m in group) else 0.0
        score += 0.5 if any(not m.is_weak for m in group) else 0.0
        score += _recency(context, date)
        if score > best_score:
            best, best_score = number, score
    return best


def _weight(context: Context, mention: Mention) -> float:
    sentences = context.annotated.sentences
    sentence = sentences[mention.sentence]
    kind = sentence.kind
    weight = 1.5 if kind is BlockKind.TITLE else 1.0 if kind in (BlockKind.HEADING, BlockKind.BYLINE) else 0.5
    weight += 1.5 if sentence.index < _TOP_SENTENCES else 0.5 * (1 - sentence.index / max(1, len(sentences)))
    weight *= 0.7 if mention.is_weak and not mention.name_words else 1.0
    return weight + {"present": 3.0, "previous": -2.0}.get(mention.relation or "", 0.0)


def _recency(context: Context, date: str | None) -> float:
    """Whether the date fits to a report on it: at most some weeks before the publication."""
    published = context.annotated.publication.date
    if date is None or published is None:
        return 0.0
    days = days_between(date, published)
    return 1.5 if 0 <= days <= _FRESH else -1.0 if days < 0 else -2.5


def _name(context: Context, group: list[Mention], date: Date | None) -> str:
    """The fullest name: that beside the date, with most capitalised words and its number; the first one among equals."""

    def fullness(mention: Mention) -> tuple[float, int, int]:
        sentence = context.annotated.sentences[mention.sentence]
        dated = date is not None and sentence.start <= date.start < sentence.end and len(mention.name_words) > 1
        words = len(mention.name_words) + (mention.ordinal is not None) + (8 if dated else 0)
        return words, mention.end - mention.start, -mention.start

    best = max(group, key=fullness)
    name = " ".join(context.text[best.start : best.end].split())
    if best.owner is not None and not best.name_words:
        return f"{' '.join(best.owner.split())}, {name}"
    return name
