"""The production stack in containers: three Celery workers, one of them killed in the middle, and the same tables in the end."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine, text
from tests.bench.generate import pages
from tests.stack.compose import PROJECT, Stack, find_engine, wait_until

from bam.orchestration.client import AirflowClient

pytestmark = [pytest.mark.containers, pytest.mark.timeout(3 * 3600)]

DOCUMENTS = int(os.environ.get("BAM_TEST_DOCUMENTS", "2000"))
SOURCES = 4
WORKERS = 3
PATIENCE_SECONDS = 2400
"""After which a step counts as stuck; a busy machine is no fault of the stack."""

AIRFLOW = ["airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer", "airflow-worker"]
CHAIN = ("ingest", "extract", "indicators")
BAM = Path(sys.executable).with_name("bam")

log = logging.getLogger(__name__)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Tell what is done and how long it took: the figures of docs/engineers.md come from here."""
    started = time.monotonic()
    yield
    log.info("%s: %.0f s", what, time.monotonic() - started)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated documents of several sources, and our portfolio with these sources."""
    folder = tmp_path_factory.mktemp("stack")
    shutil.copytree(PROJECT / "include/portfolio", folder / "portfolio")
    for number, page in enumerate(pages(DOCUMENTS)):
        path = folder / "generated" / f"source-{number % SOURCES}" / page.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.html)
    sources = [
        {
            "id": f"source-{number}",
            "kind": "folder",
            "path": f"generated/source-{number}",
            "publisher": "Frontier Gazette",
            "officiality": "media",
            "rhythm_days": 30,
        }
        for number in range(SOURCES)
    ]
    (folder / "portfolio/sources.yml").write_text(yaml.safe_dump({"contact": "tests", "sources": sources}))
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def stack(data: Path) -> Iterator[Stack]:
    """All services, three workers, ready for work."""
    found = find_engine()
    if found is None:
        pytest.skip("neither docker compose nor podman-compose is installed")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stack = Stack.prepare(*found, data, workers=WORKERS)
    with step("the image is built"):
        stack.build()
    log.info("its size: %.2f GB", stack.image_bytes() / 1e9)
    try:
        with step("databases are made"):
            stack.up(["postgres", "redis"])
            wait_until(lambda: stack.is_healthy("postgres") and stack.is_healthy("redis"), PATIENCE_SECONDS, "databases answer")
            stack.up(["airflow-init"])
            assert stack.exit_code("airflow-init") == 0, stack.logs("airflow-init")
        with step("all services are healthy"):
            stack.up(AIRFLOW)
            for service in AIRFLOW:
                wait_until(partial(stack.is_healthy, service), PATIENCE_SECONDS, partial(stack.logs, service))
        yield stack
    finally:
        stack.down()


def test_a_killed_worker_loses_nothing_and_changes_no_table(stack: Stack, data: Path, tmp_path: Path) -> None:
    workers = stack.containers("airflow-worker")
    assert len(workers) == WORKERS
    assert {stack.user(worker) for worker in workers} == {"50000"}
    with AirflowClient(stack.address, "admin", stack.settings["AIRFLOW_ADMIN_PASSWORD"]) as client:
        with step("the DAGs are parsed"):
            wait_until(lambda: {"ingest", "extract", "indicators"} <= client.dag_ids(), PATIENCE_SECONDS, "the DAGs are parsed")
        with step(f"{DOCUMENTS} documents are read and extracted, one worker of {WORKERS} killed"):
            client.trigger("ingest", {})
            wait_until(lambda: _count(stack, "extractions") > DOCUMENTS // 10, PATIENCE_SECONDS, "extraction goes on")
            victim = _kill_a_busy_worker(stack, client)
            assert _count(stack, "extractions") < DOCUMENTS
            wait_until(lambda: _count(stack, "extractions") == DOCUMENTS, PATIENCE_SECONDS, "all documents are extracted")
        with step("all runs are done and the tables published"):
            wait_until(lambda: not any(map(client.unfinished, CHAIN)), PATIENCE_SECONDS, "the DAGs are done")
            run_id = client.trigger("indicators", {})
            wait_until(lambda: client.run("indicators", run_id).is_finished, PATIENCE_SECONDS, "the tables are published")
            assert client.run("indicators", run_id).state == "success"
        tasks = _tasks(client, "extract")
        assert {task["state"] for task in tasks} <= {"success", "skipped"}
        assert any(task["try_number"] > 1 for task in tasks), "what the killed worker had in hand was not tried again"
    assert set(stack.containers("airflow-worker")) >= set(workers) - {victim}
    assert _count(stack, "documents") == _count(stack, "versions") == _count(stack, "extractions") == DOCUMENTS
    with step("one process does the same"):
        alone = _alone(data, tmp_path)
    assert sum(table.count(b"\n") for table in alone.values()) > DOCUMENTS // 10
    assert _tables(_environment(data, tmp_path / "stack", stack.database_url("bam"))) == alone


def _kill_a_busy_worker(stack: Stack, client: AirflowClient) -> str:
    """End a worker that has a batch in hand; its container's name."""
    workers = {stack.host(name): name for name in stack.containers("airflow-worker")}
    busy: list[str] = []

    def find() -> list[str]:
        busy.extend(task["hostname"].partition(".")[0] for task in _tasks(client, "extract", "running") if task["hostname"])
        return busy

    wait_until(find, PATIENCE_SECONDS, "a worker has a batch in hand")
    stack.kill(workers[busy[0]])
    return workers[busy[0]]


def _tasks(client: AirflowClient, dag_id: str, *states: str) -> list[dict[str, Any]]:
    """Task instances of all runs of a DAG, as Airflow tells them; of all states unless some are named."""
    answer = client._get(f"/dags/{dag_id}/dagRuns/~/taskInstances", limit=1000, state=list(states) or None)
    return list(answer["task_instances"])


def _count(stack: Stack, table: str) -> int:
    engine = create_engine(stack.database_url("bam").replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 (names of this file)
    finally:
        engine.dispose()


def _environment(data: Path, home: Path, database_url: str | None = None) -> dict[str, str]:
    chosen = {"BAM_HOME": str(home), "BAM_PORTFOLIO": str(data / "portfolio")}
    return {**os.environ, **chosen, **({"BAM_DATABASE_URL": database_url} if database_url else {})}


def _alone(data: Path, tmp_path: Path) -> dict[str, bytes]:
    """The tables that one process makes of the same documents, on SQLite."""
    environment = _environment(data, tmp_path / "alone")
    for command in (["ingest", "--all"], ["update"]):
        subprocess.run([BAM, *command], env=environment, check=True, capture_output=True)
    return _tables(environment)


def _tables(environment: dict[str, str]) -> dict[str, bytes]:
    folder = Path(environment["BAM_HOME"]) / "tables"
    subprocess.run([BAM, "indicators", "--export", str(folder)], env=environment, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
