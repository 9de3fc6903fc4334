"""Key figures: each measure's value in the period, its change, its course, and where the stock stands."""

from __future__ import annotations

from collections.abc import Sequence

from bam.briefs.desk import MARKS_PER_SENTENCE, Desk, weight
from bam.briefs.labels import MEASURES
from bam.briefs.material import Series
from bam.briefs.measures import MEASURES as DEFINED
from bam.briefs.model import Tile
from bam.briefs.sections.facilities import state_of
from bam.briefs.sections.workshops import workshop
from bam.model.claims import Table
from bam.model.periods import Period
from bam.model.records import Record

_ANCHORS = {"people_trained": "workshops", "facilities_opened": "facilities", "promises_overdue": "follow_ups"}


def write_series(desk: Desk) -> tuple[Series, ...]:
    """All measures over the window of the trend lines."""
    return tuple(desk.calendar.series(measure, desk.currency) for measure in DEFINED)


def write_key_figures(desk: Desk, series: Sequence[Series]) -> tuple[Tile, ...]:
    """One tile per measure."""
    by_id = {record.id: record for record in desk.material.records}
    return tuple(_tile(desk, one, by_id) for one in series)


def _tile(desk: Desk, series: Series, by_id: dict[str, Record]) -> Tile:
    now, before = series.cells[-1], series.cells[-2]
    records = sorted((by_id[member.record_id] for member in now.members), key=weight)
    figure_id = f"key.{series.measure}"
    if series.unit == desk.currency:
        figure = desk.money(figure_id, records)
    else:
        figure = desk.figure(figure_id, now.value, series.unit, desk.language.number(now.value), records, rule="sum")
    anchor = _ANCHORS.get(series.measure, "funding")
    marks, more = desk.sources.of_records(records, 0 if desk.is_flash else MARKS_PER_SENTENCE)
    label = desk.say(MEASURES[series.measure])
    return Tile(
        measure=series.measure,
        label=label,
        figure=figure.id,
        text=figure.text if figure.value or series.unit != desk.currency else desk.say("none"),
        change=_change(desk, series, now.value - before.value, before.value),
        direction=(now.value > before.value) - (now.value < before.value),
        series=tuple(cell.value for cell in series.cells),
        series_alt=_series_alt(desk, label, series),
        on_record=_on_record(desk, series.measure),
        marks=marks,
        more=0 if desk.is_flash else more,
        anchor=anchor,
    )


def _change(desk: Desk, series: Series, difference: float, before: float) -> str:
    """The change against the period before in words, so that it needs no colour."""
    period = desk.language.period(Period(series.cells[-2].period), short=True)
    if difference == 0:
        return desk.say("as in {period}").format(period=period)
    size = abs(difference)
    text = desk.language.money(size, series.unit) if series.unit == desk.currency else desk.language.number(size)
    if before == 0:
        return desk.say("none in {period}").format(period=period)
    template = desk.say("{size} up on {period}") if difference > 0 else desk.say("{size} down on {period}")
    return template.format(size=text, period=period)


def _series_alt(desk: Desk, label: str, series: Series) -> str:
    """The trend line in words: where it starts, its highest point, where it ends."""

    def text(value: float) -> str:
        return desk.language.money(value, series.unit) if series.unit == desk.currency else desk.language.number(value)

    highest = max(series.cells, key=lambda cell: cell.value)
    return desk.say("{label} from {first} to {last}: first {start}, highest {top} ({when}), last {end}.").format(
        label=label,
        first=desk.language.period(Period(series.cells[0].period), short=True),
        last=desk.language.period(Period(series.cells[-1].period), short=True),
        start=text(series.cells[0].value),
        top=text(highest.value),
        when=desk.language.period(Period(highest.period), short=True),
        end=text(series.cells[-1].value),
    )


def _on_record(desk: Desk, measure: str) -> str:
    """The state of the stock behind the flow; empty where the flow is a stock itself."""
    if measure in ("pledged", "committed", "disbursed"):
        counted = [
            record
            for record in desk.records(Table.FUNDING)
            if record.id in desk.calendar.counted and str(getattr(record.values, "stage", "")) == measure
        ]
        if not counted:
            return desk.say("nothing on record")
        return desk.say("{amount} on record").format(
            amount=desk.money(f"funding.{measure}.on_record", sorted(counted, key=weight)).text
        )
    if measure == "people_trained":
        counted = [
            record
            for record in desk.records(Table.WORKSHOPS)
            if workshop(record).participants and workshop(record).status != "planned"
        ]
        number = sum(workshop(record).participants or 0 for record in counted)
        return desk.say("{people} on record").format(people=desk.language.number(number))
    if measure == "facilities_opened":
        running = [record for record in desk.records(Table.FACILITIES) if state_of(record) == "operational"]
        return desk.language.say_many("{n} in operation", "{n} in operation", len(running)).format(
            n=desk.language.number(len(running))
        )
    every = desk.records(Table.FOLLOW_UPS)
    return desk.language.say_many("of {n} on record", "of {n} on record", len(every)).format(n=desk.language.number(len(every)))
