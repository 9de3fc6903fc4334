"""Mentions of meetings: by a head noun with its full name, by an acronym with a number, by a dated paper."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.grammar import FUNCTION, Flag
from bam.extraction.annotate.model import Date, Head, Party, PartyUse, Sentence
from bam.extraction.annotate.tokens import HYPHENS
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.gatherings import members_behind, people_who_met
from bam.extraction.tables.follow_ups.mention import Mention, Relation
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.text import BlockKind

_MAX_LINKERS = 3
_OPENING_SENTENCES = 6
_MAX_NAME = 22
_SUFFIXES = ("st", "nd", "rd", "th")
_NEAR = 60
_OWNER_REACH = 60
_TOWN_DATE = 5
"""Characters between a town and its date: "in Kigali on 22 April"."""
_AGREED = 4
"""Tokens between a verb of agreeing and the town."""


def find_mentions(context: Context, matchers: FollowUpMatchers) -> list[Mention]:
    annotated = context.annotated
    found: list[Mention] = []
    end = -1
    for head in annotated.heads_of("conference"):
        if head.start < end:
            continue
        mention = _from_head(context, matchers, head)
        if mention is not None:
            found.append(mention)
            end = mention.end
    found += find_gatherings(context, matchers, found)
    found += _by_town(context, matchers, {m.sentence for m in found})
    taken = [(m.start, m.end) for m in found]
    numbered = _numbered(context, matchers) + _papers(context, matchers)
    return found + [m for m in numbered if not any(s < m.end and m.start < e for s, e in taken)]


def _from_head(context: Context, matchers: FollowUpMatchers, head: Head) -> Mention | None:
    annotated, tokens = context.annotated, context.annotated.tokens
    noun_first, noun_last = tokens.span(head.noun_start, head.noun_end)
    words = matchers.words
    modifiers = frozenset(head.modifiers)
    is_capital = tokens.is_capitalised(noun_first)
    if head.is_plural or modifiers & words.minor:
        return None
    sentence = annotated.sentence_at(head.start)
    following = tokens.texts[noun_last] if noun_last < sentence.last else ""
    if sentence.kind is not BlockKind.TITLE and any(
        p.start <= head.noun_start and p.end >= head.noun_end for p in _organisations(context, sentence)
    ):
        return None
    if is_capital and following[:1].isupper() and tokens.norms[noun_last] not in words.roman and not following.isupper():
        return None
    first, last = _name_span(context, matchers, head)
    capitals = frozenset(tokens.norms[i] for i in range(first, last) if tokens.is_capitalised(i) and i != noun_last - 1)
    place = _place_word(context, first, noun_first, last)
    ordinal, year = _ordinal(context, matchers, first, last)
    is_closed = bool(words.closed & frozenset(tokens.norms[first:last]))
    is_bare = not capitals and place is None and ordinal is None and year is None
    relation = _relation(matchers, modifiers)
    if head.determiner == "indefinite" and is_bare and (head.is_weak or not _has_date(context, head)):
        return None
    members = members_behind(context, matchers, noun_last, sentence.last) if is_bare else None
    if members is not None:
        last = members
    if head.is_weak and is_bare and relation is None and members is None and head.determiner not in ("definite", "possessive"):
        return None
    start, end = tokens.starts[first], tokens.ends[last - 1]
    own_date = _own_date(context, start, end)
    if head.lemma in words.sitting and ordinal is None and (own_date is None or _is_elsewhere(context, head)):
        return None
    has_owner = first > sentence.first and bool(annotated.flags[first - 1] & Flag.POSS)
    is_possessed = (head.determiner == "possessive" or has_owner) and not capitals - set(matchers.ordinals)
    return Mention(
        start=start,
        end=end,
        sentence=sentence.index,
        name_words=capitals - set(matchers.ordinals),
        is_weak=head.is_weak,
        is_definite=head.determiner != "indefinite",
        relation=relation,
        ordinal=ordinal,
        year=year,
        place_word=place,
        lemma=head.lemma,
        own_date=own_date,
        owner=_owner(context, matchers, head) if is_possessed else None,
        is_possessed=is_possessed,
        is_closed=is_closed,
    )


def find_gatherings(context: Context, matchers: FollowUpMatchers, named: Sequence[Mention]) -> list[Mention]:
    """Meetings that are told as people who met, where no meeting is named: "the ministers of X and Y met in Z on 3 May"."""
    tokens, found = context.annotated.tokens, []
    spoken = {mention.sentence for mention in named}
    for first, last, verb in people_who_met(context, matchers):
        sentence = context.annotated.sentence_at(verb.start)
        date = _own_date(context, verb.start, verb.end)
        if sentence.index in spoken or _opens_under_name(named, sentence, date):
            continue
        start, end = tokens.starts[first], tokens.ends[last - 1]
        capitals = frozenset(tokens.norms[i] for i in range(first, last) if tokens.is_capitalised(i))
        place = _place_word(context, verb.first, verb.last, verb.last + 1)
        found.append(
            Mention(start, end, sentence.index, capitals, True, True, place_word=place, lemma="gathering", own_date=date)
        )
    return found


def _opens_under_name(named: Sequence[Mention], sentence: Sentence, date: str | None) -> bool:
    """Whether the sentence opens a document that has named its meeting: who met there is no other one."""
    if sentence.index >= _OPENING_SENTENCES:
        return False
    above = [m for m in named if m.sentence < sentence.index and m.name_words and m.relation is None and not m.is_paper]
    return any(date is None or m.own_date is None or m.own_date[:7] == date[:7] for m in above)


def _by_town(context: Context, matchers: FollowUpMatchers, spoken: set[int]) -> list[Mention]:
    """Meetings that are known by their town alone: "the protocol ordered in Kigali on 22 April 2005", "commitments of Kigali"."""
    annotated, tokens = context.annotated, context.annotated.tokens
    found = []
    for place in annotated.places:
        if place.kind != "town" or place.preposition not in ("in", "at", "of"):
            continue
        sentence = annotated.sentence_at(place.start)
        first, last = tokens.span(place.start, place.end)
        if sentence.index in spoken or not _says_agreed(context, matchers, sentence, first):
            continue
        beside = [d for d in annotated.within(annotated.dates, sentence) if 0 <= d.start - place.end <= _TOWN_DATE]
        if not beside or beside[0].precision not in ("day", "month") or beside[0].role not in ("at", "range"):
            continue
        words = frozenset(tokens.norms[first:last])
        found.append(
            Mention(place.start, place.end, sentence.index, words, True, True,
                    place_word=place.name, lemma="town", own_date=beside[0].value)
        )  # fmt: skip
    return found


def _says_agreed(context: Context, matchers: FollowUpMatchers, sentence: Sentence, town: int) -> bool:
    """Whether a verb or noun of agreeing stands right before the town."""
    annotated, tokens = context.annotated, context.annotated.tokens
    low = max(sentence.first, town - _AGREED)
    nouns = matchers.words.promising_nouns
    if any(tokens.norms[i] in nouns or tokens.norms[i].removesuffix("s") in nouns for i in range(low, town)):
        return True
    verbs = annotated.verbs_of(sentence)
    return any(
        low <= v.first < town and v.form in ("finite", "participle") and v.has("agreeing", "recommending", "promising")
        for v in verbs
    )


def _organisations(context: Context, sentence: Sentence) -> list[Party]:
    annotated = context.annotated
    return [p for p in annotated.within(annotated.parties, sentence) if p.use is PartyUse.ORGANISATION]


def _own_date(context: Context, start: int, end: int) -> str | None:
    """A day or month beside the mention, in its clause or in the one behind it."""
    annotated = context.annotated
    sentence = annotated.sentence_at(start)
    near = [
        d
        for d in annotated.within(annotated.dates, sentence)
        if d.precision in ("day", "month")
        and d.role in ("at", "range")
        and (0 <= d.start - end <= _NEAR or 0 <= start - d.end <= _NEAR // 2)
    ]
    return min(near, key=lambda d: (abs(d.start - start), d.start)).value if near else None


def _is_elsewhere(context: Context, head: Head) -> bool:
    """Whether another noun for a meeting stands in the sentence: a date is that one's then."""
    annotated = context.annotated
    heads = annotated.within(annotated.heads, annotated.sentence_at(head.start))
    return any(other.kind == "conference" and other.noun_start != head.noun_start for other in heads)


