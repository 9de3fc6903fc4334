"""Ranges of sums: "between A and B", "A-B", "EUR 20 to 25 million"."""

from __future__ import annotations

from bam.extraction.annotate.model import Number
from bam.extraction.annotate.money_source import MoneySource, Sum, is_yearlike
from bam.extraction.annotate.numbers import bound_before
from bam.extraction.annotate.tokens import HYPHENS


class RangeJoiner:
    """Joins the sides of ranges in one document."""

    def __init__(self, source: MoneySource) -> None:
        self._source = source

    def join(self, sums: list[Sum]) -> list[Sum]:
        """Join "between A and B", "A-B", "A to B" to one sum with its bounds."""
        result: list[Sum] = []
        position = 0
        while position < len(sums):
            item = sums[position]
            following = sums[position + 1] if position + 1 < len(sums) else None
            joined = following and self._join(item, following)
            if joined:
                result.append(joined)
                position += 2
                continue
            result.append(self._half_range(item))
            position += 1
        return result

    def _join(self, low: Sum, high: Sum) -> Sum | None:
        if high.first - low.last != 1 or low.currency != high.currency:
            return None
        link = self._source.tokens.norms[low.last]
        before = self._word_before(low.first)
        words = self._source.reader.words
        if (
            link in HYPHENS
            or (link == "and" and before in self._source.currencies.words.range_openers)
            or link in words.range_words
        ):
            if link in words.range_words and self._is_change(low):
                low.is_change = high.is_change = True
                return None
            if link in words.range_words and before in self._source.currencies.words.change_openers:
                return None
            return self._as_range(low, high.number, high.value, low.first, high.last)
        return None

    def _word_before(self, index: int) -> str:
        _, begin = bound_before(self._source.tokens, index, max(0, index - 4), self._source.reader)
        return self._source.tokens.norms[begin - 1] if begin else ""

    def _is_change(self, low: Sum) -> bool:
        """Whether words before a sum make it the old side of a change ("rose from")."""
        norms = self._source.tokens.norms
        return any(norm in self._source.currencies.words.change_words for norm in norms[max(0, low.first - 4) : low.first])

    def _half_range(self, item: Sum) -> Sum:
        """A range of which only one side names the currency: "€20 to 25 million", "3-4 million euros"."""
        tokens, words = self._source.tokens, self._source.reader.words
        if item.last + 1 < len(tokens):
            link = tokens.norms[item.last]
            other = self._source.numbers.get(item.last + 1)
            opens = link == "and" and self._word_before(item.first) in self._source.currencies.words.range_openers
            if other is not None and link in words.range_words and self._is_change(item):
                item.is_change = True
                return item
            if other is not None and (link in HYPHENS or link in words.range_words or opens):
                weak = other.weak_value if other.weak_value is not None and self._source.is_glued(other) else None
                high = weak or other.value
                last = other.weak_last if weak and other.weak_last else other.last
                last = self._source.trailing_currency(last, item.currency) if last < len(tokens) else last
                if high > item.number.value and not is_yearlike(other):
                    return self._as_range(item, other, high, item.first, last)
        if item.first == item.number.first and item.first >= 2:
            link = tokens.norms[item.first - 1]
            other = self._source.by_last.get(item.first - 1)
            if other is not None:
                opens = link == "and" and self._word_before(other.first) in self._source.currencies.words.range_openers
                if (link in HYPHENS or link in words.range_words or opens) and other.value < item.value:
                    low = Sum(other.first, other.last, other, other.value, item.currency, item.is_bare)
                    return self._as_range(low, item.number, item.value, other.first, item.last)
        return item

    def _as_range(self, low: Sum, number: Number, high: float, first: int, last: int) -> Sum:
        """The lower side takes the magnitude of the upper one where it has none ("3 to 4 million")."""
        value = low.value
        scale = high / number.value * (number.magnitude if number.has_magnitude else 1.0) if number.value else 1.0
        if low.number.value == value and not low.number.has_magnitude and scale > 1 and value * scale <= high:
            value *= scale
        return Sum(first, last, low.number, (value + high) / 2, low.currency, low.is_bare, low=value, high=high)
