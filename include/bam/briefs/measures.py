"""Measures over periods: which records make up a key figure in each month, quarter or year.

A record belongs to the period of its own date. Where that is missing or wider than a period (a year, for a monthly brief), the
date of its first publication decides, if it lies within what the record says; else the record is in no single period, and only in
what is on record.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bam.briefs.material import Cell, Member, Series
from bam.model.claims import (
    FacilityStatus,
    FacilityValues,
    FollowUpStatus,
    FollowUpValues,
    FundingValues,
    Stage,
    Table,
    WorkshopStatus,
    WorkshopValues,
)
from bam.model.dates import covers, first_day, is_date_prefix, last_day
from bam.model.periods import Cadence, Period, fits, period_of
from bam.model.records import LedgerEntry, Record

SERIES_LENGTH = {Cadence.MONTH: 12, Cadence.QUARTER: 8, Cadence.YEAR: 6}
"""Periods in a trend line, the issue's own one last."""

PERIODS_OF_A_YEAR = {Cadence.MONTH: 12, Cadence.QUARTER: 4, Cadence.YEAR: 1}

_CLOSED = (FollowUpStatus.DONE, FollowUpStatus.DROPPED)

Members = Callable[["Calendar"], dict[Period, list[Member]]]
"""The members of a measure's figure in each period that has any."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A key figure: its name, its unit (None: the common currency) and what makes it up in each period."""

    name: str
    unit: str | None
    members: Members


@dataclass(frozen=True, slots=True)
class Calendar:
    """Records by period. `counted` holds the ids of funding records that their stage's total counts, `placements` the period
    of every record whose dates tell one.
    """

    period: Period
    as_of: dt.date
    records: tuple[Record, ...]
    counted: frozenset[str]
    placements: Mapping[str, Period]

    def in_period(self, record: Record) -> bool:
        """Whether the record belongs to the period of the issue."""
        return self.placements.get(record.id) == self.period

    def in_last_year(self, record: Record) -> bool:
        """Whether it belongs to the twelve months that end with the issue's period."""
        placed = self.placements.get(record.id)
        first = self.period.shifted(1 - PERIODS_OF_A_YEAR[self.period.cadence])
        return placed is not None and first.first_day <= placed.first_day <= self.period.first_day

    def window(self) -> tuple[Period, ...]:
        """The periods of a trend line."""
        return tuple(self.period.shifted(-steps) for steps in reversed(range(SERIES_LENGTH[self.period.cadence])))

    def series(self, measure: Measure, currency: str) -> Series:
        """The measure over the window."""
        by_period = measure.members(self)
        cells = []
        for period in self.window():
            members = tuple(by_period.get(period, ()))
            cells.append(Cell(period.name, round(math.fsum(member.value for member in members), 2), members))
        return Series(measure.name, measure.unit or currency, tuple(cells))


def calendar_of(period: Period, as_of: dt.date, records: tuple[Record, ...], ledger: Iterable[LedgerEntry]) -> Calendar:
    """The calendar of an issue."""
    placements = {
        record.id: placed
        for record in records
        if (placed := place(date_of(record), record.first_published_on, period.cadence)) is not None
    }
    return Calendar(period, as_of, records, counted_ids(ledger), placements)


def place(date: str | None, published: str | None, cadence: Cadence) -> Period | None:
    """The period of a date prefix; of the publication where the date is wider than a period and contains it."""
    for prefix in (date, published):
        if is_date_prefix(prefix):
            assert prefix is not None
            period = period_of(first_day(prefix), cadence)
            if fits(prefix, period) and (date is None or prefix == date or covers(date, prefix)):
                return period
    return None


def date_of(record: Record) -> str | None:
    """The date that a record is counted under: of the sum, the event, the last status, the conference."""
    values = record.values
    date: str | None
    if isinstance(values, FundingValues):
        date = values.date
    elif isinstance(values, WorkshopValues):
        date = values.start or values.end
    elif isinstance(values, FacilityValues):
        date = values.status_date
    else:
        date = values.conference_date
    return date if is_date_prefix(date) else None


