"""What a reprocessing changed, so that it can be taken back: per version the claims that it closed and those that it brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from bam.store.schema.documents import documents, extractions, reprocessed_versions, versions


@dataclass(frozen=True, slots=True)
class ReprocessedVersion:
    """One version that was read again; the columns are described in the schema."""

    run_id: str
    version_id: str
    new_version_id: str
    extractor: str
    recorded_at: str
    closed_claims: tuple[str, ...]
    opened_claims: tuple[str, ...]
    undone_at: str | None = None


@dataclass(frozen=True, slots=True)
class Reprocessing:
    """One run: when, by which extractor, how many versions it changed, and when it was taken back (None: it stands)."""

    run_id: str
    recorded_at: str
    extractor: str
    version_count: int
    undone_at: str | None


def standing_version_ids(
    connection: Connection, *, source_ids: Collection[str] = (), document_ids: Collection[str] = ()
) -> list[str]:
    """Ids of the readable versions that stand: all, or those of these sources or documents."""
    query = select(versions.c.id).where(versions.c.status != "quarantined").order_by(versions.c.id)
    return list(connection.execute(_standing(query, source_ids, document_ids)).scalars())


def unreadable_files(
    connection: Connection, *, source_ids: Collection[str] = (), document_ids: Collection[str] = ()
) -> list[tuple[str, str, str]]:
    """(address, source, SHA-256 of the bytes) of the documents that couldn't be read: all, or those of these sources or
    documents.
    """
    query = (
        select(documents.c.address, documents.c.source_id, versions.c.raw_sha256)
        .where(versions.c.status == "quarantined")
        .order_by(documents.c.address, versions.c.number)
    )
    return list(connection.execute(_standing(query, source_ids, document_ids)).tuples())


def _standing(query: Select[Any], source_ids: Collection[str], document_ids: Collection[str]) -> Select[Any]:
    query = query.join(documents, documents.c.id == versions.c.document_id).where(versions.c.superseded_at.is_(None))
    if source_ids:
        query = query.where(documents.c.source_id.in_(sorted(source_ids)))
    if document_ids:
        query = query.where(documents.c.id.in_(sorted(document_ids)))
    return query


def insert_reprocessed(connection: Connection, rows: Iterable[ReprocessedVersion]) -> None:
    """Keep what a run changed."""
    found = [{name: getattr(row, name) for name in ReprocessedVersion.__slots__} for row in rows]
    for values in found:
        values |= {"closed_claims": list(values["closed_claims"]), "opened_claims": list(values["opened_claims"])}
    if found:
        connection.execute(insert(reprocessed_versions), found)


def read_reprocessed(connection: Connection, run_id: str) -> list[ReprocessedVersion]:
    """What a run changed, in order of version."""
    query = (
        select(reprocessed_versions).where(reprocessed_versions.c.run_id == run_id).order_by(reprocessed_versions.c.version_id)
    )
    found = [dict(row) for row in connection.execute(query).mappings()]
    for values in found:
        values |= {"closed_claims": tuple(values["closed_claims"]), "opened_claims": tuple(values["opened_claims"])}
    return [ReprocessedVersion(**values) for values in found]


def read_reprocessings(connection: Connection) -> list[Reprocessing]:
    """All runs that changed something, the newest first."""
    table = reprocessed_versions
    query = (
        select(table.c.run_id, table.c.recorded_at, table.c.extractor, func.count(), func.max(table.c.undone_at))
        .group_by(table.c.run_id, table.c.recorded_at, table.c.extractor)
        .order_by(table.c.recorded_at.desc(), table.c.run_id)
    )
    return [Reprocessing(*row) for row in connection.execute(query).tuples()]


def mark_undone(connection: Connection, run_id: str, at: str) -> None:
    """Note that a run was taken back."""
    connection.execute(update(reprocessed_versions).where(reprocessed_versions.c.run_id == run_id).values(undone_at=at))


def set_extraction_undone(connection: Connection, version_id: str, extractor: str, recorded_at: str) -> None:
    """Let what this extractor made of the version at that time no longer count, and nobody ask it again. What it had made of the
    version before still counts.
    """
    mine = (extractions.c.version_id == version_id) & (extractions.c.extractor == extractor)
    known = connection.execute(select(extractions.c.recorded_at).where(mine)).scalar()
    if known is None:
        row = {"version_id": version_id, "extractor": extractor, "recorded_at": recorded_at, "claim_count": 0, "status": "undone"}
        connection.execute(insert(extractions), row)
    elif known == recorded_at:
        connection.execute(update(extractions).where(mine).values(status="undone"))


def is_standing(connection: Connection, version_id: str) -> bool:
    """Whether the version stands."""
    query = select(versions.c.id).where(versions.c.id == version_id, versions.c.superseded_at.is_(None))
    return connection.execute(query).first() is not None


def let_version_stand(connection: Connection, version_id: str, instead_of: str, at: str) -> None:
    """Let an earlier version of a document stand again in place of another one."""
    connection.execute(update(versions).where(versions.c.id == instead_of).values(superseded_at=at))
    connection.execute(update(versions).where(versions.c.id == version_id).values(superseded_at=None))
