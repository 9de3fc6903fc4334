"""Sums of money in running text and in tables."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from bam.extraction.annotate.currencies import Currencies
from bam.extraction.annotate.currency_context import CurrencyContext
from bam.extraction.annotate.model import Money, Number, Sentence, TableRow
from bam.extraction.annotate.money_ranges import RangeJoiner
from bam.extraction.annotate.money_source import MoneySource, Sum, is_yearlike
from bam.extraction.annotate.money_sums import SumReader
from bam.extraction.annotate.money_tables import TableSums
from bam.extraction.annotate.numbers import NumberReader, bound_before, scaled_up
from bam.extraction.annotate.tokens import HYPHENS, Tokens

_LEAST_CARRIED = 1000.0
_LONGEST_LINK = 40
_CLOSING = ",;:.)]–—"


class MoneyFinder:
    """Finds the sums of one document."""

    def __init__(
        self,
        tokens: Tokens,
        numbers: dict[int, Number],
        currencies: Currencies,
        reader: NumberReader,
        context: CurrencyContext,
    ) -> None:
        self._source = MoneySource(tokens, numbers, currencies, reader, context)

    def find(self, sentences: tuple[Sentence, ...], rows: tuple[TableRow, ...]) -> tuple[Money, ...]:
        """All sums in order, those of table cells with their place."""
        source = self._source
        bare = self._declared() or None
        starts = [sentence.first for sentence in sentences]
        sums = RangeJoiner(source).join(SumReader(source).read(sentences, starts))
        for item in sums:
            sentence = sentences[max(0, bisect_right(starts, item.first) - 1)]
            item.bound, item.outer = bound_before(source.tokens, item.first, sentence.first, source.reader)
        result = [self._money(item, bare) for item in sums]
        if result:
            result += self._carried(sums, result[:], sentences)
            result += self._shared(sums, bare)
        result += TableSums(source).find(rows, sentences, result)
        result.sort(key=lambda money: (money.start, money.end))
        return tuple(self._linked([replace(money, index=index) for index, money in enumerate(result)]))

    def _money(self, item: Sum, declared: str | None) -> Money:
        tokens = self._source.tokens
        is_declared = item.is_bare and declared is not None
        return Money(
            index=0,
            start=tokens.starts[item.first],
            end=tokens.ends[item.last - 1],
            outer_start=tokens.starts[item.outer],
            amount=item.value,
            currency=self._code(item, declared),
            amount_min=item.low,
            amount_max=item.high,
            bound=item.bound,
            origin="declared" if is_declared else "written",
            is_change=item.is_change,
        )

    def _declared(self) -> str | None:
        """The currency of bare dollars where the document says so ("all dollars in this article are Canadian")."""
        for match in self._source.currencies.declarations.find(self._source.tokens):
            for index in range(match.last, min(match.last + 8, len(self._source.tokens))):
                code = self._source.currencies.dollar_of_adjective.get(self._source.tokens.norms[index])
                if code is not None:
                    return code
        return None

    def _carried(self, sums: list[Sum], written: list[Money], sentences: tuple[Sentence, ...]) -> list[Money]:
        """Bare numbers in the sentence of a sum, or right after it, that can only be sums: "and another 430,000".

        A sum that repeats another one ("EUR 2 million (USD 2.3 million)") passes on the currency of that one.
        """
        result: list[Money] = []
        position, currency, reach, cursor = 0, "", -1, 0
        for index, number in self._source.numbers.items():
            while position < len(sums) and sums[position].last <= index:
                if not (position and self._repeats(written[position - 1], written[position])):
                    currency = written[position].currency
                while sentences[cursor].last <= sums[position].first:
                    cursor += 1
                reach = sentences[cursor].block + 1
                position += 1
            if not currency or number.value < _LEAST_CARRIED:
                continue
            if position < len(sums) and sums[position].first <= index:
                continue
            while cursor < len(sentences) - 1 and sentences[cursor].last <= index:
                cursor += 1
            sentence = sentences[cursor]
            if sentence.block <= reach and self._can_be_sum(number, sentence):
                bound, outer = bound_before(self._source.tokens, index, sentence.first, self._source.reader)
                start = self._source.tokens.starts[outer]
                money = Money(0, number.start, number.end, start, number.value, currency, bound=bound, origin="carried")
                result.append(money)
        return result

    def _shared(self, sums: list[Sum], declared: str | None) -> list[Money]:
        """ "13.6 and 5.9 million euros": a decimal right before "and" shares magnitude and currency of the sum behind."""
        result: list[Money] = []
        for item in sums:
            if not item.number.has_magnitude or item.low is not None or item.first < 2:
                continue
            other = self._source.by_last.get(item.first - 1)
            is_listed = self._source.tokens.norms[item.first - 1] in self._source.currencies.list_words
            if (
                other is None
                or not is_listed
                or other.value >= 1000
                or "." not in self._source.tokens.slice(other.first, other.last)
            ):
                continue
            value = scaled_up(other.value, item.number.magnitude)
            result.append(Money(0, other.start, other.end, other.start, value, self._code(item, declared), origin="carried"))
        return result

    def _code(self, item: Sum, declared: str | None) -> str:
        return (declared if item.is_bare and declared is not None else item.currency) or ""

    def _can_be_sum(self, number: Number, sentence: Sentence) -> bool:
        """A number with a magnitude or at least a thousand, no year, with no noun behind it that it counts."""
        tokens = self._source.tokens
        if number.value < _LEAST_CARRIED or is_yearlike(number):
            return False
        if not number.has_magnitude and not any(c in ",.' \xa0" for c in tokens.slice(number.first, number.last)):
            return False
        if number.last >= sentence.last:
            return True
        following = tokens.norms[number.last]
        return (
            not following[0].isalnum() and following not in HYPHENS and following != "%"
        ) or following in self._source.currencies.function_words

    def _linked(self, sums: list[Money]) -> list[Money]:
        """Mark a sum that repeats the one before in another currency, and further ones behind it."""
        result: list[Money] = []
        for money in sums:
            previous = result[-1] if result else None
            first = None
            if previous is not None and previous.same_as is None and self._repeats(previous, money):
                first = previous.index
            elif (
                previous is not None and previous.same_as is not None and self._goes_on(previous, result[previous.same_as], money)
            ):
                first = previous.same_as
            result.append(money if first is None else replace(money, same_as=first))
        return result

    def _repeats(self, previous: Money, money: Money) -> bool:
        """Whether a sum is the one before in another currency: in brackets, behind "or", or "about" between commas."""
        if previous.currency == money.currency or previous.is_change:
            return False
        between = self._between(previous, money)
        if between in self._source.currencies.equivalents:
            return True
        if between not in ("", ",") or money.bound == "exact":
            return False
        following = self._source.tokens.text[money.end : money.end + 2].strip()
        return not between or not following or following[0] in _CLOSING

    def _between(self, previous: Money, money: Money) -> str | None:
        """The words between two sums without those of exactness; None where the sums are far apart."""
        start = money.outer_start if money.bound != "exact" else money.start
        if start - previous.end > _LONGEST_LINK:
            return None
        return " ".join(self._source.tokens.text[previous.end : start].lower().split())

    def _goes_on(self, previous: Money, first: Money, money: Money) -> bool:
        """Whether a third currency follows in the same brackets: "EUR 1 million (USD 1.1 million, GBP 0.9 million)"."""
        between = self._between(previous, money)
        return between in self._source.currencies.words.further_equivalents and money.currency not in (
            first.currency,
            previous.currency,
        )
