"""The production stack in containers: three Celery workers, one of them killed in the middle, and the same tables in the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine, text
from tests.bench.generate import pages
from tests.stack.compose import PROJECT, Stack, find_engine, wait_until

from bam.orchestration.client import AirflowClient

pytestmark = [pytest.mark.containers, pytest.mark.timeout(3600)]

DOCUMENTS = int(os.environ.get("BAM_STACK_DOCUMENTS", "2000"))
SOURCES = 4
BAM = Path(sys.executable).with_name("bam")


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
    stack = Stack.prepare(*found, data)
    stack.build()
    try:
        stack.up(["postgres", "redis"])
        wait_until(lambda: stack.is_healthy("postgres") and stack.is_healthy("redis"), 120, "PostgreSQL and Redis answer")
        stack.up(["airflow-init"])
        assert stack.exit_code("airflow-init") == 0, stack.logs("airflow-init")
        services = ["airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer", "airflow-worker"]
        stack.up(services, workers=3)
        for service in services:
            wait_until(lambda service=service: stack.is_healthy(service), 600, f"{service} is healthy")  # type: ignore[misc]
        yield stack
    finally:
        stack.down()


def test_a_killed_worker_loses_nothing_and_changes_no_table(stack: Stack, data: Path, tmp_path: Path) -> None:
    workers = stack.containers("airflow-worker")
    assert len(workers) == 3
    assert {stack.user(worker) for worker in workers} == {"50000"}
    with AirflowClient(stack.address, "admin", stack.settings["AIRFLOW_ADMIN_PASSWORD"]) as client:
        wait_until(lambda: "ingest" in client.dag_ids(), 120, "the DAGs are parsed")
        client.trigger("ingest", {})
        wait_until(lambda: _count(stack, "extractions") > DOCUMENTS // 10, 1200, "extraction goes on")
        stack.kill(workers[0])
        assert _count(stack, "extractions") < DOCUMENTS
        wait_until(lambda: _count(stack, "extractions") == DOCUMENTS, 1200, "all documents are extracted")
        wait_until(lambda: not any(client.unfinished(d) for d in ("ingest", "extract", "indicators")), 1200, "the DAGs are done")
        run_id = client.trigger("indicators", {})
        wait_until(lambda: client.run("indicators", run_id).is_finished, 600, "the tables are published")
        assert client.run("indicators", run_id).state == "success"
    assert stack.containers("airflow-worker") != []
    assert _count(stack, "documents") == _count(stack, "versions") == DOCUMENTS
    assert _tables(_environment(data, tmp_path / "stack", stack.database_url("bam"))) == _alone(data, tmp_path)


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
    for command in (["ingest", "--all"], ["extract"], ["update"]):
        subprocess.run([BAM, *command], env=environment, check=True, capture_output=True)
    return _tables(environment)


def _tables(environment: dict[str, str]) -> dict[str, bytes]:
    folder = Path(environment["BAM_HOME"]) / "tables"
    subprocess.run([BAM, "indicators", "--export", str(folder)], env=environment, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
