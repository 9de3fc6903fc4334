"""The published tables a page at a time: filtered, sorted and cut in the database, however many rows there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, and_, cast, false, func, literal, or_, select, tuple_

from bam.model.claims import VALUES_BY_TABLE, Stage, Table
from bam.model.record_json import record_from_dict
from bam.model.records import Record
from bam.store.publications import Publication, read_publications, standing
from bam.store.schema.documents import documents, extractions, versions
from bam.store.schema.records import figures, ledger_entries, record_versions
from bam.store.tables import Place

T = TypeVar("T")

_VERSION_LINES = select(
    versions.c.id,
    versions.c.document_id,
    documents.c.address,
    versions.c.title,
    versions.c.status,
    versions.c.reason,
    versions.c.recorded_at,
).join(documents, documents.c.id == versions.c.document_id)

RECORD_ORDERS = ("weakness", "title", "first_known_on", "last_known_on", "amount")
"""What records can be sorted by; `amount` is in the common currency, of funding only."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some rows of a longer list: those from `offset` on, of `total` in all."""

    rows: tuple[T, ...]
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records: of a table, with these words in the title, known between two days; sorted by one of RECORD_ORDERS."""

    table: Table | None = None
    words: str = ""
    known_from: str | None = None
    known_to: str | None = None
    order: str = "last_known_on"
    is_descending: bool = True


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """Which figures: of a table, of periods of a length or of one period, with these values of dimensions, and with `parts` in
    the values of others. `order` is `period` or the number of a measure.
    """

    table: Table
    period: str | None = None
    cadence: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    order: str | int = "period"
    is_descending: bool = True


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record with its title and weakness."""

    record: Record
    title: str
    weakness: float


def browse_records(
    connection: Connection, query: RecordQuery, *, offset: int, limit: int, number: int | None = None
) -> Slice[ListedRecord]:
    """Records that stand, or stood in the publication `number`."""
    where = and_(standing(record_versions, number), *_record_conditions(query))
    total = int(connection.execute(select(func.count()).select_from(record_versions).where(where)).scalar_one())
    # Keys are sorted first: a record's body is large, and only those of one page are wanted.
    keys = _ordered(select(record_versions.c.id, record_versions.c.since).where(where), query, number)
    wanted = [(row.id, row.since) for row in connection.execute(keys.offset(offset).limit(limit))]
    found = select(record_versions).where(tuple_(record_versions.c.id, record_versions.c.since).in_(wanted))
    by_id = {row.id: row for row in connection.execute(found)}
    rows = tuple(ListedRecord(record_from_dict(row.body), row.title, row.weakness) for row in (by_id[key] for key, _ in wanted))
    return Slice(rows, offset, total)


def browse_figures(
    connection: Connection, query: FigureQuery, *, offset: int, limit: int, number: int | None = None
) -> Slice[tuple[Place, tuple[int, ...]]]:
    """Figures that stand, or stood in the publication `number`."""
    where = and_(standing(figures, number), *_figure_conditions(query))
    total = int(connection.execute(select(func.count()).select_from(figures).where(where)).scalar_one())
    main: ColumnElement[Any] = figures.c.period
    if isinstance(query.order, int):
        main = cast(figures.c.measures[query.order].as_string(), Integer)
    main = main.desc() if query.is_descending else main.asc()
    wanted = select(figures).where(where).order_by(main, figures.c.period.desc(), figures.c.key).offset(offset).limit(limit)
    rows = tuple(((row.table_name, row.period, row.key), tuple(row.measures)) for row in connection.execute(wanted))
    return Slice(rows, offset, total)


def figures_of_keys(
    connection: Connection, table: Table, keys: list[str], *, number: int | None = None
) -> Iterator[tuple[Place, tuple[int, ...]]]:
    """All periods of these cells."""
    query = select(figures).where(standing(figures, number), figures.c.table_name == str(table), figures.c.key.in_(keys))
    for row in connection.execute(query.order_by(figures.c.period, figures.c.key)):
        yield (row.table_name, row.period, row.key), tuple(row.measures)


def dimension_keys(connection: Connection, table: Table, *, number: int | None = None) -> list[str]:
    """The different keys of a table's figures by year, sorted."""
    query = (
        select(figures.c.key)
        .distinct()
        .where(standing(figures, number), figures.c.table_name == str(table), func.length(figures.c.period) == 4)
    )
    return sorted(connection.execute(query).scalars())


