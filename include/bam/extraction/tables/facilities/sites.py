"""The names of lists behind a noun, and sites that only a place names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Head, PartyUse, PlaceMention, Sentence, Spanned
from bam.extraction.tables.facilities.entries import entries_of
from bam.extraction.tables.facilities.mention import CROSSINGS, MAX_NAME_TOKENS, Mention, Reader, Via, telling
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityType

_REACH = 6
"""Sentences: so far behind a facility a bare place can still be the site of another one."""
_HEADS_BACK = 8
"""Facility phrases that are read back from a name."""
_LEAST_LETTERS = 4
_AROUND = 8
"""Tokens between a name and that of the region around it."""
_OPENING = 3
"""A site that opens its sentence is among these first tokens."""
_TOWNS = frozenset({"crossing", "town", "village"})
_REGIONS = frozenset({"province", "municipality", "river", "valley", "lake", "sea", "mountain", "island"})
"""Kinds of places that are too large for a site or none."""
_BEHIND_KEY = ",:-–|.("
"""Marks behind a name that opens a sentence, an item or a row."""


class SiteReader(Reader):
    """Reads the names of lists and the bare sites of one document, beside its facility phrases."""

    def __init__(self, annotated: Annotated, words: FacilitySigns, taken: set[int], heads: list[Head]) -> None:
        super().__init__(annotated, words, taken)
        self._heads = heads
        self._head_starts = [head.start for head in heads]
        self._crossings = [head for head in heads if FacilityType(head.type) in CROSSINGS]
        self._crossing_starts = [head.start for head in self._crossings]
        first_tokens = {sentence.first for sentence in annotated.sentences}
        self._names = {first for first, _ in entries_of(annotated).values()}
        self._inner = {self._norms[index] for index in self._tokens.capitals if index not in first_tokens}

    def listed(self) -> list[Mention]:
        """The names of lists behind plural nouns."""
        found: list[Mention] = []
        adjectives = {party.start for party in self._annotated.parties if party.use is PartyUse.ADJECTIVE}
        for head in self._heads:
            for start, end in head.listed:
                if start in adjectives:
                    continue  # "posts on the Iranian and Afghan borders"
                found.append(self._site("listed", (start, end), self._annotated.text[start:end], head))
                self._taken.update(range(*self._tokens.span(start, end)))
        return found

    def _site(self, via: Via, span: tuple[int, int], name: str, head: Head) -> Mention:
        """A site is called by its name alone where the phrase means a crossing or stands elsewhere; else by both."""
        shown, annotated = name, self._annotated
        is_here = head.is_plural and annotated.sentence_at(head.start).index == annotated.sentence_at(span[0]).index
        if is_here and FacilityType(head.type) not in CROSSINGS and head.lemma not in self._words.bare:
            shown = f"{self._annotated.text[head.start : head.noun_end]} ({name})"
        return Mention(*span, via, shown, head, name, frozenset(), telling(name, self._words), span[0])

    def sites(self) -> Iterator[Mention]:
        """Places and other names outside of facility phrases, each with the facility phrase that can tell what is there."""
        annotated = self._annotated
        others: list[Spanned] = [*annotated.programmes, *annotated.dates, *annotated.regions]
        others += [party for party in annotated.parties if party.start not in self._places]
        for item in others:
            self._taken.update(range(*self._tokens.span(item.start, item.end)))
        rows = {row.sentence: row.is_header for row in annotated.rows}
        for sentence in annotated.sentences:
            if rows.get(sentence.index) or sentence.kind == "title":
                continue
            yield from self._sites_of(sentence)

    def _sites_of(self, sentence: Sentence) -> Iterator[Mention]:
        here = [head for head in self._annotated.within(self._heads, sentence) if head.lemma not in self._words.siteless]
        plural = [head for head in here if head.is_plural]
        behind, is_joined = -1, False
        for first in self._tokens.capitals_in(sentence.first, sentence.last):
            if first < behind or first in self._taken:
                continue
            place = self._places.get(self._tokens.starts[first])
            if place is None and not (plural or sentence.kind in ("table_row", "list_item") or first == sentence.first):
                continue
            if place is None and not self._is_name(first, sentence):
                continue
            if place is not None and place.kind in _REGIONS:
                continue
            joined = is_joined and self._is_joint(behind, first)
            if self._is_around(sentence, behind, first) or self._acts(first):
                behind = first + 1
                continue
            last = self._tokens.span(place.start, place.end)[1] if place is not None else first + 1
            behind = last = self._name_end(last, sentence)
            head = self._source(sentence, first, place, here, plural, joined)
            if head is None and place is not None and place.kind == "crossing":
                head = self._any_source(place.start)
            is_joined = head is not None
            if head is None or last - first > MAX_NAME_TOKENS or (place is not None and place.is_dateline):
                continue
            start, end = self._tokens.starts[first], self._tokens.ends[last - 1]
            written = place.name if place is not None and place.end == end else self._annotated.text[start:end]
            yield self._site("place", (start, end), written, head)

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

    def _source(
        self, sentence: Sentence, first: int, place: PlaceMention | None, here: list[Head], plural: list[Head], joined: bool
    ) -> Head | None:
        """The facility phrase that tells what stands at a name: a plural of its sentence; for a name that opens its sentence,
        stands in a list or row, or leaves the noun out ("another, at Osh") the last phrase before.
        """
        offset = self._tokens.starts[first]
        if plural:
            return min(plural, key=lambda head: abs(head.start - offset))
        is_ellipsis = not self._words.ellipses.isdisjoint(self._norms[max(sentence.first, first - 4) : first])
        if here and not is_ellipsis:
            is_told = any(not (h.is_plural or h.place or h.proper or h.determiner == "definite") for h in here)
            return None if is_told else self._far_source(offset, place)
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
                return self._far_source(offset, place)
            reach = 3 * _REACH if is_row else _REACH
            if sentence.index - self._annotated.sentence_at(head.start).index <= reach:
                return head
            break
        return self._far_source(offset, place)

    def _far_source(self, offset: int, place: PlaceMention | None) -> Head | None:
        """The phrase that tells of crossings or posts, for a town that the document names without saying what stands there: the
        last one before it, else the first one.
        """
        if place is None or place.kind not in _TOWNS:
            return None
        position = bisect_right(self._crossing_starts, offset)
        return self._crossings[max(0, position - 1)] if self._crossings else None

    def _any_source(self, offset: int) -> Head | None:
        """The phrase that tells best what a name of the gazetteer of crossings is: of a crossing or post, else any."""
        for heads, starts in ((self._crossings, self._crossing_starts), (self._heads, self._head_starts)):
            if heads:
                return heads[max(0, bisect_right(starts, offset) - 1)]
        return None

    def _is_name(self, index: int, sentence: Sentence) -> bool:
        """Whether a capitalised word that no list knows can name a site: behind a place preposition or in a list, or opening the
        sentence where the text never writes it small.
        """
        norm, text = self._norms[index], self._texts[index]
        if len(norm) < _LEAST_LETTERS or norm in self._tokens.small or self._annotated.flags[index] or not norm.isalpha():
            return False
        if text.isupper() or index in self._annotated.numbers or self._is_verb(index) or norm in self._words.work_nouns:
            return False
        if index in self._names:
            return True
        if index == sentence.first:
            is_key = index + 1 < sentence.last and self._texts[index + 1] in _BEHIND_KEY
            return norm in self._inner or (is_key and (self._texts[index + 1] != "," or sentence.kind != "paragraph"))
        is_owner = index + 1 < sentence.last and self._norms[index + 1] in ("'s", "’s")
        return self._norms[index - 1] in self._words.before_site and not is_owner
