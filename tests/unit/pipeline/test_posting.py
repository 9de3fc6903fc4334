"""Delivery as a step: gate, approval, editions, publications and repetition, with files for mails."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bam.delivery.approval import record_decision
from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.gate import Findings
from bam.delivery.issue import IssueToSend
from bam.documents.archive import Archive
from bam.model.identity import sha256_hex
from bam.pipeline.context import RunContext, Silent
from bam.pipeline.posting import Wish, send_issue
from bam.portfolio.briefs import Brief
from bam.portfolio.load import load_portfolio
from bam.portfolio.recipients import FeedPublication, FolderPublication, RecipientsFile, WebhookPublication
from bam.settings import read_settings
from bam.store.approvals import read_approval_events
from bam.store.delivery import read_deliveries, read_refusals, suppress
from bam.store.digests import read_alerts
from bam.store.engine import Store

PDF = b"%PDF-1.7 a brief"
PEOPLE = {
    "sender": {"name": "Monitor", "address": "monitor@example.org"},
    "recipients": [
        {"id": "ada", "name": "Ada", "address": "ada@example.org", "tlp": "amber"},
        {"id": "ben", "name": "Ben", "address": "ben@example.org"},
        {"id": "farrukh", "name": "Farrukh", "address": "farrukh@example.org", "language": "ru"},
        {"id": "gul", "name": "Gul", "address": "gul@example.org", "countries": ["TJ"]},
    ],
    "groups": [{"id": "readers", "members": ["ada", "ben", "farrukh", "gul"]}],
}


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: dt.datetime = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Surroundings:
    """A context whose clock and people a test changes."""

    context: RunContext
    clock: Clock

    @property
    def outbox(self) -> Path:
        return self.context.settings.outbox

    def mails(self) -> dict[str, EmailMessage]:
        found = {}
        for path in sorted(self.outbox.glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found[message["To"].addresses[0].username] = message
        return found

    def send(self, issue: IssueToSend, **wish: Any) -> Any:
        findings = wish.pop("findings", Findings())
        return send_issue(self.context, issue, wish.pop("brief", BRIEF), findings, Wish(**wish))


BRIEF = Brief.model_validate(
    {
        "id": "monthly",
        "title": {"en": "Monthly brief"},
        "audience": {"en": "for readers"},
        "cadence": "monthly",
        "sections": ["headlines"],
        "recipients": ["readers"],
    }
)
APPROVED_BRIEF = BRIEF.model_copy(update={"approval": True})


@pytest.fixture
def around(tmp_path: Path) -> Iterator[Surroundings]:
    settings = read_settings({"BAM_HOME": str(tmp_path / "var")})
    portfolio = replace(load_portfolio(settings.portfolio), delivery=RecipientsFile.model_validate(PEOPLE))
    store = Store.open(settings.database_url)
    clock = Clock()
    yield Surroundings(RunContext(settings, portfolio, store, Archive.open(settings.archive_url), clock, Silent()), clock)
    store.engine.dispose()


def issue(**changes: Any) -> IssueToSend:
    values: dict[str, Any] = {
        "id": "iss-1",
        "brief_id": "monthly",
        "title": "Monthly brief, March 2014",
        "period": "2014-03",
        "edition": "en",
        "language": "en",
        "issued_at": "2026-11-02T10:00:00.000000+00:00",
        "pdf": PDF,
        "pdf_sha256": sha256_hex(PDF),
        "context_sha256": "c" * 64,
        "html": "<p>Hello</p>",
        "text": "Hello",
        "summary": "Hello.",
    }
    return IssueToSend(**(values | changes))


def with_people(around: Surroundings, **changes: Any) -> None:
    people = around.context.portfolio.delivery.model_copy(update=changes)
    around.context = replace(around.context, portfolio=replace(around.context.portfolio, delivery=people))


def test_readers_of_the_edition_get_it_once(around: Surroundings) -> None:
    report = around.send(issue())
    assert report.sentence == "Monthly brief, March 2014: 2 sent now; in all 2 sent."
    assert set(around.mails()) == {"ada", "ben"}

    before = {path: path.stat().st_mtime_ns for path in around.outbox.iterdir()}
    again = around.send(issue())
    assert again.sent_now == 0
    assert {path: path.stat().st_mtime_ns for path in around.outbox.iterdir()} == before
    assert not again.is_waiting


@pytest.mark.parametrize(("edition", "language", "reader"), [("ru", "ru", "farrukh"), ("en-TJ", "en", "gul")])
def test_other_editions_go_to_their_readers(around: Surroundings, edition: str, language: str, reader: str) -> None:
    around.send(issue(edition=edition, language=language))
    assert set(around.mails()) == {reader}


def test_amber_goes_to_no_one_below(around: Surroundings) -> None:
    report = around.send(issue(tlp="amber"))
    assert set(around.mails()) == {"ada"}
    assert around.mails()["ada"]["Subject"].startswith("[TLP:AMBER]")
    assert [(refusal.recipient_id, refusal.code) for refusal in report.withheld] == [("ben", "tlp")]
    with around.context.store.read() as connection:
        assert [refusal for refusal, _ in read_refusals(connection, "iss-1")] == list(report.withheld)


def test_suppressed_reader_gets_nothing(around: Surroundings) -> None:
    with around.context.store.write() as connection:
        suppress(connection, "ben@example.org", "unsubscribed", "Ines", "2026-11-01T00:00:00.000000+00:00")
    around.send(issue())
    assert set(around.mails()) == {"ada"}


def test_reader_suppressed_while_waiting_gets_nothing(around: Surroundings) -> None:
    nobody_listens = SmtpServer("127.0.0.1", 1, "none", timeout_seconds=1)
    assert around.send(issue(), mail_server=nobody_listens).states == {"waiting": 2}
    with around.context.store.write() as connection:
        suppress(connection, "ben@example.org", "unsubscribed", "Ines", "2026-11-01T00:00:00.000000+00:00")
    around.clock.now += dt.timedelta(hours=1)
    assert around.send(issue()).states == {"sent": 1, "failed": 1}
    assert set(around.mails()) == {"ada"}


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        (Findings(critical=["claims.amount failed"]), "critical_check"),
        (Findings(stale="no source answers"), "stale_sources"),
        (Findings(unverified=["USD 3 million"]), "unverified"),
    ],
)
def test_closed_gate_sends_nothing_and_tells_operators_once(around: Surroundings, findings: Findings, code: str) -> None:
    for _ in range(2):
        report = around.send(issue(), findings=findings, deliver=True)
        assert [refusal.code for refusal in report.held] == [code]
    assert not around.outbox.exists()
    with around.context.store.read() as connection:
        [alert] = read_alerts(connection)
        assert (alert.kind, alert.subject, alert.count) == ("gate", "Monthly brief, March 2014", 2)
        assert len(read_refusals(connection)) == 1

    around.send(issue())
    with around.context.store.read() as connection:
        assert read_alerts(connection) == []


def test_backfill_is_sent_only_where_somebody_asks(around: Surroundings) -> None:
    backfill = issue(is_backfill=True)
    report = around.send(backfill)
    assert report.sentence.startswith("Monthly brief, March 2014: not sent. It was made by a backfill")
    assert not around.outbox.exists()
    with around.context.store.read() as connection:
        assert read_alerts(connection) == []
    assert around.send(backfill, deliver=True).sent_now == 2


def test_nothing_is_sent_where_nobody_wants_it(around: Surroundings) -> None:
    assert [refusal.code for refusal in around.send(issue(), deliver=False).held] == ["not_asked"]


def approve(around: Surroundings, content: str, decision: Any) -> None:
    with around.context.store.write() as connection:
        record_decision(connection, "iss-1", content, decision, by="Ines", via="command", now=around.clock.now)


def test_approval_opens_the_gate(around: Surroundings) -> None:
    waiting = around.send(issue(), brief=APPROVED_BRIEF)
    assert [refusal.code for refusal in waiting.held] == ["approval_waiting"]
    approve(around, issue().content_sha256, "approved")
    assert around.send(issue(), brief=APPROVED_BRIEF).sent_now == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"pdf": PDF + b" "},
        {"context_sha256": "d" * 64},
        {"html": "<p>Hullo</p>"},
        {"text": "Hullo"},
        {"title": "Monthly brief, April 2014"},
        {"tlp": "green"},
    ],
)
def test_content_that_changed_after_approval_is_refused(around: Surroundings, changes: dict[str, Any]) -> None:
    approve(around, issue().content_sha256, "approved")
    report = around.send(issue(**changes), brief=APPROVED_BRIEF)
    assert [refusal.code for refusal in report.held] == ["approval_changed"]
    assert not around.outbox.exists()


def test_rejection_and_silence_send_nothing(around: Surroundings) -> None:
    approve(around, issue().content_sha256, "rejected")
    assert [refusal.code for refusal in around.send(issue(), brief=APPROVED_BRIEF).held] == ["approval_rejected"]

    later = issue(id="iss-2", period="2014-04")
    around.send(later, brief=APPROVED_BRIEF)
    around.clock.now += dt.timedelta(hours=73)
    assert [refusal.code for refusal in around.send(later, brief=APPROVED_BRIEF).held] == ["approval_expired"]
    with around.context.store.read() as connection:
        assert [event.event for event in read_approval_events(connection, "iss-2")] == ["requested", "expired"]
    assert not around.outbox.exists()


def test_second_issue_of_a_period_is_no_second_mail_unless_it_corrects(around: Surroundings) -> None:
    around.send(issue())
    second = issue(id="iss-2", pdf=PDF + b"2")
    report = around.send(second)
    assert [refusal.code for refusal in report.held] == ["already_issued"]

    assert around.send(second, as_correction=True).sent_now == 2
    assert around.send(second, as_correction=True).sent_now == 0
    subjects = {
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)["Subject"]
        for path in around.outbox.glob("*-ada-*.eml")
    }
    assert subjects == {"Monthly brief, March 2014", "Corrected: Monthly brief, March 2014"}


def test_publications_get_the_issue_and_a_broken_one_holds_no_other(around: Surroundings) -> None:
    in_the_way = around.context.settings.home / "file"
    in_the_way.write_text("no folder")
    with_people(
        around,
        publications=(
            FolderPublication(id="broken", kind="folder", url="file"),
            FeedPublication(id="public", kind="feed", url="feed", public_url="https://monitor.example.org/feed"),
            FolderPublication(id="shelf", kind="folder", url="published"),
            WebhookPublication(id="team", kind="webhook"),
        ),
    )
    report = around.send(issue())
    assert report.states == {"sent": 4, "waiting": 2}
    assert (around.context.settings.home / "published" / "latest" / "monthly-en.pdf").read_bytes() == PDF
    assert (around.context.settings.home / "feed" / "feed.xml").exists()
    waiting = {attempt.channel: attempt.reason for attempt in report.attempts if attempt.state == "waiting"}
    assert waiting["webhook:team"] == "BAM_WEBHOOK_TEAM is not set"
    assert "can't be written" in waiting["folder:broken"]


def test_bad_mail_address_of_the_server_holds_no_publication(around: Surroundings) -> None:
    with_people(around, publications=(FolderPublication(id="shelf", kind="folder", url="published"),))
    around.context = replace(around.context, settings=replace(around.context.settings, smtp_url="gopher://x:secret@y"))
    report = around.send(issue())
    assert report.states == {"sent": 1, "waiting": 2}
    assert "BAM_SMTP_URL" in report.attempts[-1].reason
    assert "secret" not in " ".join(report.lines())


def test_edition_cut_for_one_reader_is_not_published(around: Surroundings) -> None:
    with_people(around, publications=(FolderPublication(id="shelf", kind="folder", url="published"),))
    around.send(issue(edition="en-TJ"))
    assert not (around.context.settings.home / "published").exists()
    with around.context.store.read() as connection:
        assert {row.channel for row in read_deliveries(connection)} == {"mail"}


def test_mails_are_the_same_bytes_on_every_machine(around: Surroundings, tmp_path: Path) -> None:
    around.send(issue())
    first = {path.name: path.read_bytes() for path in around.outbox.iterdir()}
    elsewhere = replace(
        around.context,
        settings=replace(around.context.settings, home=tmp_path / "elsewhere"),
        store=Store.open(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"),
    )
    send_issue(elsewhere, issue(), BRIEF, Findings())
    assert {path.name: path.read_bytes() for path in elsewhere.settings.outbox.iterdir()} == first
    elsewhere.store.engine.dispose()
