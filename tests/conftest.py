"""What holds for all tests: nothing is written outside temporary folders, and CI requires what a plain machine may lack."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

# Tests assert no wall-clock times: a busy machine must not fail a property.
settings.register_profile("bam", deadline=None)
settings.load_profile("bam")

_SCRATCH = Path(tempfile.mkdtemp(prefix="bam-tests-"))
atexit.register(shutil.rmtree, _SCRATCH, ignore_errors=True)

# Airflow reads its folder when it is first imported, which may be in any test of this process.
os.environ["AIRFLOW_HOME"] = str(_SCRATCH / "airflow")
os.environ["BAM_HOME"] = str(_SCRATCH / "bam")
for name in [
    name
    for name in os.environ
    if name.startswith(("BAM_", "AIRFLOW__")) and name != "BAM_HOME" and not name.startswith("BAM_TEST_")
]:
    del os.environ[name]


def require_service(name: str, port: int) -> None:
    """Skip the test if nothing listens on that port of this machine; in CI that is a failure."""
    with socket.socket() as probe:
        probe.settimeout(2)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return
    message = f"{name} doesn't listen on 127.0.0.1:{port}"
    if os.environ.get("CI"):
        pytest.fail(f"{message}; CI requires it")
    pytest.skip(message)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Address of a PostgreSQL server in which databases may be made, without a database's name."""
    require_service("PostgreSQL", 5432)
    return os.environ.get("BAM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database of the test's own, without tables."""
    name = f"bam_test_{uuid.uuid4().hex[:12]}"
    address = postgres_server.replace("postgresql://", "postgresql+psycopg://") + "/postgres"
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield f"{postgres_server}/{name}"
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Address of a Redis server."""
    require_service("Redis", 6379)
    return "redis://127.0.0.1:6379/0"
