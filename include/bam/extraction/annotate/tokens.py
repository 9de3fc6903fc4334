"""Tokens with offsets, the ground of every annotation.

Tokens are kept as parallel lists rather than as objects: at 150 documents a second, one object per token is too dear.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # initials written together: U.S., D.C.
    r"|[^\W\d_]+(?:['’ʼʻ`][^\W\d_]{2,})*"  # words with inner apostrophes: Nuku'alofa
    r"|\d+(?:[.,'’]\d+)*"  # 1,200.50
    r"|['’][^\W\d_]\b"  # clitics: 's, 't
    r"|\S"
)
_DOTS = str.maketrans("", "", ".")
_APOSTROPHES = str.maketrans("’ʼʻ`", "''''")


def fold(text: str) -> str:
    """The form in which words are compared: lower case, without dots, diacritics and variants of the apostrophe; never empty."""
    if "." in text and len(text) > 1:
        text = text.translate(_DOTS)
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.translate(_APOSTROPHES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower() or text


@lru_cache(maxsize=50_000)
def _norm(text: str) -> str:
    """The compared form of a token. A combining mark that stands alone folds to nothing; no norm may be empty."""
    return fold(text) or text


class Tokens:
    """The tokens of a text: `starts`, `ends`, `texts` as written and `norms` as compared, all of the same length.

    `capitals` are the tokens that begin with a capital letter, `digits` those that begin with a digit, in order; `small` are
    the norms that the text writes with a small letter somewhere.
    """

    __slots__ = ("_by_norm", "_found", "capitals", "digits", "ends", "norms", "small", "starts", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text
        spans = [match.span() for match in _TOKEN.finditer(text)]
        self.starts: list[int] = [start for start, _ in spans]
        self.ends: list[int] = [end for _, end in spans]
        self.texts: list[str] = [text[start:end] for start, end in spans]
        self.norms: list[str] = list(map(_norm, self.texts))
        self._by_norm: defaultdict[str, list[int]] = defaultdict(list)
        for index, norm in enumerate(self.norms):
            self._by_norm[norm].append(index)
        # Half of the words of a text come again: what is told by a word alone is asked once of each.
        words = set(self.texts)
        capitalised = {word for word in words if word[0].isupper()}
        self.capitals = [index for index, word in enumerate(self.texts) if word in capitalised]
        self.digits = sorted([index for norm, places in self._by_norm.items() if "0" <= norm[0] <= "9" for index in places])
        self.small = {_norm(word) for word in words if word[0].islower()}
        self._found: dict[int, tuple[object, list[int]]] = {}

    def __len__(self) -> int:
        return len(self.starts)

    def where(self, words: AbstractSet[str] | dict[str, Any]) -> list[int]:
        """The tokens whose norm is one of the words of a lexicon, in order: for reading only what can matter of a long text.

        The collection is kept with what was found, so that its id can't be given to another.
        """
        known = self._found.get(id(words))
        if known is None:
            norms = self._by_norm.keys() & (words.keys() if isinstance(words, dict) else words)
            known = self._found[id(words)] = words, sorted([index for norm in norms for index in self._by_norm[norm]])
        return known[1]

    def where_in(self, words: AbstractSet[str] | dict[str, Any], first: int, last: int) -> list[int]:
        """Those of the tokens [first, last) whose norm is one of the words."""
        found = self.where(words)
        return found[bisect_left(found, first) : bisect_left(found, last)] if found else found

    def capitals_in(self, first: int, last: int) -> list[int]:
        """Those of the tokens [first, last) that begin with a capital letter."""
        return self.capitals[bisect_left(self.capitals, first) : bisect_left(self.capitals, last)]

    def index_at(self, offset: int) -> int:
        """The first token that ends after the offset (`len(self)` behind the last one)."""
        return bisect_right(self.ends, offset)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Token indices [first, last) that lie in the stretch of text [start, end)."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def is_adjacent(self, index: int) -> bool:
        """Whether nothing stands between this token and the next one."""
        return index + 1 < len(self.starts) and self.ends[index] == self.starts[index + 1]

    def is_capitalised(self, index: int) -> bool:
        """Whether the token begins with a capital letter."""
        return self.texts[index][0].isupper()

    def slice(self, first: int, last: int) -> str:
        """The text from the first token to the end of token `last - 1`."""
        return self.text[self.starts[first] : self.ends[last - 1]] if last > first else ""


def words_of(text: str) -> list[str]:
    """The compared forms of the tokens of a phrase, without hyphens: how names are keyed."""
    return [fold(match) for match in _TOKEN.findall(text) if match not in HYPHENS]


HYPHENS = frozenset("-‐‑‒–")
