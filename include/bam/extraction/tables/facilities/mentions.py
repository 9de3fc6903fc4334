"""Mentions of what can be a facility: noun phrases, the names of a list, sites that only a place names, table cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Head, PartyUse, Sentence, Spanned
from bam.extraction.annotate.tokens import HYPHENS, words_of
from bam.extraction.context import Context
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityType

_REACH = 6
"""Sentences: so far behind a facility a bare place can still be the site of another one."""
_HEADS_BACK = 8
"""Facility phrases that are read back from a name."""
_PLACE_BEHIND = 9
"""Tokens behind a noun phrase in which its own place can stand ("centre for border guards at Orshanets")."""
_MAX_TOKENS = 7
_LEAST_LETTERS = 4
_AROUND = 8
"""Tokens between a name and that of the region around it."""
_FULLEST = 10
"""Tokens that the fullest name of an unnamed thing can have behind its noun."""
_OPENING = 3
"""A site that opens its sentence is among these first tokens."""
CROSSINGS = frozenset({FacilityType.BORDER_CROSSING, FacilityType.BORDER_POST, FacilityType.CHECKPOINT})
_ACRONYM = re.compile(r"\s?\([A-Z][A-Za-z0-9&-]{1,11}\)")
_QUOTES = '"“«‘'

Via = Literal["head", "listed", "place"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch that can name a facility. `head` is its noun phrase; for a name of a list or a bare place it is the phrase
    that tells what stands there. `outer` is where the phrase begins that it stands in ("the new building of the academy").
    `place` is the town named by the mention itself, `name` what the tables would show; `name_words` and `place_words` are the
    telling words of both, for comparison. `is_part` marks a phrase inside that of another thing ("a store for the academy").
    """

    start: int
    end: int
    via: Via
    name: str
    head: Head
    place: str | None
    name_words: frozenset[str]
    place_words: frozenset[str]
    outer: int
    is_part: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the mention tells by itself which facility is meant."""
        return bool(self.name_words or self.place_words)


def mentions_of(context: Context, words: FacilitySigns) -> list[Mention]:
    """All mentions of the document in order, without overlap of bare places with the others."""
    annotated = context.annotated
    heads = [head for head in annotated.heads if head.kind == "facility"]
    if not heads:
        return []
    reader = _Reader(annotated, words, heads)
    found = reader.phrases()
    found += reader.listed()
    found += reader.sites()
    found.sort(key=lambda mention: (mention.start, mention.end))
    return found


class _Reader:
    """Reads the mentions of one document; `_taken` are the tokens that can't begin a bare site any more."""

    def __init__(self, annotated: Annotated, words: FacilitySigns, heads: list[Head]) -> None:
        self._annotated, self._words, self._all = annotated, words, heads
        self._tokens, self._norms, self._texts = annotated.tokens, annotated.tokens.norms, annotated.tokens.texts
        self._places = {place.start: place for place in annotated.places}
        self._taken: set[int] = set()
        self._outer = self._shells()
        self._heads = [head for head in heads if self._is_thing(head)]
        self._head_starts = [head.start for head in self._heads]

    def _shells(self) -> dict[int, int]:
        """Where a phrase begins that is no more than the shell of the next one: "the new building of the academy". The shell's
        own index maps to -1.
        """
        outer: dict[int, int] = {}
        norms, tokens = self._norms, self._tokens
        for shell, inner in zip(self._all, self._all[1:], strict=False):
            if shell.lemma.rsplit(" ", 1)[-1] not in self._words.shells:
                continue
            _, last = tokens.span(shell.noun_start, shell.noun_end)
            first, _ = tokens.span(inner.start, inner.end)
            link = norms[last:first]
            if link and link[0] in ("of", "for") and len(link) <= 2 and not inner.is_plural:
                outer[inner.index] = outer.get(shell.index, shell.start)
                if outer[inner.index] == -1:
                    outer[inner.index] = shell.start
                outer[shell.index] = -1
        return outer

    def _is_thing(self, head: Head) -> bool:
        """Whether the noun stands for a place: no part of a body's or programme's name, no activity ("capacity building")."""
        if self._outer.get(head.index) == -1:
            return False
        if head.determiner == "none" and not head.is_plural and head.proper is None and head.lemma in self._words.activities:
            return False
        annotated = self._annotated
        following = self._tokens.index_at(head.noun_end)
        for party in annotated.before(annotated.parties, head.noun_end, 1):
            if party.start <= head.noun_start and party.end > head.noun_end and self._texts[following][0].isupper():
                return False
        for programme in annotated.before(annotated.programmes, head.noun_end, 1):
            if programme.start <= head.noun_start and programme.end >= head.noun_end and programme.start < head.noun_start:
                return False
        return True

    def phrases(self) -> list[Mention]:
        """The noun phrases, with the names and places that stand behind them."""
        found: list[Mention] = []
        behind = -1
        for head in self._heads:
            mention = self._phrase(head, head.start < behind)
            if not head.listed:
                found.append(mention)
            behind = max(behind, mention.end)
        return found

    def _phrase(self, head: Head, is_part: bool) -> Mention:
        annotated, words = self._annotated, self._words
        text, end = annotated.text, head.end
        acronym = _ACRONYM.match(text, end)
        if acronym is not None and (head.proper is not None or head.modifiers):
            end = acronym.end()
        name, place, alias = text[head.start : end], head.place, None
        first, last = self._tokens.span(head.start, end)
        self._taken.update(range(first, self._tokens.span(head.start, head.noun_end)[1] if head.listed else last))
        if head.listed:
            name, place = text[head.start : head.noun_end], None
        elif not head.is_plural:
            if place is None:
                alias = self._alias(last, annotated.sentence_at(head.start), only_places=head.proper is not None)
            if place is None and alias is None:
                place = self._place_behind(last, annotated.sentence_at(head.start))
            if head.proper is None and alias is None:
                name = text[head.start : self._full_end(last, annotated.sentence_at(head.start))]
        if alias is not None and head.proper is None:
            name = alias if FacilityType(head.type) in CROSSINGS or head.lemma in words.bare else f"{name} {alias}"
        name_words, place_words = _telling(head.proper, words), _telling(place or alias, words)
        outer = self._outer.get(head.index, head.start)
        return Mention(head.start, end, "head", name, head, place or alias, name_words, place_words, outer, is_part)

    def _alias(self, last: int, sentence: Sentence, *, only_places: bool) -> str | None:
        """A name in apposition: "a first post, Dalny," or "a contact point called “Dalny-Verhovo”"."""
        norms, texts, flags = self._norms, self._texts, self._annotated.flags
        position = last
        if position < sentence.last and norms[position] in self._words.naming:
            position += 1
            while position < sentence.last and texts[position] in _QUOTES:
                position += 1
        elif position < sentence.last and texts[position] == ",":
            position += 1
        else:
            return None
        if position >= sentence.last or not texts[position][0].isupper() or flags[position] or position in self._taken:
            return None
        place = self._places.get(self._tokens.starts[position])
        if place is None and only_places:
            return None
        stop = self._tokens.span(place.start, place.end)[1] if place is not None else position + 1
        stop = self._name_end(stop, sentence)
        ends = stop >= sentence.last or not texts[stop][0].isalnum() or bool(flags[stop] & (Flag.COORD | Flag.REL))
        if not ends or stop - position > _MAX_TOKENS or self._is_actor(position):
            return None
        self._taken.update(range(position, stop))
        return self._tokens.slice(position, stop)

    def _is_actor(self, index: int) -> bool:
        """Whether the token belongs to the name of a party; a capital can be a place as well."""
        annotated, start = self._annotated, self._tokens.starts[index]
        return any(
            party.end > start and party.use is not PartyUse.CAPITAL for party in annotated.before(annotated.parties, start + 1, 1)
        )

    def _place_behind(self, last: int, sentence: Sentence) -> str | None:
        """The place of a phrase with words between: "for border guards at Orshanets", "on the outskirts of Osh"."""
        flags = self._annotated.flags
        for index in range(last, min(sentence.last, last + _PLACE_BEHIND)):
            text = self._texts[index]
            place = self._places.get(self._tokens.starts[index])
            if place is not None:
                is_local = any(norm in self._words.local for norm in self._norms[max(last, index - 3) : index])
                if is_local:
                    self._taken.update(range(*self._tokens.span(place.start, place.end)))
                    return place.name
                return None
            if not text[0].isalnum() or flags[index] & (Flag.REL | Flag.COORD | Flag.SUB) or self._is_verb(index):
                return None
        return None

    def _full_end(self, last: int, sentence: Sentence) -> int:
        """Where the phrases end that belong to an unnamed thing: "post for 35 men", "outpost on the Tajik border"."""
        flags, norms = self._annotated.flags, self._norms
        end = position = last
        if position >= sentence.last or norms[position] not in self._words.belonging:
            return self._tokens.ends[last - 1]
        while position < min(sentence.last, last + _FULLEST):
            flag, text = flags[position], self._texts[position]
            is_stop = flag & (Flag.REL | Flag.SUB | Flag.COORD) or not (text[0].isalnum() or norms[position] in ("'s", "’s"))
            if is_stop or self._is_verb(position) or (flag & Flag.PREP and norms[position] not in self._words.belonging):
                break
            position += 1
            if not flag & (Flag.PREP | Flag.DET):
                end = position
        return self._tokens.ends[end - 1]

    def _is_verb(self, index: int) -> bool:
        verbs = self._annotated.verbs
        start = self._tokens.starts[index]
        before = self._annotated.before(verbs, start + 1, 1)
        return bool(before) and before[-1].first <= index < before[-1].last

    def listed(self) -> list[Mention]:
        """The names of lists behind plural nouns."""
        found: list[Mention] = []
        for head in self._heads:
            for start, end in head.listed:
                found.append(self._site("listed", (start, end), self._annotated.text[start:end], head))
                self._taken.update(range(*self._tokens.span(start, end)))
        return found

    def _site(self, via: Via, span: tuple[int, int], name: str, head: Head) -> Mention:
        shown = name
        if FacilityType(head.type) not in CROSSINGS and head.lemma not in self._words.bare:
            shown = f"{self._annotated.text[head.start : head.noun_end]} ({name})"
        return Mention(*span, via, shown, head, name, frozenset(), _telling(name, self._words), span[0])

    def sites(self) -> Iterator[Mention]:
        """Places and other names outside of facility phrases, each with the facility phrase that can tell what is there."""
        annotated = self._annotated
        others: list[Spanned] = [*annotated.programmes, *annotated.dates, *annotated.regions]
        others += [party for party in annotated.parties if party.start not in self._places]
        for item in others:
            self._taken.update(range(*self._tokens.span(item.start, item.end)))
        lower = {norm for norm, text in zip(self._norms, self._texts, strict=True) if text[0].islower()}
        rows = {row.sentence: row.is_header for row in annotated.rows}
        for sentence in annotated.sentences:
            if rows.get(sentence.index) or sentence.kind == "title":
                continue
            yield from self._sites_of(sentence, lower)

    def _sites_of(self, sentence: Sentence, lower: set[str]) -> Iterator[Mention]:
        here = [head for head in self._annotated.within(self._heads_tuple(), sentence) if head.lemma not in self._words.siteless]
        plural = [head for head in here if head.is_plural]
        behind, is_joined = -1, False
        for first in range(sentence.first, sentence.last):
            if first < behind or not self._texts[first][0].isupper() or first in self._taken:
                continue
            place = self._places.get(self._tokens.starts[first])
            if place is None and not (plural or sentence.kind in ("table_row", "list_item") or first == sentence.first):
                continue
            if place is None and not self._is_name(first, sentence, lower):
                continue
            joined = is_joined and self._is_joint(behind, first)
            if self._is_around(sentence, behind, first) or self._acts(first):
                behind = first + 1
                continue
            last = self._tokens.span(place.start, place.end)[1] if place is not None else first + 1
            behind = last = self._name_end(last, sentence)
            head = self._source(sentence, first, here, plural, joined)
            is_joined = head is not None
            if head is None or last - first > _MAX_TOKENS or (place is not None and place.is_dateline):
                continue
            start, end = self._tokens.starts[first], self._tokens.ends[last - 1]
            written = place.name if place is not None and place.end == end else self._annotated.text[start:end]
            yield self._site("place", (start, end), written, head)

    def _heads_tuple(self) -> Sequence[Head]:
        return self._heads

    def _is_around(self, sentence: Sentence, behind: int, first: int) -> bool:
        """Whether a name only tells where the one before it lies ("Dalny, on the border in the Osh region")."""
        if behind < sentence.first or first - behind > _AROUND:
            return False
        between = self._norms[behind:first]
        joints = any(self._annotated.flags[index] & Flag.COORD for index in range(behind, first))
        return not joints and not self._words.around.isdisjoint(between) and "at" not in between

    def _acts(self, index: int) -> bool:
        """Whether a capital stands for its government: no preposition of place before it."""
        annotated, start = self._annotated, self._tokens.starts[index]
        party = next(iter(annotated.before(annotated.parties, start + 1, 1)), None)
        is_capital = party is not None and party.start == start and party.use is PartyUse.CAPITAL
        return is_capital and (index == 0 or self._norms[index - 1] not in self._words.local)

    def _is_joint(self, behind: int, first: int) -> bool:
        """Whether no more than "and", commas and prepositions stand between two names."""
        flags = self._annotated.flags
        between = range(behind, first)
        return len(between) <= 3 and all(flags[i] & (Flag.COORD | Flag.PREP) or self._texts[i] == "," for i in between)

    def _source(self, sentence: Sentence, first: int, here: list[Head], plural: list[Head], joined: bool) -> Head | None:
        """The facility phrase that tells what stands at a name: a plural of its sentence; for a name that opens its sentence,
        stands in a list or row, or leaves the noun out ("another, at Osh") the last phrase before.
        """
        offset = self._tokens.starts[first]
        if plural:
            return min(plural, key=lambda head: abs(head.start - offset))
        is_ellipsis = not self._words.ellipses.isdisjoint(self._norms[max(sentence.first, first - 4) : first])
        if here and not is_ellipsis:
            return None
        is_row = sentence.kind in ("table_row", "list_item")
        is_first = first - sentence.first < _OPENING
        is_open = is_ellipsis or is_row or joined or is_first or self._norms[first - 1] in self._words.local
        position = bisect_right(self._head_starts, offset)
        for head in reversed(self._heads[max(0, position - _HEADS_BACK) : position]):
            is_crossing = FacilityType(head.type) in CROSSINGS
            is_single = head.proper is not None and not head.is_plural and not is_ellipsis and not is_crossing
            if head.lemma in self._words.siteless or is_single:
                continue
            if not is_open and not is_crossing:
                return None
            reach = 3 * _REACH if is_row else _REACH
            return head if sentence.index - self._annotated.sentence_at(head.start).index <= reach else None
        return None

    def _is_name(self, index: int, sentence: Sentence, lower: set[str]) -> bool:
        """Whether a capitalised word that no list knows can name a site: behind a place preposition or in a list, or opening the
        sentence where the text never writes it small.
        """
        norm, text = self._norms[index], self._texts[index]
        if len(norm) < _LEAST_LETTERS or norm in lower or self._annotated.flags[index] or not norm.isalpha():
            return False
        if text.isupper():
            return False
        if index == sentence.first:
            return index + 1 < sentence.last and self._texts[index + 1] in ",:-–|"
        is_owner = index + 1 < sentence.last and self._norms[index + 1] in ("'s", "’s")
        return self._norms[index - 1] in self._words.before_site and not is_owner

    def _name_end(self, last: int, sentence: Sentence) -> int:
        """The end of a name, with further capitalised words and the other half of a pair of towns ("Mingtepa - Aravan")."""
        texts = self._texts
        while last < sentence.last and last not in self._taken:
            is_pair = self._norms[last] in HYPHENS and last + 1 < sentence.last and texts[last + 1][0].isupper()
            if is_pair and last + 1 not in self._taken:
                last += 2
            elif texts[last][0].isupper() and not self._annotated.flags[last]:
                last += 1
            else:
                break
        return last


def _telling(name: str | None, words: FacilitySigns) -> frozenset[str]:
    return frozenset(word for word in words_of(name or "") if word not in words.empty_words and word[0].isalnum())