def records_with_values(
    connection: Connection, table: Table, values: Mapping[str, str], *, number: int | None = None
) -> Iterator[tuple[Record, str]]:
    """(record, title) of the records of a table that may have these values, by title.

    A value is that of a field or, for lists, of their first item, as it stands in the key of a figure. Look at each record
    again: where spaces were joined in the key, the database can't tell.
    """
    stored = record_versions.c.body["values"]
    query = select(record_versions).where(standing(record_versions, number), record_versions.c.table_name == str(table))
    lists = {spec.name for spec in fields(VALUES_BY_TABLE[table]) if str(spec.type).startswith("tuple")}
    for name, value in values.items():
        text = (stored[name][0] if name in lists else stored[name]).as_string()
        as_in_key = func.replace(func.replace(text, ";", ","), "=", ":")
        query = query.where(or_(as_in_key == value, text.contains("  "), text.contains("\n")))
    for row in connection.execute(query.order_by(record_versions.c.title, record_versions.c.id)):
        yield record_from_dict(row.body), row.title


def _record_conditions(query: RecordQuery) -> Iterator[ColumnElement[bool]]:
    if query.table is not None:
        yield record_versions.c.table_name == str(query.table)
    for word in query.words.split():
        yield record_versions.c.title.icontains(word, autoescape=True)
    if query.known_from is not None:
        yield record_versions.c.last_known_on >= query.known_from
    if query.known_to is not None:
        yield record_versions.c.first_known_on <= query.known_to


def _ordered(wanted: Select[Any], query: RecordQuery, number: int | None) -> Select[Any]:
    main: ColumnElement[Any]
    if query.order == "amount":
        # The total of every stage sees every sum, counted or not, so that any one of them tells all amounts.
        # Written so that SQLite looks each one up by its record, and not through all that stand: numbers begin with 1.
        stands = standing(ledger_entries, number) if number is not None else func.coalesce(ledger_entries.c.until, 0) == 0
        seen = and_(
            ledger_entries.c.total == f"stage={Stage.DISBURSED}",
            ledger_entries.c.record_id == record_versions.c.id,
            stands,
        )
        wanted = wanted.outerjoin(ledger_entries, seen)
        main = func.coalesce(ledger_entries.c.common_cents, -1)
    else:
        main = record_versions.c[query.order]
    return wanted.order_by(main.desc() if query.is_descending else main.asc(), record_versions.c.id)


def _figure_conditions(query: FigureQuery) -> Iterator[ColumnElement[bool]]:
    yield figures.c.table_name == str(query.table)
    if query.period is not None:
        yield figures.c.period == query.period
    if query.cadence == "yearly":
        yield func.length(figures.c.period) == 4
    elif query.cadence == "quarterly":
        yield figures.c.period.contains("Q")
    elif query.cadence == "monthly":
        yield and_(func.length(figures.c.period) == 7, ~figures.c.period.contains("Q"))
    # Keys are `name=value;name=value`: wrapped in separators, a pair is found wherever it stands.
    key = literal(";").concat(figures.c.key).concat(";")
    for name, value in query.dimensions.items():
        yield key.contains(f";{name}={value};", autoescape=True)
    for name, part in query.parts.items():
        # No value holds a separator: what is asked for with one is nowhere.
        yield false() if ";" in part else key.regexp_match(f"(?i);{name}=[^;]*{re.escape(part)}")


def unread_versions(connection: Connection, limit: int) -> list[Row[Any]]:
    """Standing versions that give no claims because they are in quarantine or wait for a language, newest first: `id`,
    `document_id`, `address`, `title`, `status`, `reason`, `recorded_at`.
    """
    query = (
        _VERSION_LINES.where(versions.c.status.in_(("quarantined", "waiting_language")), versions.c.superseded_at.is_(None))
        .order_by(versions.c.recorded_at.desc(), versions.c.id)
        .limit(limit)
    )
    return list(connection.execute(query))


def versions_between(connection: Connection, start: str, end: str | None, limit: int) -> list[Row[Any]]:
    """Versions recorded from one time to another (to now where `end` is None), newest first, as `unread_versions` gives them."""
    query = (
        _VERSION_LINES.where(versions.c.recorded_at >= start).order_by(versions.c.recorded_at.desc(), versions.c.id).limit(limit)
    )
    if end is not None:
        query = query.where(versions.c.recorded_at <= end)
    return list(connection.execute(query))


def versions_extracted_between(connection: Connection, start: str, end: str | None, limit: int) -> list[Row[Any]]:
    """The same of the versions that an extractor read in that time."""
    query = (
        _VERSION_LINES.join(extractions, extractions.c.version_id == versions.c.id)
        .where(extractions.c.recorded_at >= start)
        .order_by(extractions.c.recorded_at.desc(), versions.c.id)
        .limit(limit)
    )
    if end is not None:
        query = query.where(extractions.c.recorded_at <= end)
    return list(connection.execute(query))


def publications_between(connection: Connection, start: str, end: str | None) -> list[Publication]:
    """The publications from one time to another (to now where `end` is None), oldest first."""
    return [
        one for one in read_publications(connection) if start <= one.published_at and (end is None or one.published_at <= end)
    ]
