"""Words about commitments of conferences, compiled for quick search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bam.extraction.annotate.numbers import NumberWords
from bam.extraction.annotate.tokens import Tokens, fold
from bam.extraction.annotate.trie import Match, TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources
from bam.model.claims import FollowUpStatus

ColumnRole = Literal["what", "who", "when", "state"]


class FollowUpWords(Words):
    """The lexicon file of this table; its comments say what each list is for."""

    FILE = "follow_ups"
    statuses: dict[FollowUpStatus, tuple[str, ...]]
    columns: dict[ColumnRole, tuple[str, ...]]
    other_columns: frozenset[str]
    outcome: tuple[str, ...]
    review: tuple[str, ...]
    background: tuple[str, ...]
    enacting: frozenset[str]
    groups: tuple[str, ...]
    present: frozenset[str]
    previous: frozenset[str]
    next: frozenset[str]
    papers: tuple[str, ...]
    bodies: frozenset[str]
    organs: frozenset[str]
    sitting: frozenset[str]
    pairs: frozenset[str]
    minor: frozenset[str]
    closed: frozenset[str]
    closing: frozenset[str]
    throughout: frozenset[str]
    wondering: frozenset[str]
    feasts: dict[str, str]
    roman: dict[str, int]
    promising_nouns: frozenset[str]
    binding: frozenset[str]
    series: frozenset[str]
    gathering: frozenset[str]
    officials: frozenset[str]
    convening: frozenset[str]
    reporting: frozenset[str]


@dataclass(frozen=True, slots=True)
class FollowUpMatchers:
    """The words as tries and maps."""

    words: FollowUpWords
    statuses: TokenTrie[FollowUpStatus]
    cues: TokenTrie[str]
    groups: TokenTrie[str]
    papers: TokenTrie[str]
    feasts: TokenTrie[str]
    columns: dict[str, ColumnRole]
    other_columns: frozenset[str]
    ordinals: dict[str, int]

    def cues_in(self, tokens: Tokens, first: int, last: int) -> frozenset[str]:
        """Which of `outcome`, `review` and `background` the words of a heading or sentence tell of."""
        return frozenset(value for match in self.cues.find(tokens, first, last) for value in match.values)

    def statuses_in(self, tokens: Tokens, first: int, last: int) -> list[Match[FollowUpStatus]]:
        """Status phrases of a stretch, in order."""
        return list(self.statuses.find(tokens, first, last))


def matchers_of(resources: Resources) -> FollowUpMatchers:
    """Compile; use `resources.get(matchers_of)`."""
    words = resources.words(FollowUpWords)
    numbers = resources.words(NumberWords)
    cues: TokenTrie[str] = TokenTrie()
    for name, phrases in (("outcome", words.outcome), ("review", words.review), ("background", words.background)):
        for phrase in phrases:
            cues.add(phrase, name)
    statuses: TokenTrie[FollowUpStatus] = TokenTrie()
    for status, phrases in words.statuses.items():
        for phrase in phrases:
            statuses.add(phrase, status)
    return FollowUpMatchers(
        words=words,
        statuses=statuses,
        cues=cues,
        groups=_trie(words.groups),
        papers=_trie(words.papers),
        feasts=_trie(tuple(words.feasts)),
        columns={fold(phrase): role for role, phrases in reversed(words.columns.items()) for phrase in phrases},
        other_columns=words.other_columns,
        ordinals={word: value for word, value in numbers.ordinals.items() if value > 0},
    )


def _trie(phrases: tuple[str, ...]) -> TokenTrie[str]:
    trie: TokenTrie[str] = TokenTrie()
    for phrase in phrases:
        trie.add(phrase, phrase)
    return trie
