"""Looking after what is stored: every archived byte read back, the database tidied, old logs removed."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from pathlib import Path

from bam.documents.archive import Damage
from bam.model.errors import StoreError
from bam.pipeline.context import RunContext

log = logging.getLogger(__name__)

LOG_DAYS = 60
"""Logs of tasks are kept so long: two monthly briefs back."""


@dataclass(frozen=True, slots=True)
class TidyReport:
    """What tidying did: files of logs that were older than LOG_DAYS, and the bytes that they took."""

    removed_logs: int
    freed_bytes: int

    @property
    def sentence(self) -> str:
        """The report for people."""
        return f"The database is tidy; {self.removed_logs} old logs removed ({self.freed_bytes / 2**20:.1f} MB)."


def verify_archive(context: RunContext) -> tuple[int, tuple[Damage, ...]]:
    """Read back every archived object; how many there are, and what is wrong with those that are damaged."""
    total = sum(1 for _ in context.archive.names())
    damage = []
    with context.progress.task("Reading the archive back", total) as advance:
        for found in context.archive.verify():
            advance(1)
            if found:
                damage.append(found)
    return total, tuple(damage)


def require_sound(damage: tuple[Damage, ...]) -> None:
    """Raise StoreError that names the first damaged object, if there is one."""
    if not damage:
        return
    more = f", and {len(damage) - 1} more are damaged" if len(damage) > 1 else ""
    raise StoreError(
        f"{damage[0].reason}{more}",
        where=f"archive, {damage[0].sha256}",
        remedy="Restore it from a backup; `bam archive verify` lists all that are damaged.",
    )


def tidy(context: RunContext, logs: Path) -> TidyReport:
    """Let the database gather its statistics and empty its journal, and remove old task logs below the folder `logs`."""
    _tidy_database(context)
    limit = (context.now() - dt.timedelta(days=LOG_DAYS)).timestamp()
    removed = freed = 0
    for path in logs.rglob("*.log") if logs.is_dir() else ():
        status = path.stat()
        if status.st_mtime < limit:
            path.unlink(missing_ok=True)
            removed, freed = removed + 1, freed + status.st_size
    return TidyReport(removed, freed)


def _tidy_database(context: RunContext) -> None:
    engine = context.store.engine
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        return
    # The driver's own connection, because the journal can't be emptied inside a transaction.
    raw = engine.raw_connection()
    try:
        for statement in ("PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(statement)
    finally:
        raw.close()
