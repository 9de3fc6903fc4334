"""The chain in a real Airflow on SQLite, and the launcher that keeps it running. No test needs another one before it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from tests.integration.airflow_monitor import ROUND, Monitor, wait_until

from bam.orchestration.chain import follow
from bam.orchestration.launcher import running_airflow
from bam.orchestration.processes import session_members

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow"), pytest.mark.timeout(480)]


def test_the_chain_makes_a_brief_from_the_samples(monitor: Monitor) -> None:
    assert monitor.was_paused
    done = monitor.first_round
    assert done.returncode == 0, done.stdout + done.stderr
    status = monitor.status()
    assert status.documents >= 16
    assert all(count > 0 for count in status.records.values())
    assert status.is_publishable
    (pdf,) = monitor.settings.briefs.rglob("monthly-2014-11-en-*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert str(pdf) in done.stdout
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in monitor.mails()]
    attached = [part for mail in mails for part in mail.iter_attachments() if "2014-11" in (part.get_filename() or "")]
    assert attached
    assert {part.get_content_type() for part in attached} == {"application/pdf"}


def test_the_same_again_adds_nothing(monitor: Monitor) -> None:
    before, mails = monitor.status(), monitor.mails()
    done = monitor.bam(*ROUND)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was added: no document, no claim, no mail." in done.stdout
    after = monitor.status()
    assert (after.documents, after.claims, after.records) == (before.documents, before.claims, before.records)
    assert monitor.mails() == mails


def test_every_run_has_a_note_and_every_event_its_counts(monitor: Monitor) -> None:
    (run,) = follow(monitor.client, [("indicators", monitor.client.trigger("indicators", {}))], lambda _: None)
    noted = monitor.client.run("indicators", run.run_id)
    assert noted.note is not None
    assert "Checks: " in noted.note


def test_backfilled_briefs_are_rendered_and_not_mailed(monitor: Monitor) -> None:
    mails = monitor.mails()
    done = monitor.bam("backfill", "brief_monthly", "--from", "2014-08", "--to", "2014-10")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == "brief_monthly: 3 success"
    for month in ("2014-08", "2014-09", "2014-10"):
        assert len(list(monitor.settings.briefs.rglob(f"monthly-{month}-en-*.pdf"))) == 1
    assert monitor.mails() == mails


def test_a_backfill_of_an_unknown_dag_is_one_line(monitor: Monitor) -> None:
    done = monitor.bam("backfill", "brief_daily", "--from", "2014-01", "--to", "2014-01")
    assert done.returncode == 1
    assert re.match(r"bam: \S+: no DAG is called 'brief_daily' \(known: .*brief_monthly", done.stderr)
    assert done.stderr.count("\n") == 1


def test_a_second_start_says_where_the_first_is(monitor: Monitor) -> None:
    done = monitor.bam("up")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Airflow is running already at {monitor.client.address} (process {monitor.process.pid})")


def test_a_scheduler_that_is_killed_comes_back_and_works(monitor: Monitor) -> None:
    assert len(session_members([monitor.sessions()["scheduler"]])) > 1
    first = monitor.kill_scheduler()
    wait_until(lambda: "The scheduler died; starting it again" in monitor.output.read_text(), 20)
    wait_until(lambda: monitor.sessions().get("scheduler") not in (None, first), 20)
    assert session_members([first]) == []
    (run,) = follow(monitor.client, [("indicators", monitor.client.trigger("indicators", {}))], lambda _: None)
    assert run.state == "success"


def test_stopping_leaves_no_process_behind(monitor: Monitor) -> None:
    sessions = list(monitor.sessions().values())
    assert len(sessions) == 4
    assert len(session_members(sessions)) > 4
    assert monitor.stop() == 0
    assert session_members(sessions) == []
    assert running_airflow(monitor.settings) is None
