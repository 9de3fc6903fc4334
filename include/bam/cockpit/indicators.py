"""Indicators: the four tables as figures by period and as records, by both clocks, on pages and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection

from bam.cockpit.clocks import Clocks, read_clocks
from bam.cockpit.listing import LAST_PAGE, PAGE_SIZE, pager
from bam.cockpit.pages import path_with
from bam.cockpit.past import figures_of, is_wanted, records_of
from bam.cockpit.titles import TABLE_NAMES
from bam.cockpit.visit import Visit, VisitDep
from bam.indicators.figures import DIMENSIONS, MEASURES, Amounts, Cell, column_of, contributions, in_units
from bam.indicators.frames import STOCK, stocks, table_frame
from bam.indicators.record_frames import record_frame
from bam.indicators.text import to_csv
from bam.model.claims import Table
from bam.model.periods import Cadence, parse_period
from bam.store.browse import (
    RECORD_ORDERS,
    FigureQuery,
    RecordQuery,
    Slice,
    browse_figures,
    browse_records,
    dimension_keys,
    figures_of_keys,
    records_with_values,
)
from bam.store.publications import latest_publication
from bam.store.records import read_records
from bam.store.tables import read_figures

router = APIRouter()

PageNumber = Annotated[int, Query(ge=1, le=LAST_PAGE)]
ShortText = Annotated[str, Query(max_length=200)]

FIELDS: dict[Table, dict[str, str]] = {
    Table.FUNDING: {"stage": "stage", "donor": "donors", "recipient": "recipients", "programme": "programme"},
    Table.FACILITIES: {"country": "country", "type": "type"},
    Table.WORKSHOPS: {
        "country": "country",
        "audience": "audience",
        "organiser": "organisers",
        "programme": "programme",
        "status": "status",
    },
    Table.FOLLOW_UPS: {"conference": "conference", "party": "parties", "status": "status"},
}
"""The fields of a record that give a figure its dimensions, by which the database can find the records behind it."""

NOT_A_VALUE = frozenset({"unknown", "none", "several"})

FILE_PATIENCE_SECONDS = 120.0
"""A download can't come again by itself, so it waits for a past state."""

MOST_CHOICES = 150
"""A filter with more values than this is a field to type into; what is typed may be a part of the value."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure as it is shown: values of the dimensions, measures with their units, and the page of the records behind it."""

    period: str
    dimensions: tuple[str, ...]
    measures: tuple[tuple[float, bool], ...]
    path: str


@router.get("/indicators", response_class=HTMLResponse)
def figures_page(
    visit: VisitDep,
    table: Table = Table.FUNDING,
    cadence: Literal["", "monthly", "quarterly", "yearly"] = "yearly",
    period: ShortText = "",
    sort: ShortText = "",
    as_of: ShortText = "",
    recorded: ShortText = "",
    page: PageNumber = 1,
) -> HTMLResponse:
    """Figures of one table, newest period first."""
    clocks = read_clocks(as_of, recorded)
    query = _figure_query(visit, table, cadence, period, sort)
    columns = _columns(table, visit.context.portfolio.about.currency)
    with visit.context.store.read() as connection:
        number = _number(connection, clocks)
        choices = _choices(dimension_keys(connection, table, number=number), table)
        found, stock = _figures(visit, connection, clocks, query, (page - 1) * PAGE_SIZE, PAGE_SIZE, number)
        publication = latest_publication(connection, clocks.recorded_at)
    asked = dict(visit.request.query_params)
    lines = [_line(place[0], place[1], place[2], amounts, stock, asked) for place, amounts in found.rows]
    return visit.page(
        "figures.html",
        "indicators",
        f"{TABLE_NAMES[table]} by period",
        table=table,
        tables=TABLE_NAMES,
        columns=columns,
        dimensions=DIMENSIONS[table],
        choices={name: values if len(values) <= MOST_CHOICES else None for name, values in choices.items()},
        lines=lines,
        cadence=cadence,
        period=period,
        sort=sort,
        clocks=clocks,
        publication=publication,
        pager=pager("indicators", asked, page, PAGE_SIZE, len(lines), found.total),
        download=path_with("indicators.csv", **{name: value for name, value in asked.items() if name != "page"}),
    )


