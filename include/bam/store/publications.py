"""Publications: each is one state of all tables, with a number and a time. What was published when, and what changed then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, insert, or_, select, update

from bam.model.claims import Table as ClaimTable
from bam.model.records import RecordChange, Restatement
from bam.store.batches import in_batches
from bam.store.schema.records import publications, record_changes, restatements


@dataclass(frozen=True, slots=True)
class Publication:
    """One state of the tables. `number` counts from 1, `published_at` is its record clock (ISO 8601 in UTC), `builder` names the
    rules, currency and rates that made it; `claim_count` claims had changed since the one before, and so many records were
    added, modified and removed.
    """

    number: int
    published_at: str
    builder: str
    claim_count: int
    added: int
    modified: int
    removed: int


def latest_publication(connection: Connection, recorded_by: str | None = None) -> Publication | None:
    """The last publication, or the last one at that time; None before the first."""
    query = select(publications).order_by(publications.c.number.desc()).limit(1)
    if recorded_by is not None:
        query = query.where(publications.c.published_at <= recorded_by)
    row = connection.execute(query).first()
    return None if row is None else _publication(row)


def read_publications(connection: Connection) -> list[Publication]:
    """All publications, oldest first."""
    return [_publication(row) for row in connection.execute(select(publications).order_by(publications.c.number))]


def insert_publication(connection: Connection, publication: Publication) -> None:
    """Note a publication. Its number must be one more than the last one's."""
    connection.execute(insert(publications).values({name: getattr(publication, name) for name in Publication.__slots__}))


def next_number(connection: Connection) -> int:
    """The number of the next publication."""
    return int(connection.execute(select(func.coalesce(func.max(publications.c.number), 0))).scalar_one()) + 1


def standing(table: Table, number: int | None = None) -> ColumnElement[bool]:
    """Whether a row of a table with `since` and `until` stands now, or stood in the publication of that number."""
    if number is None:
        return table.c.until.is_(None)
    return and_(table.c.since <= number, or_(table.c.until.is_(None), table.c.until > number))


def retire(connection: Connection, table: Table, column: str, keys: Collection[str], number: int) -> None:
    """End the standing rows of these keys with the publication of that number."""
    for batch in in_batches(sorted(set(keys))):
        connection.execute(update(table).where(table.c[column].in_(batch), table.c.until.is_(None)).values(until=number))


def insert_changes(connection: Connection, number: int, changes: Iterable[RecordChange]) -> None:
    """Keep which records a publication added, modified and removed, and why."""
    rows = [
        {
            "publication": number,
            "record_id": change.record_id,
            "kind": str(change.kind),
            "cause": change.cause,
            "claim_ids": list(change.claim_ids),
        }
        for change in changes
    ]
    if rows:
        connection.execute(insert(record_changes), rows)


def insert_restatements(connection: Connection, number: int, rows: Iterable[Restatement]) -> None:
    """Keep the figures of past periods that a publication changed."""
    found = [
        {
            "publication": number,
            "table_name": str(row.table),
            "period": row.period,
            "key": row.key,
            "measure": row.measure,
            "old": row.old,
            "new": row.new,
            "cause": row.cause,
            "record_ids": list(row.record_ids),
            "claim_ids": list(row.claim_ids),
        }
        for row in rows
    ]
    if found:
        connection.execute(insert(restatements), found)


def read_restatements(connection: Connection, after: int, until: int | None = None) -> list[tuple[int, Restatement]]:
    """Restatements of the publications after the number `after`, up to `until`, each with its publication's number."""
    query = (
        select(restatements)
        .where(restatements.c.publication > after)
        .order_by(*(restatements.c[name] for name in ("publication", "table_name", "period", "key", "measure")))
    )
    if until is not None:
        query = query.where(restatements.c.publication <= until)
    return [
        (
            row.publication,
            Restatement(
                ClaimTable(row.table_name),
                row.period,
                row.key,
                row.measure,
                row.old,
                row.new,
                row.cause,
                tuple(row.record_ids),
                tuple(row.claim_ids),
            ),
        )
        for row in connection.execute(query)
    ]


def read_causes(connection: Connection, after: int, until: int) -> list[tuple[str, str]]:
    """(record id, cause) of all changes in the publications after one number, up to another, oldest first."""
    query = (
        select(record_changes.c.record_id, record_changes.c.cause)
        .where(record_changes.c.publication > after, record_changes.c.publication <= until)
        .order_by(record_changes.c.publication, record_changes.c.record_id)
    )
    return [(row.record_id, row.cause) for row in connection.execute(query)]


def read_changes(connection: Connection, record_ids: Sequence[str]) -> list[Row[Any]]:
    """When and why these records changed: rows of `record_changes` with `published_at`, oldest first."""
    query = (
        select(record_changes, publications.c.published_at)
        .join(publications, publications.c.number == record_changes.c.publication)
        .order_by(record_changes.c.publication, record_changes.c.record_id)
    )
    return [
        row
        for batch in in_batches(sorted(set(record_ids)))
        for row in connection.execute(query.where(record_changes.c.record_id.in_(batch)))
    ]


def _publication(row: Row[Any]) -> Publication:
    return Publication(**row._mapping)
