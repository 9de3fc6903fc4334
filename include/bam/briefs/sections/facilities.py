"""Facilities: how many stand where in their life, on a map, on a line of time, and one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bam.briefs.desk import Desk
from bam.briefs.labels import FACILITY_TYPES, STATES, capital, shorten
from bam.briefs.language import NN_
from bam.briefs.model import Count, Facilities, FacilityRow, Sentence
from bam.briefs.sections.facility_pictures import facility_map, facility_timeline
from bam.model.claims import FacilityValues, Table
from bam.model.dates import first_day, is_date_prefix
from bam.model.records import Record

SHORT_ROWS = 6
NAME_LENGTH = 80
_PLACES = NN_("{n} facility", "{n} facilities")


def facility(record: Record) -> FacilityValues:
    """The values of a facility record."""
    assert isinstance(record.values, FacilityValues)
    return record.values


def state_of(record: Record) -> str:
    """The state of a facility; `operational` where nothing is known but that it is used."""
    return record.state or str(facility(record).status)


def write_facilities(desk: Desk) -> Facilities:
    """The section on facilities."""
    records = sorted(desk.records(Table.FACILITIES), key=_recent_first)
    lead = _lead(desk, records)
    counts = tuple(_count(desk, state, records) for state in STATES if any(state_of(r) == state for r in records))
    pictures = bool(records) and (desk.is_full or not desk.is_empty)
    picture = facility_map(desk, records) if pictures else None
    timeline = facility_timeline(desk, records) if pictures else None
    shown, title = _choose(desk, records)
    rest = [record for record in records if record not in shown]
    return Facilities(
        lead=lead,
        counts=counts,
        map=picture,
        timeline=timeline,
        table_title=title,
        rows=tuple(_row(desk, record) for record in shown),
        more=_more(desk, rest) if shown and rest else None,
    )


def _recent_first(record: Record) -> tuple[int, str]:
    date = last_date(record)
    return (-first_day(date).toordinal() if date else 0, record.id)


def last_date(record: Record) -> str | None:
    """The date of the facility's last known status."""
    dates = [event.date for event in record.events if event.is_legal and is_date_prefix(event.date)]
    own = facility(record).status_date
    return dates[-1] if dates else own if is_date_prefix(own) else None


def _count(desk: Desk, state: str, records: Sequence[Record]) -> Count:
    chosen = [record for record in records if state_of(record) == state]
    figure = desk.number(f"facilities.{state}", "places", chosen)
    return Count(state, desk.say(STATES[state]), figure.id, figure.text)


def _lead(desk: Desk, records: Sequence[Record]) -> Sentence:
    """What is being built or planned; what opened in the period is in the headlines."""
    if not records:
        return desk.sentence(desk.say("No facilities are on record."))
    building = [record for record in records if state_of(record) == "under_construction"]
    planned = [record for record in records if state_of(record) == "planned"]
    count = desk.count("facilities.on_record", "places", _PLACES, records)
    if building:
        return desk.sentence(
            desk.language.say_many(
                "Of {count} on record, {building} is under construction: {names}.",
                "Of {count} on record, {building} are under construction: {names}.",
                len(building),
            ),
            cite=building,
            anchor="facilities",
            count=count,
            building=desk.number("facilities.building", "places", building),
            names=named(desk, building),
        )
    if planned:
        return desk.sentence(
            desk.language.say_many(
                "Of {count} on record, none is under construction and {planned} is planned: {names}.",
                "Of {count} on record, none is under construction and {planned} are planned: {names}.",
                len(planned),
            ),
            cite=planned,
            anchor="facilities",
            count=count,
            planned=desk.number("facilities.planned", "places", planned),
            names=named(desk, planned),
        )
    return desk.sentence(desk.say("{count} on record; none is under construction or planned."), count=count)


def named(desk: Desk, records: Sequence[Record]) -> str:
    """Up to three names, and how many more."""
    names = [shorten(facility(record).name, 60) for record in records[:3]]
    if len(records) > 3:
        names.append(desk.language.say_many("{n} more", "{n} more", len(records) - 3).format(n=len(records) - 3))
    return desk.language.join(names)


def _choose(desk: Desk, records: Sequence[Record]) -> tuple[list[Record], str]:
    if desk.is_full:
        return list(records), desk.say("All facilities on record, latest news first")
    if desk.is_empty:
        return [], ""
    fresh = [record for record in records if record.id in desk.new_ids]
    chosen = (fresh + [record for record in records if record not in fresh])[:SHORT_ROWS]
    return chosen, desk.say("New facilities, then those with the latest news") if fresh else desk.say(
        "Facilities with the latest news"
    )


def _row(desk: Desk, record: Record) -> FacilityRow:
    values = facility(record)
    state = state_of(record)
    country = desk.language.party(values.country) if values.country else ""
    where = ", ".join(part for part in (shorten(values.place or "", 40), country) if part)
    return FacilityRow(
        record_id=record.id,
        is_new=record.id in desk.new_ids,
        name=capital(shorten(values.name, NAME_LENGTH)),
        kind=desk.say(FACILITY_TYPES[values.type]),
        place=where or desk.say("not said"),
        status=state,
        status_label=desk.say(STATES.get(state, state)),
        since=desk.language.date(last_date(record), short=True),
        funders=desk.some_parties(values.funders),
        notes=tuple(_row_notes(desk, record)),
        marks=desk.marks(record),
    )


def _row_notes(desk: Desk, record: Record) -> Iterable[str]:
    if record.state_is_inferred:
        yield desk.say("inferred from silence")
    if any(not event.is_legal for event in record.events):
        yield desk.say("sources contradict each other")


def _more(desk: Desk, records: Sequence[Record]) -> Sentence:
    return desk.sentence(
        desk.say("Not shown here: {count}; all of them are in the attached table facilities.csv."),
        count=desk.count("facilities.more", "places", _PLACES, records),
    )
