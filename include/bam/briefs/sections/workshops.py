"""Trainings: how many were held, who was trained in what, and what is coming."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bam.briefs.desk import Desk
from bam.briefs.labels import capital, shorten
from bam.briefs.language import N_, NN_
from bam.briefs.model import Bar, BarChart, Count, Sentence, WorkshopRow, Workshops
from bam.model.claims import Table, WorkshopStatus, WorkshopValues
from bam.model.dates import first_day, is_date_prefix, last_day
from bam.model.records import Record

SHORT_ROWS = 7
SHORT_COMING = 4
CHART_ROWS = 6
TOPIC_LENGTH = 100
_EVENTS = NN_("{n} training", "{n} trainings")
_OTHER_TOPIC = N_("Other topics")
_JOINT = N_("Several countries jointly")
_NOT_NAMED = N_("Not named")


def workshop(record: Record) -> WorkshopValues:
    """The values of a workshop record."""
    assert isinstance(record.values, WorkshopValues)
    return record.values


def write_workshops(desk: Desk) -> Workshops:
    """The section on trainings."""
    records = desk.records(Table.WORKSHOPS)
    held = sorted((record for record in records if not _is_coming(desk, record)), key=_recent_first)
    coming = sorted((record for record in records if _is_coming(desk, record)), key=_soonest_first)
    lead = _lead(desk, held)
    counts = _counts(desk, held, coming)
    charts = bool(held) and (desk.is_full or not desk.is_empty)
    topics = _chart(desk, held, "topic", _topic_of) if charts else None
    audiences = _chart(desk, held, "audience", _audience_of) if charts else None
    limit = len(held) if desk.is_full else 0 if desk.is_empty else SHORT_ROWS
    shown = _fresh_first(desk, held)[:limit]
    return Workshops(
        lead=lead,
        counts=counts,
        topics=topics,
        audiences=audiences,
        held_title=desk.say("All trainings held, latest first") if desk.is_full else desk.say("Held, latest first"),
        held=tuple(_row(desk, record) for record in shown),
        held_more=_more(desk, [record for record in held if record not in shown]) if shown else None,
        coming=tuple(_row(desk, record) for record in (coming if desk.is_full else coming[:SHORT_COMING])),
        notes=(desk.say("People trained are those whom a source says took part; announced numbers are not counted."),)
        if held
        else (),
    )


def _is_coming(desk: Desk, record: Record) -> bool:
    """Planned, and not over by its own dates."""
    values = workshop(record)
    if values.status is not WorkshopStatus.PLANNED:
        return False
    end = values.end or values.start
    return not is_date_prefix(end) or last_day(str(end)) >= desk.as_of


def _date(record: Record) -> str | None:
    values = workshop(record)
    return next((date for date in (values.start, values.end, record.first_published_on) if is_date_prefix(date)), None)


def _recent_first(record: Record) -> tuple[int, str]:
    date = _date(record)
    return (-first_day(date).toordinal() if date else 0, record.id)


def _soonest_first(record: Record) -> tuple[int, str]:
    date = workshop(record).start
    return (first_day(date).toordinal() if date and is_date_prefix(date) else 10**7, record.id)


def _fresh_first(desk: Desk, held: Sequence[Record]) -> list[Record]:
    if desk.is_full:
        return list(held)
    fresh = [record for record in held if record.id in desk.new_ids]
    return fresh + [record for record in held if record not in fresh]


def _people(records: Iterable[Record]) -> int:
    return sum(workshop(record).participants or 0 for record in records if workshop(record).status is not WorkshopStatus.PLANNED)


def _lead(desk: Desk, held: Sequence[Record]) -> Sentence:
    """The last twelve months, or what is on record where they were empty; the period itself is in the headlines."""
    if not held:
        return desk.sentence(desk.say("No trainings held are on record."))
    year = [record for record in held if desk.calendar.in_last_year(record)]
    counted = [record for record in year or held if workshop(record).participants]
    scope = "year" if year else "record"
    template = (
        desk.say("{count} were held in the last twelve months; {people} took part in those that report numbers.")
        if year
        else desk.say(
            "None was held in the last twelve months. On record are {count}, with {people} in those that report numbers."
        )
    )
    return desk.sentence(
        template,
        cite=sorted(counted, key=lambda record: (-(workshop(record).participants or 0), record.id)),
        anchor="workshops",
        count=desk.count(f"workshops.held.{scope}", "events", _EVENTS, year or held),
        people=desk.people(f"workshops.people.{scope}", _people(counted), counted),
    )


def _counts(desk: Desk, held: Sequence[Record], coming: Sequence[Record]) -> tuple[Count, ...]:
    year = [record for record in held if desk.calendar.in_last_year(record)]
    trained = [record for record in held if workshop(record).participants]
    entries = (
        ("held_year", N_("held in the last twelve months"), "events", float(len(year)), year, "count"),
        ("held", N_("held on record"), "events", float(len(held)), list(held), "count"),
        ("people", N_("people trained on record"), "people", float(_people(trained)), trained, "sum"),
        ("coming", N_("announced"), "events", float(len(coming)), list(coming), "count"),
    )
    return tuple(
        Count(
            code,
            desk.say(label),
            desk.figure(f"workshops.{code}", value, unit, desk.language.number(value), records, rule=rule).id,
            desk.language.number(value),
        )
        for code, label, unit, value, records, rule in entries
    )


@dataclass(frozen=True, slots=True, order=True)
class _Group:
    """What trainings are grouped by: `key` names it in every language, `is_rest` marks what is no single thing."""

    is_rest: bool
    key: str
    label: str


def _topic_of(desk: Desk, record: Record) -> _Group:
    text = " " + " ".join(workshop(record).topic.lower().replace("-", " ").split())
    for topic in desk.order.topics:
        if any(f" {word.lower().replace('-', ' ')}" in text for word in topic.words):
            return _Group(False, topic.key, topic.label)
    return _Group(True, "other", desk.say(_OTHER_TOPIC))


def _audience_of(desk: Desk, record: Record) -> _Group:
    audience = workshop(record).audience
    if len(audience) > 1:
        return _Group(True, "several", desk.say(_JOINT))
    return (
        _Group(False, audience[0], desk.language.party(audience[0]))
        if audience
        else _Group(True, "unknown", desk.say(_NOT_NAMED))
    )


def _chart(desk: Desk, held: Sequence[Record], name: str, group_of: Callable[[Desk, Record], _Group]) -> BarChart | None:
    """People trained by topic or audience: in the last twelve months where there were any, else on record."""
    year = [record for record in held if desk.calendar.in_last_year(record) and workshop(record).participants]
    groups: dict[_Group, list[Record]] = defaultdict(list)
    for record in year or [record for record in held if workshop(record).participants]:
        groups[group_of(desk, record)].append(record)
    if not groups:
        return None
    figures = {group: desk.people(f"workshops.{name}.{group.key}", _people(found), found) for group, found in groups.items()}
    order = sorted(groups, key=lambda group: (group.is_rest, -figures[group].value, group.key))
    bars = [
        Bar(group.label, figures[group].value, desk.language.number(figures[group].value), group.is_rest)
        for group in order[:CHART_ROWS]
    ]
    if rest := order[CHART_ROWS:]:
        number = math.fsum(figures[group].value for group in rest)
        bars.append(Bar(desk.say("{n} others").format(n=len(rest)), number, desk.language.number(number), is_rest=True))
    template = {
        "topic": desk.say("Largest single subject: {label}, {people}."),
        "audience": desk.say("Largest single audience: {label}, {people}."),
    }[name]
    span = desk.say("People trained, last twelve months") if year else desk.say("People trained, on record")
    top = order[0]
    return BarChart(
        title=desk.sentence(template, cite=groups[top][:3], anchor="workshops", label=top.label, people=figures[top]),
        subtitle=span,
        alt=span + ": " + "; ".join(f"{bar.label} {bar.text}" for bar in bars) + ".",
        bars=tuple(bars),
    )


def _row(desk: Desk, record: Record) -> WorkshopRow:
    values = workshop(record)
    where = [shorten(values.place or "", 40), desk.language.party(values.country) if values.country else ""]
    return WorkshopRow(
        record_id=record.id,
        is_new=record.id in desk.new_ids,
        topic=capital(shorten(values.topic, TOPIC_LENGTH)),
        when=desk.language.span(values.start, values.end),
        place=", ".join(part for part in where if part) or desk.say("not said"),
        organisers=desk.some_parties(values.organisers),
        audience=desk.some_parties(values.audience),
        participants=desk.language.number(values.participants) if values.participants is not None else "–",
        notes=tuple(_row_notes(desk, values)),
        marks=desk.marks(record),
    )


def _row_notes(desk: Desk, values: WorkshopValues) -> Iterable[str]:
    if values.count and values.count > 1:
        yield desk.language.say_many("{n} course", "{n} courses", values.count).format(n=values.count)
    if values.status is WorkshopStatus.ONGOING:
        yield desk.say("under way")


def _more(desk: Desk, records: Sequence[Record]) -> Sentence | None:
    if not records:
        return None
    return desk.sentence(
        desk.say("Not shown here: {count}; all of them are in the attached table workshops.csv."),
        count=desk.count("workshops.more", "events", _EVENTS, records),
    )
