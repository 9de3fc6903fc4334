"""Keeping what a run of the checks found: rows in the store for trends, pages in BAM_HOME for people."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from bam.quality.report import CheckReport, CheckResult, FailingRow, Severity
from bam.quality.suites import CHECKS
from bam.store.engine import Store
from bam.store.quality import ResultRow, RunRow, forget_data_docs, latest_runs, read_results, read_runs, save_run

log = logging.getLogger(__name__)

Phase = Literal["intake", "tables", "full"]

MOST_ROWS_KEPT = 200
"""Failing rows of one check that are kept in the store; the count is kept whole."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where runs are kept. `folder` is BAM_HOME/data_docs, None where no pages are wanted; `kept_runs` is for how many runs
    pages stay.
    """

    store: Store
    folder: Path | None
    kept_runs: int

    def keep(self, phase: Phase, report: CheckReport, outcomes: Mapping[str, Any], now: dt.datetime) -> RunRow:
        """Store the results, write the pages, remove the oldest pages. `outcomes` are what Great Expectations said, by frame.

        Pages that can't be written (a full disk) are a warning in the log: they must never hold up data that passed.
        """
        ran_at = now.astimezone(dt.UTC).isoformat(timespec="microseconds")
        counts = report.counts()
        run = RunRow(
            id=run_id(phase, now),
            phase=phase,
            ran_at=ran_at,
            is_publishable=report.is_publishable,
            has_data_docs=self.folder is not None,
            **counts,
        )
        with self.store.write() as connection:
            save_run(connection, run, map(_to_row, report.results))
        if self.folder is not None:
            try:
                self._write_pages(self.folder, run, report, outcomes)
            except OSError as error:
                log.warning("The Data Docs can't be written below %s: %s", self.folder, error)
                with self.store.write() as connection:
                    forget_data_docs(connection, [run.id])
        return run

    def _write_pages(self, folder: Path, run: RunRow, report: CheckReport, outcomes: Mapping[str, Any]) -> None:
        from bam.quality.data_docs import prune, write_index, write_run

        write_run(folder, run, report, outcomes)
        removed = prune(folder, self.kept_runs)
        with self.store.write() as connection:
            forget_data_docs(connection, removed)
        with self.store.read() as connection:
            write_index(folder, [each for each in read_runs(connection, self.kept_runs) if each.has_data_docs])


def run_id(phase: Phase, now: dt.datetime) -> str:
    """Time and phase; sorts by time and is a folder's name."""
    return f"{now.astimezone(dt.UTC):%Y-%m-%dT%H-%M-%S-%f}-{phase}"


def latest_report(connection: Connection) -> CheckReport:
    """What the checks say of the data now: the results of the last run of each phase, in the order of the suites."""
    order = {name: place for place, name in enumerate(CHECKS)}
    found = [_from_row(row) for run in latest_runs(connection) for row in read_results(connection, run.id)]
    return CheckReport(tuple(sorted(found, key=lambda result: (order.get(result.check, len(order)), result.check))))


def _to_row(result: CheckResult) -> ResultRow:
    return ResultRow(
        check_name=result.check,
        suite=result.suite,
        severity=str(result.severity),
        is_success=result.success,
        row_count=result.row_count,
        failing_count=result.failing_count,
        failing=tuple((row.row_id, row.observed) for row in result.failing[:MOST_ROWS_KEPT]),
        sentence=result.sentence,
    )


def _from_row(row: ResultRow) -> CheckResult:
    """A result as it was; what the check protects and how it acts comes from the suites of today."""
    suite, check = CHECKS.get(row.check_name, (None, None))
    return CheckResult(
        suite=row.suite,
        check=row.check_name,
        expectation="" if check is None else check.expect,
        severity=Severity(row.severity),
        success=row.is_success,
        protects=row.sentence if check is None else check.protects,
        row_count=row.row_count,
        failing=tuple(FailingRow(row_id, observed) for row_id, observed in row.failing),
        quarantines=False if check is None else check.quarantines,
        failing_count=row.failing_count,
        remedy="" if suite is None or check is None else check.remedy or suite.remedy,
    )
