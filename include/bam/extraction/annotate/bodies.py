"""Names that only the document defines: acronyms in brackets, companies, national services, new programmes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from bam.extraction.annotate.model import Party, PartyUse, ProgrammeMention, QuotedTitle, Sentence
from bam.extraction.annotate.names import NameMatch
from bam.extraction.annotate.parties import PartyMatchers
from bam.extraction.annotate.runs import Runs
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources
from bam.portfolio.entities import Programme

_MAX_ACRONYM = 12


class ProgrammeWords(Words):
    """Nouns that make a name that of a programme."""

    FILE = "programmes"
    nouns: frozenset[str]
    weak_nouns: frozenset[str]
    phase_words: frozenset[str]
    back_reference: frozenset[str]
    linkers: frozenset[str]


def programme_words_of(resources: Resources) -> ProgrammeWords:
    """The lexicon's words; use `resources.get(programme_words_of)`."""
    return resources.words(ProgrammeWords)


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym in brackets behind its long form. Tokens [first, last) are the long form."""

    text: str
    first: int
    last: int
    token: int


def find_acronyms(tokens: Tokens, runs: Runs) -> list[Acronym]:
    """Definitions such as "International Centre for Migration Policy Development (ICMPD)", in order."""
    found: list[Acronym] = []
    texts = tokens.texts
    for index in range(2, len(texts) - 1):
        if texts[index - 1] != "(" or not texts[index][0].isupper():
            continue
        close = index + 1
        while close < len(texts) and close < index + 5 and texts[close] != ")":
            close += 1
        if close >= len(texts) or texts[close] != ")":
            continue
        acronym = tokens.slice(index, close)
        if not _is_acronym(acronym):
            continue
        first = _long_form(tokens, runs, index - 1, acronym)
        if first is not None:
            found.append(Acronym(acronym, first, index - 1, index))
    return found


def _is_acronym(text: str) -> bool:
    capitals = sum(c.isupper() for c in text)
    return 2 <= len(text) <= _MAX_ACRONYM and capitals >= 2 and capitals * 2 >= sum(c.isalpha() for c in text)


def _long_form(tokens: Tokens, runs: Runs, end: int, acronym: str) -> int | None:
    """Where the long form begins: the run before the bracket whose initials make most of the acronym."""
    letters = [c.lower() for c in acronym if c.isalpha()]
    floor = max(0, end - len(letters) * 2 - 4)
    first = runs.left(end, floor)
    if first == end:
        return None
    wanted = letters[0]
    candidates = [i for i in range(first, end) if tokens.norms[i][0] == wanted]
    for begin in candidates:
        initials = [tokens.norms[i][0] for i in range(begin, end) if tokens.texts[i][0].isalpha()]
        if _share_in_order(letters, initials) >= 0.6:
            return begin
    return None


def _share_in_order(letters: list[str], initials: list[str]) -> float:
    position = hit = 0
    for letter in letters:
        try:
            position = initials.index(letter, position) + 1
            hit += 1
        except ValueError:
            continue
    return hit / len(letters)


class BodyFinder:
    """Finds bodies and programmes that the portfolio doesn't know."""

    def __init__(self, tokens: Tokens, flags: list[int], runs: Runs, matchers: PartyMatchers, words: ProgrammeWords) -> None:
        self._tokens, self._flags, self._runs = tokens, flags, runs
        self._party_words, self._programme_words = matchers.words, words
        self._seat_words = matchers.seat_trie

    def programmes(
        self, matches: list[NameMatch], acronyms: list[Acronym], titles: tuple[QuotedTitle, ...], sentences: tuple[Sentence, ...]
    ) -> list[ProgrammeMention]:
        """Known programmes, and those that the text names with a noun such as "Programme" or defines by an acronym."""
        tokens = self._tokens
        found: list[ProgrammeMention] = []
        for match in matches:
            for entry in match.values:
                if entry.kind == "programme" and isinstance(entry.entity, Programme):
                    last = self._with_noun(match.last)
                    span = tokens.starts[match.first], tokens.ends[last - 1]
                    known = entry.entity
                    found.append(
                        ProgrammeMention(
                            0,
                            *span,
                            known.name,
                            tokens.slice(match.first, match.last),
                            True,
                            known.donors,
                            known.implementers,
                            known.countries,
                        )
                    )
                    break
        organisations = _tokens_of_organisations(matches)
        local = self._defined([acronym for acronym in acronyms if acronym.last - 1 not in organisations])
        found += self._named(sentences, local, organisations)
        found += self._titled(titles)
        found += self._repeated(local, acronyms)
        return _without_overlap(found)

    def _with_noun(self, last: int) -> int:
        tokens = self._tokens
        return last + 1 if last < len(tokens) and tokens.norms[last] in self._programme_words.back_reference else last

    def _defined(self, acronyms: list[Acronym]) -> dict[str, Acronym]:
        """Acronyms whose long form is a programme's name."""
        nouns, weak = self._programme_words.nouns, self._programme_words.weak_nouns
        result: dict[str, Acronym] = {}
        for acronym in acronyms:
            norms = self._tokens.norms[acronym.first : acronym.last]
            is_body = any(norm in self._party_words.body_nouns for norm in norms)
            strong = any(norm in nouns and norm not in weak for norm in norms)
            follows = (
                acronym.token + 2 < len(self._tokens)
                and self._tokens.norms[acronym.token + 2] in self._programme_words.back_reference
            )
            if strong or follows or (not is_body and norms[-1] in nouns):
                result.setdefault(acronym.text, acronym)
        return result

    def _named(
        self, sentences: tuple[Sentence, ...], local: dict[str, Acronym], organisations: set[int]
    ) -> list[ProgrammeMention]:
        """ "Border Efficiency for Sustainable Trade Project", "the K50 project"; no noun of a known organisation's name."""
        tokens, words = self._tokens, self._programme_words
        found: list[ProgrammeMention] = []
        long_forms = {(a.first, a.last): a.text for a in local.values()}
        for (first, last), text in long_forms.items():
            found.append(ProgrammeMention(0, tokens.starts[first], tokens.ends[last - 1], text, tokens.slice(first, last), False))
        starts = [sentence.first for sentence in sentences]
        for index in tokens.where(words.nouns):
            if tokens.norms[index] in words.weak_nouns or not sentences or index in organisations:
                continue
            floor = sentences[max(0, bisect_right(starts, index) - 1)].first
            first = self._runs.left(index, floor)
            if first >= index:
                continue
            is_capitalised = tokens.is_capitalised(index)
            name_words = [i for i in range(first, index) if self._runs.is_name_word(i)]
            is_acronym = len(name_words) == 1 and _is_acronym(tokens.slice(first, index))
            if is_acronym:
                found.append(self._mention(first, index + 1, tokens.slice(first, index)))
            elif is_capitalised and len(name_words) >= 2:
                found.append(self._mention(first, index + 1, tokens.slice(first, index + 1)))
        return found

    def _mention(self, first: int, last: int, code: str) -> ProgrammeMention:
        return ProgrammeMention(0, self._tokens.starts[first], self._tokens.ends[last - 1], code, code, False)

    def _titled(self, titles: tuple[QuotedTitle, ...]) -> list[ProgrammeMention]:
        """A quoted title right beside "project" or "programme"."""
        tokens, words = self._tokens, self._programme_words
        found: list[ProgrammeMention] = []
        for title in titles:
            first, last = tokens.span(title.start, title.end)
            near = tokens.norms[max(0, first - 3) : max(0, first - 1)] + tokens.norms[last + 1 : last + 2]
            if any(norm in words.back_reference for norm in near) and 1 < last - first <= 20:
                found.append(ProgrammeMention(0, title.start, title.end, title.text, title.text, False))
        return found

    def _repeated(self, local: dict[str, Acronym], acronyms: list[Acronym]) -> list[ProgrammeMention]:
        tokens = self._tokens
        single = {text for text in local if " " not in text and "-" not in text}
        if not single:
            return []
        return [
            ProgrammeMention(0, tokens.starts[i], tokens.ends[i], text, text, False)
            for i, text in enumerate(tokens.texts)
            if text in single
        ]

    def parties(
        self,
        known: tuple[Party, ...],
        acronyms: list[Acronym],
        programmes: list[ProgrammeMention],
        sentences: tuple[Sentence, ...],
    ) -> list[Party]:
        """Bodies named by the text alone, and every later use of the acronyms that it defines for parties."""
        tokens = self._tokens
        programme_codes = {programme.code for programme in programmes}
        by_end = {party.end: party for party in known}
        by_start = {party.start: party for party in known}
        codes: dict[str, Party] = {}
        found: list[Party] = []
        for acronym in acronyms:
            if acronym.text in programme_codes:
                continue
            start, end = tokens.starts[acronym.first], tokens.ends[acronym.last - 1]
            owner = by_end.get(end) or by_start.get(start)
            if owner is None:
                owner = self._body(acronym.first, acronym.last, acronym.text)
                if owner is None:
                    continue
                found.append(owner)
            codes.setdefault(acronym.text, owner)
        known_spans = {party.start for party in known}
        for index, text in enumerate(tokens.texts if codes else ()):
            owner = codes.get(text)
            if owner is not None and tokens.starts[index] not in known_spans:
                found.append(
                    Party(
                        0,
                        tokens.starts[index],
                        tokens.ends[index],
                        owner.code,
                        owner.use,
                        owner.name,
                        owner.country,
                        None,
                        owner.noun,
                        owner.is_donor,
                        owner.weight,
                    )
                )
        found += self._companies(sentences)
        found += self._seats()
        return found

    def _seats(self) -> list[Party]:
        """ "the Embassy in Dushanbe", "the ambassador": seats whose owner isn't named beside them."""
        tokens = self._tokens
        found: list[Party] = []
        for match in self._seat_words.find(tokens):
            span = tokens.starts[match.first], tokens.ends[match.last - 1]
            found.append(
                Party(0, *span, "", PartyUse.ORGAN, tokens.slice(match.first, match.last), noun=match.values[0], weight=0.3)
            )
        return found

    def _body(self, first: int, last: int, acronym: str) -> Party | None:
        tokens = self._tokens
        norms = tokens.norms[first:last]
        is_national = any(norm in self._party_words.national_nouns for norm in norms)
        if not is_national and not any(norm in self._party_words.body_nouns for norm in norms):
            return None
        name = tokens.slice(first, last)
        return Party(
            0, tokens.starts[first], tokens.ends[last - 1], "" if is_national else acronym, PartyUse.BODY, name,
            noun=norms[-1], is_donor=self._party_words.house_nouns.isdisjoint(norms), weight=0.5,
        )  # fmt: skip

    def _companies(self, sentences: tuple[Sentence, ...]) -> list[Party]:
        """Capitalised runs that end with "Ltd", "Foundation", "State Border Service": by the noun that they end with."""
        tokens, words = self._tokens, self._party_words
        starts = [sentence.first for sentence in sentences]
        found: list[Party] = []
        for index in sorted({*tokens.where(words.company_suffixes), *tokens.where(words.body_nouns)}):
            if not tokens.is_capitalised(index) or not sentences:
                continue
            norm = tokens.norms[index]
            is_company = norm in words.company_suffixes
            following = tokens.norms[index + 1] if index + 1 < len(tokens) else ""
            if following and tokens.is_capitalised(index + 1) and following in words.body_nouns:
                continue
            floor = sentences[max(0, bisect_right(starts, index) - 1)].first
            first = self._runs.left(index, floor, linkers=False)
            if first >= index or tokens.norms[index - 1] in HYPHENS:
                continue
            is_national = norm in words.national_nouns and not is_company
            last = index + 1 if following != "." or not is_company else index + 2
            name = tokens.slice(first, last)
            code = "" if is_national else name
            found.append(
                Party(
                    0,
                    tokens.starts[first],
                    tokens.ends[last - 1],
                    code,
                    PartyUse.BODY,
                    name,
                    noun=norm,
                    is_donor=not is_national and norm not in words.house_nouns,
                    weight=0.4,
                )
            )
        return found


def _tokens_of_organisations(matches: list[NameMatch]) -> set[int]:
    """The tokens of names that the portfolio gives to organisations: a "Development Programme" can be a body."""
    return {
        index
        for match in matches
        if any(entry.kind == "organisation" for entry in match.values)
        for index in range(match.first, match.last)
    }


def _without_overlap(found: list[ProgrammeMention]) -> list[ProgrammeMention]:
    """In order of place; of two that overlap the known one, else the longer one."""
    kept: list[ProgrammeMention] = []
    for mention in sorted(found, key=lambda m: (m.start, not m.is_known, -m.end)):
        if kept and mention.start < kept[-1].end:
            if _rank(mention) > _rank(kept[-1]):
                kept[-1] = mention
            continue
        kept.append(mention)
    return [replace(mention, index=index) for index, mention in enumerate(kept)]


def _rank(mention: ProgrammeMention) -> tuple[bool, int]:
    return mention.is_known, mention.end - mention.start
