"""The same documents give the same bytes of all tables: in any order, one by one, twice, with runs killed and repeated."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.unit.pipeline.test_update import Passing, passing

from bam.exports.tables import export_tables
from bam.indicators.snapshot import snapshot
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_paths
from bam.pipeline.update import update
from bam.settings import read_settings

NOW = dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC)
SAMPLES = Path(__file__).parents[3] / "include" / "samples" / "documents"


def desk(home: Path) -> RunContext:
    return open_context(read_settings({"BAM_HOME": str(home)}), now=lambda: NOW)


def work(context: RunContext, paths: Sequence[Path]) -> None:
    """The whole way from these files to published tables."""
    ingest_paths(context, paths)
    extract_pending(context)
    update(context, intake=passing, gate=Passing)


def exported(context: RunContext, folder: Path) -> dict[str, bytes]:
    with context.store.read() as connection:
        found = snapshot(connection, currency="USD", now=NOW)
    return {path.name: path.read_bytes() for path in export_tables(found, folder)}


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return sorted(SAMPLES.iterdir())


@pytest.fixture(scope="module")
def expected(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("at-once")
    with desk(folder / "home") as context:
        work(context, files)
        found = exported(context, folder / "tables")
    assert found["records_funding.csv"].count(b"\n") > 30
    return found


def reversed_(files: list[Path]) -> list[list[Path]]:
    return [files[::-1]]


def one_by_one_shuffled(files: list[Path]) -> list[list[Path]]:
    mixed = random.Random(11).sample(files, len(files))
    return [[path] for path in mixed]


def twice_in_batches(files: list[Path]) -> list[list[Path]]:
    mixed = random.Random(12).sample(files, len(files))
    return [mixed[:9], mixed[4:20], mixed[9:], mixed]


@pytest.mark.parametrize("order", [reversed_, one_by_one_shuffled, twice_in_batches])
def test_order_does_not_matter(
    order: Callable[[list[Path]], list[list[Path]]], files: list[Path], expected: dict[str, bytes], tmp_path: Path
) -> None:
    with desk(tmp_path / "home") as context:
        for batch in order(files):
            work(context, batch)
        assert exported(context, tmp_path / "tables") == expected


def test_runs_that_are_killed_and_repeated(files: list[Path], expected: dict[str, bytes], tmp_path: Path) -> None:
    home, chance = tmp_path / "home", random.Random(13)
    fork = multiprocessing.get_context("fork")

    def run() -> None:
        with desk(home) as context:
            work(context, files)

    for _ in range(12):
        process = fork.Process(target=run)
        process.start()
        process.join(chance.uniform(0.05, 2.5))
        assert process.pid is not None
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            process.join()
    run()
    with desk(home) as context:
        assert exported(context, tmp_path / "tables") == expected
