"""Countries, bodies and their organs as parties."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.grammar import FUNCTION, Flag, Grammar
from bam.extraction.annotate.model import Party, PartyUse, Region, Sentence
from bam.extraction.annotate.names import NameEntry, NameMatch, Names
from bam.extraction.annotate.runs import Runs
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.extraction.annotate.trie import TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources
from bam.portfolio.entities import Organisation
from bam.portfolio.entities import Region as RegionEntity

_MAX_INNER = 6
_ACTOR, _UNCLEAR, _PLACE = 0.9, 0.4, 0.1


class PartyWords(Words):
    """Nouns of organs, seats and bodies, and the words inside their names."""

    FILE = "parties"
    organs: tuple[str, ...]
    inner: frozenset[str]
    seats: tuple[str, ...]
    company_suffixes: frozenset[str]
    body_nouns: frozenset[str]
    house_nouns: frozenset[str]
    national_nouns: frozenset[str]
    groups: dict[str, tuple[str, ...]]
    linkers: frozenset[str]
    nature_before: frozenset[str]
    nature_of: frozenset[str]
    nature_behind: frozenset[str]


@dataclass(frozen=True, slots=True)
class PartyMatchers:
    """Compiled party words."""

    words: PartyWords
    organs: TokenTrie[str]
    seats: frozenset[str]
    seat_trie: TokenTrie[str]
    groups: TokenTrie[str]


def party_matchers_of(resources: Resources) -> PartyMatchers:
    """Compile; use `resources.get(party_matchers_of)`."""
    words = resources.words(PartyWords)
    organs: TokenTrie[str] = TokenTrie()
    for noun in dict.fromkeys((*words.organs, *words.seats)):
        organs.add(noun, noun)
    groups: TokenTrie[str] = TokenTrie()
    for kind, phrases in words.groups.items():
        for phrase in phrases:
            groups.add(phrase, kind)
    seat_trie: TokenTrie[str] = TokenTrie()
    for noun in words.seats:
        seat_trie.add(noun, noun)
    return PartyMatchers(words, organs, frozenset(words.seats), seat_trie, groups)


class PartyFinder:
    """Finds the parties of one document from the names that it contains."""

    def __init__(
        self, tokens: Tokens, flags: list[int], grammar: Grammar, names: Names, matchers: PartyMatchers, runs: Runs
    ) -> None:
        self._tokens, self._flags, self._grammar = tokens, flags, grammar
        self._names, self._matchers, self._runs = names, matchers, runs
        self._norms = tokens.norms
        self._inner = matchers.words.inner

    def find(self, matches: list[NameMatch], sentences: tuple[Sentence, ...]) -> tuple[tuple[Party, ...], tuple[Region, ...]]:
        """Parties and regions in order, without overlap between parties; organs whose owner isn't named have an empty code."""
        parties: list[Party] = []
        regions: list[Region] = []
        bounds = [(s.first, s.last) for s in sentences]
        cursor = 0
        taken = -1
        by_first = {match.first: match for match in matches}
        for match in matches:
            while cursor < len(bounds) - 1 and bounds[cursor][1] <= match.first:
                cursor += 1
            floor, ceiling = bounds[cursor] if bounds else (0, len(self._tokens))
            if match.first < taken:
                continue
            party, last = self._party(match, max(floor, taken), ceiling, by_first)
            if party is not None:
                parties.append(party)
                taken = last
            for entry in match.values:
                if entry.kind == "region" and isinstance(entry.entity, RegionEntity):
                    span = self._tokens.starts[match.first], self._tokens.ends[match.last - 1]
                    regions.append(Region(len(regions), *span, entry.code, entry.entity.countries))
        return tuple(parties), tuple(regions)

    def _party(self, match: NameMatch, floor: int, ceiling: int, by_first: dict[int, NameMatch]) -> tuple[Party | None, int]:
        by_kind: dict[str, NameEntry] = {entry.kind: entry for entry in reversed(match.values)}
        organisation = by_kind.get("organisation")
        if organisation is not None and not (
            organisation.code in self._names.country_codes and {"country", "adjective"} & {*by_kind}
        ):
            return self._organisation(match, organisation, ceiling, by_first)
        if self._is_nature(match, floor, ceiling):
            return None, match.last
        entry = by_kind.get("adjective") if self._reads_as_adjective(match, by_kind) else None
        entry = entry or by_kind.get("country") or by_kind.get("adjective")
        if entry is not None:
            return self._country(match, entry, floor, ceiling, by_first)
        capital = by_kind.get("capital")
        if capital is not None:
            return self._capital(match, capital), match.last
        return None, match.last

    def _is_nature(self, match: NameMatch, floor: int, ceiling: int) -> bool:
        """ "Lake Chad", "the Gulf of Oman", "the Niger Delta": the country only names a water or a land, and does nothing."""
        words = self._matchers.words
        before, behind = match.first - 1, match.last
        if behind < ceiling and self._norms[behind] in words.nature_behind and self._tokens.is_capitalised(behind):
            return True
        nouns = words.nature_before
        if before > floor and self._norms[before] == "of":
            before, nouns = before - 1, words.nature_of
        return before >= floor and self._norms[before] in nouns and self._tokens.is_capitalised(before)

    def _reads_as_adjective(self, match: NameMatch, by_kind: dict[str, NameEntry]) -> bool:
        """ "US" is a name and an adjective: the latter before a word that isn't a function word or verb."""
        if "adjective" not in by_kind or match.last >= len(self._tokens):
            return "country" not in by_kind
        following = self._norms[match.last]
        return "country" not in by_kind or (following[0].isalpha() and not self._flags[match.last])

    def _organisation(
        self, match: NameMatch, entry: NameEntry, ceiling: int, by_first: dict[int, NameMatch]
    ) -> tuple[Party, int]:
        entity = entry.entity
        assert isinstance(entity, Organisation)
        host, last = None, match.last
        if entity.kind == "embassy" or self._norms[match.last - 1] in self._matchers.seats:
            host, last = self._host(match.last, ceiling, by_first)
        country = entity.country or (entry.code if entry.code in self._names.country_codes else None)
        party = Party(
            0, self._tokens.starts[match.first], self._tokens.ends[last - 1], entry.code, PartyUse.ORGANISATION, entity.name,
            country, host, None, entity.is_donor,
        )  # fmt: skip
        return party, last

    def _country(
        self, match: NameMatch, entry: NameEntry, floor: int, ceiling: int, by_first: dict[int, NameMatch]
    ) -> tuple[Party, int]:
        first, last, noun, host = match.first, match.last, None, None
        use = PartyUse.NAME if entry.kind == "country" else PartyUse.ADJECTIVE
        organ = self._organ_behind(match.last, ceiling, use)
        if organ is not None:
            last, noun = organ
            host, last = self._host(last, ceiling, by_first)
        elif use is PartyUse.NAME:
            before = self._organ_before(match.first, floor)
            if before is not None:
                first, noun = before
                host, last = self._host(match.last, ceiling, by_first)
        weight = 1.0 if noun is not None or use is PartyUse.NAME else 0.7
        party = Party(
            0, self._tokens.starts[first], self._tokens.ends[last - 1], entry.code, PartyUse.ORGAN if noun else use,
            self._tokens.slice(first, last), entry.code, host, noun, entry.code in self._names.donor_codes, weight,
        )  # fmt: skip
        return party, last

    def _organ_behind(self, index: int, ceiling: int, use: PartyUse) -> tuple[int, str] | None:
        """ "Japanese government", "Georgian Interior Ministry", "Kazakhstan's Border Service": the end and the organ's noun."""
        position = index
        if position < ceiling and self._norms[position] in ("'s", "’s", "'"):
            position += 1
        elif use is PartyUse.NAME and not (position < ceiling and self._tokens.is_capitalised(position)):
            return None
        found: tuple[int, str] | None = None
        stop = min(ceiling, position + _MAX_INNER)
        while position < stop:
            organ = self._matchers.organs.match_at(self._tokens, position, stop)
            if organ is not None:
                found = (organ.last, organ.values[0])
                position = organ.last
            elif (
                self._norms[position] in self._inner
                or (self._runs.is_name_word(position) and not self._flags[position])
                or (
                    self._norms[position] in HYPHENS
                    or (self._norms[position] == "and" and position + 1 < stop and self._norms[position + 1] in self._inner)
                )
            ):
                position += 1
            else:
                break
        if found is None:
            return None
        return self._of_phrase(found[0], ceiling), found[1]

    def _of_phrase(self, last: int, ceiling: int) -> int:
        """ "Ministry of the Interior", "Ministry of Defence": the field belongs to the organ."""
        if last + 1 < ceiling and self._norms[last] in ("of", "for"):
            position = last + 1 + (self._norms[last + 1] == "the")
            end = position
            while (
                end < ceiling
                and (self._norms[end] in self._inner or self._norms[end] in ("and", "affairs"))
                and end < position + 5
            ):
                end += 1
            while end > position and self._norms[end - 1] == "and":
                end -= 1
            if end > position:
                return end
        return last

    def _organ_before(self, index: int, floor: int) -> tuple[int, str] | None:
        """ "Government of the Republic of Tajikistan", "Ministry of Interior of Montenegro": where it begins and its noun."""
        position = index - 1
        while position > floor and (
            self._norms[position] == "the" or self._norms[position] in ("republic", "kingdom", "islamic", "federal", "of")
        ):
            position -= 1
        if position == index - 1 or self._norms[position + 1] not in ("of", "the"):
            return None
        if self._norms[position + 1] == "the" and self._norms[position] != "of":
            return None
        first: int | None = None
        noun = ""
        steps = 0
        while position >= floor and steps < _MAX_INNER + 3:
            organ = self._matchers.organs.match_at(self._tokens, position, position + 4)
            norm = self._norms[position]
            if organ is not None and organ.last <= index:
                first, noun = position, organ.values[0]
            elif (
                norm not in self._inner and norm not in ("of", "the", "and", "for") and not self._runs.is_name_word(position)
            ) or (norm in ("the", "and") and first is not None):
                break
            elif self._runs.is_name_word(position) and first is not None and not self._flags[position]:
                first = position
            position -= 1
            steps += 1
        return (first, noun) if first is not None else None

    def _host(self, last: int, ceiling: int, by_first: dict[int, NameMatch]) -> tuple[str | None, int]:
        """ "in Dushanbe", "in Tajikistan", "to Georgia" behind a seat: the country and the end."""
        if last + 1 >= ceiling or self._norms[last] not in ("in", "to"):
            return None, last
        position = last + 1 + (self._norms[last + 1] == "the")
        match = by_first.get(position)
        if match is None or match.last > ceiling:
            return None, last
        for entry in match.values:
            if entry.kind in ("country", "capital", "place") and entry.code in self._names.country_codes:
                return entry.code, match.last
        return None, last

    def _capital(self, match: NameMatch, entry: NameEntry) -> Party:
        """A capital is an actor where a verb follows or "by" precedes, a place behind a preposition of place."""
        before = self._norms[match.first - 1] if match.first else ""
        after = self._norms[match.last] if match.last < len(self._tokens) else ""
        locative = before in self._grammar.words.locative_prepositions and before not in ("of", "between", "from", "to")
        flag = self._flags[match.last] if match.last < len(self._flags) else 0
        is_subject = bool(flag & (Flag.BE | Flag.HAVE | Flag.MODAL | Flag.DO)) or (
            after in self._grammar.forms and not flag & FUNCTION
        )
        is_inside_name = bool(after) and self._runs.is_name_word(match.last) and not flag
        weight = _PLACE if locative or is_inside_name else _ACTOR if is_subject or before == "by" else _UNCLEAR
        country = entry.code if entry.code in self._names.country_codes else None
        span = self._tokens.starts[match.first], self._tokens.ends[match.last - 1]
        return Party(
            0, *span, entry.code, PartyUse.CAPITAL, entry.name, country, None, None, entry.code in self._names.donor_codes, weight
        )


def without_overlap(parties: list[Party]) -> list[Party]:
    """In order of place; of two that overlap the one that begins first, then the longer one."""
    kept: list[Party] = []
    for party in sorted(parties, key=lambda party: (party.start, -party.end)):
        if not kept or party.start >= kept[-1].end:
            kept.append(party)
    return kept
