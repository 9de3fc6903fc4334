"""Runs that are killed at any moment, and runs side by side."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.pipeline.desk import STORY, Desk, paragraphs

from bam.pipeline import ingest_visits
from bam.store.schema.documents import documents, version_texts, versions
from bam.store.schema.sources import addresses, copy_links


def test_a_run_that_is_killed_is_completed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty runs, each killed after a random time; then one that ends. The store is that of one run without any kill."""
    monkeypatch.setattr(ingest_visits, "STORED_AT_ONCE", 3)  # so that many kills fall between two transactions
    whole, broken = Desk(tmp_path / "whole"), Desk(tmp_path / "broken")
    for desk in (whole, broken):
        _fill(desk)
    whole.ingest()
    chance = random.Random(7)
    fork = multiprocessing.get_context("fork")
    for _ in range(50):
        run = fork.Process(target=broken.ingest)
        run.start()
        time.sleep(chance.uniform(0.0, 0.2))
        assert run.pid is not None
        os.kill(run.pid, signal.SIGKILL)
        run.join()
    broken.ingest()
    assert _content(broken) == _content(whole)
    with broken.context as context:
        damages = list(context.archive.verify())
    assert damages
    assert not any(damages)


def _fill(desk: Desk) -> None:
    for number in range(60):
        words = " ".join(f"word{number}x{i}" for i in range(80))
        desk.write(f"{number:02d}.html", paragraphs(words, STORY if number % 10 == 0 else words[::-1]))
    (desk.inbox / "60.pdf").write_bytes(b"%PDF-1.7 broken")


def _content(desk: Desk) -> list[list[tuple[Any, ...]]]:
    visited = select(addresses.c.address, addresses.c.document_id, addresses.c.raw_sha256)
    queries = [*(select(table) for table in (documents, versions, version_texts, copy_links)), visited]
    return [sorted(tuple(map(str, row)) for row in desk.rows(query)) for query in queries]


def test_two_runs_side_by_side(desk: Desk) -> None:
    _fill(desk)
    fork = multiprocessing.get_context("fork")
    runs = [fork.Process(target=desk.ingest) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert [run.exitcode for run in runs] == [0, 0, 0]
    assert len(desk.rows(select(documents))) == 61
    assert len(desk.rows(select(versions))) == 61