def _has_date(context: Context, head: Head) -> bool:
    annotated = context.annotated
    dates = annotated.within(annotated.dates, annotated.sentence_at(head.start))
    return any(date.precision in ("day", "month") for date in dates)


def _relation(matchers: FollowUpMatchers, modifiers: frozenset[str]) -> Relation | None:
    words = matchers.words
    if modifiers & words.present:
        return "present"
    if modifiers & words.previous:
        return "previous"
    return "next" if modifiers & words.next else None


def _name_span(context: Context, matchers: FollowUpMatchers, head: Head) -> tuple[int, int]:
    """Tokens of the fullest name: a numeral before it, "of ..." and "on ..." behind it, an acronym in brackets."""
    annotated = context.annotated
    tokens = annotated.tokens
    sentence = annotated.sentence_at(head.start)
    first = tokens.span(head.start, head.end)[0]
    before = first - 1
    is_number = before >= sentence.first and tokens.texts[before].isdigit()
    if is_number and (tokens.norms[first] in _SUFFIXES or len(tokens.texts[before]) == 4):
        first = before
    first = _leftmost(context, matchers, first, sentence.first)
    noun = tokens.span(head.noun_start, head.noun_end)[1]
    last = _past_acronym(context, noun, sentence.last)
    stop = min(sentence.last, noun + _MAX_NAME)
    while (grown := _phrase_behind(context, matchers, last, noun, stop)) > last:
        last = grown
    return first, _past_acronym(context, last, sentence.last)


