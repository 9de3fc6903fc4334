"""`bam ingest`, `bam sources`, `bam archive` and `bam doc`, as a person uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bam.cli import bam
from bam.model.errors import BamError

TEXT = "Thirty vehicles for the north\n\nThe ministry received thirty vehicles from the programme on Tuesday, it was said.\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("BAM_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(bam, words)


def test_ingest_says_what_it_read(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT)
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    first = run("ingest", str(tmp_path / "note.txt"), str(tmp_path / "bad.pdf"), str(tmp_path / "none.txt"))
    assert first.exit_code == 1
    assert first.stdout == "files: 1 new documents, 0 new versions, 0 unchanged, 1 quarantined, 1 failures\n"
    assert f"file:{tmp_path}/bad.pdf: the PDF is damaged. Fetch it again." in first.stderr
    assert f"{tmp_path}/none.txt: there is no such file or folder" in first.stderr
    again = run("ingest", str(tmp_path / "note.txt"))
    assert (again.exit_code, again.stdout) == (0, "files: 0 new documents, 0 new versions, 1 unchanged\n")


def test_wrong_usage(run: Callable[..., Result]) -> None:
    assert "Name files or folders, or give --source ID or --all." in run("ingest").stderr
    unknown = run("ingest", "--source", "nowhere")
    assert isinstance(unknown.exception, BamError)
    assert "no source has the id 'nowhere' (known: samples" in str(unknown.exception)


def test_a_document_and_its_history(run: Callable[..., Result], tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text(TEXT)
    run("ingest", str(note))
    note.write_text(TEXT.replace("thirty vehicles", "thirteen vehicles"))
    run("ingest", str(note))
    address = f"file:{note}"
    history = run("doc", "history", address).stdout
    assert "version 1" in history
    assert "stands" in history
    assert "- The ministry received thirty vehicles from the programme on Tuesday, it was said." in history
    assert "+ The ministry received thirteen vehicles from the programme on Tuesday, it was said." in history
    shown = run("doc", "show", address)
    assert shown.stdout.endswith("The ministry received thirteen vehicles from the programme on Tuesday, it was said.\n")
    assert "thirty vehicles from" in run("doc", "show", address, "--version", "1").stdout
    assert "paragraph: The ministry" in run("doc", "show", address, "--blocks").stdout
    assert "no document is known as 'nothing'" in str(run("doc", "show", "nothing").exception)
    assert "there is no such version (known: 1, 2)" in str(run("doc", "show", address, "--version", "9").exception)


def test_verifying_the_archive(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT)
    run("ingest", str(tmp_path / "note.txt"))
    assert run("archive", "verify").exit_code == 0
    (archived,) = [path for path in (tmp_path / "home" / "archive").rglob("*") if path.is_file() and path.suffix != ".json"]
    archived.write_bytes(b"another text")
    damaged = run("archive", "verify")
    assert damaged.exit_code == 1
    assert f"{archived.name}  the bytes have changed" in damaged.stdout
    assert f"(file:{tmp_path}/note.txt)" in damaged.stdout
    archived.unlink()
    assert "the bytes are missing" in run("archive", "verify").stdout


def test_sources_status_and_test(run: Callable[..., Result]) -> None:
    before = run("sources", "status")
    assert before.exit_code == 1
    assert "! samples-press has never been read." in before.stdout
    run("ingest", "--source", "samples-press")
    found = json.loads(run("sources", "status", "--json").stdout)
    assert next(each for each in found if each["source_id"] == "samples-press")["document_count"] == 10
    trial = run("sources", "test", "samples-press", "--limit", "1")
    assert trial.exit_code == 0
    assert "samples-press lists" in trial.stdout


def test_sources_add_dry_run(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    done = run("sources", "add", str(tmp_path / "incoming"), "--id", "incoming", "--officiality", "media", "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.startswith("- id: incoming\n  kind: folder\n")
