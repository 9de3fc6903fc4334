"""Reading the archive again: the difference is shown, kept, published and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from tests.unit.pipeline.test_update import Passing, passing

from bam.cli.reprocess import command
from bam.exports.tables import export_tables
from bam.indicators.snapshot import snapshot
from bam.model.errors import ConfigurationError, ConversionError
from bam.pipeline import extract as extract_step
from bam.pipeline import ingest_reading
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_paths
from bam.pipeline.reprocess import reprocess, undo
from bam.pipeline.update import update
from bam.settings import read_settings
from bam.store.schema.documents import claims, versions

PAGE = """<html><head>
<meta property="article:published_time" content="2014-03-05"></head><body><article><h1>Radios for the north</h1>
<p>DUSHANBE, 5 March 2014. Japan granted USD 3.2 million to Tajikistan for a border post in Panj on Tuesday.</p>
<p>UNDP trained 24 Tajik officers in document checks in Khorugh from 3 to 5 March 2014.</p></article></body></html>"""


class Clock:
    """A clock that a test moves by days."""

    def __init__(self) -> None:
        self.now = dt.datetime(2014, 4, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def tomorrow(self) -> None:
        self.now += dt.timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[RunContext]:
    with open_context(read_settings({"BAM_HOME": str(tmp_path / "home")}), now=clock) as found:
        yield found


@pytest.fixture
def publish(context: RunContext, clock: Clock) -> Callable[[], None]:
    def run() -> None:
        clock.tomorrow()
        update(context, intake=passing, gate=Passing)

    return run


def read(context: RunContext, tmp_path: Path) -> None:
    path = tmp_path / "radios.html"
    path.write_text(PAGE, encoding="utf-8")
    ingest_paths(context, [path])
    extract_pending(context)


def older_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was before it could read workshops."""
    now = extract_step.extract

    def before(*arguments: Any) -> Any:
        found = now(*arguments)
        return replace(found, facts=tuple(fact for fact in found.facts if fact.table != "workshops"))

    monkeypatch.setattr(extract_step, "extract", before)
    monkeypatch.setattr(extract_step, "EXTRACTOR", "bam-rules/0.0")
    monkeypatch.setattr(extract_step.claim_of, "__kwdefaults__", {"version_id": "", "extractor": "bam-rules/0.0"})


def older_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was when it lost every second paragraph."""
    now = ingest_reading.convert

    def before(data: bytes, *arguments: Any) -> Any:
        return now(data.replace(b"<p>UNDP", b"<nav>").replace(b"2014.</p></article>", b"2014.</nav></article>"), *arguments)

    monkeypatch.setattr(ingest_reading, "convert", before)


def standing(context: RunContext) -> set[tuple[str, str]]:
    query = select(claims.c.table_name, claims.c.extractor).where(claims.c.closed_at.is_(None))
    with context.store.read() as connection:
        return set(connection.execute(query).tuples())


def exported(context: RunContext, folder: Path, **clocks: Any) -> list[bytes]:
    with context.store.read() as connection:
        found = snapshot(connection, currency="USD", now=context.now(), **clocks)
    return [path.read_bytes() for path in export_tables(found, folder)]


def test_what_was_just_read_gives_the_same(context: RunContext, tmp_path: Path) -> None:
    read(context, tmp_path)
    before = standing(context)
    report = reprocess(context, keep=True)
    assert (report.versions, report.converted_anew, report.claims_new, report.run_id) == (1, (), {}, None)
    assert sum(report.claims_same.values()) >= 2
    assert standing(context) == before


@pytest.mark.parametrize("make_older", [older_extractor, older_converter])
def test_the_difference_is_shown_kept_and_taken_back(
    context: RunContext,
    tmp_path: Path,
    clock: Clock,
    publish: Callable[[], None],
    make_older: Callable[[pytest.MonkeyPatch], None],
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        make_older(monkeypatch)
        read(context, tmp_path)
    publish()
    old_claims, old_tables, old_time = standing(context), exported(context, tmp_path / "a"), context.timestamp()
    assert "workshops" not in {table for table, _ in old_claims}
    (tmp_path / "radios.html").unlink()

    clock.tomorrow()
    shown = reprocess(context)
    assert shown.claims_new.get("workshops") == 1
    assert shown.run_id is None
    assert shown.figures > 0
    assert any(change.kind == "ADD" and change.table == "workshops" for change in shown.changes)
    assert standing(context) == old_claims
    assert extract_pending(context).versions == 0

    kept = reprocess(context, keep=True)
    assert kept.run_id is not None
    assert (kept.claims_new, kept.changes) == (shown.claims_new, shown.changes)
    publish()
    assert "workshops" in {table for table, _ in standing(context)}
    assert exported(context, tmp_path / "b") != old_tables
    assert exported(context, tmp_path / "c", recorded_at=old_time) == old_tables

    clock.tomorrow()
    assert undo(context, kept.run_id[:10]).run_id == kept.run_id
    assert standing(context) == old_claims
    assert extract_pending(context).versions == 0
    publish()
    assert exported(context, tmp_path / "d") == old_tables
    with pytest.raises(ConfigurationError, match="no reprocessing that can be taken back"):
        undo(context, kept.run_id)


def test_an_older_text_stands_again_and_once_only(context: RunContext, tmp_path: Path, clock: Clock) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        older_converter(monkeypatch)
        read(context, tmp_path)
    clock.tomorrow()
    kept = reprocess(context, keep=True)
    assert kept.run_id is not None
    undo(context, kept.run_id)
    query = select(versions.c.number, versions.c.superseded_at).order_by(versions.c.number)
    with context.store.read() as connection:
        assert [(row.number, row.superseded_at is None) for row in connection.execute(query)] == [(1, True), (2, False)]


def test_bytes_that_are_gone_are_a_problem_and_no_fault(context: RunContext, tmp_path: Path) -> None:
    read(context, tmp_path)
    for path in (context.settings.home / "archive").rglob("*"):
        if path.is_file():
            path.unlink()
    report = reprocess(context, keep=True)
    assert [problem.reason for problem in report.problems] == ["the archive has no bytes of it"]
    assert report.run_id is None


def test_a_file_that_can_be_read_now_becomes_a_document(context: RunContext, tmp_path: Path) -> None:
    def unreadable(*_: Any) -> Any:
        raise ConversionError("the file is damaged", where="radios.html")

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ingest_reading, "convert", unreadable)
        read(context, tmp_path)
    assert standing(context) == set()
    shown = reprocess(context)
    assert [address.rsplit("/", 1)[-1] for address in shown.readable] == ["radios.html"]
    assert reprocess(context).readable == shown.readable
    assert reprocess(context, keep=True).readable == shown.readable
    assert reprocess(context).readable == ()
    assert extract_pending(context).versions == 1
    assert "workshops" in {table for table, _ in standing(context)}


def test_the_commands(context: RunContext, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        older_extractor(monkeypatch)
        read(context, tmp_path)
    runner = CliRunner(env={"BAM_HOME": str(context.settings.home)})
    shown = runner.invoke(command, ["show"])
    assert shown.exit_code == 0
    assert "workshops: 0 claims the same, 1 new, 0 gone" in shown.output
    assert "Nothing was kept" in shown.output
    assert "Kept as rep-" in runner.invoke(command, ["apply"]).output
    run_id = runner.invoke(command, ["list"]).output.split()[0]
    assert f"Took back {run_id}" in runner.invoke(command, ["undo", run_id]).output
    assert "taken back" in runner.invoke(command, ["list"]).output
    unknown = runner.invoke(command, ["show", "--document", "nowhere"])
    assert isinstance(unknown.exception, ConfigurationError)