def _past_acronym(context: Context, last: int, stop: int) -> int:
    """Behind an acronym in brackets, where one follows."""
    texts = context.annotated.tokens.texts
    if last + 2 >= stop or texts[last] != "(" or not texts[last + 1].isupper():
        return last
    close = next((i for i in range(last + 2, min(last + 5, stop)) if texts[i] == ")"), None)
    return last if close is None else close + 1


def _phrase_behind(context: Context, matchers: FollowUpMatchers, last: int, noun: int, stop: int) -> int:
    """The end of one more "of the X", "on X" or quoted name behind the name so far; `last` where there is none."""
    annotated = context.annotated
    tokens, flags = annotated.tokens, annotated.flags
    position = last
    while position < stop and position - last < _MAX_LINKERS and _links(flags[position], tokens.norms[position]):
        position += 1
    is_dated = position < stop and any(d.start == tokens.starts[position] for d in _dates_at(context, position))
    is_article_only = position > last and all(flags[i] & Flag.DET for i in range(last, position))
    is_place = position > last and (tokens.norms[last] in ("in", "at") or (last > noun and tokens.norms[last] == "and"))
    if position >= stop or is_dated or is_article_only or is_place:
        return last
    if tokens.texts[position] in '"“«‘':
        close = next((i for i in range(position + 1, stop) if tokens.texts[i] in '"”»’'), None)
        return last if close is None else close + 1
    is_numeral = tokens.norms[position] in matchers.words.roman and tokens.texts[position].isupper()
    if not tokens.texts[position][0].isupper() or (position == noun and not is_numeral):
        return last
    while position < stop and (tokens.texts[position][0].isupper() or tokens.norms[position] in HYPHENS):
        position += 1
    while position > last and tokens.norms[position - 1] in HYPHENS:
        position -= 1
    return position


def _dates_at(context: Context, index: int) -> Sequence[Date]:
    annotated = context.annotated
    return annotated.within(annotated.dates, annotated.sentence_at(annotated.tokens.starts[index]))


def _leftmost(context: Context, matchers: FollowUpMatchers, first: int, floor: int) -> int:
    """Further capitalised words before the phrase, over dashes and an acronym in brackets, up to the number of the meeting."""
    tokens, flags = context.annotated.tokens, context.annotated.flags
    ordinals, papers = matchers.ordinals, matchers.words.papers
    if not tokens.is_capitalised(first) or tokens.norms[first] in ordinals:
        return first
    position = best = first
    while position > floor:
        norm, text = tokens.norms[position - 1], tokens.texts[position - 1]
        if norm in papers:
            break
        if norm in ordinals and text[0].isupper():
            return position - 1
        if norm in _SUFFIXES and position - 2 >= floor and tokens.texts[position - 2].isdigit():
            return position - 2
        if text == ")" and position - 3 >= floor and tokens.texts[position - 3] == "(":
            position -= 3
            continue
        if text[0].isupper() and not flags[position - 1] & FUNCTION:
            best = position - 1
        elif (norm not in HYPHENS and norm not in ("of", "and", "for", "the")) or best != position:
            break
        position -= 1
    return best