@router.get("/indicators.csv")
def figures_csv(
    visit: VisitDep,
    table: Table = Table.FUNDING,
    cadence: Literal["", "monthly", "quarterly", "yearly"] = "yearly",
    period: ShortText = "",
    as_of: ShortText = "",
    recorded: ShortText = "",
) -> Response:
    """The same figures, all of them: the file of `bam indicators --format csv`, filtered."""
    clocks = read_clocks(as_of, recorded)
    query = _figure_query(visit, table, cadence, period, "")
    context = visit.context
    with context.store.read() as connection:
        cells = _all_figures(visit, connection, clocks, table)
    wanted = {cell: amounts for cell, amounts in cells.items() if is_wanted(cell, query)}
    frame = table_frame(
        table,
        wanted,
        context.portfolio.about.currency,
        cadence=Cadence(cadence) if cadence else None,
        period=parse_period(period) if period else None,
    )
    return _csv(to_csv(frame), f"{table}.csv")


@router.get("/indicators/records", response_class=HTMLResponse)
def records_page(
    visit: VisitDep,
    table: Table = Table.FUNDING,
    words: ShortText = "",
    sort: ShortText = "",
    as_of: ShortText = "",
    recorded: ShortText = "",
    page: PageNumber = 1,
) -> HTMLResponse:
    """Records of one table, latest news first."""
    clocks = read_clocks(as_of, recorded)
    query = _record_query(table, words, sort)
    with visit.context.store.read() as connection:
        number = _number(connection, clocks)
        offset = (page - 1) * PAGE_SIZE
        if clocks.as_of is None:
            found = browse_records(connection, query, offset=offset, limit=PAGE_SIZE, number=number)
        else:
            found = records_of(visit.desk.as_of(clocks.as_of, clocks.recorded_at), query, offset, PAGE_SIZE)
        publication = latest_publication(connection, clocks.recorded_at)
    asked = dict(visit.request.query_params)
    return visit.page(
        "record_list.html",
        "indicators",
        f"{TABLE_NAMES[table]}: records",
        table=table,
        tables=TABLE_NAMES,
        lines=found.rows,
        words=words,
        sort=sort,
        clocks=clocks,
        publication=publication,
        pager=pager("indicators/records", asked, page, PAGE_SIZE, len(found.rows), found.total),
        download=path_with("indicators/records.csv", **{name: value for name, value in asked.items() if name != "page"}),
    )


@router.get("/indicators/records.csv")
def records_csv(
    visit: VisitDep,
    table: Table = Table.FUNDING,
    words: ShortText = "",
    as_of: ShortText = "",
    recorded: ShortText = "",
) -> Response:
    """All these records with their values, in the columns of `bam indicators --export`."""
    clocks = read_clocks(as_of, recorded)
    query = _record_query(table, words, "")
    context = visit.context
    with context.store.read() as connection:
        if clocks.as_of is None:
            stored = read_records(connection, table=table, number=_number(connection, clocks))
            wanted = [one.record for one in stored if all(word.casefold() in one.title.casefold() for word in words.split())]
        else:
            snapshot = visit.desk.as_of(clocks.as_of, clocks.recorded_at, FILE_PATIENCE_SECONDS)
            wanted = [line.record for line in records_of(snapshot, query, 0, len(snapshot.records)).rows]
    return _csv(to_csv(record_frame(table, wanted, context.portfolio.about.currency)), f"{table}-records.csv")


@router.get("/indicators/figure", response_class=HTMLResponse)
def figure_page(
    visit: VisitDep,
    table: Table,
    period: ShortText,
    key: Annotated[str, Query(max_length=1000)],
    as_of: ShortText = "",
    recorded: ShortText = "",
) -> HTMLResponse:
    """What a figure is made of: the records behind it, each with what it adds."""
    clocks = read_clocks(as_of, recorded)
    cell = Cell(str(table), parse_period(period).name, key)
    parts = []
    with visit.context.store.read() as connection:
        if clocks.as_of is None:
            exact = {
                field: cell.dimensions[name]
                for name, field in FIELDS[table].items()
                if cell.dimensions.get(name, "unknown") not in NOT_A_VALUE
            }
            candidates = records_with_values(connection, table, exact, number=_number(connection, clocks))
        else:
            snapshot = visit.desk.as_of(clocks.as_of, clocks.recorded_at)
            everything = records_of(snapshot, RecordQuery(table, order="title", is_descending=False), 0, len(snapshot.records))
            candidates = ((line.record, line.title) for line in everything.rows)
        for record, title in candidates:
            if (amounts := contributions(record).get(cell)) is not None:
                parts.append((record, title, _measures(table, amounts)))
    return visit.page(
        "figure.html",
        "indicators",
        f"{TABLE_NAMES[table]}, {cell.period}",
        table=table,
        tables=TABLE_NAMES,
        cell=cell,
        measures=[column_of(name, visit.context.portfolio.about.currency) for name in MEASURES[table]],
        parts=parts,
        clocks=clocks,
    )


