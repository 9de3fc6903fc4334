"""Words about trainings beyond their nouns, compiled for quick search."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.persons import person_matcher_of
from bam.extraction.annotate.trie import TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources


class WorkshopWords(Words):
    """The lexicon file of this table; its comments say what each list is for."""

    FILE = "workshops"
    idioms: tuple[str, ...]
    signs: dict[str, tuple[str, ...]]
    spans: frozenset[str]
    single: frozenset[str]
    others: frozenset[str]
    ordinals: frozenset[str]
    alone: frozenset[str]
    mutual: frozenset[str]
    repeats: tuple[str, ...]
    pro_forms: frozenset[str]
    sessions: frozenset[str]
    members: frozenset[str]
    ours: frozenset[str]
    selves: frozenset[str]
    places: frozenset[str]
    counting: frozenset[str]
    people_columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorkshopMatchers:
    """The words as tries. `signs` gives the groups that a word or phrase tells of, `people` nouns of people."""

    words: WorkshopWords
    signs: TokenTrie[str]
    idioms: TokenTrie[bool]
    repeats: TokenTrie[bool]
    people: TokenTrie[str]


def matchers_of(resources: Resources) -> WorkshopMatchers:
    """Compile; use `resources.get(matchers_of)`."""
    words = resources.words(WorkshopWords)
    signs: TokenTrie[str] = TokenTrie()
    for group, phrases in words.signs.items():
        for phrase in phrases:
            signs.add(phrase, group)
    idioms: TokenTrie[bool] = TokenTrie()
    for phrase in words.idioms:
        idioms.add(phrase, True)
    repeats: TokenTrie[bool] = TokenTrie()
    for noun in words.repeats:
        repeats.add(noun, True)
    return WorkshopMatchers(words, signs, idioms, repeats, resources.get(person_matcher_of).nouns)
