"""How much the store holds: the figures of `bam status` and of a run's summary."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

from bam.model.claims import Table
from bam.store.schema.documents import claims, documents, versions
from bam.store.schema.quality import quarantine
from bam.store.schema.records import record_versions


def document_count(connection: Connection) -> int:
    """Documents ever seen, vanished ones included."""
    return int(connection.execute(select(func.count()).select_from(documents)).scalar_one())


def standing_versions(connection: Connection) -> dict[str, int]:
    """Versions that no newer one has superseded, by status."""
    query = select(versions.c.status, func.count()).where(versions.c.superseded_at.is_(None)).group_by(versions.c.status)
    return _grouped(connection, query)


def superseded_version_count(connection: Connection) -> int:
    """Versions that a corrected text has replaced."""
    query = select(func.count()).select_from(versions).where(versions.c.superseded_at.is_not(None))
    return int(connection.execute(query).scalar_one())


def standing_claims(connection: Connection) -> dict[str, int]:
    """Claims that stand, for each table."""
    query = select(claims.c.table_name, func.count()).where(claims.c.closed_at.is_(None)).group_by(claims.c.table_name)
    return _per_table(connection, query)


def published_records(connection: Connection) -> dict[str, int]:
    """Records of the last publication, for each table."""
    query = (
        select(record_versions.c.table_name, func.count())
        .where(record_versions.c.until.is_(None))
        .group_by(record_versions.c.table_name)
    )
    return _per_table(connection, query)


def quarantined_rows(connection: Connection) -> dict[str, int]:
    """Rows that the checks keep out of the tables, by kind (claim or version)."""
    query = (
        select(quarantine.c.kind, func.count(quarantine.c.row_id.distinct()))
        .where(quarantine.c.released_at.is_(None))
        .group_by(quarantine.c.kind)
    )
    return _grouped(connection, query)


def _grouped(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def _per_table(connection: Connection, query: Select[Any]) -> dict[str, int]:
    found = _grouped(connection, query)
    return {str(table): found.get(str(table), 0) for table in Table}
