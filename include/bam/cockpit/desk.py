"""What all pages share in one API server: the library's context, opened once and renewed when the portfolio changes."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bam.cockpit.airflow_requests import AirflowRequests, Requests
from bam.cockpit.airflow_runs import AirflowRuns, Runs
from bam.indicators.snapshot import Snapshot, snapshot
from bam.pipeline.context import RunContext, open_context, utc_now
from bam.portfolio.load import load_portfolio
from bam.settings import Settings, read_settings
from bam.store.publications import latest_publication

KEPT_SNAPSHOTS = 2
"""Past states that are kept in memory: people turn their pages, and a large one takes seconds to work out."""

PATIENCE_SECONDS = 0.2
"""How long a page waits for a past state before it answers that it is still being worked out."""


class NotYetError(Exception):
    """A past state is being worked out."""


class Desk:
    """Opens the store at the first request, not when Airflow starts.

    Args:
        settings: gives the settings when they are needed.
        now: the clock.
        runs: what is known of DAG runs.
        requests: where tasks that wait for a person get their answer.
    """

    def __init__(
        self,
        settings: Callable[[], Settings] = read_settings,
        now: Callable[[], dt.datetime] = utc_now,
        runs: Runs | None = None,
        requests: Requests | None = None,
    ) -> None:
        self._settings, self._now = settings, now
        self.runs = runs or AirflowRuns()
        self.requests = requests or AirflowRequests()
        self._lock = threading.Lock()
        self._context: RunContext | None = None
        self._stamp: tuple[tuple[str, int], ...] = ()
        self._worker = ThreadPoolExecutor(1, "past-state")
        self._snapshots: OrderedDict[tuple[int, str], Future[Snapshot]] = OrderedDict()

    def context(self) -> RunContext:
        """The library's context. A portfolio that was edited is read anew; one that can't be read raises ConfigurationError."""
        with self._lock:
            if self._context is None:
                self._context = open_context(self._settings(), now=self._now)
                self._stamp = _stamp(self._context.settings.portfolio)
            elif (stamp := _stamp(self._context.settings.portfolio)) != self._stamp:
                self._context = replace(self._context, portfolio=load_portfolio(self._context.settings.portfolio))
                self._stamp = stamp
            return self._context

    def as_of(self, day: dt.date, recorded_at: str | None, patience_seconds: float = PATIENCE_SECONDS) -> Snapshot:
        """What the world could know by a day, of what was published here by a time. The latest answers are kept.

        Raises:
            NotYetError: it takes longer than that; it is worked out meanwhile, so ask again.
        """
        with self.context().store.read() as connection:
            publication = latest_publication(connection, recorded_at)
        key = (publication.number if publication else 0, day.isoformat())
        with self._lock:
            if key not in self._snapshots:
                self._snapshots[key] = self._worker.submit(self._work_out, day, recorded_at)
                while len(self._snapshots) > KEPT_SNAPSHOTS:
                    self._snapshots.popitem(last=False)[1].cancel()
            self._snapshots.move_to_end(key)
            wanted = self._snapshots[key]
        try:
            return wanted.result(timeout=patience_seconds)
        except (TimeoutError, CancelledError) as error:
            raise NotYetError from error

    def _work_out(self, day: dt.date, recorded_at: str | None) -> Snapshot:
        context = self.context()
        currency = context.portfolio.about.currency
        with context.store.read() as connection:
            return snapshot(connection, currency=currency, now=context.now(), as_of=day, recorded_at=recorded_at)

    def close(self) -> None:
        """Give the database's connections back."""
        self._worker.shutdown(cancel_futures=True)
        with self._lock:
            if self._context is not None:
                self._context.store.engine.dispose()
                self._context = None


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """Names and times of the portfolio's files."""
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*.yml")))