def opening(record: Record) -> str | None:
    """When a facility came into operation: its first dated event that says so, inferred ones excluded."""
    if not isinstance(record.values, FacilityValues):
        return None
    for event in record.events:
        if event.status == FacilityStatus.OPERATIONAL and event.is_dated and not event.is_inferred and event.is_legal:
            return event.date
    if not record.events and record.values.status is FacilityStatus.OPERATIONAL:
        return record.values.status_date
    return None


def counted_ids(ledger: Iterable[LedgerEntry]) -> frozenset[str]:
    """Funding records that count in the total of their stage, with a rate to the common currency."""
    return frozenset(
        entry.record_id for entry in ledger if entry.dimension == "stage" and entry.is_counted and entry.amount_common is not None
    )


def is_overdue_on(record: Record, day: dt.date) -> bool:
    """Whether a promise was due before that day and nothing known by then reports it done or dropped."""
    values = record.values
    if not isinstance(values, FollowUpValues) or not is_date_prefix(values.due):
        return False
    assert values.due is not None
    closings = [event.date for event in record.events if event.status in _CLOSED and event.date is not None]
    is_closed = any(first_day(date) < day for date in closings)
    if not closings:
        # Closed by something without a date: we can't tell since when, so it counts as closed all along.
        is_closed = record.score in ("+1", "-1") or values.status in _CLOSED
    return last_day(values.due) < day and not is_closed


def _by_period(values: Iterable[tuple[Period | None, str, float]]) -> dict[Period, list[Member]]:
    found: dict[Period, list[Member]] = defaultdict(list)
    for period, record_id, value in values:
        if period is not None:
            found[period].append(Member(record_id, value))
    return found


def _sums(stage: Stage) -> Members:
    def members(calendar: Calendar) -> dict[Period, list[Member]]:
        return _by_period(
            (
                (calendar.placements.get(record.id), record.id, record.conversion.amount)
                for record in calendar.records
                if isinstance(record.values, FundingValues)
                and record.values.stage is stage
                and record.id in calendar.counted
                and record.conversion is not None
            ),
        )

    return members


def _people(calendar: Calendar) -> dict[Period, list[Member]]:
    return _by_period(
        (
            (calendar.placements.get(record.id), record.id, float(record.values.participants))
            for record in calendar.records
            if isinstance(record.values, WorkshopValues)
            and record.values.status is not WorkshopStatus.PLANNED
            and record.values.participants
        ),
    )


def _openings(calendar: Calendar) -> dict[Period, list[Member]]:
    cadence = calendar.period.cadence
    return _by_period(
        (
            (place(day, record.first_published_on, cadence), record.id, 1.0)
            for record in calendar.records
            if record.table is Table.FACILITIES and (day := opening(record))
        ),
    )


def _overdue(calendar: Calendar) -> dict[Period, list[Member]]:
    """At the end of each period of the window, in the issue's own one on the issue's day."""
    promises = [record for record in calendar.records if record.table is Table.FOLLOW_UPS]
    found = {
        period: [Member(record.id, 1.0) for record in promises if is_overdue_on(record, period.last_day + dt.timedelta(days=1))]
        for period in calendar.window()[:-1]
    }
    found[calendar.period] = [Member(record.id, 1.0) for record in promises if record.is_overdue]
    return found


MEASURES = (
    Measure("pledged", None, _sums(Stage.PLEDGED)),
    Measure("committed", None, _sums(Stage.COMMITTED)),
    Measure("disbursed", None, _sums(Stage.DISBURSED)),
    Measure("people_trained", "people", _people),
    Measure("facilities_opened", "places", _openings),
    Measure("promises_overdue", "promises", _overdue),
)
"""The key figures, in the order of the page."""
