"""Further events told without their noun: "a fourth is under way", "the next one", "a second week for patrol commanders"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.grammar import AUX, Flag
from bam.extraction.tables.workshops.words import WorkshopMatchers, WorkshopWords

_MOST_MODIFIERS = 3
_REACH = 5
"""Tokens behind "of" in which the people or the teaching must stand that make "a second batch of" an event."""
_MARKS = frozenset(",;:.()")
_BEHIND = AUX | Flag.PREP | Flag.COORD | Flag.REL

How = Literal["bare", "one", "noun", "repeat"]


class Ellipsis(NamedTuple):
    """A phrase that counts or repeats an event without naming it. `how` tells what stands for the noun: nothing (`bare`), "one"
    (`one`), a noun of time or of people who come together (`noun`), a noun of repeating (`repeat`).
    """

    start: int
    end: int
    how: How


def ellipses_of(annotated: Annotated, matchers: WorkshopMatchers) -> tuple[Ellipsis, ...]:
    """The phrases in order of place; ordinals of dates and of named things are none."""
    tokens = annotated.tokens
    reader = _Reader(annotated, matchers, frozenset(verb.first for verb in annotated.verbs))
    read: list[tuple[int, int, How]] = []
    for index in tokens.where(matchers.words.ordinals):
        told = reader.counted(index) if not _is_taken(annotated, tokens.starts[index]) else None
        if told is not None:
            read.append((index, *told))
    for match in matchers.repeats.find(tokens):
        if not _is_taken(annotated, tokens.starts[match.first]) and reader.stands_alone(match.first, match.last):
            read.append((match.first, match.last, "repeat"))
    return tuple(Ellipsis(tokens.starts[first], tokens.ends[last - 1], how) for first, last, how in sorted(read))


def _is_taken(annotated: Annotated, offset: int) -> bool:
    """Whether a date or a noun phrase that names something holds the offset."""
    dates, heads = annotated.before(annotated.dates, offset + 1, 1), annotated.before(annotated.heads, offset + 1, 1)
    return any(date.end > offset for date in dates) or any(head.end > offset for head in heads)


@dataclass(frozen=True, slots=True)
class _Reader:
    annotated: Annotated
    matchers: WorkshopMatchers
    verbs: frozenset[int]

    @property
    def words(self) -> WorkshopWords:
        return self.matchers.words

    def counted(self, index: int) -> tuple[int, How] | None:
        """How a phrase that begins with an ordinal ends, and what stands for its noun: nothing, also behind a number ("the first
        two"), "one", or a noun that can mean an event; adjectives are skipped.
        """
        tokens, flags = self.annotated.tokens, self.annotated.flags
        if index and f"{tokens.norms[index - 1]} {tokens.norms[index]}" in self.words.mutual:
            return None
        if self._closes(index + 1):
            return (index + 1, "bare") if self.stands_alone(index, index + 1) or tokens.norms[index] in self.words.alone else None
        for last in range(index + 1, min(index + 2 + _MOST_MODIFIERS, len(tokens))):
            norm = tokens.norms[last]
            if norm in self.words.pro_forms:
                return last + 1, "one"
            if norm in self.words.sessions:
                return (last + 1, "noun") if self._closes(last + 1, counted=True) else None
            if flags[last] & _BEHIND or (norm in _MARKS and norm != ","):
                break
        number = self.annotated.numbers.get(index + 1)
        return (number.last, "bare") if number is not None and self._closes(number.last) else None

    def stands_alone(self, first: int, last: int) -> bool:
        """Whether an article, a possessive or a genitive stands before the tokens, and no noun behind them."""
        annotated = self.annotated
        if first == 0 or not self._closes(last):
            return False
        return bool(annotated.flags[first - 1] & (Flag.DET | Flag.POSS)) or annotated.tokens.norms[first - 1] in ("'s", "s")

    def _closes(self, index: int, *, counted: bool = False) -> bool:
        """Whether a noun phrase can end before the token: at the end of the text, before a mark, a verb or a preposition. "A
        third of" is a share; "a second group of officers" has its noun and is `counted`, "a second batch of scanners" is none.
        """
        tokens = self.annotated.tokens
        if index >= len(tokens) or tokens.texts[index] in _MARKS:
            return True
        if tokens.norms[index] == "of":
            return counted and self._tells_of_people(index + 1)
        return bool(self.annotated.flags[index] & _BEHIND) or index in self.verbs

    def _tells_of_people(self, first: int) -> bool:
        """Whether people or a word of teaching stand close behind."""
        annotated, tokens = self.annotated, self.annotated.tokens
        last = min(first + _REACH, len(tokens))
        if first >= last:
            return False
        if next(self.matchers.people.find(tokens, first, last), None) is not None:
            return True
        near = annotated.behind(annotated.heads, tokens.starts[first], 2)
        return any(head.kind == "training" and head.start < tokens.ends[last - 1] for head in near)
