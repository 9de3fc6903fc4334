"""What needs a person is found, told in one digest, and forgotten when it is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bam.delivery.alerts import Alert
from bam.delivery.approval import request_approval
from bam.documents.archive import Archive
from bam.pipeline.alerts import look_around, note, note_end, tell_operators
from bam.pipeline.context import RunContext, Silent
from bam.portfolio.load import load_portfolio
from bam.portfolio.recipients import Operators, RecipientsFile
from bam.settings import read_settings
from bam.store.delivery import Delivery, decide, enqueue
from bam.store.digests import read_alerts
from bam.store.engine import Store
from bam.store.quality import Held, hold, release
from bam.store.sources import begin_visit, end_visit

AT = "2026-11-02T08:00:00.000000+00:00"


@dataclass
class Clock:
    now: dt.datetime = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[RunContext]:
    settings = read_settings({"BAM_HOME": str(tmp_path / "var")})
    store = Store.open(settings.database_url)
    with RunContext(
        settings, load_portfolio(settings.portfolio), store, Archive.open(settings.archive_url), clock, Silent()
    ) as context:
        with store.write() as connection:
            for source in context.portfolio.sources:
                begin_visit(connection, source.id, AT)
                end_visit(connection, source.id, AT, gave_new=True, failure=None)
        yield context


def subjects(context: RunContext, kind: str) -> list[str]:
    with context.store.read() as connection:
        return [alert.subject for alert in read_alerts(connection, kind=kind)]


def digests(context: RunContext) -> list[str]:
    return sorted(path.read_bytes().decode() for path in context.settings.outbox.glob("*-alerts-*.eml"))


def test_nothing_to_tell(context: RunContext) -> None:
    look_around(context)
    assert tell_operators(context) is None
    assert not context.settings.outbox.exists()


def test_failed_task_is_told_to_the_operators(context: RunContext, clock: Clock) -> None:
    alert = Alert("task", "ingest.read_source", "It failed.", "Clear it.", since=clock.now, link="https://airflow.example.org/x")
    note(context, alert)
    report = tell_operators(context)
    assert report is not None
    assert report.states == {"sent": 1}
    [mail] = digests(context)
    assert "To: Duty operator <operators@example.org>" in mail
    assert "Subject: Failed tasks: ingest.read_source" in mail
    assert "TLP" not in mail

    note(context, alert)
    assert tell_operators(context) is None
    note_end(context, "task", "ingest.read_source")
    clock.now += dt.timedelta(days=2)
    assert tell_operators(context) is None


def test_delivery_that_nobody_can_decide_but_a_person(context: RunContext) -> None:
    row = Delivery(
        "dlv-1", "iss-1", "issue", "Monthly brief", "slot", "mail", "ada", "ada@example.org", "unknown", AT, reason="lost"
    )
    with context.store.write() as connection:
        enqueue(connection, row)
    look_around(context)
    assert subjects(context, "delivery") == ["Monthly brief (iss-1)"]
    with context.store.write() as connection:
        decide(connection, "dlv-1", "sent", "Ines", AT)
    look_around(context)
    assert subjects(context, "delivery") == []


def test_approval_that_waits(context: RunContext, clock: Clock) -> None:
    with context.store.write() as connection:
        request_approval(connection, "iss-1", "a" * 64, clock.now, dt.timedelta(hours=72))
    look_around(context)
    assert subjects(context, "approval") == ["iss-1"]


def test_quarantine_above_its_threshold(context: RunContext) -> None:
    people = context.portfolio.delivery.model_copy(update={"operators": Operators(quarantine_threshold=2)})
    strict = replace(context, portfolio=replace(context.portfolio, delivery=people))
    rows = [Held(f"q{n}", "claim", f"clm-{n}", "claims.x", "critical", "why", "run", AT) for n in range(3)]
    rows.append(replace(rows[0], id="q0b", check_name="claims.y"))
    with context.store.write() as connection:
        hold(connection, rows)
    look_around(strict)
    assert subjects(context, "quarantine") == ["quarantine"]
    with context.store.write() as connection:
        release(connection, ["q2"], AT, "passes")
    look_around(strict)
    assert subjects(context, "quarantine") == []


def test_source_that_fell_silent(context: RunContext, clock: Clock) -> None:
    look_around(context)
    assert subjects(context, "source") == []
    clock.now += dt.timedelta(days=100)
    look_around(context)
    ids = sorted(source.id for source in context.portfolio.sources)
    assert subjects(context, "source") == ids
    report = tell_operators(context)
    assert report is not None
    assert report.title == f"{len(ids)} things need attention"


def test_nobody_is_an_operator(context: RunContext, clock: Clock) -> None:
    alone = replace(context, portfolio=replace(context.portfolio, delivery=RecipientsFile()))
    note(alone, Alert("task", "ingest", "It failed.", "Clear it.", since=clock.now))
    assert tell_operators(alone) is None
