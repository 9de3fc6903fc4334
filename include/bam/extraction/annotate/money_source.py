"""What the readers of sums share: the document's words and numbers, and sums while they are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bam.extraction.annotate.currencies import Currencies
from bam.extraction.annotate.currency_context import CurrencyContext
from bam.extraction.annotate.model import Bound, Number
from bam.extraction.annotate.numbers import NumberReader
from bam.extraction.annotate.tokens import Tokens


@dataclass(slots=True)
class Sum:
    """A number bound to a currency while it is read. Tokens [first, last)."""

    first: int
    last: int
    number: Number
    value: float
    currency: str | None
    is_bare: bool
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    outer: int = 0
    is_change: bool = False


@dataclass(frozen=True)
class MoneySource:
    """One document: its tokens, its numbers by first token, and what is known of currencies."""

    tokens: Tokens
    numbers: dict[int, Number]
    currencies: Currencies
    reader: NumberReader
    context: CurrencyContext

    @cached_property
    def by_last(self) -> dict[int, Number]:
        """The numbers by the token behind them."""
        return {number.last: number for number in self.numbers.values()}

    def is_glued(self, number: Number) -> bool:
        """Whether no space stands before the last word of a number ("$5m")."""
        return self.tokens.ends[number.last - 1] == self.tokens.starts[number.last]

    def trailing_currency(self, last: int, code: str | None) -> int:
        """ "$5 million USD", "€ 3 million euros": the second naming belongs to the sum."""
        match = self.currencies.markers.match_at(self.tokens, last, len(self.tokens))
        if match is None:
            return last
        is_same = match.values[0].code == code and not match.values[0].is_symbol and self.numbers.get(match.last) is None
        return match.last if is_same else last


def is_yearlike(number: Number) -> bool:
    """Whether a number may be a year."""
    return number.is_digits and not number.has_magnitude and 1900 <= number.value <= 2100 and number.last == number.first + 1
