"""Numbers of people: "12 Afghan and 14 Tajik officers", "more than 1400 officials", "twenty-five women"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bam.extraction.annotate.grammar import FUNCTION, Flag
from bam.extraction.annotate.model import Number, Party, PersonCount, Sentence
from bam.extraction.annotate.numbers import NumberReader, bound_before
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.extraction.annotate.trie import TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources


class PersonWords(Words):
    """Nouns for people."""

    FILE = "persons"
    nouns: tuple[str, ...]
    teachers: frozenset[str]
    not_before: frozenset[str]
    max_modifiers: int
    verbs_of_target: frozenset[str]


@dataclass(frozen=True, slots=True)
class PersonMatcher:
    """Nouns in singular and plural, giving the singular."""

    words: PersonWords
    nouns: TokenTrie[str]


def person_matcher_of(resources: Resources) -> PersonMatcher:
    """Compile; use `resources.get(person_matcher_of)`."""
    words = resources.words(PersonWords)
    nouns: TokenTrie[str] = TokenTrie()
    for noun in words.nouns:
        nouns.add(noun, noun)
        nouns.add(noun + "s", noun)
    return PersonMatcher(words, nouns)


class PersonFinder:
    """Finds counts of people in one document."""

    def __init__(
        self, tokens: Tokens, flags: list[int], numbers: dict[int, Number], matcher: PersonMatcher, reader: NumberReader
    ) -> None:
        self._tokens, self._flags, self._numbers = tokens, flags, numbers
        self._matcher, self._reader = matcher, reader

    def find(self, parties: tuple[Party, ...], sentences: tuple[Sentence, ...], taken: set[int]) -> tuple[PersonCount, ...]:
        """All counts in order; `taken` are tokens of sums and dates."""
        by_token = {self._tokens.index_at(party.start): party for party in parties}
        found: list[PersonCount] = []
        waiting: list[PersonCount] = []
        cursor = 0
        for index, number in self._numbers.items():
            while cursor < len(sentences) and sentences[cursor].last <= index:
                cursor += 1
                waiting.clear()
            if cursor == len(sentences):
                break
            sentence = sentences[cursor]
            if index in taken or index < sentence.first or number.last > sentence.last:
                continue
            count, goes_on = self._count(number, sentence, by_token)
            if count is None:
                waiting.clear()
            elif count.noun:
                found += [replace(earlier, noun=count.noun) for earlier in waiting]
                found.append(count)
                waiting.clear()
            elif goes_on:
                waiting.append(count)
        return tuple(replace(count, index=index) for index, count in enumerate(found))

    def _count(self, number: Number, sentence: Sentence, by_token: dict[int, Party]) -> tuple[PersonCount | None, bool]:
        """A count with its noun; or without, where "and" and another number follow ("12 Afghan and 14 Tajik officers")."""
        if number.value != int(number.value) or not 1 <= number.value <= 5_000_000:
            return None, False
        if number.last < sentence.last and self._tokens.norms[number.last] in HYPHENS and self._tokens.is_adjacent(number.last):
            return None, False
        tokens, norms = self._tokens, self._tokens.norms
        position, steps = number.last, 0
        codes: list[str] = []
        while position < sentence.last and steps <= self._matcher.words.max_modifiers + 3:
            party = by_token.get(position)
            if party is not None and party.end <= tokens.ends[sentence.last - 1]:
                codes.append(party.code)
                noun = self._matcher.nouns.match_at(tokens, position, sentence.last)
                last = tokens.span(party.start, party.end)[1]
                if party.use.value == "organ" and noun is None:
                    noun_last = self._noun_inside(position, last)
                    if noun_last is not None:
                        return self._made(number, noun_last[0], noun_last[1], codes, sentence), True
                position, steps = last, steps + 1
                continue
            noun = self._matcher.nouns.match_at(tokens, position, sentence.last)
            if noun is not None and self._is_head(noun.last, sentence):
                return self._made(number, noun.last, noun.values[0], codes, sentence), True
            norm, flag = norms[position], self._flags[position]
            if (
                norm == "of"
                and position == number.last
                and position + 1 < sentence.last
                and norms[position + 1] in ("the", "them", "its", "their", "these", "those")
            ):
                position, steps = position + 2, steps + 1
                continue
            if norm in ("and", ",", "or") and position > number.last and self._numbers.get(position + 1) is not None:
                return self._made(number, position, "", codes, sentence), bool(codes)
            if flag & (FUNCTION & ~Flag.COORD) or norm in (",", ";", ":", "(", ")", ".") or position in self._numbers:
                break
            position, steps = position + 1, steps + 1
        if codes and position - number.last <= 3 and self._is_people(position, number, codes, by_token):
            return self._made(number, position, tokens.norms[position - 1], codes, sentence), True
        return None, False

    def _noun_inside(self, first: int, last: int) -> tuple[int, str] | None:
        for index in range(first, last):
            match = self._matcher.nouns.match_at(self._tokens, index, last)
            if match is not None and match.last == last:
                return match.last, match.values[0]
        return None

    def _is_head(self, last: int, sentence: Sentence) -> bool:
        """Not a modifier of another noun ("two officer posts")."""
        if last >= sentence.last:
            return True
        following = self._tokens.norms[last]
        if following in self._matcher.words.not_before:
            return False
        return self._matcher.nouns.match_at(self._tokens, last, sentence.last) is None and following not in HYPHENS

    def _is_people(self, position: int, number: Number, codes: list[str], by_token: dict[int, Party]) -> bool:
        """ "126 of them Georgians", "29 Turkmen and eight Afghans": a nationality in the plural is a noun."""
        last = self._tokens.texts[position - 1]
        return number.value > 1 and last[0].isupper() and last.lower().endswith(("s", "men", "ese", "z", "k")) and bool(codes)

    def _made(self, number: Number, last: int, noun: str, codes: list[str], sentence: Sentence) -> PersonCount:
        bound, _ = bound_before(self._tokens, number.first, sentence.first, self._reader)
        return PersonCount(
            0, number.start, self._tokens.ends[last - 1], int(number.value), noun, tuple(dict.fromkeys(codes)), bound
        )
