"""Noun phrases that can be facilities, with the names and places that stand behind them."""

from __future__ import annotations

import re

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Head, Party, PartyUse, Sentence
from bam.extraction.tables.facilities.entries import entries_of
from bam.extraction.tables.facilities.mention import CROSSINGS, MAX_NAME_TOKENS, Mention, Reader, telling
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityType

_PLACE_BEHIND = 9
"""Tokens behind a noun phrase in which its own place can stand ("centre for border guards at Orshanets")."""
_FULLEST = 10
"""Tokens that the fullest name of an unnamed thing can have behind its noun."""
_LONGEST_KEY = 30
"""Characters of the longest cell that can be a place's name."""
_ACRONYM = re.compile(r"\s?\([A-Z][A-Za-z0-9&-]{1,11}\)")
_OUTER = re.compile(r"[(,;]")
"""Marks behind the name in a cell, before what only tells where it is."""
_QUOTES = '"“«‘'


class PhraseReader(Reader):
    """Reads the noun phrases of one document."""

    def __init__(self, annotated: Annotated, words: FacilitySigns, taken: set[int], heads: list[Head]) -> None:
        super().__init__(annotated, words, taken)
        self._all = heads
        self._rows = {row.sentence: row for row in annotated.rows if not row.is_header}
        self._entries = entries_of(annotated)
        self._outer = self._shells()
        self.heads = [head for head in heads if self._is_thing(head)]

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
        if self._is_abstract(head) or self._is_in_place(head):
            return False
        annotated = self._annotated
        following = self._tokens.index_at(head.noun_end)
        for party in annotated.before(annotated.parties, head.noun_end, 1):
            is_inside = party.start <= head.noun_start and party.end > head.noun_end
            if is_inside and (self._texts[following][0].isupper() or self._is_multilateral(party)):
                return False
        for programme in annotated.before(annotated.programmes, head.noun_end, 1):
            if programme.start <= head.noun_start and programme.end >= head.noun_end and programme.start < head.noun_start:
                return False
        return True

    def _is_abstract(self, head: Head) -> bool:
        """Whether the words before the noun make it a sum, a course or a figure of speech ("capacity building")."""
        noun = head.lemma.rsplit(" ", 1)[-1]
        return not self._words.abstract.get(noun, frozenset()).isdisjoint(head.modifiers) or any(
            modifier in self._words.durations for modifier in head.modifiers
        )

    def _is_in_place(self, head: Head) -> bool:
        """Whether the noun is a part of a town's name ("Port of Spain"); a crossing's name may hold it ("Red Bridge")."""
        annotated = self._annotated
        return any(
            place.end > head.noun_end and place.start <= head.noun_start and place.kind != "crossing"
            for place in annotated.before(annotated.places, head.noun_end, 1)
        )

    def _is_multilateral(self, party: Party) -> bool:
        """Whether a name is that of an organisation of many countries: what its own noun means is no place."""
        return party.use is PartyUse.ORGANISATION and party.code != party.country

    def phrases(self) -> list[Mention]:
        """The noun phrases, with the names and places that stand behind them."""
        found: list[Mention] = []
        behind = -1
        for head in self.heads:
            if found and found[-1].head.end < head.start and head.end < found[-1].end:
                continue  # the acronym in the brackets of the phrase before
            mention = self._phrase(head, head.start < behind)
            if not head.listed:
                found.append(mention)
            behind = max(behind, mention.end)
        return found

    def _phrase(self, head: Head, is_part: bool) -> Mention:
        annotated, words = self._annotated, self._words
        text, end = annotated.text, head.end
        acronym = _ACRONYM.match(text, end)
        if acronym is not None:
            end = acronym.end()
        name, place, alias, key = text[head.start : end], head.place, None, None
        first, last = self._tokens.span(head.start, end)
        self._taken.update(range(first, self._tokens.span(head.start, head.noun_end)[1] if head.listed else last))
        if head.listed:
            name, place = text[head.start : head.noun_end], None
        elif not head.is_plural:
            place = place or self._place_inside(head)
            if place is None:
                alias = self._alias(last, annotated.sentence_at(head.start), only_places=head.proper is not None)
            if place is None and alias is None:
                place = self._place_behind(last, annotated.sentence_at(head.start))
            if place is None and alias is None:
                place = key = self._key_place(head)
            if head.proper is None and alias is None:
                name = text[head.start : self._full_end(last, annotated.sentence_at(head.start))]
        elif head.proper is None:
            name = text[head.start : self._full_end(last, annotated.sentence_at(head.start))]
        if alias is not None and head.proper is None:
            name = alias if FacilityType(head.type) in CROSSINGS or head.lemma in words.bare else f"{name} {alias}"
        if key is not None and head.proper is None and self._is_apart(head):
            name = f"{text[head.start : head.noun_end]} ({key})"
        name_words, place_words = telling(head.proper, words), telling(place or alias, words)
        outer = self._outer.get(head.index, head.start)
        short = acronym.group().strip(" ()").lower() if acronym is not None else ""
        return Mention(head.start, end, "head", name, head, place or alias, name_words, place_words, outer, is_part, short)

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
        if place is None and (only_places or self._is_dated(position)):
            return None
        stop = self._tokens.span(place.start, place.end)[1] if place is not None else position + 1
        stop = self._name_end(stop, sentence)
        ends = stop >= sentence.last or not texts[stop][0].isalnum() or bool(flags[stop] & (Flag.COORD | Flag.REL))
        if not ends or stop - position > MAX_NAME_TOKENS or self._is_actor(position):
            return None
        self._taken.update(range(position, stop))
        return self._tokens.slice(position, stop)

    def _is_actor(self, index: int) -> bool:
        """Whether the token belongs to the name of a party; a capital can be a place as well."""
        annotated, start = self._annotated, self._tokens.starts[index]
        return any(
            party.end > start and party.use is not PartyUse.CAPITAL for party in annotated.before(annotated.parties, start + 1, 1)
        )

    def _is_dated(self, index: int) -> bool:
        """Whether the token belongs to a date ("the parade ground, Nov. 6")."""
        annotated, start = self._annotated, self._tokens.starts[index]
        return any(date.end > start for date in annotated.before(annotated.dates, start + 1, 1))

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

    def _place_inside(self, head: Head) -> str | None:
        """The place that the phrase names before its noun ("the Kunduz centre")."""
        annotated = self._annotated
        for place in annotated.before(annotated.places, head.noun_start, 1):
            if place.start >= head.start and place.end <= head.noun_start:
                return place.name
        return None

    def _key_place(self, head: Head) -> str | None:
        """The place that the row names in a cell of its own, or that stands before the colon that opens the item ("Ras Jedir:
        a bay"): a place of the gazetteer, a cell under the head "site", a name before the colon.
        """
        annotated = self._annotated
        sentence = annotated.sentence_at(head.start)
        row = self._rows.get(sentence.index)
        if row is None:
            return self._entry_name(head, sentence)
        heads = [*row.heads, *[""] * len(row.cells)]
        for title, (start, end) in zip(heads, row.cells, strict=False):
            if start <= head.start < end or start == end:
                continue
            place = self._places.get(start)
            text = _OUTER.split(annotated.text[start:end], maxsplit=1)[0].strip()
            is_site = title.casefold() in self._words.place_columns and text[:1].isupper() and len(text) <= _LONGEST_KEY
            if is_site or (place is not None and place.end == start + len(text)):
                return text
        return None

    def _is_apart(self, head: Head) -> bool:
        """Whether the name of the site stands in another cell or sentence: without it nobody would know the thing."""
        sentence = self._annotated.sentence_at(head.start)
        return sentence.index in self._rows or self._entries[sentence.index][0] < sentence.first

    def _entry_name(self, head: Head, sentence: Sentence) -> str | None:
        """The name that opens the entry that the phrase stands in."""
        first, last = self._entries.get(sentence.index, (0, 0))
        is_behind = first < last and self._tokens.ends[last - 1] <= head.start
        return self._tokens.slice(first, last) if is_behind else None

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
