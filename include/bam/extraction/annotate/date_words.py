"""The words for dates of a language, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bam.extraction.annotate.grammar import GrammarWords
from bam.extraction.annotate.numbers import NumberWords
from bam.extraction.annotate.tokens import words_of
from bam.extraction.annotate.trie import TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources

Relation = Literal[
    "same_day", "next_day", "previous_day", "same_month", "same_week", "next_month_after", "following_year",
    "year_of_same", "year_of_previous", "year_of_current", "year_of_next",
]  # fmt: skip
RoleName = Literal["deadline", "since", "until", "period_end", "period_start", "period_middle"]


class DateWords(Words):
    """Names of months and days, and the words that relate a date to another."""

    FILE = "dates"
    months: dict[str, int]
    ambiguous_months: frozenset[str]
    month_cues: frozenset[str]
    weekdays: dict[str, int]
    seasons: dict[str, tuple[int, int]]
    ambiguous_seasons: frozenset[str]
    season_cues: frozenset[str]
    units: dict[str, str]
    parts: dict[str, tuple[int, int]]
    positions: dict[str, str]
    fiscal: tuple[str, ...]
    previous: frozenset[str]
    current: frozenset[str]
    following: frozenset[str]
    same: frozenset[str]
    day_words: dict[str, int]
    backward: frozenset[str]
    earlier: frozenset[str]
    later: frozenset[str]
    phrases: dict[str, tuple[str, int]]
    deadline_phrases: dict[str, tuple[str, int]]
    roles: dict[RoleName, tuple[str, ...]]
    forward: frozenset[str]
    within: frozenset[str]
    within_fillers: frozenset[str]
    exclusive: frozenset[str]
    holidays: dict[str, tuple[int, int]]
    range_links: frozenset[str]
    year_of_same: tuple[str, ...]
    year_of_previous: tuple[str, ...]
    year_of_current: tuple[str, ...]
    year_of_next: tuple[str, ...]
    before_years: frozenset[str]
    after_years: frozenset[str]
    same_day: tuple[str, ...]
    next_day: tuple[str, ...]
    previous_day: tuple[str, ...]
    same_month: tuple[str, ...]
    same_week: tuple[str, ...]
    next_month_after: tuple[str, ...]
    following_year: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase means: a stretch from the anchor, a relation to the date before, months of a year, or a fiscal year."""

    shift: tuple[str, int] | None = None
    is_deadline: bool = False
    relation: Relation | None = None
    months: tuple[int, int] | None = None
    is_fiscal: bool = False


@dataclass(frozen=True, slots=True)
class DateMatchers:
    """Tries over phrases. `triggers` are the words at which a date can begin: others cost nothing."""

    words: DateWords
    phrases: TokenTrie[Phrase]
    year_relations: TokenTrie[Relation]
    roles: TokenTrie[RoleName]
    triggers: frozenset[str]
    function_words: frozenset[str]


_RELATIONS: tuple[Relation, ...] = (
    "same_day", "next_day", "previous_day", "same_month", "same_week", "next_month_after", "following_year",
)  # fmt: skip
_YEAR_RELATIONS: tuple[Relation, ...] = ("year_of_same", "year_of_previous", "year_of_current", "year_of_next")


def date_matchers_of(resources: Resources) -> DateMatchers:
    """Compile; use `resources.get(date_matchers_of)`."""
    words, numbers = resources.words(DateWords), resources.words(NumberWords)
    listed = _phrases(words)
    phrases: TokenTrie[Phrase] = TokenTrie()
    for text, phrase in listed:
        phrases.add(text, phrase)
    year_relations: TokenTrie[Relation] = TokenTrie()
    for name in _YEAR_RELATIONS:
        for text in getattr(words, name):
            year_relations.add(text, name)
    roles: TokenTrie[RoleName] = TokenTrie()
    for role, texts in words.roles.items():
        for text in texts:
            roles.add(text, role)
    triggers = {first for text, _ in listed if (first := words_of(text)[0]).isalpha()}
    triggers |= {
        *words.months,
        *words.weekdays,
        *words.seasons,
        *words.previous,
        *words.current,
        *words.following,
        *words.day_words,
    }
    triggers |= {*numbers.units, *numbers.tens, *numbers.articles, *words.holidays}
    grammar = resources.words(GrammarWords)
    function_words = (
        grammar.prepositions | grammar.coordinators | grammar.pronouns | grammar.be | grammar.have | grammar.determiners
    )
    return DateMatchers(words, phrases, year_relations, roles, frozenset(triggers), function_words | grammar.relatives)


def _phrases(words: DateWords) -> list[tuple[str, Phrase]]:
    listed = [(text, Phrase(shift=shift)) for text, shift in words.phrases.items()]
    listed += [(text, Phrase(shift=shift, is_deadline=True)) for text, shift in words.deadline_phrases.items()]
    listed += [(text, Phrase(relation=name)) for name in _RELATIONS for text in getattr(words, name)]
    listed += [(text, Phrase(months=months)) for text, months in words.parts.items()]
    listed += [(text, Phrase(is_fiscal=True)) for text in words.fiscal]
    return listed
