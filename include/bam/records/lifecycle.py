"""Dated events of a record: a facility's lifecycle, a sum's stages, what was heard of a promise; and what silence suggests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bam.model.claims import Claim, FacilityStatus, FacilityValues, FollowUpStatus, FundingValues, Stage, Table, WorkshopValues
from bam.model.dates import first_day, is_date_prefix, last_day
from bam.model.records import LifecycleEvent, Record

SUSPENDED = "suspended"
CANCELLED = "cancelled"

LEGAL_STEPS: dict[str, frozenset[str]] = {
    FacilityStatus.PLANNED: frozenset({FacilityStatus.UNDER_CONSTRUCTION, FacilityStatus.OPERATIONAL, SUSPENDED, CANCELLED}),
    FacilityStatus.UNDER_CONSTRUCTION: frozenset({FacilityStatus.OPERATIONAL, FacilityStatus.CLOSED, SUSPENDED, CANCELLED}),
    # A working facility can be renovated, and its renovation planned.
    FacilityStatus.OPERATIONAL: frozenset(
        {FacilityStatus.PLANNED, FacilityStatus.UNDER_CONSTRUCTION, FacilityStatus.CLOSED, SUSPENDED}
    ),
    FacilityStatus.CLOSED: frozenset({FacilityStatus.PLANNED, FacilityStatus.UNDER_CONSTRUCTION, FacilityStatus.OPERATIONAL}),
    SUSPENDED: frozenset({*FacilityStatus, CANCELLED}),
    CANCELLED: frozenset({FacilityStatus.PLANNED, FacilityStatus.UNDER_CONSTRUCTION}),
}
"""Steps of a facility's life that can be; any other is a finding (`LifecycleEvent.is_legal` is False)."""

SUSPENDED_AFTER_YEARS = 2
CANCELLED_AFTER_YEARS = 4
"""Years without news after which unfinished work is taken for suspended, then for cancelled, as the trackers of Global Energy
Monitor do ("shelved" and "cancelled", inferred after two and four years)."""

_UNFINISHED = frozenset({FacilityStatus.PLANNED, FacilityStatus.UNDER_CONSTRUCTION})


def events_of(table: Table, claims: Sequence[Claim], keys: Mapping[str, str]) -> tuple[LifecycleEvent, ...]:
    """The events that the claims report, oldest first; a status that was reached already is no event again."""
    found = [_event(table, claim) for claim in sorted(claims, key=lambda claim: keys[claim.id])]
    order = {status: rank for rank, status in enumerate(_order(table))}
    found.sort(key=lambda event: (_day(event), order[event.status], not event.is_dated))
    events: list[LifecycleEvent] = []
    state: str | None = None
    for event in found:
        if event.status == state:
            continue
        is_legal = table is not Table.FACILITIES or state is None or event.status in LEGAL_STEPS[state]
        events.append(replace(event, is_legal=is_legal))
        if is_legal:
            state = event.status
    return tuple(events)


def infer_from_silence(record: Record, on: dt.date) -> Record:
    """The record with what silence suggests as of a day: unfinished work that nobody has mentioned for years.

    The inferred event carries the day from which the silence counts, and says that nobody reported it.
    """
    if record.table is not Table.FACILITIES or record.state not in _UNFINISHED or record.last_published_on is None:
        return record
    heard = [last_day(record.last_published_on), *(last_day(event.date) for event in record.events if event.date)]
    last_heard = max(day for day in heard)
    inferred = [
        LifecycleEvent(status, day.isoformat(), None, is_inferred=True)
        for status, years in ((SUSPENDED, SUSPENDED_AFTER_YEARS), (CANCELLED, CANCELLED_AFTER_YEARS))
        if (day := years_after(last_heard, years)) <= on
    ]
    return replace(record, events=(*record.events, *inferred), flags=record.flags + (("inferred_state",) if inferred else ()))


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 1 March for 29 February in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def _event(table: Table, claim: Claim) -> LifecycleEvent:
    values = claim.values
    if isinstance(values, FundingValues):
        status, date = str(values.stage), values.date
    elif isinstance(values, FacilityValues):
        status, date = str(values.status), values.status_date
    elif isinstance(values, WorkshopValues):
        status, date = str(values.status), values.start or values.end
    else:
        status, date = str(values.status), None
    known = next((prefix for prefix in (date, claim.published_on) if is_date_prefix(prefix)), None)
    return LifecycleEvent(status, known, claim.id, is_dated=known is not None and known == date)


def _order(table: Table) -> Iterable[str]:
    if table is Table.FUNDING:
        return Stage
    if table is Table.WORKSHOPS:
        return ("planned", "ongoing", "held")
    return FollowUpStatus if table is Table.FOLLOW_UPS else FacilityStatus


def _day(event: LifecycleEvent) -> int:
    """Undated and unpublished events come first: nothing says that they are news."""
    return first_day(event.date).toordinal() if event.date else 0