def _figure_query(visit: Visit, table: Table, cadence: str, period: str, sort: str) -> FigureQuery:
    """The filters of the address: a dimension's name is a parameter of its own (`stage=disbursed`, or `in_party=tj` for a part
    of its values).
    """
    asked = visit.request.query_params
    dimensions = {name: asked[name] for name in DIMENSIONS[table] if asked.get(name)}
    parts = {name: asked[f"in_{name}"] for name in DIMENSIONS[table] if asked.get(f"in_{name}")}
    descending, name = sort.startswith("-"), sort.lstrip("-")
    order: str | int = MEASURES[table].index(name) if name in MEASURES[table] else "period"
    chosen = parse_period(period).name if period else None
    return FigureQuery(table, chosen, cadence or None, dimensions, parts, order, descending or not sort)


def _record_query(table: Table, words: str, sort: str) -> RecordQuery:
    name = sort.lstrip("-")
    if name not in RECORD_ORDERS or (name == "amount" and table is not Table.FUNDING):
        return RecordQuery(table, words)
    return RecordQuery(table, words, order=name, is_descending=sort.startswith("-"))


def _number(connection: Connection, clocks: Clocks) -> int | None:
    """The publication that stood on the second clock; None for the present one, 0 where there was none yet."""
    if clocks.recorded_at is None:
        return None
    publication = latest_publication(connection, clocks.recorded_at)
    return 0 if publication is None else publication.number


def _figures(
    visit: Visit, connection: Connection, clocks: Clocks, query: FigureQuery, offset: int, limit: int, number: int | None
) -> tuple[Slice[Any], Mapping[Cell, tuple[int]]]:
    """A page of figures and, of facilities, how many stood at the end of each period."""
    stock: Mapping[Cell, tuple[int]] = {}
    if clocks.as_of is not None:
        everything = visit.desk.as_of(clocks.as_of, clocks.recorded_at).figures
        found = figures_of(everything, query, offset, limit)
        if query.table is Table.FACILITIES:
            cells = {cell: amounts for cell, amounts in everything.items() if cell.table == query.table}
            stock = stocks(sorted(cells), cells)
        return found, stock
    found = browse_figures(connection, query, offset=offset, limit=limit, number=number)
    if query.table is Table.FACILITIES:
        keys = sorted({place[2] for place, _ in found.rows})
        cells = {Cell(*place): amounts for place, amounts in figures_of_keys(connection, query.table, keys, number=number)}
        stock = stocks(sorted(cells), cells)
    return found, stock


def _all_figures(visit: Visit, connection: Connection, clocks: Clocks, table: Table) -> Mapping[Cell, Amounts]:
    if clocks.as_of is not None:
        everything = visit.desk.as_of(clocks.as_of, clocks.recorded_at, FILE_PATIENCE_SECONDS).figures
        return {cell: amounts for cell, amounts in everything.items() if cell.table == table}
    rows = read_figures(connection, number=_number(connection, clocks), table=str(table))
    return {Cell(*place): amounts for place, amounts in rows}


def _columns(table: Table, currency: str) -> list[tuple[str, str]]:
    """(name to sort by, heading) of the measures; the stock can't be sorted by."""
    measures = [(name, column_of(name, currency)) for name in MEASURES[table]]
    return [*measures, ("", STOCK)] if table is Table.FACILITIES else measures


def _choices(keys: list[str], table: Table) -> dict[str, list[str]]:
    """The values that each dimension has, for the filters."""
    found: dict[str, set[str]] = {name: set() for name in DIMENSIONS[table]}
    for key in keys:
        for name, value in Cell("", "", key).dimensions.items():
            found[name].add(value)
    return {name: sorted(values) for name, values in found.items()}


def _line(
    table: str, period: str, key: str, amounts: Amounts, stock: Mapping[Cell, tuple[int]], asked: Mapping[str, str]
) -> FigureLine:
    cell = Cell(table, period, key)
    clocks = {name: asked.get(name) for name in ("as_of", "recorded")}
    path = path_with("indicators/figure", table=table, period=period, key=key, **clocks)
    extra = tuple((float(number), False) for number in stock.get(cell, ()))
    return FigureLine(period, tuple(cell.dimensions.values()), (*_measures(Table(table), amounts), *extra), path)


def _measures(table: Table, amounts: Amounts) -> tuple[tuple[float, bool], ...]:
    """(number in its unit, whether it is money) of each measure."""
    pairs = zip(MEASURES[table], amounts, strict=True)
    return tuple((in_units(name, value), name.endswith("_cents")) for name, value in pairs)


def _csv(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
