"""One running Airflow for all tests that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.integration.airflow_monitor import Monitor, start_monitor


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    """The Airflow, after its first round. Tests that use it share a worker (`xdist_group("airflow")`)."""
    monitor = start_monitor(tmp_path_factory.mktemp("airflow"))
    try:
        yield monitor
    finally:
        if monitor.process.poll() is None:
            monitor.stop()


@pytest.fixture
def monitor(installed: Monitor) -> Monitor:
    """The same, running: it is started again after a test that stopped it."""
    if installed.process.poll() is not None:
        installed.start()
    return installed
