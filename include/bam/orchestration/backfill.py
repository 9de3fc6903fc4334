"""Backfills through Airflow's REST API: safe beside a live scheduler, also where its database is SQLite.

`airflow backfill create` writes to the database from a process of its own, which on SQLite fails with "database is locked" or
takes the scheduler down. The API server does the same work without that, and busy moments are waited for.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from bam.orchestration.client import AirflowClient, AirflowError, RunState

POLL_SECONDS = 1.0
NOTICE_SECONDS = 90
"""Airflow notices the end of a backfill on a timer of 30 s and allows one at a time for a DAG: so long we wait for that."""

Watch = Callable[[Sequence[RunState]], None]
Reprocess = Literal["none", "failed", "completed"]


@dataclass(frozen=True, slots=True)
class Backfill:
    """What is asked for: runs of `dag_id` whose intervals start from `first` to `last`, both included.

    `reprocess` says which runs that exist already are made again: none, those that failed, or all that are complete. `conf` are
    parameters of the DAG, `parallel` how many runs go on at a time.
    """

    dag_id: str
    first: date
    last: date
    reprocess: Reprocess
    conf: Mapping[str, object]
    parallel: int


def start(client: AirflowClient, wanted: Backfill) -> list[str]:
    """Ask Airflow for the backfill and return the logical dates of its runs; none where there is nothing to do.

    Raises:
        AirflowError: the DAG is unknown or switched off, or has a backfill going on.
    """
    known = client.dag_ids()
    if wanted.dag_id not in known:
        names = ", ".join(sorted(known)) or "none"
        raise AirflowError(
            f"no DAG is called {wanted.dag_id!r} (known: {names})", where=client.address, remedy="Name one of these."
        )
    if client.is_paused(wanted.dag_id):
        raise AirflowError(
            f"the DAG {wanted.dag_id} is switched off, so that its runs would wait",
            where=client.address,
            remedy="Switch it on in the Airflow UI first; its scheduled runs then start, too.",
        )
    _wait_for_earlier(client, wanted.dag_id)
    # The first moment of the first day to the last of the last: schedules may start their intervals at any hour.
    first = datetime(wanted.first.year, wanted.first.month, wanted.first.day, tzinfo=UTC)
    last = datetime(wanted.last.year, wanted.last.month, wanted.last.day, tzinfo=UTC) + timedelta(days=1, seconds=-1)
    body = {
        "dag_id": wanted.dag_id,
        "from_date": first.isoformat(),
        "to_date": last.isoformat(),
        "reprocess_behavior": wanted.reprocess,
        "dag_run_conf": dict(wanted.conf),
        "max_active_runs": wanted.parallel,
    }
    dates = client.backfill_dates(body)
    if dates:
        with _held(client, wanted.dag_id):
            client.create_backfill(body)
    return dates


@contextmanager
def _held(client: AirflowClient, dag_id: str) -> Iterator[None]:
    """Keep the scheduler from runs that are only being made.

    A lock in their midst has Airflow take back what it has made, and its scheduler dies of a run that vanishes under its hands.
    """
    client.pause(dag_id, True)
    try:
        yield
    finally:
        client.pause(dag_id, False)


def follow(
    client: AirflowClient, dag_id: str, dates: Sequence[str], watch: Callable[[Sequence[RunState]], None]
) -> list[RunState]:
    """Wait until the runs of these logical dates have ended, telling `watch` how they stand, and return them."""
    while True:
        found = client.runs_between(dag_id, min(dates), max(dates))
        runs = [found[date] for date in dates if date in found]
        watch(runs)
        if len(runs) == len(dates) and all(run.is_finished for run in runs):
            return runs
        time.sleep(POLL_SECONDS)


def sentence(runs: Sequence[RunState]) -> str:
    """How the runs stand, in one line."""
    counts = Counter(run.state for run in runs)
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))


def _wait_for_earlier(client: AirflowClient, dag_id: str) -> None:
    """Wait until Airflow has noticed the end of a backfill whose runs have all ended. Raises AirflowError if one goes on."""
    deadline = time.monotonic() + NOTICE_SECONDS
    while active := client.active_backfills(dag_id):
        runs = [run for first, last in active for run in client.runs_between(dag_id, first, last).values()]
        going_on = sum(not run.is_finished for run in runs)
        if going_on or time.monotonic() > deadline:
            raise AirflowError(
                f"a backfill of {dag_id} is going on ({going_on} runs to come)",
                where=client.address,
                remedy="Wait for its end, or cancel it in the Airflow UI.",
            )
        time.sleep(POLL_SECONDS)
