"""Sums of money in running text and in tables."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace

from bam.extraction.annotate.currencies import Currencies, Marker
from bam.extraction.annotate.currency_context import CurrencyContext
from bam.extraction.annotate.model import Bound, Money, Number, Sentence, TableRow
from bam.extraction.annotate.numbers import NumberReader, bound_before, parse_digits, scaled_up
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.extraction.annotate.trie import Match

_MAX_GAP = 2
_LEAST_CARRIED = 1000.0
_LEAST_REPARSED = 1e6
_MOST_BETWEEN_EQUIVALENTS = 3
_LONGEST_LINK = 40
_COMMAS = frozenset(",;:.")
_CLOSING = ",;:.)]–—"


@dataclass(slots=True)
class _Sum:
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
        self._tokens, self._numbers = tokens, numbers
        self._currencies, self._reader, self._context = currencies, reader, context
        self._by_last = {number.last: number for number in numbers.values()}
        self._phrases: dict[str, tuple[Marker, float] | None] = {}
        self._explicit: frozenset[str | None] | None = None

    def find(self, sentences: tuple[Sentence, ...], rows: tuple[TableRow, ...]) -> tuple[Money, ...]:
        """All sums in order, those of table cells with their place."""
        markers = list(self._currencies.markers.find(self._tokens))
        bare = self._declared(sentences) or None
        starts = [sentence.first for sentence in sentences]
        sums = self._ranges(self._bind(markers, sentences, starts))
        for item in sums:
            sentence = sentences[max(0, bisect_right(starts, item.first) - 1)]
            item.bound, item.outer = bound_before(self._tokens, item.first, sentence.first, self._reader)
        result = [self._money(item, bare) for item in sums]
        if result:
            result += self._carried(sums, result[:], sentences)
            result += self._shared(sums, bare)
        result += self._in_tables(rows, sentences, result)
        result.sort(key=lambda money: (money.start, money.end))
        return tuple(self._linked([replace(money, index=index) for index, money in enumerate(result)]))

    # -- binding numbers to currency words

    def _bind(self, markers: list[Match[Marker]], sentences: tuple[Sentence, ...], starts: list[int]) -> list[_Sum]:
        sums: list[_Sum] = []
        written: list[str] = []
        used = -1
        for match in markers:
            marker = self._unspaced(match)
            if marker is None:
                continue
            value = marker.values[0]
            number, is_after = self._number_beside(marker, used)
            if number is None:
                continue
            takes_weak = number.weak_value is not None and number.weak_last is not None
            amount, last = number.value, number.last
            if takes_weak and (is_after or number.weak_last == marker.first or self._is_glued(number)):
                amount, last = number.weak_value or number.value, number.weak_last or number.last
            first, last = (marker.first, last) if is_after else (number.first, marker.last)
            if first <= used or (value.is_large_only and not self._is_large(number, amount)):
                continue
            code = value.code
            sentence = sentences[max(0, bisect_right(starts, first) - 1)]
            if value.shared is not None:
                code = self._context.meant(value.shared, sentence, self._segment(first, sentence), first, written)
            elif value.is_bare and sums and sums[-1].first >= sentence.first and first - used > _MOST_BETWEEN_EQUIVALENTS:
                code = self._same_dollars(sums[-1], code)
            if code is None or (value.is_weight and not number.has_magnitude and self._is_weight(marker.last)):
                continue
            written.append(code)
            if is_after and last < len(self._tokens):
                last = self._trailing_currency(last, code)
            sums.append(_Sum(first, last, number, scaled_up(amount, value.scale), code, value.is_bare))
            used = last - 1
        return sums

    def _segment(self, index: int, sentence: Sentence) -> int:
        """Where the part of the sentence between commas and "and" begins in which a token stands."""
        norms, borders = self._tokens.norms, self._currencies.list_words
        while index > sentence.first and norms[index - 1] not in _COMMAS and norms[index - 1] not in borders:
            index -= 1
        return index

    def _same_dollars(self, previous: _Sum, code: str | None) -> str | None:
        """The dollars of the sum before it ("of A$3.6 million, $900,000 are left"), where US dollars are told apart."""
        currency = previous.currency
        is_told_apart = currency != code and currency in self._currencies.dollars and not previous.is_bare
        return currency if is_told_apart and self._has_explicit(code) else code

    def _has_explicit(self, code: str | None) -> bool:
        """Whether the document writes out which dollars it means where it means these."""
        if self._explicit is None:
            found = (match.values[0] for match in self._currencies.markers.find(self._tokens))
            self._explicit = frozenset(marker.code for marker in found if not marker.is_bare)
        return code in self._explicit

    def _is_weight(self, index: int) -> bool:
        return self._tokens.norms[index : index + 1] == ["of"]

    def _unspaced(self, match: Match[Marker]) -> Match[Marker] | None:
        """The marker, or the sign alone where a letter apart from it is none of its ("vitamin C $5")."""
        tokens = self._tokens
        if not match.values[0].is_unspaced or all(tokens.is_adjacent(index) for index in range(match.first, match.last - 1)):
            return match
        markers = self._currencies.markers
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
            is_name = self._tokens.is_capitalised(marker.first) and after.first == marker.last
            after = after if is_name and self._is_large(after, after.value) else None
        if before is not None and after is not None and self._has_currency_behind(after):
            return before, False
        return (before, False) if after is None else (after, True)

    def _has_currency_behind(self, number: Number) -> bool:
        """Whether a number has its own currency behind it ("300 EUR 400 EUR")."""
        tokens = self._tokens
        return number.last < len(tokens) and self._currencies.markers.match_at(tokens, number.last, len(tokens)) is not None

    def _is_large(self, number: Number, amount: float) -> bool:
        """Whether a number is written as sums are: with a magnitude or in groups, thousands at least."""
        written = self._tokens.slice(number.first, number.last)
        return number.has_magnitude or amount != number.value or (number.value >= _LEAST_CARRIED and not written.isdecimal())

    def _is_one_line(self, first: int, last: int) -> bool:
        """Whether two tokens stand in one block: a sum never reaches over its end."""
        return "\n" not in self._tokens.text[self._tokens.ends[first] : self._tokens.starts[last]]

    def _touches_number(self, first: int, last: int) -> bool:
        """Whether a national sign stands right before digits; one of two letters may be apart ("Rs 600", "Rs. 600")."""
        tokens = self._tokens
        if first and tokens.ends[first - 1] == tokens.starts[first] and tokens.texts[first - 1].isalnum():
            return False
        if len(tokens.texts[first]) == 1 and last - first == 1:
            return tokens.is_adjacent(last - 1) and last in self._numbers
        return last in self._numbers or (tokens.texts[last : last + 1] == ["."] and last + 1 in self._numbers)

    def _has_dot(self, marker: Marker, index: int) -> bool:
        return marker.is_glued and self._tokens.texts[index : index + 1] == ["."]

    def _number_after(self, index: int) -> Number | None:
        tokens = self._tokens
        if index < len(tokens) and tokens.norms[index] in HYPHENS and tokens.is_adjacent(index):
            index += 1
        number = self._numbers.get(index)
        if number is not None:
            return number
        for skip in range(1, _MAX_GAP + 1):
            if index + skip < len(tokens):
                kind, begin = bound_before(tokens, index + skip, index, self._reader)
                if kind != "exact" and begin == index:
                    return self._numbers.get(index + skip)
        return None

    def _number_before(self, index: int, used: int) -> Number | None:
        tokens = self._tokens
        if index > 0 and tokens.norms[index - 1] in HYPHENS and tokens.ends[index - 1] == tokens.starts[index]:
            index -= 1
        number = self._by_last.get(index) or self._weak_before(index)
        if number is None and index > 1 and tokens.norms[index - 1] in self._currencies.words.fillers:
            number = self._by_last.get(index - 1)
        if number is None and index > 1 and tokens.texts[index - 1] == ".":
            number = self._by_last.get(index - 1) or self._weak_before(index - 1)
            if number is not None and not (number.has_magnitude or number.weak_value):
                number = None
        return number if number is not None and number.first > used else None

    def _weak_before(self, index: int) -> Number | None:
        number = self._by_last.get(index - 1)
        return number if number is not None and number.weak_last == index else None

    def _is_glued(self, number: Number) -> bool:
        return self._tokens.ends[number.last - 1] == self._tokens.starts[number.last]

    def _trailing_currency(self, last: int, code: str | None) -> int:
        """ "$5 million USD", "€ 3 million euros": the second naming belongs to the sum."""
        match = self._currencies.markers.match_at(self._tokens, last, len(self._tokens))
        if match is None:
            return last
        is_same = match.values[0].code == code and not match.values[0].is_symbol and self._numbers.get(match.last) is None
        return match.last if is_same else last

    # -- ranges

    def _ranges(self, sums: list[_Sum]) -> list[_Sum]:
        """Join "between A and B", "A-B", "A to B" to one sum with its bounds."""
        result: list[_Sum] = []
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

    def _join(self, low: _Sum, high: _Sum) -> _Sum | None:
        if high.first - low.last != 1 or low.currency != high.currency:
            return None
        link = self._tokens.norms[low.last]
        before = self._word_before(low.first)
        words = self._reader.words
        if link in HYPHENS or (link == "and" and before in self._currencies.words.range_openers) or link in words.range_words:
            if link in words.range_words and self._is_change(low):
                low.is_change = high.is_change = True
                return None
            if link in words.range_words and before in self._currencies.words.change_openers:
                return None
            return self._as_range(low, high.number, high.value, low.first, high.last)
        return None

    def _word_before(self, index: int) -> str:
        _, begin = bound_before(self._tokens, index, max(0, index - 4), self._reader)
        return self._tokens.norms[begin - 1] if begin else ""

    def _is_change(self, low: _Sum) -> bool:
        """Whether words before a sum make it the old side of a change ("rose from")."""
        norms = self._tokens.norms
        return any(norm in self._currencies.words.change_words for norm in norms[max(0, low.first - 4) : low.first])

    def _half_range(self, item: _Sum) -> _Sum:
        """A range of which only one side names the currency: "€20 to 25 million", "3-4 million euros"."""
        tokens, words = self._tokens, self._reader.words
        if item.last + 1 < len(tokens):
            link = tokens.norms[item.last]
            other = self._numbers.get(item.last + 1)
            opens = link == "and" and self._word_before(item.first) in self._currencies.words.range_openers
            if other is not None and link in words.range_words and self._is_change(item):
                item.is_change = True
                return item
            if other is not None and (link in HYPHENS or link in words.range_words or opens):
                weak = other.weak_value if other.weak_value is not None and self._is_glued(other) else None
                high = weak or other.value
                last = other.weak_last if weak and other.weak_last else other.last
                last = self._trailing_currency(last, item.currency) if last < len(tokens) else last
                if high > item.number.value and not self._is_yearlike(other):
                    return self._as_range(item, other, high, item.first, last)
        if item.first == item.number.first and item.first >= 2:
            link = tokens.norms[item.first - 1]
            other = self._by_last.get(item.first - 1)
            if other is not None:
                opens = link == "and" and self._word_before(other.first) in self._currencies.words.range_openers
                if (link in HYPHENS or link in words.range_words or opens) and other.value < item.value:
                    low = _Sum(other.first, other.last, other, other.value, item.currency, item.is_bare)
                    return self._as_range(low, item.number, item.value, other.first, item.last)
        return item

    def _is_yearlike(self, number: Number) -> bool:
        return number.is_digits and not number.has_magnitude and 1900 <= number.value <= 2100 and number.last == number.first + 1

    def _as_range(self, low: _Sum, number: Number, high: float, first: int, last: int) -> _Sum:
        """The lower side takes the magnitude of the upper one where it has none ("3 to 4 million")."""
        value = low.value
        scale = high / number.value * (number.magnitude if number.has_magnitude else 1.0) if number.value else 1.0
        if low.number.value == value and not low.number.has_magnitude and scale > 1 and value * scale <= high:
            value *= scale
        return _Sum(first, last, low.number, (value + high) / 2, low.currency, low.is_bare, low=value, high=high)

    # -- making the mentions

    def _money(self, item: _Sum, declared: str | None) -> Money:
        tokens = self._tokens
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

    def _declared(self, sentences: tuple[Sentence, ...]) -> str | None:
        """The currency of bare dollars where the document says so ("all dollars in this article are Canadian")."""
        for match in self._currencies.declarations.find(self._tokens):
            for index in range(match.last, min(match.last + 8, len(self._tokens))):
                code = self._currencies.dollar_of_adjective.get(self._tokens.norms[index])
                if code is not None:
                    return code
        return None

    def _carried(self, sums: list[_Sum], written: list[Money], sentences: tuple[Sentence, ...]) -> list[Money]:
        """Bare numbers in the sentence of a sum, or right after it, that can only be sums: "and another 430,000".

        A sum that repeats another one ("EUR 2 million (USD 2.3 million)") passes on the currency of that one.
        """
        result: list[Money] = []
        position, currency, reach, cursor = 0, "", -1, 0
        for index, number in self._numbers.items():
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
                bound, outer = bound_before(self._tokens, index, sentence.first, self._reader)
                start = self._tokens.starts[outer]
                money = Money(0, number.start, number.end, start, number.value, currency, bound=bound, origin="carried")
                result.append(money)
        return result

    def _shared(self, sums: list[_Sum], declared: str | None) -> list[Money]:
        """ "13.6 and 5.9 million euros": a decimal right before "and" shares magnitude and currency of the sum behind."""
        result: list[Money] = []
        for item in sums:
            if not item.number.has_magnitude or item.low is not None or item.first < 2:
                continue
            other = self._by_last.get(item.first - 1)
            is_listed = self._tokens.norms[item.first - 1] in self._currencies.list_words
            if other is None or not is_listed or other.value >= 1000 or "." not in self._tokens.slice(other.first, other.last):
                continue
            value = scaled_up(other.value, item.number.magnitude)
            result.append(Money(0, other.start, other.end, other.start, value, self._code(item, declared), origin="carried"))
        return result

    def _code(self, item: _Sum, declared: str | None) -> str:
        return (declared if item.is_bare and declared is not None else item.currency) or ""

    def _can_be_sum(self, number: Number, sentence: Sentence) -> bool:
        """A number with a magnitude or at least a thousand, no year, with no noun behind it that it counts."""
        tokens = self._tokens
        if number.value < _LEAST_CARRIED or self._is_yearlike(number):
            return False
        if not number.has_magnitude and not any(c in ",.' \xa0" for c in tokens.slice(number.first, number.last)):
            return False
        if number.last >= sentence.last:
            return True
        following = tokens.norms[number.last]
        return (
            not following[0].isalnum() and following not in HYPHENS and following != "%"
        ) or following in self._currencies.function_words

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
        if between in self._currencies.equivalents:
            return True
        if between not in ("", ",") or money.bound == "exact":
            return False
        following = self._tokens.text[money.end : money.end + 2].strip()
        return not between or not following or following[0] in _CLOSING

    def _between(self, previous: Money, money: Money) -> str | None:
        """The words between two sums without those of exactness; None where the sums are far apart."""
        start = money.outer_start if money.bound != "exact" else money.start
        if start - previous.end > _LONGEST_LINK:
            return None
        return " ".join(self._tokens.text[previous.end : start].lower().split())

    def _goes_on(self, previous: Money, first: Money, money: Money) -> bool:
        """Whether a third currency follows in the same brackets: "EUR 1 million (USD 1.1 million, GBP 0.9 million)"."""
        between = self._between(previous, money)
        return between in self._currencies.words.further_equivalents and money.currency not in (first.currency, previous.currency)

    # -- tables

    def _in_phrase(self, text: str) -> tuple[Marker, float] | None:
        """What a column head or caption says; the same one heads many cells."""
        if text not in self._phrases:
            self._phrases[text] = self._currencies.in_phrase(text)
        return self._phrases[text]

    def _in_tables(self, rows: tuple[TableRow, ...], sentences: tuple[Sentence, ...], known: list[Money]) -> list[Money]:
        """Bare numbers in columns whose head or caption names a currency."""
        result: list[Money] = []
        covered = Counter(money.start for money in known)
        for row_number, row in enumerate(rows):
            if row.is_header:
                continue
            general = self._in_phrase(self._tokens.text[slice(*row.caption)]) if row.caption else None
            for column, (start, end) in enumerate(row.cells):
                head = row.heads[column] if column < len(row.heads) else ""
                own = self._in_phrase(head)
                label = own or (general if general and column and self._currencies.may_hold_sums(head) else None)
                if label is None or any(covered[s] for s in range(start, end)):
                    continue
                number = self._number_of_cell(start, end)
                if number is None or (self._is_yearlike(number) and own is None):
                    continue
                money = self._in_cell(number, label, sentences[row.sentence])
                if money is not None:
                    result.append(replace(money, row=row_number, column=column))
        return result

    def _number_of_cell(self, start: int, end: int) -> Number | None:
        """The number that fills a cell, but for words of exactness before it and a remark in brackets or a mark behind it."""
        tokens = self._tokens
        first, last = tokens.span(start, end)
        number = self._numbers.get(first)
        if number is None:
            match = self._reader.bounds.match_at(tokens, first, last) if first < last else None
            number = self._numbers.get(match.last) if match is not None else None
        is_filled = number is not None and (
            number.last >= last or tokens.norms[number.last] in self._currencies.words.remark_openers
        )
        return number if is_filled else None

    def _in_cell(self, number: Number, label: tuple[Marker, float], sentence: Sentence) -> Money | None:
        marker, scale = label
        code = marker.code
        if marker.shared is not None:
            code = self._context.meant(marker.shared, sentence, sentence.first, number.first, [])
        if code is None:
            return None
        value = number.value
        if number.has_magnitude:
            scale = 1.0
        elif scale >= _LEAST_REPARSED and number.is_digits and number.last == number.first + 1:
            value = parse_digits(self._tokens.texts[number.first], has_magnitude=True) or value
        bound, outer = bound_before(self._tokens, number.first, sentence.first, self._reader)
        outer_start = self._tokens.starts[outer]
        return Money(0, number.start, number.end, outer_start, scaled_up(value, scale), code, bound=bound, origin="table")
