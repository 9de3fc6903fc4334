"""Each fault of an installation is found, named, and comes with what to do."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from bam.orchestration import diagnosis
from bam.orchestration.diagnosis import Finding, State
from bam.settings import Settings, read_settings
from bam.store.engine import Store
from bam.store.schema.documents import documents, versions

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = read_settings({"BAM_HOME": str(tmp_path / "home")})
    settings.home.mkdir()
    return settings


def _examine(subject: str, settings: Settings, now: datetime = NOW) -> Finding:
    # The DAG files take seconds to parse; one test looks at them.
    return next(f for f in diagnosis.diagnose(settings, {}, now) if f.subject == subject)


def _recorded_at(settings: Settings, moment: str) -> None:
    store = Store.open(settings.database_url)
    with store.write() as connection:
        document = {"id": "doc_1", "address": "a", "source_id": "s", "officiality": "media", "tlp": "clear"}
        connection.execute(documents.insert().values(document | {"first_seen_at": moment, "copy_group": "doc_1"}))
        version = {"id": "ver_1", "document_id": "doc_1", "number": 1, "raw_sha256": "0", "text_sha256": "0"}
        rest = {"media_type": "text/plain", "converter": "text", "status": "converted", "origins": {}, "recorded_at": moment}
        connection.execute(versions.insert().values(version | rest))
    store.engine.dispose()


def test_an_installation_as_it_should_be_has_no_fault(settings: Settings) -> None:
    findings = list(diagnosis.diagnose(settings, {}, NOW))
    assert [f for f in findings if f.state is State.FAULT] == []
    assert [f.subject for f in findings][:3] == ["Python", "libraries", "PDF"]
    assert next(f for f in findings if f.subject == "DAGs").what.startswith("9 in ")


def test_a_library_of_another_version_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = diagnosis.version
    monkeypatch.setattr(diagnosis, "version", lambda name: "1.0" if name == "pandas" else real(name))
    finding = _examine("libraries", settings)
    assert (finding.state, finding.what) == (State.FAULT, "pandas is 1.0, not ==3.1.1")
    assert "make setup" in finding.remedy


def test_a_python_that_is_too_old_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis.sys, "version_info", (3, 10, 2))
    assert _examine("Python", settings).state is State.FAULT


def test_a_wrong_key_in_the_portfolio_is_named(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.portfolio, tmp_path / "portfolio")
    with (tmp_path / "portfolio" / "portfolio.yml").open("a") as file:
        file.write("\ncurency: USD\n")
    finding = _examine("portfolio", replace(settings, portfolio=tmp_path / "portfolio"))
    assert finding.state is State.FAULT
    assert "curency" in finding.what


def test_a_database_that_is_none_is_named(settings: Settings) -> None:
    (settings.home / "bam.sqlite").write_bytes(b"this is a text, not a database" * 100)
    finding = _examine("database", settings)
    assert finding.state is State.FAULT
    assert finding.remedy


def test_missing_fonts_are_named(settings: Settings, tmp_path: Path) -> None:
    finding = _examine("fonts", replace(settings, templates=tmp_path))
    assert (finding.state, finding.what) == (State.FAULT, f"{tmp_path / 'fonts'} has no fonts")


def test_an_archive_that_is_a_file_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("")
    assert _examine("archive", replace(settings, archive_url=str(tmp_path / "archive"))).state is State.FAULT


@pytest.mark.parametrize(("free", "state"), [(10**8, State.FAULT), (10**9, State.WARNING), (10**11, State.OK)])
def test_a_disk_that_fills_up_is_told_in_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    monkeypatch.setattr(diagnosis.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert _examine("disk", settings).state is state


def test_a_clock_that_has_gone_back_is_told(settings: Settings) -> None:
    _recorded_at(settings, "2026-11-22T13:00:00.000000+00:00")
    finding = _examine("clock", settings)
    assert finding.state is State.FAULT
    assert finding.what == "it shows 2026-11-22 12:00 UTC, but documents were recorded at 2026-11-22T13:00"
    assert _examine("clock", settings, datetime(2026, 11, 22, 13, 1, tzinfo=UTC)).state is State.OK


def test_a_mail_server_that_does_not_answer_is_told(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    finding = _examine("mail", replace(settings, smtp_url=f"smtp://127.0.0.1:{port}?tls=none"))
    assert finding.state is State.FAULT
    assert finding.what.startswith(f"127.0.0.1:{port} doesn't take mail from us")


def test_without_a_mail_server_it_is_said_where_the_mails_are(settings: Settings) -> None:
    assert _examine("mail", settings).what.endswith(str(settings.outbox))


def test_a_dag_that_can_not_be_parsed_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "sources.yml").write_text("sources: [{id: x}]", encoding="utf-8")
    finding = _examine("DAGs", replace(settings, portfolio=tmp_path))
    assert finding.state is State.FAULT
    assert "sources.yml" in finding.what
