"""Restatements: figures of periods that were over when they were published, and that are others now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bam.indicators.figures import MEASURES, Amounts, Cell, column_of, contributions, in_units
from bam.model.claims import Table
from bam.model.periods import parse_period
from bam.model.records import Record, RecordChange, Restatement
from bam.records.diff import CAUSES


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A cell before and after; None where it doesn't exist. `record_count` is how many of the records at hand are in it now, None
    where none is.
    """

    cell: Cell
    old: Amounts | None
    new: Amounts | None
    record_count: int | None = None


def changed_figures(
    old: Mapping[Cell, Amounts], new: Mapping[Cell, Amounts], record_counts: Mapping[Cell, int] | None = None
) -> list[FigureChange]:
    """The cells that differ, in order."""
    counts = record_counts or {}
    return [
        FigureChange(cell, old.get(cell), new.get(cell), counts.get(cell))
        for cell in sorted({*old, *new})
        if old.get(cell) != new.get(cell)
    ]


def restatements_of(
    figures: Iterable[FigureChange],
    published_until: dt.date,
    changes: Iterable[RecordChange],
    old_records: Iterable[Record],
    new_records: Iterable[Record],
    currency: str,
) -> list[Restatement]:
    """The changed figures of periods that were over on the day of the earlier publication, one row per measure.

    Args:
        figures: the cells that differ.
        published_until: the day of the earlier publication.
        changes: what changed in the records, with causes and claims.
        old_records: the records that changed, as they were before.
        new_records: the same as they are now.
        currency: the common currency, for the names and units of the measures.
    """
    by_cell = _records_by_cell(old_records, new_records)
    change_of = {change.record_id: change for change in changes}
    found = []
    is_over = cache(lambda period: parse_period(period).last_day <= published_until)
    for figure in figures:
        if not is_over(figure.cell.period):
            continue
        record_ids = tuple(sorted(by_cell.get(figure.cell, ())))
        involved = [change_of[record_id] for record_id in record_ids if record_id in change_of]
        cause = min((change.cause for change in involved), key=list(CAUSES).index, default="other_record")
        claims = tuple(sorted({claim_id for change in involved for claim_id in change.claim_ids}))
        table = Table(figure.cell.table)
        for place, measure in enumerate(MEASURES[table]):
            old, new = _value(figure.old, place, measure), _value(figure.new, place, measure)
            if (old or 0) != (new or 0):
                column, cell = column_of(measure, currency), figure.cell
                found.append(Restatement(table, cell.period, cell.key, column, old, new, cause, record_ids, claims))
    return found


def _value(amounts: Amounts | None, place: int, measure: str) -> float | None:
    return None if amounts is None else in_units(measure, amounts[place])


def _records_by_cell(*states: Iterable[Record]) -> dict[Cell, set[str]]:
    found: dict[Cell, set[str]] = defaultdict(set)
    for records in states:
        for record in records:
            for cell in contributions(record):
                found[cell].add(record.id)
    return found
