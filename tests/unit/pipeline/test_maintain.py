"""Maintenance finds what was changed in the archive and removes what is older than its time, nothing else."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bam.documents.archive import Origin
from bam.model.errors import StoreError
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.maintain import LOG_DAYS, require_sound, tidy, verify_archive
from bam.settings import read_settings

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
ORIGIN = Origin(address="file:a", seen_at=NOW.isoformat(), source_id="samples")


@pytest.fixture
def context(tmp_path: Path) -> RunContext:
    return open_context(read_settings({"BAM_HOME": str(tmp_path)}), now=lambda: NOW)


def test_a_sound_archive_is_counted(context: RunContext) -> None:
    for text in (b"one", b"two"):
        context.archive.put(text, replace(ORIGIN, address=text.decode()))
    count, damage = verify_archive(context)
    assert (count, damage) == (2, ())
    require_sound(damage)


def test_a_changed_byte_is_named(context: RunContext, tmp_path: Path) -> None:
    sha256 = context.archive.put(b"one", ORIGIN)
    (tmp_path / "archive" / "objects" / sha256[:2] / sha256).write_bytes(b"onf")
    _, damage = verify_archive(context)
    with pytest.raises(StoreError, match=f"archive, {sha256}: the bytes have changed"):
        require_sound(damage)


def test_old_logs_go_and_new_ones_stay(context: RunContext, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    for name, days in (("old.log", LOG_DAYS + 1), ("new.log", LOG_DAYS - 1)):
        path = logs / "dag_id=ingest" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * 1000)
        moment = (NOW - dt.timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    report = tidy(context, logs)
    assert (report.removed_logs, report.freed_bytes) == (1, 1000)
    assert [path.name for path in logs.rglob("*.log")] == ["new.log"]
    assert tidy(context, tmp_path / "missing").removed_logs == 0
