"""Numbers that stand for people without a noun: "for ten of them", "another twenty came", "attended by 26", a table's column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bam.extraction.annotate.grammar import AUX, Flag
from bam.extraction.annotate.model import Number, PersonCount, TableRow
from bam.extraction.context import Context
from bam.extraction.tables.workshops.words import WorkshopWords

_MOST_PEOPLE = 5000
_MARKS = frozenset(",.;)")


class _Place(NamedTuple):
    start: int
    end: int


def bare_counts(context: Context, words: WorkshopWords) -> tuple[PersonCount, ...]:
    """The numbers in order of place."""
    annotated = context.annotated
    tokens = annotated.tokens
    taken = {tokens.index_at(item.start) for items in (annotated.money, annotated.persons) for item in items}
    for date in annotated.dates:
        taken.update(range(*tokens.span(date.start, date.end)))
    rows = {row.cells[0]: row for row in annotated.rows if row.cells}
    columns = {index for row in rows.values() for index in _counted_cells(context, words, row)}
    found: list[PersonCount] = []
    for index, number in annotated.numbers.items():
        if index in taken or not _counts_people(number):
            continue
        if index in columns or _stands_alone(context, words, number):
            found.append(PersonCount(len(found), number.start, number.end, int(number.value), ""))
    return tuple(found)


def _counted_cells(context: Context, words: WorkshopWords, row: TableRow) -> Iterator[int]:
    """The first numbers of the cells in columns whose heads speak of people trained, and cells that are a number alone ("Seats")
    but for sums, days and the row's own number.
    """
    annotated = context.annotated
    if row.is_header:
        return
    for column, (cell, head) in enumerate(zip(row.cells, row.heads, strict=False)):
        is_alone = column > 0 and context.text[slice(*cell)].strip().isdecimal() and not row.kinds_of(column) & {"sum", "date"}
        if words.people_columns.isdisjoint(head.casefold().split()) and not is_alone:
            continue
        first, last = annotated.tokens.span(*cell)
        number = next((index for index in range(first, last) if index in annotated.numbers), None)
        if number is not None:
            yield number


def _stands_alone(context: Context, words: WorkshopWords, number: Number) -> bool:
    """Whether no noun follows: "of them", "more", a noun for places, a verb, a preposition or a mark does."""
    annotated = context.annotated
    tokens = annotated.tokens
    last = number.last
    if last >= len(tokens):
        return False
    norm, flag = tokens.norms[last], annotated.flags[last]
    if norm == "of":
        return last + 1 < len(tokens) and tokens.norms[last + 1] in ("them", "whom", "these", "those")
    if norm in words.places:
        return True
    if norm == "more" and last + 1 < len(tokens):
        last += 1
        norm, flag = tokens.norms[last], annotated.flags[last]
    if flag & (AUX | Flag.PREP):
        return True
    if norm in _MARKS:
        return not number.is_digits or (number.first > 0 and tokens.norms[number.first - 1] in words.counting)
    return any(verb.first == last for verb in annotated.verbs_of(_Place(tokens.starts[last], tokens.ends[last])))


def _counts_people(number: Number) -> bool:
    is_year = number.is_digits and 1900 <= number.value <= 2100
    return number.value == int(number.value) and 2 <= number.value <= _MOST_PEOPLE and not is_year
