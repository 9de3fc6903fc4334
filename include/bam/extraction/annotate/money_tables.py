"""Sums in tables: bare numbers in columns whose head or caption names a currency."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bam.extraction.annotate.currencies import Marker
from bam.extraction.annotate.model import Money, Number, Sentence, TableRow
from bam.extraction.annotate.money_source import MoneySource, is_yearlike
from bam.extraction.annotate.numbers import bound_before, parse_digits, scaled_up

_LEAST_REPARSED = 1e6


class TableSums:
    """Finds the sums in the tables of one document."""

    def __init__(self, source: MoneySource) -> None:
        self._source = source
        self._phrases: dict[str, tuple[Marker, float] | None] = {}

    def find(self, rows: tuple[TableRow, ...], sentences: tuple[Sentence, ...], known: list[Money]) -> list[Money]:
        """Bare numbers in columns whose head or caption names a currency."""
        result: list[Money] = []
        covered = Counter(money.start for money in known)
        for row_number, row in enumerate(rows):
            if row.is_header:
                continue
            general = self._in_phrase(self._source.tokens.text[slice(*row.caption)]) if row.caption else None
            for column, (start, end) in enumerate(row.cells):
                head = row.heads[column] if column < len(row.heads) else ""
                own = self._in_phrase(head)
                label = own or (general if general and column and self._source.currencies.may_hold_sums(head) else None)
                if label is None or any(covered[s] for s in range(start, end)):
                    continue
                number = self._number_of_cell(start, end)
                if number is None or (is_yearlike(number) and own is None):
                    continue
                money = self._in_cell(number, label, sentences[row.sentence])
                if money is not None:
                    result.append(replace(money, row=row_number, column=column))
        return result

    def _in_phrase(self, text: str) -> tuple[Marker, float] | None:
        """What a column head or caption says; the same one heads many cells."""
        if text not in self._phrases:
            self._phrases[text] = self._source.currencies.in_phrase(text)
        return self._phrases[text]

    def _number_of_cell(self, start: int, end: int) -> Number | None:
        """The number that fills a cell, but for words of exactness before it and a remark in brackets or a mark behind it."""
        tokens = self._source.tokens
        first, last = tokens.span(start, end)
        number = self._source.numbers.get(first)
        if number is None:
            match = self._source.reader.bounds.match_at(tokens, first, last) if first < last else None
            number = self._source.numbers.get(match.last) if match is not None else None
        is_filled = number is not None and (
            number.last >= last or tokens.norms[number.last] in self._source.currencies.words.remark_openers
        )
        return number if is_filled else None

    def _in_cell(self, number: Number, label: tuple[Marker, float], sentence: Sentence) -> Money | None:
        marker, scale = label
        code = marker.code
        if marker.shared is not None:
            code = self._source.context.meant(marker.shared, sentence, sentence.first, number.first, [])
        if code is None:
            return None
        value = number.value
        if number.has_magnitude:
            scale = 1.0
        elif scale >= _LEAST_REPARSED and number.is_digits and number.last == number.first + 1:
            value = parse_digits(self._source.tokens.texts[number.first], has_magnitude=True) or value
        bound, outer = bound_before(self._source.tokens, number.first, sentence.first, self._source.reader)
        outer_start = self._source.tokens.starts[outer]
        return Money(0, number.start, number.end, outer_start, scaled_up(value, scale), code, bound=bound, origin="table")
