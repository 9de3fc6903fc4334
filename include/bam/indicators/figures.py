"""Figures by period: what each record adds to which cell of the four indicator tables.

A cell is a table, a period and a value of each dimension; its measures are whole numbers (counts, hundredths of the common
currency). Every measure is a sum over records, so that a changed record changes its own cells and no others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bam.model.claims import FacilityValues, FollowUpValues, FundingValues, Table, WorkshopStatus, WorkshopValues
from bam.model.dates import covers, first_day, is_date_prefix
from bam.model.periods import Cadence, Period, fits, period_of
from bam.model.records import LifecycleEvent, Record
from bam.records.ledger import SEVERAL, UNKNOWN, as_key, exclusion
from bam.records.tally import cents

COUNTED = "counted"
NONE = "none"

DIMENSIONS: dict[Table, tuple[str, ...]] = {
    Table.FUNDING: ("stage", "donor", "recipient", "programme", "counting"),
    Table.FACILITIES: ("country", "type", "status"),
    Table.WORKSHOPS: ("country", "audience", "organiser", "programme", "status"),
    Table.FOLLOW_UPS: ("conference", "party", "status", "score"),
}
"""The columns of each table that say what a figure is about; docs/indicators.md defines them."""

MEASURES: dict[Table, tuple[str, ...]] = {
    Table.FUNDING: ("sums_count", "amount_cents", "amount_min_cents", "amount_max_cents", "without_rate_count"),
    Table.FACILITIES: ("entered_count", "left_count"),
    Table.WORKSHOPS: ("workshops_count", "participants_count", "without_participants_count"),
    Table.FOLLOW_UPS: ("commitments_count", "with_due_count"),
}
"""The measures of each table, in the order of their values in a cell."""

CONSTANT_MEASURES = ("amount_cents", "amount_min_cents", "amount_max_cents", "without_price_level_count")
"""The measures that funding has besides at constant prices (`bam.indicators.constant_prices`)."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Where a figure stands: `key` names the dimensions and their values (`stage=disbursed;donor=US;...`)."""

    table: str
    period: str
    key: str

    @property
    def dimensions(self) -> dict[str, str]:
        """The values of the dimensions by name."""
        return dict(pair.split("=", 1) for pair in self.key.split(";"))


Amounts = tuple[int, ...]
"""The measures of a cell in the order of `MEASURES`."""


def column_of(measure: str, currency: str) -> str:
    """The name of a measure's column in the tables that people read: `amount_usd` for `amount_cents`."""
    return measure.replace("_cents", f"_{currency.lower()}")


def in_units(measure: str, value: int) -> float:
    """A measure in the unit of its column: whole currency units for hundredths."""
    return value / 100 if measure.endswith("_cents") else float(value)


def figures(records: Iterable[Record]) -> dict[Cell, Amounts]:
    """All cells that these records make, in order; cells without anything in them don't exist."""
    found: dict[Cell, list[int]] = {}
    for record in records:
        add_to(found, contributions(record))
    return {cell: tuple(found[cell]) for cell in sorted(found) if any(found[cell])}


def add_to(cells: dict[Cell, list[int]], amounts: Mapping[Cell, Amounts], sign: int = 1) -> None:
    """Add amounts to cells, or with `sign=-1` take them out."""
    for cell, values in amounts.items():
        present = cells.setdefault(cell, [0] * len(values))
        for place, value in enumerate(values):
            present[place] += sign * value


def contributions(record: Record) -> dict[Cell, Amounts]:
    """What one record adds to which cells, in each period length."""
    values = record.values
    if isinstance(values, FundingValues):
        return _funding(record, values)
    if isinstance(values, FacilityValues):
        return _facility(record, values)
    if isinstance(values, WorkshopValues):
        return _workshop(record, values)
    return _follow_up(record, values)


@lru_cache(maxsize=20_000)
def periods_for(date: str | None, published: str | None) -> tuple[Period, ...]:
    """The month, quarter and year that a record belongs to: that of its date.

    Where the date is missing or wider than the period, the date of its first publication decides, if it lies within what the
    date says; else the record belongs to no period of that length.
    """
    found = []
    for cadence in Cadence:
        for prefix in (date, published):
            if prefix is None or not is_date_prefix(prefix):
                continue
            period = period_of(first_day(prefix), cadence)
            if fits(prefix, period) and (date is None or prefix == date or covers(date, prefix)):
                found.append(period)
                break
    return tuple(found)


def one_of(values: tuple[str, ...]) -> str:
    """The value of a dimension that can have several: the one, `several`, or `unknown`."""
    if not values:
        return UNKNOWN
    return as_key(values[0]) if len(set(values)) == 1 else SEVERAL


def _funding(record: Record, values: FundingValues) -> dict[Cell, Amounts]:
    key = _key(
        Table.FUNDING,
        str(values.stage),
        one_of(values.donors),
        one_of(values.recipients),
        as_key(values.programme or NONE),
        exclusion(record) or COUNTED,
    )
    common = record.conversion
    sums = (0, 0, 0) if common is None else (cents(common.amount), cents(common.amount_min), cents(common.amount_max))
    amounts = (1, *sums, int(common is None))
    return _in_periods(Table.FUNDING, key, amounts, values.date, record.first_published_on)


def _facility(record: Record, values: FacilityValues) -> dict[Cell, Amounts]:
    """A facility enters a status with each event of its lifecycle and leaves the one before."""
    cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    before: LifecycleEvent | None = None
    for event in record.events:
        if not event.is_legal or event.is_inferred:
            continue
        for status, place in ((event.status, 0), (before.status if before else None, 1)):
            if status is not None:
                key = _key(Table.FACILITIES, values.country or UNKNOWN, str(values.type), status)
                for period in periods_for(event.date, record.first_published_on):
                    cells[Cell(Table.FACILITIES, period.name, key)][place] += 1
        before = event
    return {cell: tuple(amounts) for cell, amounts in cells.items()}


def _workshop(record: Record, values: WorkshopValues) -> dict[Cell, Amounts]:
    """Persons count once trained, so those expected at a planned workshop aren't participants."""
    key = _key(
        Table.WORKSHOPS,
        values.country or UNKNOWN,
        one_of(values.audience),
        one_of(values.organisers),
        as_key(values.programme or NONE),
        str(values.status),
    )
    number = values.count or 1
    trained = values.participants if values.status is not WorkshopStatus.PLANNED else None
    amounts = (number, trained or 0, number if trained is None else 0)
    return _in_periods(Table.WORKSHOPS, key, amounts, values.start or values.end, record.first_published_on)


def _follow_up(record: Record, values: FollowUpValues) -> dict[Cell, Amounts]:
    key = _key(Table.FOLLOW_UPS, as_key(values.conference), one_of(values.parties), str(values.status), record.score or UNKNOWN)
    amounts = (1, int(values.due is not None))
    return _in_periods(Table.FOLLOW_UPS, key, amounts, values.conference_date, record.first_published_on)


def _in_periods(table: Table, key: str, amounts: Amounts, date: str | None, published: str | None) -> dict[Cell, Amounts]:
    return {Cell(table, period.name, key): amounts for period in periods_for(date, published)}


def _key(table: Table, *values: str) -> str:
    return ";".join(f"{name}={value}" for name, value in zip(DIMENSIONS[table], values, strict=True))
