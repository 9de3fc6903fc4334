"""An issue by its id: what is found out about it right before it leaves, approval, and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, update

from bam.briefs import material as made_from
from bam.briefs.codec import to_json
from bam.briefs.material import Material
from bam.briefs.model import BriefContext, Figure, Heading, Sentence, Span
from bam.cli.approve import command as approve_command
from bam.cli.deliver import command as deliver_command
from bam.cli.outbox import command as outbox_command
from bam.delivery.channels.smtp_server import SmtpServer
from bam.documents.archive import Archive, Origin
from bam.model.claims import Evidence, Table, Witness
from bam.model.errors import BamError, GateClosedError
from bam.model.identity import sha256_hex
from bam.pipeline.approve import answer, ask
from bam.pipeline.brief import issue_paths
from bam.pipeline.context import RunContext, Silent
from bam.pipeline.deliver import check_gate, deliver_issue, deliver_waiting, load_issue
from bam.pipeline.findings import _staleness
from bam.portfolio.load import load_portfolio
from bam.settings import read_settings
from bam.store.briefs import RENDERED, IssueRow, insert_issue, read_issue_context
from bam.store.delivery import read_deliveries
from bam.store.engine import Store
from bam.store.quality import ResultRow, RunRow, save_run
from bam.store.schema.briefs import issues
from bam.store.schema.documents import documents, version_texts, versions
from bam.store.sources import begin_visit, end_visit

AT = "2014-04-01T06:00:00.000000+00:00"
NOBODY = SmtpServer("127.0.0.1", 1, "none", timeout_seconds=1)
PAGE = b"<p>Japan gave USD 3 million.</p>"
TEXT = "Japan gave USD 3 million."
QUOTE = Evidence(0, len(TEXT), TEXT)
WITNESS = Witness("doc-1", "doc-1", "src", "Embassy", "official", "clear", "Grant", "https://example.org/1")
FIGURE = Figure("funding.committed", 3e6, 3e6, 3e6, "USD", "USD 3 million", "sum", ("rec-1",), ("clm-1",))


@dataclass
class Clock:
    now: dt.datetime = dt.datetime(2014, 4, 2, 8, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(home: Path, clock: Clock) -> Iterator[RunContext]:
    settings = read_settings({"BAM_HOME": str(home)})
    with RunContext(
        settings,
        load_portfolio(settings.portfolio),
        Store.open(settings.database_url),
        Archive.open(settings.archive_url),
        clock,
        Silent(),
    ) as context:
        yield context


def keep_issue(context: RunContext, brief_id: str = "monthly", period: str = "2014-03", **changes: Any) -> str:
    """Keep an issue with one figure, its claim, its document and its PDF; gives its id."""
    raw = context.archive.put(PAGE, Origin("https://example.org/1", AT, "src"))
    testimony = made_from.Testimony("clm-1", "ver-1", raw, Table.FUNDING, {}, (QUOTE,), "2014-03-04", AT, "en", WITNESS)
    language = changes.pop("edition", "en")
    tlp = changes.pop("tlp", "clear")
    heading = Heading(
        brief_id, language, language, "brief", "Monthly", "Monitor", "Border security", "Monthly brief", "for readers", "",
        period, "March 2014", "2014-03-31", "31 March 2014", AT, 3, "No. 3", "USD", tlp, ("headlines",),
    )  # fmt: skip
    headline = Sentence((Span("USD 3 million", FIGURE.id), Span(" was committed.")))
    material = replace(Material((), (), ()), testimonies=(testimony,))
    content = BriefContext(
        heading, False, (headline,), (), None, None, None, None, None, None, (), (), (FIGURE,), (), material
    )  # fmt: skip
    data = to_json(replace(content, **changes))
    pdf = b"%PDF-1.7 " + sha256_hex(data).encode()
    hashes = sha256_hex(data), sha256_hex(pdf)
    row = IssueRow(f"iss-{brief_id}-{period}", brief_id, language, language, period, "2014-03-31", AT, 3, *hashes, RENDERED, AT)
    for path, written in zip(issue_paths(context, row), (pdf, b"<p>"), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)
    with context.store.write() as connection:
        insert_issue(connection, row, data.decode())
    return row.id


@pytest.fixture
def issue_id(context: RunContext) -> str:
    keep_document(context)
    return keep_issue(context)


def keep_document(context: RunContext, text: str = TEXT) -> None:
    document = {"id": "doc-1", "address": "https://example.org/1", "source_id": "src", "officiality": "official", "tlp": "clear"}
    version: dict[str, Any] = {
        "id": "ver-1",
        "document_id": "doc-1",
        "number": 1,
        "raw_sha256": sha256_hex(PAGE),
        "status": "converted",
    }
    version |= {"text_sha256": sha256_hex(text.encode()), "media_type": "text/html", "converter": "x 1", "origins": {}}
    with context.store.write() as connection:
        connection.execute(insert(documents).values(**document, first_seen_at=AT, copy_group="doc-1"))
        connection.execute(insert(versions).values(**version, recorded_at=AT))
        connection.execute(insert(version_texts).values(version_id="ver-1", text=text, blocks=[]))


def mails(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "outbox").glob("*.eml"))


def test_issue_is_found_by_the_beginning_of_its_id_and_sent_once(context: RunContext, home: Path, issue_id: str) -> None:
    report = deliver_issue(context, "iss-mon")
    assert report.sentence == "Monthly brief, March 2014: 4 sent now; in all 4 sent."
    assert report.figures()["issue_id"] == issue_id
    assert len(mails(home)) == 2
    assert deliver_issue(context, issue_id).sent_now == 0


def test_unknown_and_ambiguous_ids(context: RunContext, issue_id: str) -> None:
    keep_issue(context, period="2014-02")
    for beginning, said in (("nope", "no issue has"), ("iss-", "2 issues have")):
        with pytest.raises(BamError, match=said):
            deliver_issue(context, beginning)


def keep_check(context: RunContext, *, severity: str, is_success: bool, at: str = AT) -> None:
    result = ResultRow("claims.amount", "claims", severity, is_success, 9, 1, (), "claims.amount failed on 1 of 9 rows.")
    fields = {
        "id": f"full {at}",
        "phase": "full",
        "ran_at": at,
        "is_publishable": is_success,
        "passed": 1,
        "critical": 1,
        "warning": 0,
    }
    names = {name: fields.get(name, 0) for name in RunRow.__slots__}
    with context.store.write() as connection:
        save_run(connection, RunRow(**names), [result])  # type: ignore[arg-type]


def test_failed_critical_check_closes_the_gate_until_it_passes(context: RunContext, home: Path, issue_id: str) -> None:
    keep_check(context, severity="critical", is_success=False)
    report = deliver_issue(context, issue_id, deliver=True)
    assert [refusal.code for refusal in report.held] == ["critical_check"]
    assert "claims.amount failed on 1 of 9 rows" in report.sentence
    with pytest.raises(GateClosedError, match=r"claims\.amount failed"):
        check_gate(context, issue_id)
    keep_check(context, severity="critical", is_success=True, at="2014-04-01T07:00:00.000000+00:00")
    assert deliver_issue(context, issue_id).sent_now == 4


def test_warning_lets_it_out(context: RunContext, issue_id: str) -> None:
    keep_check(context, severity="warning", is_success=False)
    assert check_gate(context, issue_id).is_open


def visit(context: RunContext, at: str, failure: str | None) -> None:
    with context.store.write() as connection:
        for source in context.portfolio.sources:
            begin_visit(connection, source.id, at)
            end_visit(connection, source.id, at, gave_new=False, failure=failure)


def test_sources_that_have_not_answered_since_the_period_close_the_gate(context: RunContext, issue_id: str) -> None:
    visit(context, "2014-03-20T00:00:00.000000+00:00", None)
    visit(context, "2014-04-01T00:00:00.000000+00:00", "no answer")
    report = deliver_issue(context, issue_id)
    assert [refusal.code for refusal in report.held] == ["stale_sources"]
    assert "none of the 4 sources has answered since 2014-03-20, and the period ended before 2014-04-01" in report.held[0].reason
    visit(context, "2014-04-02T00:00:00.000000+00:00", None)
    assert deliver_issue(context, issue_id).sent_now == 4


def test_a_period_that_goes_on_asks_for_sources_up_to_its_day_only(context: RunContext) -> None:
    visit(context, "2014-03-20T05:00:00.000000+00:00", None)
    with context.store.read() as connection:
        assert _staleness(connection, {source.id for source in context.portfolio.sources}, "2014-03", "2014-03-20") is None
        assert _staleness(connection, {source.id for source in context.portfolio.sources}, "2014-03", "2014-03-21") is not None
        assert _staleness(connection, {source.id for source in context.portfolio.sources}, "2014-03", "2014-03-31") is not None


def archived(context: RunContext) -> Path:
    [path] = [path for path in (context.settings.home / "archive").rglob(sha256_hex(PAGE)) if path.is_file()]
    return path


def test_altered_archive_closes_the_gate_and_names_the_figure(context: RunContext, issue_id: str) -> None:
    archived(context).write_bytes(PAGE.replace(b"3", b"8"))
    report = deliver_issue(context, issue_id, deliver=True)
    assert [refusal.code for refusal in report.held] == ["unverified"]
    assert "USD 3 million (funding.committed)" in report.held[0].reason
    archived(context).write_bytes(PAGE)
    assert deliver_issue(context, issue_id).sent_now == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"figures": (replace(FIGURE, claim_ids=("clm-1", "clm-invented")),)},
        {"material": Material((), (), ())},
    ],
)
def test_figure_without_ground_closes_the_gate(context: RunContext, changes: dict[str, Any]) -> None:
    keep_document(context)
    report = deliver_issue(context, keep_issue(context, **changes))
    assert [refusal.code for refusal in report.held] == ["unverified"]


def test_quote_that_the_text_lacks_closes_the_gate(context: RunContext) -> None:
    keep_document(context, text="Japan gave USD 2 million.")
    assert [refusal.code for refusal in deliver_issue(context, keep_issue(context)).held] == ["unverified"]


def test_backfill_waits_for_somebody_who_asks(context: RunContext, home: Path, issue_id: str) -> None:
    assert not check_gate(context, issue_id, is_backfill=True).is_open
    assert check_gate(context, issue_id, is_backfill=True, deliver=True).is_open
    assert [refusal.code for refusal in deliver_issue(context, issue_id, is_backfill=True).held] == ["backfill"]
    assert mails(home) == []
    assert deliver_issue(context, issue_id, is_backfill=True, deliver=True).sent_now == 4


def test_what_waits_is_delivered_later(context: RunContext, clock: Clock, home: Path, issue_id: str) -> None:
    first = deliver_issue(context, issue_id, mail_server=NOBODY, is_backfill=True, deliver=True)
    assert (first.sent_now, first.is_waiting) == (2, True)
    [soon] = deliver_waiting(context)
    assert (soon.sent_now, soon.is_waiting) == (1, True), "the reader whose attempt failed has a pause, the other wasn't tried"
    clock.now += dt.timedelta(hours=1)
    [later] = deliver_waiting(context)
    assert (later.sent_now, later.is_waiting) == (1, False)
    assert len(mails(home)) == 2
    assert deliver_waiting(context) == []


def test_waiting_correction_stays_one(context: RunContext, clock: Clock, home: Path, issue_id: str) -> None:
    deliver_issue(context, issue_id, as_correction=True, mail_server=NOBODY)
    clock.now += dt.timedelta(hours=1)
    [report] = deliver_waiting(context)
    assert report.title == "Corrected: Monthly brief, March 2014"
    assert report.sent_now == 2


def test_issue_that_cant_be_looked_at_stops_no_other(context: RunContext, clock: Clock, issue_id: str) -> None:
    other = keep_issue(context, period="2014-02")
    for one in (issue_id, other):
        deliver_issue(context, one, mail_server=NOBODY)
    clock.now += dt.timedelta(hours=1)
    briefs = tuple(brief for brief in context.portfolio.briefs if brief.id != "monthly")
    editorial = context.portfolio.editorial.model_copy(update={"briefs": briefs})
    reports = deliver_waiting(replace(context, portfolio=replace(context.portfolio, editorial=editorial)))
    assert [report.held[0].code for report in reports] == ["error", "error"]
    assert [report.sent_now for report in deliver_waiting(context)] == [2, 2]


def test_approval_by_the_ledger(context: RunContext, clock: Clock, home: Path) -> None:
    keep_document(context)
    issue_id = keep_issue(context, "quarterly")
    asked = ask(context, issue_id)
    assert (asked.state, asked.title) == ("waiting", "Monthly brief, March 2014")
    assert asked.summary.startswith("Border security\nMonthly brief, March 2014")
    assert Path(asked.pdf_path).is_file()
    assert [refusal.code for refusal in deliver_issue(context, issue_id).held] == ["approval_waiting"]

    stale = answer(context, issue_id, "approved", by="Ines", via="airflow", content_sha256="0" * 64)
    assert stale.state == "changed"
    assert [refusal.code for refusal in deliver_issue(context, issue_id).held] == ["approval_changed"]
    approved = answer(context, issue_id, "approved", by="Ines", via="airflow", content_sha256=asked.content_sha256)
    assert approved.sentence == "Ines approved it at 2014-04-02T08:00 UTC"
    assert deliver_issue(context, issue_id).sent_now > 0


def test_context_that_is_edited_after_its_approval_is_refused(context: RunContext, clock: Clock, home: Path) -> None:
    keep_document(context)
    issue_id = keep_issue(context, "quarterly")
    asked = ask(context, issue_id)
    answer(context, issue_id, "approved", by="Ines", via="airflow", content_sha256=asked.content_sha256)
    with context.store.write() as connection:
        written = read_issue_context(connection, issue_id)
        assert written is not None
        connection.execute(update(issues).values(context=written.replace("Monthly brief", "Another brief")))
    report = deliver_issue(context, issue_id)
    assert [refusal.code for refusal in report.held] == ["approval_changed"]
    assert report.alarms() == [report.held[0].reason]
    assert mails(home) == []


def test_attached_pdf_is_the_issued_one(context: RunContext, issue_id: str) -> None:
    loaded = load_issue(context, issue_id)
    assert sha256_hex(loaded.issue.pdf) == loaded.issue.pdf_sha256
    assert loaded.issue.summary == "USD 3 million was committed."


def run(command: Any, home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), env={"BAM_HOME": str(home)})


def test_commands_from_approval_to_outbox(context: RunContext, home: Path) -> None:
    keep_document(context)
    issue_id = keep_issue(context, "quarterly")
    assert run(approve_command, home).stdout == "Nothing waits for approval.\n"
    held = run(deliver_command, home, issue_id)
    assert held.exit_code == 1
    assert held.stdout.startswith("Monthly brief, March 2014: not sent. It waits for approval until ")
    assert issue_id in run(approve_command, home).stdout
    assert "waits for approval" in run(outbox_command, home, "list").stdout

    assert "Ines approved it" in run(approve_command, home, issue_id, "--by", "Ines").stdout
    sent = run(deliver_command, home, issue_id)
    assert (sent.exit_code, sent.stdout) == (0, "Monthly brief, March 2014: 4 sent now; in all 4 sent.\n")
    listed = run(outbox_command, home, "list").stdout
    assert "programme-desk" in listed
    assert "held back" not in listed
    assert listed.endswith("In all: 4 sent\n")
    assert run(outbox_command, home, "send").stdout == "Nothing waits.\n"


def test_commands_decide_about_what_is_unknown(context: RunContext, home: Path, issue_id: str) -> None:
    deliver_issue(context, issue_id, mail_server=NOBODY)
    with context.store.write() as connection:
        waiting = [row for row in read_deliveries(connection) if row.state == "waiting"]
        connection.exec_driver_sql("UPDATE deliveries SET state = 'unknown' WHERE state = 'waiting'")
    assert "2 unknown" in run(outbox_command, home, "list", "--state", "unknown").stdout
    assert run(outbox_command, home, "decide", waiting[0].id[:12], "sent", "--by", "Ines").exit_code == 0
    assert isinstance(run(outbox_command, home, "decide", waiting[0].id, "resend").exception, BamError)
    assert isinstance(run(outbox_command, home, "decide", "dlv-", "resend").exception, BamError)
    assert run(outbox_command, home, "decide", waiting[1].id, "resend").exit_code == 0
    assert run(outbox_command, home, "send").exit_code == 0
    assert len(mails(home)) == 1


def test_commands_keep_the_suppression_list(context: RunContext, home: Path, issue_id: str) -> None:
    assert run(outbox_command, home, "suppress", "Mirela.Oduya@example.org", "--reason", "left").exit_code == 0
    assert "mirela.oduya@example.org: left" in run(outbox_command, home, "suppressed").stdout
    report = deliver_issue(context, issue_id)
    assert [refusal.recipient_id for refusal in report.withheld] == ["donor-liaison"]
    assert "gets mail again" in run(outbox_command, home, "allow", "mirela.oduya@example.org").stdout
    assert "was not on the list" in run(outbox_command, home, "allow", "mirela.oduya@example.org").stdout
