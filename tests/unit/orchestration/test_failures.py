"""What is said when a task fails names what happened and what to do."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

from bam.model.errors import GateClosedError
from bam.orchestration.failures import NOTE_KEY, deadline_missed, explain, task_failed, task_succeeded
from bam.settings import Settings, read_settings
from bam.store.digests import AlertRow, read_alerts
from bam.store.engine import Store


def test_an_error_of_ours_speaks_for_itself() -> None:
    error = GateClosedError("nothing was published", where="claims.x", remedy="Correct the row.")
    assert explain("update_tables", 1, error) == "update_tables failed: claims.x: nothing was published. Correct the row."


def test_tries_are_counted() -> None:
    assert explain("read_source", 4, GateClosedError("no")).startswith("read_source failed after 4 tries: ")


def test_a_fault_of_the_program_is_called_one() -> None:
    line = explain("render", 1, ZeroDivisionError("division by zero"))
    assert line.startswith("render failed: ZeroDivisionError: division by zero. This is a fault of the program")
    assert "\n" not in line


def test_a_task_that_was_killed_says_what_to_do() -> None:
    assert explain("render", 2, None).endswith("Clear the task to run it again; it goes on where it stopped.")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("BAM_HOME", str(tmp_path))
    return read_settings()


def _task(pushed: dict[str, str], map_index: int = -1) -> SimpleNamespace:
    names = {"dag_id": "ingest", "task_id": "read_source", "log_url": "http://airflow.test/log"}
    return SimpleNamespace(**names, try_number=1, map_index=map_index, xcom_push=pushed.__setitem__)


def _open_alerts(settings: Settings) -> list[AlertRow]:
    with Store.open(settings.database_url).read() as connection:
        return read_alerts(connection)


def test_the_line_is_the_last_of_the_log_and_left_for_the_note(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    pushed: dict[str, str] = {}
    with caplog.at_level(logging.INFO):
        task_failed({"ti": _task(pushed), "exception": GateClosedError("closed")})
    assert pushed == {NOTE_KEY: "read_source failed: closed"}
    assert caplog.messages[-1] == "read_source failed: closed"


def test_operators_are_told_until_the_task_succeeds(settings: Settings) -> None:
    task_failed({"ti": _task({}, map_index=2), "exception": GateClosedError("closed")})
    (alert,) = _open_alerts(settings)
    assert (alert.kind, alert.subject, alert.link) == ("task", "ingest.read_source[2]", "http://airflow.test/log")
    assert alert.what == "read_source failed: closed"
    # The digest is due at once, and mails are files while there is no server.
    assert len(list(settings.outbox.rglob("*.eml"))) == 1
    task_succeeded({"ti": _task({}, map_index=1)})
    assert len(_open_alerts(settings)) == 1
    task_succeeded({"ti": _task({}, map_index=2)})
    assert _open_alerts(settings) == []


def test_an_alert_that_can_not_be_kept_hides_nothing(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.home.joinpath("bam.sqlite").write_bytes(b"no database at all" * 1000)
    task_failed({"ti": _task({}), "exception": GateClosedError("closed")})
    task_succeeded({"ti": _task({})})
    assert "read_source failed: closed" in caplog.messages


def test_a_brief_that_is_late_is_an_alert(settings: Settings) -> None:
    deadline_missed("monthly", 48, context={"dag_run": {"dag_run_id": "scheduled__2014-03-01"}})
    (alert,) = _open_alerts(settings)
    assert (alert.kind, alert.subject) == ("deadline", "brief_monthly scheduled__2014-03-01")
    assert alert.what == "The run scheduled__2014-03-01 of brief_monthly isn't done after 48 hours."
