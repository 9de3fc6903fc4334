"""Backfills on SQLite beside a live scheduler, again and again: nobody sees a lock, the scheduler lives, the briefs are the same.

Months and rounds can be fewer for a first look: `BAM_TEST_MONTHS=6 BAM_TEST_ROUNDS=2 make soak`.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256

import pytest
from sqlalchemy import delete
from tests.integration.airflow_monitor import Monitor, start_monitor, wait_until

from bam.pipeline.context import open_context
from bam.store.schema.briefs import issues

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(3 * 3600)]

log = logging.getLogger(__name__)

MONTHS = [f"{year}-{month:02}" for year in (2013, 2014) for month in range(1, 13)][: int(os.environ.get("BAM_TEST_MONTHS", "24"))]
ROUNDS = int(os.environ.get("BAM_TEST_ROUNDS", "5"))
PARALLEL = (2, 4, 1, 4, 2)
"""How many runs of a backfill go on at a time, by round."""

ROUND_SECONDS = 60 * len(MONTHS)
TROUBLE = re.compile(r"Traceback|database is locked|OperationalError")


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    """Airflow as operators run it, with its schedules on, after a first round over the samples."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    monitor = start_monitor(tmp_path_factory.mktemp("soak"), round_seconds=1200)
    yield monitor
    monitor.stop()


def test_months_that_are_backfilled_again_and_again_equal_the_live_ones(monitor: Monitor) -> None:
    assert monitor.first_round.returncode == 0, monitor.first_round.stdout + monitor.first_round.stderr
    _forget(monitor)
    live = _made_live(monitor)
    assert {name.split("/")[0] for name in live} == set(MONTHS)
    processes = monitor.sessions()
    assert set(processes) == {"api-server", "scheduler", "dag-processor", "triggerer"}
    for number in range(ROUNDS):
        _forget(monitor)
        assert _issued(monitor) == {}
        started = time.monotonic()
        # Something else is on, too: the tables are updated while the briefs are made.
        others = [monitor.client.trigger("extract", {})]
        parallel = PARALLEL[number % len(PARALLEL)]
        done = monitor.bam(
            *("backfill", "brief_monthly", "--from", MONTHS[0], "--to", MONTHS[-1], "--reprocess", "completed"),
            *("--parallel", str(parallel)),
            timeout=ROUND_SECONDS,
        )
        log.info("round %d: %d months, %d at a time, %.0f s", number + 1, len(MONTHS), parallel, time.monotonic() - started)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"brief_monthly: {len(MONTHS)} success\n", "")
        assert _issued(monitor) == live
        assert monitor.sessions() == processes, monitor.output.read_text()
        _wait_for(monitor, "extract", others)
    assert "again" not in monitor.output.read_text()
    assert _trouble(monitor) == []


def _made_live(monitor: Monitor) -> dict[str, str]:
    """Make each month by a run of its own, without a backfill."""
    started = time.monotonic()
    runs = [monitor.client.trigger("brief_monthly", {"period": month, "deliver": False}) for month in MONTHS]
    _wait_for(monitor, "brief_monthly", runs)
    log.info("live: %d months, %.0f s", len(MONTHS), time.monotonic() - started)
    return _issued(monitor)


def _wait_for(monitor: Monitor, dag_id: str, run_ids: Sequence[str]) -> None:
    for run_id in run_ids:
        wait_until(lambda run_id=run_id: monitor.client.run(dag_id, run_id).is_finished, ROUND_SECONDS)  # type: ignore[misc]
    assert {monitor.client.run(dag_id, run_id).state for run_id in run_ids} == {"success"}


def _forget(monitor: Monitor) -> None:
    """Have no issue of these months: a kept one would be handed out again instead of being made."""
    with open_context(monitor.settings) as context, context.store.write() as connection:
        connection.execute(delete(issues).where(issues.c.brief_id == "monthly", issues.c.period.in_(MONTHS)))
    for month in MONTHS:
        shutil.rmtree(monitor.settings.briefs / "monthly" / month, ignore_errors=True)


def _issued(monitor: Monitor) -> dict[str, str]:
    """SHA-256 of each PDF by month and name, which ends with the hash of its content."""
    folder = monitor.settings.briefs / "monthly"
    paths = sorted(path for month in MONTHS for path in (folder / month).glob("*.pdf"))
    return {f"{path.parent.name}/{path.name}": sha256(path.read_bytes()).hexdigest() for path in paths}


def _trouble(monitor: Monitor) -> list[str]:
    """Lines of the components' logs that speak of a lock or a failure."""
    paths = [monitor.output, *sorted((monitor.settings.home / "airflow" / "logs").glob("*.log"))]
    lines = ((path.name, line) for path in paths for line in path.read_text(errors="replace").splitlines())
    return [f"{name}: {line}" for name, line in lines if TROUBLE.search(line)]
