"""Rows of the checks: runs and results, what has been checked, and the quarantine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from bam.store.batches import in_batches
from bam.store.schema.documents import claims, documents, versions
from bam.store.schema.quality import check_results, check_runs, quarantine, source_days

CLAIM, VERSION = "claim", "version"
"""The kinds of rows that are marked as checked and can be in quarantine."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of the checks: its phase (`intake`, `tables`, `full`), how many passed and failed, and whether its Data Docs are
    still kept (in the folder `data_docs/ID`).
    """

    id: str
    phase: str
    ran_at: str
    is_publishable: bool
    passed: int
    critical: int
    warning: int
    info: int
    has_data_docs: bool = False


@dataclass(frozen=True, slots=True)
class ResultRow:
    """The result of one check in one run. `failing` holds (row id, what was seen)."""

    check_name: str
    suite: str
    severity: str
    is_success: bool
    row_count: int
    failing_count: int
    failing: tuple[tuple[str, str], ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Held:
    """Why a row is kept out: one failing check. `released_at` is None while it is."""

    id: str
    kind: str
    row_id: str
    check_name: str
    severity: str
    reason: str
    run_id: str
    entered_at: str
    released_at: str | None = None
    released_because: str | None = None


def save_run(connection: Connection, run: RunRow, results: Iterable[ResultRow]) -> None:
    """Keep a run and its results, in place of what an earlier attempt of the same run left."""
    connection.execute(delete(check_results).where(check_results.c.run_id == run.id))
    connection.execute(delete(check_runs).where(check_runs.c.id == run.id))
    connection.execute(insert(check_runs).values({name: getattr(run, name) for name in RunRow.__slots__}))
    rows = [{"run_id": run.id} | {name: getattr(result, name) for name in ResultRow.__slots__} for result in results]
    if rows:
        connection.execute(insert(check_results), [row | {"failing": [list(pair) for pair in row["failing"]]} for row in rows])


def latest_runs(connection: Connection) -> list[RunRow]:
    """The last run of each phase, those that a later full run repeats left out: together they say how the data is now."""
    newest: dict[str, RunRow] = {}
    for phase in ("intake", "tables", "full"):
        query = select(check_runs).where(check_runs.c.phase == phase).order_by(check_runs.c.ran_at.desc(), check_runs.c.id.desc())
        row = connection.execute(query.limit(1)).first()
        if row is not None:
            newest[phase] = RunRow(**row._mapping)
    full = newest.get("full")
    return [run for run in newest.values() if full is None or run.phase == "full" or run.ran_at > full.ran_at]


def read_runs(connection: Connection, limit: int = 30, phases: Collection[str] | None = None) -> list[RunRow]:
    """The latest runs, of these phases or of all, newest first."""
    query = select(check_runs).order_by(check_runs.c.ran_at.desc(), check_runs.c.id.desc()).limit(limit)
    if phases is not None:
        query = query.where(check_runs.c.phase.in_(sorted(phases)))
    return [RunRow(**row._mapping) for row in connection.execute(query)]


def read_results(connection: Connection, run_id: str) -> list[ResultRow]:
    """The results of a run, by name of check."""
    query = select(check_results).where(check_results.c.run_id == run_id).order_by(check_results.c.check_name)
    return [_result(row._mapping) for row in connection.execute(query)]


def read_trend(connection: Connection, check_name: str, limit: int = 30) -> list[tuple[str, int, int]]:
    """(time of the run, rows looked at, rows that failed) of a check in its latest runs, oldest first."""
    query = (
        select(check_runs.c.ran_at, check_results.c.row_count, check_results.c.failing_count)
        .join(check_runs, check_runs.c.id == check_results.c.run_id)
        .where(check_results.c.check_name == check_name)
        .order_by(check_runs.c.ran_at.desc())
        .limit(limit)
    )
    return [(row.ran_at, row.row_count, row.failing_count) for row in reversed(connection.execute(query).all())]


def forget_data_docs(connection: Connection, run_ids: Collection[str]) -> None:
    """Note that the Data Docs of these runs were removed."""
    for batch in in_batches(sorted(run_ids)):
        connection.execute(update(check_runs).where(check_runs.c.id.in_(batch)).values(has_data_docs=False))


def unchecked_ids(connection: Connection, kind: str) -> list[str]:
    """Ids of the standing claims, or of the standing versions, that no check has seen, in stable order."""
    table, ended_at = (claims, claims.c.closed_at) if kind == CLAIM else (versions, versions.c.superseded_at)
    # Whether it stands is looked at afterwards: asked for both, SQLite would go through all that stand.
    query = select(table.c.id, ended_at).where(table.c.checked_at.is_(None)).order_by(table.c.id)
    return [row_id for row_id, ended in connection.execute(query).tuples() if ended is None]


def mark_checked(connection: Connection, kind: str, row_ids: Collection[str], checked_at: str) -> None:
    """Note that the checks have seen these rows; new versions are added to the days of their sources."""
    table = claims if kind == CLAIM else versions
    for batch in in_batches(sorted(set(row_ids))):
        new = table.c.id.in_(batch) & table.c.checked_at.is_(None)
        if kind == VERSION:
            _count_days(connection, new)
        connection.execute(update(table).where(new).values(checked_at=checked_at))


def read_source_days(connection: Connection, since: str) -> list[tuple[str, str, int]]:
    """(source, ISO day, versions recorded on it and checked) from that day on."""
    query = select(source_days).where(source_days.c.day >= since).order_by(source_days.c.source_id, source_days.c.day)
    return [(row.source_id, row.day, row.version_count) for row in connection.execute(query)]


def last_source_days(connection: Connection) -> dict[str, str]:
    """Source to the last day on which a version of it was recorded and checked."""
    query = select(source_days.c.source_id, func.max(source_days.c.day)).group_by(source_days.c.source_id)
    return dict(connection.execute(query).tuples().all())


def _count_days(connection: Connection, new: ColumnElement[bool]) -> None:
    day = func.substr(versions.c.recorded_at, 1, 10)
    query = select(documents.c.source_id, day, func.count()).join(documents, documents.c.id == versions.c.document_id).where(new)
    for source_id, on, count in connection.execute(query.group_by(documents.c.source_id, day)).tuples().all():
        place = (source_days.c.source_id == source_id) & (source_days.c.day == on)
        added = update(source_days).where(place).values(version_count=source_days.c.version_count + count)
        if connection.execute(added).rowcount == 0:
            connection.execute(insert(source_days).values(source_id=source_id, day=on, version_count=count))


def read_held(connection: Connection, *, kind: str | None = None, row_ids: Collection[str] | None = None) -> list[Held]:
    """What is in quarantine now, in order of entry: of one kind or all, of these rows or all."""
    query = select(quarantine).where(quarantine.c.released_at.is_(None))
    if kind is not None:
        query = query.where(quarantine.c.kind == kind)
    query = query.order_by(quarantine.c.entered_at, quarantine.c.row_id, quarantine.c.check_name)
    if row_ids is None:
        return [Held(**row._mapping) for row in connection.execute(query)]
    return [
        Held(**row._mapping)
        for batch in in_batches(sorted(set(row_ids)))
        for row in connection.execute(query.where(quarantine.c.row_id.in_(batch)))
    ]


def weakest_held_claims(connection: Connection, points: Mapping[str, float], limit: int, table: str | None = None) -> list[str]:
    """Ids of the claims in quarantine that need a person most: those with the most points for the severity of a check that holds
    them, among equals the least sure.
    """
    worth = case(*((quarantine.c.severity == severity, number) for severity, number in points.items()), else_=0.0)
    query = (
        select(quarantine.c.row_id)
        .join(claims, claims.c.id == quarantine.c.row_id)
        .where(quarantine.c.kind == CLAIM, quarantine.c.released_at.is_(None))
        .group_by(quarantine.c.row_id, claims.c.confidence)
        .order_by(func.max(worth).desc(), claims.c.confidence, quarantine.c.row_id)
        .limit(limit)
    )
    if table is not None:
        query = query.where(claims.c.table_name == table)
    return list(connection.execute(query).scalars())


def read_quarantine_history(connection: Connection, row_id: str) -> list[Held]:
    """Every stay of a row in quarantine, oldest first."""
    query = select(quarantine).where(quarantine.c.row_id == row_id).order_by(quarantine.c.entered_at, quarantine.c.check_name)
    return [Held(**row._mapping) for row in connection.execute(query)]


def hold(connection: Connection, held: Sequence[Held]) -> None:
    """Put rows into quarantine."""
    if held:
        connection.execute(insert(quarantine), [{name: getattr(each, name) for name in Held.__slots__} for each in held])


def release(connection: Connection, held_ids: Collection[str], released_at: str, because: str) -> None:
    """End these stays in quarantine."""
    for batch in in_batches(sorted(set(held_ids))):
        connection.execute(
            update(quarantine)
            .where(quarantine.c.id.in_(batch), quarantine.c.released_at.is_(None))
            .values(released_at=released_at, released_because=because)
        )


def _result(row: Mapping[Any, Any]) -> ResultRow:
    known = {name: row[name] for name in ResultRow.__slots__}
    return ResultRow(**known | {"failing": tuple((row_id, seen) for row_id, seen in known["failing"])})
