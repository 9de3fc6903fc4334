"""Past states of the tables in memory: the filters and orders that the database has for the present one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bam.indicators.figures import Amounts, Cell
from bam.indicators.snapshot import Snapshot
from bam.model.periods import parse_period
from bam.model.records import Record
from bam.quality.scores import weakness_of_record
from bam.records.titles import record_title
from bam.store.browse import FigureQuery, ListedRecord, RecordQuery, Slice
from bam.store.tables import Place


def figures_of(
    figures: Mapping[Cell, Amounts], query: FigureQuery, offset: int, limit: int
) -> Slice[tuple[Place, tuple[int, ...]]]:
    """As `bam.store.browse.browse_figures`."""
    found = [(cell, amounts) for cell, amounts in figures.items() if is_wanted(cell, query)]
    found.sort(key=lambda pair: pair[0].key)
    found.sort(key=lambda pair: pair[0].period, reverse=True)
    order = query.order
    main: Callable[[Any], Any] = (lambda pair: pair[1][order]) if isinstance(order, int) else (lambda pair: pair[0].period)
    found.sort(key=main, reverse=query.is_descending)
    rows = tuple(((cell.table, cell.period, cell.key), amounts) for cell, amounts in found[offset : offset + limit])
    return Slice(rows, offset, len(found))


def records_of(snapshot: Snapshot, query: RecordQuery, offset: int, limit: int) -> Slice[ListedRecord]:
    """As `bam.store.browse.browse_records`."""
    words = [word.casefold() for word in query.words.split()]
    found = []
    for record in snapshot.records:
        if record.table is query.table:
            title = record_title(record)
            if all(word in title.casefold() for word in words):
                found.append(ListedRecord(record, title, weakness_of_record(record, ()).score))
    found.sort(key=lambda line: _ORDERS[query.order](line), reverse=query.is_descending)
    return Slice(tuple(found[offset : offset + limit]), offset, len(found))


_ORDERS: dict[str, Callable[[ListedRecord], Any]] = {
    "weakness": lambda line: line.weakness,
    "title": lambda line: line.title,
    "first_known_on": lambda line: line.record.first_published_on or "",
    "last_known_on": lambda line: line.record.last_published_on or "",
    "amount": lambda line: _amount(line.record),
}


def _amount(record: Record) -> float:
    return -1.0 if record.conversion is None else record.conversion.amount


def is_wanted(cell: Cell, query: FigureQuery) -> bool:
    """Whether the query asks for a figure."""
    if cell.table != query.table or (query.period is not None and cell.period != query.period):
        return False
    if query.cadence is not None and parse_period(cell.period).cadence != query.cadence:
        return False
    dimensions = cell.dimensions
    is_exact = all(dimensions.get(name) == value for name, value in query.dimensions.items())
    return is_exact and all(part.casefold() in dimensions.get(name, "").casefold() for name, part in query.parts.items())
