"""One running Airflow for all tests that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.integration.airflow_monitor import Monitor, start_monitor


@pytest.fixture(scope="session")
def started() -> Iterator[list[Monitor]]:
    """The Airflow, once it was started. Tests that use it share a worker (`xdist_group("airflow")`)."""
    monitors: list[Monitor] = []
    yield monitors
    _stop(monitors)


@pytest.fixture
def monitor(started: list[Monitor], tmp_path_factory: pytest.TempPathFactory) -> Monitor:
    """The Airflow after its first round, running: it is started again after a test that stopped it."""
    return running_monitor(started, tmp_path_factory)


def running_monitor(started: list[Monitor], tmp_path_factory: pytest.TempPathFactory) -> Monitor:
    """What `monitor` gives, for fixtures that last longer than a test."""
    if not started:
        started.append(start_monitor(tmp_path_factory.mktemp("airflow")))
    if started[0].process.poll() is not None:
        started[0].start()
    return started[0]


def _stop(monitors: list[Monitor]) -> None:
    for monitor in monitors:
        if monitor.process.poll() is None:
            monitor.stop()
