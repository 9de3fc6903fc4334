"""Places: from the portfolio, from GeoNames where the text treats the word as a place, and from nouns such as "district"."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bam.extraction.annotate.grammar import FUNCTION, Grammar
from bam.extraction.annotate.model import Party, PartyUse, PlaceMention, ProgrammeMention, Sentence, Spanned
from bam.extraction.annotate.names import NameMatch, Names
from bam.extraction.annotate.runs import Runs
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.extraction.lexicon import Words
from bam.portfolio.entities import Place
from bam.portfolio.gazetteer import Town, Towns

_LARGE, _KNOWN_ENOUGH = 100_000, 5_000
_MAX_WORDS = 3
_MAX_RUN = 16


class PlaceWords(Words):
    """Nouns beside places, and capitalised words that are none."""

    FILE = "places"
    nouns_after: frozenset[str]
    nouns_before: frozenset[str]
    never: frozenset[str]
    dateline_dashes: frozenset[str]
    sure_prepositions: frozenset[str]
    particles: frozenset[str]


class PlaceFinder:
    """Finds the places of one document."""

    def __init__(
        self, tokens: Tokens, flags: list[int], grammar: Grammar, words: PlaceWords, names: Names, towns: Towns, runs: Runs
    ) -> None:
        self._tokens, self._flags, self._grammar = tokens, flags, grammar
        self._words, self._names, self._towns, self._runs = words, names, towns, runs
        self._norms = tokens.norms
        self._locative = grammar.words.locative_prepositions

    def find(
        self,
        matches: list[NameMatch],
        parties: tuple[Party, ...],
        programmes: tuple[ProgrammeMention, ...],
        sentences: tuple[Sentence, ...],
    ) -> tuple[PlaceMention, ...]:
        """All places in order, without overlap."""
        countries = Counter(party.country for party in parties if party.country)
        known = {match.first: match for match in matches if self._is_place(match)}
        blocked = self._blocked(parties, programmes)
        found: list[PlaceMention] = []
        cursor = behind = 0
        for index in self._tokens.capitals:
            if index < behind:
                continue
            while cursor < len(sentences) and sentences[cursor].last <= index:
                cursor += 1
            if cursor == len(sentences):
                break
            sentence, place = sentences[cursor], None
            if index < sentence.first:
                continue
            if index in known:
                place, behind = self._known(known[index], sentence, countries)
            elif index not in blocked:
                place, last = self._unlisted(index, sentence, countries, blocked)
                behind = last if place is not None else index + 1
            if place is not None:
                found.append(replace(place, index=len(found)))
        return tuple(found)

    def _is_place(self, match: NameMatch) -> bool:
        kinds = {entry.kind for entry in match.values}
        return bool(kinds & {"place", "capital"}) and "organisation" not in kinds and ("country" not in kinds or "place" in kinds)

    def _blocked(self, parties: tuple[Party, ...], programmes: tuple[ProgrammeMention, ...]) -> set[int]:
        """Tokens that belong to another name; capitals are places as well."""
        blocked: set[int] = set()
        names: list[Spanned] = [party for party in parties if party.use is not PartyUse.CAPITAL]
        names += programmes
        for mention in names:
            blocked.update(range(*self._tokens.span(mention.start, mention.end)))
        return blocked

    def _known(self, match: NameMatch, sentence: Sentence, countries: Counter[str]) -> tuple[PlaceMention | None, int]:
        """A listed name; of several places that have it, one in the country that the document names most."""
        entry = max((e for e in match.values if e.kind in ("place", "capital")), key=lambda e: countries[e.code])
        country = entry.code if entry.code in self._names.country_codes else None
        if country is None:
            towns = self._towns.lookup(entry.name)
            country = towns[0].country if towns else None
        kind = entry.entity.kind if isinstance(entry.entity, Place) else "town"
        first, last, noun = self._with_noun(match.first, match.last, sentence)
        return self._mention(match.first, last if noun else match.last, country, noun or kind, sentence, 1.0, first), max(
            last, match.last
        )

    def _with_noun(self, first: int, last: int, sentence: Sentence) -> tuple[int, int, str | None]:
        """Take in "district" behind the name; "the village of" before it only widens where it begins."""
        norms = self._norms
        if last < sentence.last and norms[last] in self._words.nouns_after:
            return first, last + 1, norms[last]
        if first - 2 >= sentence.first and norms[first - 1] == "of" and norms[first - 2] in self._words.nouns_before:
            return first - 2, last, norms[first - 2]
        return first, last, None

    def _unlisted(
        self, index: int, sentence: Sentence, countries: Counter[str], blocked: set[int]
    ) -> tuple[PlaceMention | None, int]:
        """A capitalised run at this token that nobody listed."""
        last = self._end_of_run(index, sentence, blocked)
        begin, norms = index, self._norms
        while begin < last and (norms[begin] in self._words.never or self._flags[begin] & FUNCTION) and last - begin > 1:
            begin += 1
        if norms[begin] in self._words.never or self._flags[begin] & FUNCTION or len(self._tokens.texts[begin]) < 2:
            return None, last
        first, end, noun = self._with_noun(begin, last, sentence)
        towns, town_last = self._towns_at(begin, last)
        locative = begin > sentence.first and norms[begin - 1] in self._locative and norms[begin - 1] != "of"
        if noun is not None:
            country = self._choose(towns, countries) if town_last == last else None
            return self._mention(begin, end if end > last else last, country, noun, sentence, 0.9, first), max(end, last)
        if towns and (town_last == last or norms[town_last : town_last + 1] == [","]):
            return self._town(begin, town_last, towns, countries, sentence, locative), town_last
        is_unknown = locative and norms[begin - 1] in self._words.sure_prepositions and last - begin <= _MAX_WORDS + 1
        is_small = self._tokens.texts[begin].lower() in self._tokens.small
        if is_unknown and norms[last - 1] not in self._words.never and not is_small:
            return self._mention(begin, last, None, "town", sentence, 0.5, begin), last
        return None, last

    def _end_of_run(self, index: int, sentence: Sentence, blocked: set[int]) -> int:
        position, last = index, index + 1
        stop = min(sentence.last, index + _MAX_RUN)
        while position < stop and position not in blocked:
            norm = self._norms[position]
            if self._runs.is_name_word(position):
                last = position + 1
            elif not (
                norm in HYPHENS
                and self._tokens.ends[position - 1] == self._tokens.starts[position]
                and self._tokens.is_adjacent(position)
            ):
                if not (norm in self._words.particles and self._norms[position - 1] in HYPHENS):
                    break
                last = position + 1
            position += 1
        return last

    def _towns_at(self, first: int, last: int) -> tuple[tuple[Town, ...], int]:
        """The longest town name at the beginning of the run."""
        for end in range(min(last, first + _MAX_WORDS * 2), first, -1):
            if self._norms[end - 1] in HYPHENS:
                continue
            name = self._tokens.slice(first, end)
            if len(name) > 2 and (end > first + 1 or name.lower() not in self._words.never):
                towns = self._towns.lookup(name)
                if towns:
                    return towns, end
        return (), last

    def _choose(self, towns: tuple[Town, ...], countries: Counter[str]) -> str | None:
        """The country of a town: one that the document names, the more often the better, else the most populous town's."""
        if not towns:
            return None
        named = [town for town in towns if countries[town.country]]
        if named:
            return max(named, key=lambda town: (countries[town.country], town.population)).country
        return towns[0].country if towns[0].population >= _LARGE else None

    def _town(
        self, first: int, last: int, towns: tuple[Town, ...], countries: Counter[str], sentence: Sentence, locative: bool
    ) -> PlaceMention | None:
        country = self._choose(towns, countries)
        is_named = country is not None and countries[country] > 0
        is_single = last - first == 1
        if is_single and self._tokens.texts[first].lower() in self._tokens.small:
            return None
        is_head = (
            first == sentence.first and last < sentence.last and self._norms[last] not in self._words.dateline_dashes | {","}
        )
        if is_head and (not is_named or (is_single and towns[0].population < _LARGE)):
            return None
        largest = towns[0].population
        weight = 0.2 + 0.4 * locative + 0.3 * is_named + 0.2 * (largest >= _LARGE) + 0.1 * (largest >= _KNOWN_ENOUGH)
        if weight < 0.5:
            return None
        return self._mention(first, last, country, "town", sentence, min(weight, 1.0), first)

    def _mention(
        self, first: int, last: int, country: str | None, kind: str, sentence: Sentence, weight: float, outer: int
    ) -> PlaceMention:
        tokens = self._tokens
        before = self._norms[outer - 1] if outer > sentence.first else ""
        if before == "the" and outer - 2 >= sentence.first:
            before = self._norms[outer - 2]
        is_dateline = (
            sentence.index <= 6
            and first - sentence.first <= 1
            and last < sentence.last
            and (self._norms[last] in self._words.dateline_dashes or self._norms[last] == ",")
        )
        return PlaceMention(
            0, tokens.starts[first], tokens.ends[last - 1], tokens.slice(first, last), country, kind, is_dateline, weight,
            before if before in self._locative else None,
        )  # fmt: skip
