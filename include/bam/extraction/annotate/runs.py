"""Runs of capitalised words: the raw material of names that nobody listed."""

from __future__ import annotations

from bam.extraction.annotate.grammar import FUNCTION, Flag
from bam.extraction.annotate.tokens import HYPHENS, Tokens

_MAX_RUN = 16


class Runs:
    """Walks from a token over the capitalised words beside it."""

    def __init__(self, tokens: Tokens, flags: list[int], linkers: frozenset[str]) -> None:
        self._tokens, self._flags, self._linkers = tokens, flags, linkers

    def is_name_word(self, index: int) -> bool:
        """A capitalised word, or digits or a hyphen inside a name."""
        text = self._tokens.texts[index]
        return text[0].isupper() and text[0].isalpha()

    def left(self, index: int, floor: int, *, linkers: bool = True) -> int:
        """The first token of the run that ends right before token `index`; `index` itself where there is none."""
        tokens, first, position = self._tokens, index, index - 1
        stop = max(floor, index - _MAX_RUN)
        while position >= stop:
            text, norm = tokens.texts[position], tokens.norms[position]
            if self.is_name_word(position):
                first = position
            elif (norm in HYPHENS and tokens.is_adjacent(position)) or (
                text.isdecimal() and len(text) <= 2 and first == position + 1
            ):
                pass
            elif not ((linkers and norm in self._linkers and first == position + 1) or (linkers and norm in self._linkers)):
                break
            position -= 1
        return self._trim(first, index)

    def _trim(self, first: int, last: int) -> int:
        """Leave out function words at the beginning ("The", "In", "Under the")."""
        tokens = self._tokens
        while first < last and (self._flags[first] & FUNCTION or tokens.norms[first] in HYPHENS or not self.is_name_word(first)):
            if tokens.texts[first].isupper() and len(tokens.texts[first]) > 1 and not self._flags[first] & (Flag.DET | Flag.PREP):
                break
            first += 1
        return first

    def right(self, index: int, ceiling: int, *, linkers: bool = False) -> int:
        """The token behind the run that begins with token `index`; `index` itself where there is none."""
        tokens, last, position = self._tokens, index, index
        stop = min(ceiling, index + _MAX_RUN)
        while position < stop:
            norm = tokens.norms[position]
            if self.is_name_word(position) or (tokens.texts[position][0].isdecimal() and last == position and position > index):
                last = position + 1
            elif norm in HYPHENS and position > index and tokens.ends[position - 1] == tokens.starts[position]:
                pass
            elif not (linkers and norm in self._linkers and position > index):
                break
            position += 1
        return last