def _links(flag: int, norm: str) -> bool:
    return bool(flag & Flag.DET) or norm in ("of", "on", "for", "under", "between", "in", "at", "and", "against", "with")


def _place_word(context: Context, first: int, noun: int, last: int) -> str | None:
    """The town before the noun or behind "in": "the Bishkek meeting", "summit in Bishkek"."""
    annotated, tokens = context.annotated, context.annotated.tokens
    sentence = annotated.sentence_at(tokens.starts[first])
    for place in annotated.within(annotated.places, sentence):
        index = tokens.index_at(place.start)
        is_behind = noun < index <= last + 1 and tokens.norms[index - 1] in ("in", "at")
        if place.kind == "town" and (first <= index < noun or is_behind):
            return place.name
    return None


def _ordinal(context: Context, matchers: FollowUpMatchers, first: int, last: int) -> tuple[int | None, str | None]:
    tokens = context.annotated.tokens
    for index in range(first, last):
        norm = tokens.norms[index]
        if norm in matchers.ordinals and index + 1 < last:
            return matchers.ordinals[norm], None
        if norm.isdigit() and index + 1 < last and tokens.norms[index + 1] in _SUFFIXES:
            return int(norm), None
        if norm.isdigit() and len(norm) == 4:
            return None, norm
        if norm in matchers.words.roman and tokens.texts[index].isupper() and index > first and len(norm) > 1:
            return matchers.words.roman[norm], None
    return None, None


def _owner(context: Context, matchers: FollowUpMatchers, head: Head) -> str | None:
    """The body that "its meeting" belongs to, by its fullest name so far: "the Committee" after "Senior Officials Committee"."""
    annotated, tokens = context.annotated, context.annotated.tokens
    sentence = annotated.sentence_at(head.start)
    end = tokens.index_at(head.start) - 1
    noun = next(
        (i for i in range(end, sentence.first, -1) if tokens.norms[i] in matchers.words.bodies and tokens.is_capitalised(i)), None
    )
    if noun is None:
        return None
    best = (noun, noun + 1)
    for index in range(noun, max(0, noun - _OWNER_REACH), -1):
        if tokens.norms[index] == tokens.norms[noun] and tokens.is_capitalised(index):
            floor = annotated.sentence_at(tokens.starts[index]).first
            first = _leftmost(context, matchers, index, max(floor, index - 8))
            if index + 1 - first > best[1] - best[0]:
                best = (first, index + 1)
    return tokens.slice(*best)


def _numbered(context: Context, matchers: FollowUpMatchers) -> list[Mention]:
    """ "RECCA VI": an acronym with the number of the meeting."""
    annotated, tokens = context.annotated, context.annotated.tokens
    found: list[Mention] = []
    for index in (following - 1 for following in tokens.where(matchers.words.roman) if following):
        text, following = tokens.texts[index], tokens.texts[index + 1]
        if len(text) < 3 or not text.isupper() or not text.isalpha() or not following.isupper():
            continue
        number = matchers.words.roman[tokens.norms[index + 1]]
        sentence = annotated.sentence_at(tokens.starts[index])
        words = frozenset((tokens.norms[index],))
        found.append(Mention(tokens.starts[index], tokens.ends[index + 1], sentence.index, words, False, True, ordinal=number))
    return found


def _papers(context: Context, matchers: FollowUpMatchers) -> list[Mention]:
    """ "the Rome Declaration of 28 November 2014": a meeting that is known by its paper."""
    annotated, tokens = context.annotated, context.annotated.tokens
    by_start = {date.start: date for date in annotated.dates}
    found: list[Mention] = []
    for match in matchers.papers.find(tokens):
        if not tokens.is_capitalised(match.first) or match.last + 1 >= len(tokens):
            continue
        date = by_start.get(tokens.starts[match.last + 1]) if tokens.norms[match.last] == "of" else None
        first = match.first
        while first > 0 and tokens.is_capitalised(first - 1) and not annotated.flags[first - 1]:
            first -= 1
        if date is None or first == match.first:
            continue
        sentence = annotated.sentence_at(tokens.starts[first])
        words = frozenset(tokens.norms[first : match.last])
        place = _place_word(context, first, match.first, match.last)
        end = tokens.ends[match.last - 1]
        found.append(Mention(tokens.starts[first], end, sentence.index, words, False, True, is_paper=True, place_word=place))
    return found
