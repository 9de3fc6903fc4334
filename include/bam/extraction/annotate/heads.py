"""Noun phrases about facilities, trainings and conferences."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.grammar import AUX, Flag, Grammar
from bam.extraction.annotate.model import Determiner, Head, HeadKind, Number, PlaceMention, Sentence
from bam.extraction.annotate.runs import Runs
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.extraction.annotate.trie import Match, TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources

_MAX_LEFT = 9
_MAX_RIGHT = 14
_MAX_LISTED = 12
_STOPS = frozenset(',;:.()[]"“”«»!?|—')


class FacilityWords(Words):
    """Heads of noun phrases for facilities by type."""

    FILE = "facilities"
    types: dict[str, tuple[str, ...]]
    weak: frozenset[str]
    name_links: frozenset[str]
    plural_irregular: dict[str, str]
    free_words: frozenset[str]


class EventWords(Words):
    """Heads of noun phrases for trainings and conferences."""

    FILE = "events"
    training: tuple[str, ...]
    weak_training: frozenset[str]
    conference: tuple[str, ...]
    weak_conference: frozenset[str]
    plural_irregular: dict[str, str]
    topic_links: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeadEntry:
    """What a head noun means."""

    kind: HeadKind
    type: str
    lemma: str
    is_plural: bool
    is_weak: bool


@dataclass(frozen=True, slots=True)
class HeadMatcher:
    """All head nouns in one trie."""

    nouns: TokenTrie[HeadEntry]
    links: frozenset[str]
    states: dict[str, str]
    free: frozenset[str]


def head_matcher_of(resources: Resources) -> HeadMatcher:
    """Compile; use `resources.get(head_matcher_of)`."""
    from bam.extraction.annotate.grammar import VerbWords

    facilities, events = resources.words(FacilityWords), resources.words(EventWords)
    nouns: TokenTrie[HeadEntry] = TokenTrie()
    for kind, lemmas in facilities.types.items():
        for lemma in lemmas:
            _add(nouns, "facility", kind, lemma, lemma in facilities.weak, facilities.plural_irregular)
    for lemma in events.training:
        _add(nouns, "training", "", lemma, lemma in events.weak_training, events.plural_irregular)
    for lemma in events.conference:
        _add(nouns, "conference", "", lemma, lemma in events.weak_conference, events.plural_irregular)
    return HeadMatcher(nouns, facilities.name_links, resources.words(VerbWords).noun_states, facilities.free_words)


def _add(nouns: TokenTrie[HeadEntry], kind: HeadKind, type_: str, lemma: str, is_weak: bool, irregular: dict[str, str]) -> None:
    words = lemma.rsplit(" ", 1)
    plural = irregular.get(lemma) or " ".join([*words[:-1], irregular.get(words[-1]) or _plural(words[-1])])
    nouns.add(lemma, HeadEntry(kind, type_, lemma, False, is_weak))
    if plural != lemma:
        nouns.add(plural, HeadEntry(kind, type_, lemma, True, is_weak))


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith("s"):
        return noun
    return noun + ("es" if noun.endswith(("x", "ch", "sh")) else "s")


class HeadFinder:
    """Finds noun phrases with known heads in one document."""

    def __init__(
        self, tokens: Tokens, flags: list[int], numbers: dict[int, Number], grammar: Grammar, matcher: HeadMatcher, runs: Runs
    ) -> None:
        self._tokens, self._flags, self._numbers = tokens, flags, numbers
        self._grammar, self._matcher, self._runs = grammar, matcher, runs
        self._by_last = {number.last: number for number in numbers.values()}
        self._taken: set[int] = set()

    def find(
        self, sentences: tuple[Sentence, ...], places: tuple[PlaceMention, ...], verb_heads: set[int], taken: set[int]
    ) -> tuple[Head, ...]:
        """All heads in order. A head that only modifies the next noun ("training centre manual", "checkpoint building") is left
        out. `taken` are tokens of sums and dates, which name nothing ("the hall in September").
        """
        self._taken = taken
        place_at = {self._tokens.index_at(place.start): place for place in places}
        found: list[Head] = []
        position = 0
        matches = list(self._matcher.nouns.find(self._tokens))
        places_begin = {match.first for match in matches if match.values[0].kind == "facility"}
        for match in matches:
            while position < len(sentences) - 1 and sentences[position].last <= match.first:
                position += 1
            if not sentences or match.first < sentences[position].first or match.last > sentences[position].last:
                continue
            if (
                match.first in verb_heads
                and match.last - match.first == 1
                and not self._is_inner_name(match.first, sentences[position])
            ):
                continue
            if match.last in places_begin and match.values[0].kind == "facility":
                continue
            sentence = sentences[position]
            for entry in _one_per_kind(match):
                head = self._head(match, entry, sentence, place_at, len(found))
                if head is not None:
                    found.append(head)
        return tuple(found)

    def _head(
        self, match: Match[HeadEntry], entry: HeadEntry, sentence: Sentence, place_at: dict[int, PlaceMention], index: int
    ) -> Head | None:
        tokens = self._tokens
        if self._modifies_next(match.last, sentence):
            return None
        first, determiner, count = self._left(match.first, sentence)
        last, proper, place = self._right(match.last, sentence, place_at)
        modifiers = tuple(tokens.norms[i] for i in range(first, match.first) if tokens.norms[i][0].isalpha())
        inner = self._proper_inside(first, match.first, match.last)
        state = next((self._matcher.states[m] for m in modifiers if m in self._matcher.states), None)
        return Head(
            index=index,
            start=tokens.starts[first],
            end=tokens.ends[last - 1],
            noun_start=tokens.starts[match.first],
            noun_end=tokens.ends[match.last - 1],
            kind=entry.kind,
            type=entry.type,
            lemma=entry.lemma,
            determiner=determiner,
            is_plural=entry.is_plural,
            is_weak=entry.is_weak,
            count=count,
            proper=inner or proper,
            place=place,
            state=state,
            modifiers=modifiers,
            listed=self._listed(match.last, sentence, place_at) if entry.is_plural else (),
        )

    def _is_inner_name(self, index: int, sentence: Sentence) -> bool:
        """Whether a word that could be a verb has a capital inside its sentence ("where School No. 5 stands")."""
        return index > sentence.first and self._tokens.is_capitalised(index) and self._tokens.texts[index - 1][0].isalnum()

    def _modifies_next(self, last: int, sentence: Sentence) -> bool:
        """Whether a noun follows that is the real head: not a function word, verb form, mark or name."""
        if last >= sentence.last:
            return False
        tokens = self._tokens
        norm, text = tokens.norms[last], tokens.texts[last]
        if norm in ("'s", "’s"):
            return False
        if norm in HYPHENS and tokens.ends[last - 1] == tokens.starts[last]:
            return not (last + 1 < sentence.last and tokens.texts[last + 1][0].isupper())
        if not norm[0].isalpha() or self._flags[last] or text[0].isupper() or norm in self._grammar.forms:
            return False
        return not norm.endswith("ly") and norm not in self._matcher.states and norm not in self._matcher.free

    def _left(self, index: int, sentence: Sentence) -> tuple[int, Determiner, int | None]:
        """Where the phrase begins, its determiner, the number before it."""
        tokens, flags = self._tokens, self._flags
        floor = max(sentence.first, index - _MAX_LEFT)
        position = index
        while position > floor:
            norm, flag = tokens.norms[position - 1], flags[position - 1]
            number = self._by_last.get(position)
            if number is not None and number.first >= floor and tokens.norms[number.first] not in self._grammar.words.indefinite:
                behind = position
                is_ordinal = behind < index and tokens.ends[behind - 1] == tokens.starts[behind]
                is_part_of_word = behind < index and (tokens.norms[behind] in HYPHENS or is_ordinal)
                if tokens.texts[index][0].isupper() and number.first > floor and self._runs.is_name_word(number.first - 1):
                    position = number.first
                    continue
                if not is_part_of_word and number.value == int(number.value) and number.value < 2000:
                    return position, "number", int(number.value)
            if norm in _STOPS or (
                flag & (AUX | Flag.PREP | Flag.REL | Flag.SUB | Flag.PRON | Flag.COORD) and not flag & Flag.DET
            ):
                break
            if flag & Flag.DET:
                return position, self._determiner(norm), None
            if norm in ("'s", "’s", "'", "’"):
                return position, "possessive", None
            if norm in self._grammar.forms and not norm.endswith(("ed", "ing")) and norm not in self._grammar.verbs.noun_first:
                break
            position -= 1
        while position < index and (tokens.norms[position] in HYPHENS or not tokens.texts[position][0].isalnum()):
            position += 1
        return position, "none", None

    def _determiner(self, norm: str) -> Determiner:
        words = self._grammar.words
        if norm in words.possessives:
            return "possessive"
        return "definite" if norm in words.definite else "indefinite"

    def _right(self, last: int, sentence: Sentence, place_at: dict[int, PlaceMention]) -> tuple[int, str | None, str | None]:
        """Names behind the noun: "crossing point Palanca-Mayaki-Udobne", "School No. 50", "post at Sayod", "Centre of X"."""
        tokens = self._tokens
        end, proper = self._name_behind(last, sentence)
        place: str | None = None
        for _ in range(2):
            link = tokens.norms[end] if end < sentence.last else ""
            if link not in self._matcher.links or end + 1 >= sentence.last:
                break
            begin = end + 1
            while begin < sentence.last - 1 and self._flags[begin] & Flag.DET:
                begin += 1
            grown = self._linked(begin, sentence, place_at, link)
            if grown is None:
                break
            stop, name, is_place = grown
            if is_place and place is None:
                place = name
            elif proper is None and link == "of":
                proper = name
            if link in ("of", "for") or (link in ("at", "in") and proper is None and end == last):
                end = stop
            else:
                break
        return end, proper, place

    def _name_behind(self, last: int, sentence: Sentence) -> tuple[int, str | None]:
        """A number, capitalised words or a quoted name right behind the noun."""
        tokens, end, proper = self._tokens, last, None
        if end < sentence.last and tokens.norms[end] in ("no", "nr", "№", "#"):
            position = end + 1 + (tokens.norms[end + 1 : end + 2] == ["."])
            if position < sentence.last and tokens.texts[position][0].isdecimal():
                end = position + 1
                proper = tokens.slice(last - 1, end)
        is_numbered = (
            end < sentence.last and tokens.texts[end].isdecimal() and len(tokens.texts[end]) < 4 and end not in self._taken
        )
        if proper is None and is_numbered and tokens.texts[last - 1][0].isupper():
            end += 1
            proper = tokens.slice(last - 1, end)
        named = self._runs.right(end, sentence.last)
        if named > end and not self._flags[end] and end not in self._taken:
            proper, end = tokens.slice(end, named), named
        if end + 1 < sentence.last and tokens.texts[end] in '"“«‘' and tokens.texts[end + 1][0].isupper():
            closing = next((i for i in range(end + 2, min(end + 10, sentence.last)) if tokens.texts[i] in '"”»’'), None)
            if closing is not None:
                proper, end = tokens.slice(end + 1, closing), closing + 1
        return end, proper

    def _listed(self, last: int, sentence: Sentence, place_at: dict[int, PlaceMention]) -> tuple[tuple[int, int], ...]:
        """The names of a list behind a plural noun, up to the first word that is no name."""
        tokens, position = self._tokens, last
        found: list[tuple[int, int]] = []
        if position >= sentence.last or not (tokens.norms[position] in self._matcher.links or tokens.texts[position] in ",:("):
            return ()
        position += 1
        while position < sentence.last and len(found) < _MAX_LISTED:
            position = self._behind_joint(position, sentence)
            place = place_at.get(position)
            stop = tokens.span(place.start, place.end)[1] if place is not None else position
            stop = max(stop, self._runs.right(position, min(sentence.last, position + _MAX_RIGHT)))
            if stop == position or self._flags[position]:
                break
            found.append((tokens.starts[position], tokens.ends[stop - 1]))
            if stop >= sentence.last or not (tokens.texts[stop] == "," or self._flags[stop] & Flag.COORD):
                break
            position = stop + 1
        return tuple(found) if len(found) > 1 else ()

    def _behind_joint(self, position: int, sentence: Sentence) -> int:
        """Past "and", articles and the preposition said again ("at Dalny and at Verhovo")."""
        begin = position
        while position < sentence.last - 1 and (
            self._flags[position] & (Flag.DET | Flag.COORD)
            or (position > begin and self._tokens.norms[position] in self._matcher.links)
        ):
            position += 1
        return position

    def _linked(
        self, begin: int, sentence: Sentence, place_at: dict[int, PlaceMention], link: str
    ) -> tuple[int, str, bool] | None:
        """A place or capitalised run behind "of", "at", "in"."""
        tokens = self._tokens
        for offset in range(min(3, sentence.last - begin)):
            place = place_at.get(begin + offset)
            if place is not None and self._goes_on(tokens.span(place.start, place.end)[1], sentence):
                break
            if place is not None and all(not self._flags[i] & (AUX | Flag.REL) for i in range(begin, begin + offset)):
                return tokens.span(place.start, place.end)[1], place.name, True
        stop = self._runs.right(begin, min(sentence.last, begin + _MAX_RIGHT), linkers=link == "of")
        if stop > begin and begin not in self._taken and not self._flags[begin]:
            return stop, tokens.slice(begin, stop), link in ("at", "in", "near")
        return None

    def _goes_on(self, index: int, sentence: Sentence) -> bool:
        """Whether a capitalised word right behind a place makes it a part of a longer name ("the Berlin Process")."""
        return index < sentence.last and self._runs.is_name_word(index) and not self._flags[index]

    def _proper_inside(self, first: int, noun_first: int, noun_last: int) -> str | None:
        """Capitalised words inside the phrase before its head ("Border Management Staff College")."""
        tokens = self._tokens
        begin = noun_first
        while begin > first and (
            self._runs.is_name_word(begin - 1)
            or tokens.norms[begin - 1] in HYPHENS
            or (tokens.texts[begin - 1].isdecimal() and begin - 1 > first and self._runs.is_name_word(begin - 2))
        ):
            begin -= 1
        while begin < noun_first and not self._runs.is_name_word(begin):
            begin += 1
        is_name = self._runs.is_name_word(noun_first) and (begin < noun_first or noun_last - noun_first > 1)
        return tokens.slice(begin, noun_last) if begin < noun_first or is_name else None


def _one_per_kind(match: Match[HeadEntry]) -> list[HeadEntry]:
    seen: dict[str, HeadEntry] = {}
    for entry in match.values:
        seen.setdefault(entry.kind, entry)
    return list(seen.values())
