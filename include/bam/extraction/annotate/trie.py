"""Finding many names at once: a trie over tokens, in time linear in the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from bam.extraction.annotate.tokens import HYPHENS, Tokens, words_of

V = TypeVar("V")
_VALUES = ""  # no token is empty, so the key can't collide


class Match(NamedTuple, Generic[V]):
    """The longest name at a place: tokens [first, last) and the values stored under it."""

    first: int
    last: int
    values: tuple[V, ...]


class TokenTrie(Generic[V]):
    """Names to values. Hyphens and spaces between the words of a name are the same; so are diacritics and case, except that a
    name in capitals ("US", "WHO") matches only capitals, and with `cased` a name with a capital needs one in the text.
    """

    __slots__ = ("_cased", "_root")

    def __init__(self, *, cased: bool = False) -> None:
        self._root: dict[str, Any] = {}
        self._cased = cased

    def add(self, name: str, value: V) -> None:
        """Store the value under the name; a name may have several values."""
        node = self._root
        words = words_of(name)
        if not words:
            return
        for word in words:
            node = node.setdefault(word, {})
        rule = _case_rule(name) if self._cased else 0
        node.setdefault(_VALUES, []).append((rule, value))

    def match_at(self, tokens: Tokens, index: int, end: int) -> Match[V] | None:
        """The longest name that starts with this token and ends before token `end`."""
        node = self._root.get(tokens.norms[index])
        return None if node is None else self._walk(tokens, index, end, node)

    def _walk(self, tokens: Tokens, index: int, end: int, node: dict[str, Any]) -> Match[V] | None:
        best: Match[V] | None = None
        position, norms = index + 1, tokens.norms
        while True:
            stored = node.get(_VALUES)
            if stored:
                values = tuple([value for rule, value in stored if not rule or _case_fits(rule, tokens, index, position)])
                if values:
                    best = Match(index, position, values)
            while position < end and norms[position] in HYPHENS and tokens.ends[position - 1] == tokens.starts[position]:
                position += 1
            if position >= end:
                return best
            following: dict[str, Any] | None = node.get(norms[position])
            if following is None:
                return best
            node = following
            position += 1

    def find(self, tokens: Tokens, start: int = 0, end: int | None = None) -> Iterator[Match[V]]:
        """All names from left to right, the longest at each place, without overlap."""
        stop = len(tokens) if end is None else end
        free = start
        for index in tokens.where_in(self._root, start, stop):
            if index >= free:
                match = self._walk(tokens, index, stop, self._root[tokens.norms[index]])
                if match is not None:
                    yield match
                    free = match.last


def _case_rule(name: str) -> int:
    """2: written in capitals only ("US"); 1: begins with a capital; 0: anyhow."""
    letters = [c for c in name if c.isalpha()]
    if letters and all(c.isupper() for c in letters) and len(letters) <= 8 and " " not in name:
        return 2
    return 1 if letters and any(c.isupper() for c in letters) else 0


def _case_fits(rule: int, tokens: Tokens, first: int, last: int) -> bool:
    if rule == 2:
        return all(text.upper() == text for text in tokens.texts[first:last])
    return tokens.is_capitalised(first) or tokens.is_capitalised(last - 1)
