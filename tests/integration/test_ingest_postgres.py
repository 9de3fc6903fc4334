"""Reading into PostgreSQL gives what reading into SQLite gives, also by several processes at once."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.unit.pipeline.desk import STORY, Desk, paragraphs

from bam.store.schema.documents import documents, version_texts, versions
from bam.store.schema.sources import copy_links

pytestmark = pytest.mark.postgres


def _fill(desk: Desk) -> None:
    for number in range(30):
        words = " ".join(f"word{number}x{i}" for i in range(80))
        desk.write(f"{number:02d}.html", paragraphs(words, STORY if number % 10 == 0 else words[::-1]))
    desk.write("a.html", paragraphs(STORY), canonical="https://gazette.example/story")
    (desk.inbox / "bad.pdf").write_bytes(b"%PDF-1.7 broken")


def _content(desk: Desk) -> list[list[tuple[str, ...]]]:
    tables = (documents, versions, version_texts, copy_links)
    return [sorted(tuple(map(_plain, row)) for row in desk.rows(select(table))) for table in tables]


def _plain(value: object) -> str:
    """JSON in one order of keys: PostgreSQL has its own."""
    return json.dumps(value, sort_keys=True)


def test_postgresql_holds_what_sqlite_holds(tmp_path: Path, postgres_url: str) -> None:
    small, large = Desk(tmp_path / "sqlite"), Desk(tmp_path / "postgres", postgres_url)
    for desk in (small, large):
        _fill(desk)
        desk.write("b.html", paragraphs(STORY.replace("thirty", "ten")), canonical="https://gazette.example/story")
        desk.ingest()
        assert not desk.ingest().changed_anything
    assert _content(small) == _content(large)


def test_several_processes_at_once(tmp_path: Path, postgres_url: str) -> None:
    desk = Desk(tmp_path / "postgres", postgres_url)
    _fill(desk)
    fork = multiprocessing.get_context("fork")
    runs = [fork.Process(target=desk.ingest) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert [run.exitcode for run in runs] == [0, 0, 0]
    alone = Desk(tmp_path / "alone")
    _fill(alone)
    alone.ingest()
    assert _content(desk) == _content(alone)
