"""The map and the timeline of facilities, as data; the drawing is in `bam.briefs.charts`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from bam.briefs.desk import Desk
from bam.briefs.labels import STATES, capital, shorten
from bam.briefs.language import NN_
from bam.briefs.model import FacilityMap, MapPoint, Sentence, Timeline, TimelineEvent, TimelineRow
from bam.model.claims import FacilityValues
from bam.model.dates import first_day, is_date_prefix, last_day
from bam.model.records import Record

TIMELINE_ROWS = 8
LABEL_LENGTH = 44
SHORTEST_WAY_YEARS = 0.5
_LIVELIEST_FIRST = ("under_construction", "planned", "operational", "suspended", "closed", "cancelled")
"""The state that a place with several facilities is drawn in: where something is going on, a reader should look."""


def facility_map(desk: Desk, records: Sequence[Record]) -> FacilityMap | None:
    """Facilities by place; None where no place is known."""
    located = {location.record_id: (location.latitude, location.longitude) for location in desk.material.locations}
    by_place: dict[tuple[float, float], list[Record]] = defaultdict(list)
    for record in records:
        if record.id in located:
            by_place[located[record.id]].append(record)
    if not by_place:
        return None
    points = tuple(
        sorted((_point(desk, at, found) for at, found in by_place.items()), key=lambda point: (-point.count, point.label))
    )
    placed = [record for record in records if record.id in located]
    unplaced = len(records) - len(placed)
    first = points[0]
    has_centre = first.count > 1 and (len(points) == 1 or first.count > points[1].count)
    title = desk.sentence(
        desk.say("Where they stand: {count} at {places}, {most} of them at {place}.")
        if has_centre
        else desk.say("Where they stand: {count} at {places}."),
        count=desk.count("facilities.placed", "places", NN_("{n} facility", "{n} facilities"), placed),
        places=desk.language.say_many("{n} place", "{n} places", len(points)).format(n=len(points)),
        most=desk.language.number(first.count),
        place=first.label,
    )
    states = {_state(record) for record in placed}
    return FacilityMap(
        title=title,
        alt=" ".join(_alt(desk, point, by_place) for point in points),
        countries=desk.order.countries,
        country_labels=tuple(desk.language.party(country) for country in desk.order.countries),
        points=points,
        legend=_legend(desk, states),
        unplaced=unplaced,
        note=_note(desk, unplaced),
    )


def facility_timeline(desk: Desk, records: Sequence[Record]) -> Timeline | None:
    """The facilities with the richest dated history, earliest first; None where nothing is dated."""
    histories = [(record, events) for record in records if (events := _events(desk, record))]
    if not histories:
        return None
    histories.sort(key=lambda item: (-len(item[1]), -item[1][-1].at, item[0].id))
    chosen = sorted(histories[:TIMELINE_ROWS], key=lambda item: (item[1][0].at, item[0].id))
    rows = tuple(TimelineRow(capital(shorten(_values(record).name, LABEL_LENGTH)), events) for record, events in chosen)
    states = {event.status for _, events in chosen for event in events}
    return Timeline(
        title=_timeline_title(desk, histories),
        alt=" ".join(f"{row.label}: {', '.join(event.text for event in row.events)}." for row in rows),
        rows=rows,
        legend=_legend(desk, states),
        now=years(desk.as_of),
        now_label=desk.language.date(desk.as_of.isoformat(), short=True),
    )


def _timeline_title(desk: Desk, histories: Sequence[tuple[Record, tuple[TimelineEvent, ...]]]) -> Sentence:
    """Which facility took longest from its first known state to its opening."""
    ways = [
        (opened.at - events[0].at, record)
        for record, events in histories
        for opened in [next((event for event in events if event.status == "operational"), events[0])]
        if opened.at - events[0].at >= SHORTEST_WAY_YEARS
    ]
    if not ways:
        return desk.sentence(desk.say("How they came about, as far as dates are reported."))
    took, record = max(ways, key=lambda way: (way[0], way[1].id))
    return desk.sentence(
        desk.say("How they came about: {name} took longest to open, {years} years."),
        cite=[record],
        anchor="facilities",
        name=shorten(_values(record).name, 70),
        years=desk.language.number_fixed(took, 1),
    )


def years(day: dt.date) -> float:
    """A day as a number of years, for an axis."""
    start = dt.date(day.year, 1, 1)
    return day.year + (day - start).days / ((dt.date(day.year + 1, 1, 1) - start).days)


def _values(record: Record) -> FacilityValues:
    assert isinstance(record.values, FacilityValues)
    return record.values


def _state(record: Record) -> str:
    return record.state or str(_values(record).status)


def _point(desk: Desk, at: tuple[float, float], records: Sequence[Record]) -> MapPoint:
    states = {_state(record) for record in records}
    status = next((state for state in _LIVELIEST_FIRST if state in states), "operational")
    label = min((_values(record).place or _values(record).name for record in records), key=lambda name: (len(name), name))
    return MapPoint(at[0], at[1], shorten(label, 26), status, len(records))


def _alt(desk: Desk, point: MapPoint, by_place: dict[tuple[float, float], list[Record]]) -> str:
    records = by_place[point.latitude, point.longitude]
    listed = "; ".join(f"{shorten(_values(r).name, 60)} ({desk.say(STATES.get(_state(r), _state(r)))})" for r in records[:4])
    more = f" +{len(records) - 4}" if len(records) > 4 else ""
    return f"{point.label}: {listed}{more}."


def _note(desk: Desk, unplaced: int) -> str:
    note = desk.say("Borders: Natural Earth. Lines and names imply no view on the legal status of any territory.")
    if unplaced:
        missing = desk.language.say_many(
            "{n} facility is not on the map because its place is not known.",
            "{n} facilities are not on the map because their places are not known.",
            unplaced,
        ).format(n=unplaced)
        return f"{missing} {note}"
    return note


def _legend(desk: Desk, states: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((state, desk.say(label)) for state, label in STATES.items() if state in states)


def _events(desk: Desk, record: Record) -> tuple[TimelineEvent, ...]:
    """The facility's dated events, a run of the same state once, what silence suggests left out."""
    events: list[TimelineEvent] = []
    for event in record.events:
        if event.is_inferred or not event.is_dated or not event.is_legal or not is_date_prefix(event.date):
            continue
        assert event.date is not None
        if events and events[-1].status == event.status:
            continue
        middle = (years(first_day(event.date)) + years(last_day(event.date))) / 2
        label = desk.say(STATES.get(event.status, event.status))
        events.append(TimelineEvent(event.status, middle, f"{label} {desk.language.date(event.date, short=True)}"))
    return tuple(events)
