"""The chain in a real Airflow on SQLite. No test needs another one before it."""

from __future__ import annotations

import json
import re
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.integration.airflow_monitor import ROUND, Monitor

from bam.orchestration.chain import follow
from bam.pipeline.context import RunContext, open_context
from bam.store.records import read_records
from bam.store.schema.documents import claims

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


def test_the_samples_raise_nothing(monitor: Monitor) -> None:
    done = monitor.bam("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed: 0 critical, 0 warning, 0 info." in done.stdout


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
    log = _log(monitor, run.run_id)
    assert not [event for event in log if event.startswith(("Step ", "Loading "))], "a library talks in the log"


def test_backfilled_briefs_are_rendered_and_not_mailed(monitor: Monitor) -> None:
    mails = monitor.mails()
    done = monitor.bam("backfill", "brief_flash", "--from", "2014-08", "--to", "2014-10")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == "brief_flash: 3 success"
    for month in ("2014-08", "2014-09", "2014-10"):
        assert len(list(monitor.settings.briefs.rglob(f"flash-{month}-en-*.pdf"))) == 1
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


def test_a_critical_fault_stops_publication_with_a_plain_last_line_until_it_is_put_right(monitor: Monitor) -> None:
    with open_context(monitor.settings) as context:
        before = _published(context)
        (claim_id, evidence), *_ = _evidence_of_claims(context)
        _write_evidence(context, claim_id, [{**evidence[0], "quote": "What nobody wrote."}])
    mails = monitor.mails()

    try:
        (failed,) = follow(monitor.client, [("indicators", monitor.client.trigger("indicators", {}))], lambda _: None)
    finally:
        with open_context(monitor.settings) as context:
            _write_evidence(context, claim_id, evidence)

    assert failed.state_of("update_tables") == "failed"
    last = _last_line(monitor, failed.run_id)
    assert last.startswith("update_tables failed: ")
    assert "Nothing was published" in last
    assert claim_id in last
    assert "`bam review reject ID`" in last
    assert monitor.client.run("indicators", failed.run_id).note == last
    with open_context(monitor.settings) as context:
        assert _published(context) == before
    (again,) = follow(monitor.client, [("indicators", monitor.client.trigger("indicators", {}))], lambda _: None)
    assert again.state == "success"
    assert monitor.status().is_publishable
    assert monitor.mails() == mails


def _evidence_of_claims(context: RunContext) -> list[tuple[str, list[dict[str, Any]]]]:
    """The open claims of the tables, each with its evidence as stored."""
    with context.store.read() as connection:
        rows = connection.execute(
            select(claims.c.id, claims.c.evidence).where(claims.c.closed_at.is_(None)).order_by(claims.c.id)
        )
        return [(row.id, row.evidence) for row in rows]


def _write_evidence(context: RunContext, claim_id: str, evidence: list[dict[str, Any]]) -> None:
    """As a fault of a disk or a hand in the database would: nothing notes it."""
    with context.store.write() as connection:
        changed = {"evidence": evidence, "checked_at": None}
        connection.execute(update(claims).where(claims.c.id == claim_id).values(changed))


def _published(context: RunContext) -> list[str]:
    """The records of the published tables."""
    with context.store.read() as connection:
        return sorted(one.record.id for one in read_records(connection))


def _last_line(monitor: Monitor, run_id: str) -> str:
    """What the log of the task ends with, without the marks that fold it."""
    return [event for event in _log(monitor, run_id) if not event.startswith("::")][-1]


def _log(monitor: Monitor, run_id: str) -> list[str]:
    """What the task of a run of `indicators` logged."""
    (path,) = (monitor.settings.home / "airflow" / "logs" / "tasks" / "dag_id=indicators" / f"run_id={run_id}").rglob("*.log")
    return [str(json.loads(line)["event"]) for line in path.read_text(encoding="utf-8").splitlines()]
