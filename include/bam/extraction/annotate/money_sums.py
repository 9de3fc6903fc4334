"""Numbers bound to the words and signs of currencies beside them."""

from __future__ import annotations

from bisect import bisect_right

from bam.extraction.annotate.currencies import Marker
from bam.extraction.annotate.model import Number, Sentence
from bam.extraction.annotate.money_source import MoneySource, Sum
from bam.extraction.annotate.numbers import bound_before, scaled_up
from bam.extraction.annotate.tokens import HYPHENS
from bam.extraction.annotate.trie import Match

_MAX_GAP = 2
_LEAST_WRITTEN = 1000.0
_MOST_BETWEEN_EQUIVALENTS = 3
_COMMAS = frozenset(",;:.")


class SumReader:
    """Reads the sums of one document, each side of a range by itself."""

    def __init__(self, source: MoneySource) -> None:
        self._source = source
        self._explicit: frozenset[str | None] | None = None

    def read(self, sentences: tuple[Sentence, ...], starts: list[int]) -> list[Sum]:
        """All sums in order; `starts` are the first tokens of the sentences."""
        sums: list[Sum] = []
        written: list[str] = []
        used = -1
        for match in self._source.currencies.markers.find(self._source.tokens):
            marker = self._unspaced(match)
            if marker is None:
                continue
            value = marker.values[0]
            number, is_after = self._number_beside(marker, used)
            if number is None:
                continue
            takes_weak = number.weak_value is not None and number.weak_last is not None
            amount, last = number.value, number.last
            if takes_weak and (is_after or number.weak_last == marker.first or self._source.is_glued(number)):
                amount, last = number.weak_value or number.value, number.weak_last or number.last
            first, last = (marker.first, last) if is_after else (number.first, marker.last)
            if first <= used or (value.is_large_only and not self._is_large(number, amount)):
                continue
            code = value.code
            sentence = sentences[max(0, bisect_right(starts, first) - 1)]
            if value.shared is not None:
                code = self._source.context.meant(value.shared, sentence, self._segment(first, sentence), first, written)
            elif value.is_bare and sums and sums[-1].first >= sentence.first and first - used > _MOST_BETWEEN_EQUIVALENTS:
                code = self._same_dollars(sums[-1], code)
            if code is None or (value.is_weight and not number.has_magnitude and self._is_weight(marker.last)):
                continue
            written.append(code)
            if is_after and last < len(self._source.tokens):
                last = self._source.trailing_currency(last, code)
            sums.append(Sum(first, last, number, scaled_up(amount, value.scale), code, value.is_bare))
            used = last - 1
        return sums

    def _segment(self, index: int, sentence: Sentence) -> int:
        """Where the part of the sentence between commas and "and" begins in which a token stands."""
        norms, borders = self._source.tokens.norms, self._source.currencies.list_words
        while index > sentence.first and norms[index - 1] not in _COMMAS and norms[index - 1] not in borders:
            index -= 1
        return index

    def _same_dollars(self, previous: Sum, code: str | None) -> str | None:
        """The dollars of the sum before it ("of A$3.6 million, $900,000 are left"), where US dollars are told apart."""
        currency = previous.currency
        is_told_apart = currency != code and currency in self._source.currencies.dollars and not previous.is_bare
        return currency if is_told_apart and self._has_explicit(code) else code

    def _has_explicit(self, code: str | None) -> bool:
        """Whether the document writes out which dollars it means where it means these."""
        if self._explicit is None:
            found = (match.values[0] for match in self._source.currencies.markers.find(self._source.tokens))
            self._explicit = frozenset(marker.code for marker in found if not marker.is_bare)
        return code in self._explicit

    def _is_weight(self, index: int) -> bool:
        return self._source.tokens.norms[index : index + 1] == ["of"]

    def _unspaced(self, match: Match[Marker]) -> Match[Marker] | None:
        """The marker, or the sign alone where a letter apart from it is none of its ("vitamin C $5")."""
        tokens = self._source.tokens
        if not match.values[0].is_unspaced or all(tokens.is_adjacent(index) for index in range(match.first, match.last - 1)):
            return match
        markers = self._source.currencies.markers
        return markers.match_at(tokens, match.first, match.first + 1) or markers.match_at(tokens, match.last - 1, match.last)

    def _number_beside(self, marker: Match[Marker], used: int) -> tuple[Number | None, bool]:
        """The number that a currency belongs to, and whether it stands after it."""
        value = marker.values[0]
        if value.is_glued and not self._touches_number(marker.first, marker.last):
            return None, False
        before = None if value.is_glued else self._number_before(marker.first, used)
        if before is not None and not self._is_one_line(before.last - 1, marker.first):
            before = None
        if before is not None and not value.is_symbol:
            return before, False
        after = self._number_after(marker.last + self._has_dot(value, marker.last))
        if after is not None and not self._is_one_line(marker.last - 1, after.first):
            after = None
        if after is not None and value.is_after_only:
            is_name = self._source.tokens.is_capitalised(marker.first) and after.first == marker.last
            after = after if is_name and self._is_large(after, after.value) else None
        if before is not None and after is not None and self._has_currency_behind(after):
            return before, False
        return (before, False) if after is None else (after, True)

    def _has_currency_behind(self, number: Number) -> bool:
        """Whether a number has its own currency behind it ("300 EUR 400 EUR")."""
        tokens = self._source.tokens
        return (
            number.last < len(tokens) and self._source.currencies.markers.match_at(tokens, number.last, len(tokens)) is not None
        )

    def _is_large(self, number: Number, amount: float) -> bool:
        """Whether a number is written as sums are: with a magnitude or in groups, thousands at least."""
        written = self._source.tokens.slice(number.first, number.last)
        return number.has_magnitude or amount != number.value or (number.value >= _LEAST_WRITTEN and not written.isdecimal())

    def _is_one_line(self, first: int, last: int) -> bool:
        """Whether two tokens stand in one block: a sum never reaches over its end."""
        return "\n" not in self._source.tokens.text[self._source.tokens.ends[first] : self._source.tokens.starts[last]]

    def _touches_number(self, first: int, last: int) -> bool:
        """Whether a national sign stands right before digits; one of two letters may be apart ("Rs 600", "Rs. 600")."""
        tokens = self._source.tokens
        if first and tokens.ends[first - 1] == tokens.starts[first] and tokens.texts[first - 1].isalnum():
            return False
        if len(tokens.texts[first]) == 1 and last - first == 1:
            return tokens.is_adjacent(last - 1) and last in self._source.numbers
        return last in self._source.numbers or (tokens.texts[last : last + 1] == ["."] and last + 1 in self._source.numbers)

    def _has_dot(self, marker: Marker, index: int) -> bool:
        return marker.is_glued and self._source.tokens.texts[index : index + 1] == ["."]

    def _number_after(self, index: int) -> Number | None:
        tokens = self._source.tokens
        if index < len(tokens) and tokens.norms[index] in HYPHENS and tokens.is_adjacent(index):
            index += 1
        number = self._source.numbers.get(index)
        if number is not None:
            return number
        for skip in range(1, _MAX_GAP + 1):
            if index + skip < len(tokens):
                kind, begin = bound_before(tokens, index + skip, index, self._source.reader)
                if kind != "exact" and begin == index:
                    return self._source.numbers.get(index + skip)
        return None

    def _number_before(self, index: int, used: int) -> Number | None:
        tokens = self._source.tokens
        if index > 0 and tokens.norms[index - 1] in HYPHENS and tokens.ends[index - 1] == tokens.starts[index]:
            index -= 1
        number = self._source.by_last.get(index) or self._weak_before(index)
        if number is None and index > 1 and tokens.norms[index - 1] in self._source.currencies.words.fillers:
            number = self._source.by_last.get(index - 1)
        if number is None and index > 1 and tokens.texts[index - 1] == ".":
            number = self._source.by_last.get(index - 1) or self._weak_before(index - 1)
            if number is not None and not (number.has_magnitude or number.weak_value):
                number = None
        return number if number is not None and number.first > used else None

    def _weak_before(self, index: int) -> Number | None:
        number = self._source.by_last.get(index - 1)
        return number if number is not None and number.weak_last == index else None
