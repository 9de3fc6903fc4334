"""Follow-up reminders from records in the store to files in the outbox."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from bam.cli.followups import command
from bam.documents.archive import Archive
from bam.model.claims import Claim, Evidence, FollowUpValues, Table, Witness
from bam.model.record_json import record_to_dict
from bam.model.records import Record
from bam.pipeline.context import RunContext, Silent
from bam.pipeline.deliver import deliver_waiting
from bam.pipeline.followups import remind
from bam.portfolio.load import load_portfolio
from bam.portfolio.recipients import RecipientsFile
from bam.settings import read_settings
from bam.store.claims import insert_claims
from bam.store.engine import Store
from bam.store.schema.documents import documents, versions
from bam.store.schema.records import publications, record_versions

TODAY = dt.date(2026, 11, 2)
PEOPLE = {
    "sender": {"name": "Monitor", "address": "monitor@example.org"},
    "recipients": [
        {"id": "dushanbe", "name": "Dushanbe", "address": "dushanbe@example.org", "tlp": "green"},
        {"id": "desk", "name": "Desk", "address": "desk@example.org", "tlp": "amber"},
    ],
    "owners": [{"party": "TJ", "recipients": ["dushanbe"]}],
    "reminders": {"recipients": ["desk"]},
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def context(home: Path) -> Iterator[RunContext]:
    settings = read_settings({"BAM_HOME": str(home)})
    portfolio = replace(load_portfolio(settings.portfolio), delivery=RecipientsFile.model_validate(PEOPLE))
    with RunContext(
        settings,
        portfolio,
        Store.open(settings.database_url),
        Archive.open(settings.archive_url),
        lambda: dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC),
        Silent(),
    ) as context:
        yield context


def add(context: RunContext, key: str, due: str, *parties: str, tlp: str = "clear") -> None:
    """Put a promise into the published records, with one claim from a source of that confidentiality."""
    values = FollowUpValues("Border conference", f"Open the {key} post", parties=parties, due=due)
    witness = Witness(f"doc-{key}", f"doc-{key}", "src", "Embassy", "official", tlp, None, f"https://example.org/{key}")
    at = "2026-01-01T00:00:00.000000+00:00"
    claim = Claim(
        f"clm-{key}", f"ver-{key}", Table.FOLLOW_UPS, values, (Evidence(0, 1, "O"),), 0.9, "x 1", "2025-05", at, witness
    )
    record = Record(f"rec-{key}", Table.FOLLOW_UPS, values, (), (claim.id,), 1, "2025-05", "2025-05", 0.9, score="0")
    document: dict[str, Any] = {
        "id": f"doc-{key}",
        "address": witness.address,
        "source_id": "src",
        "officiality": "official",
        "tlp": tlp,
    }
    version: dict[str, Any] = {
        "id": f"ver-{key}",
        "document_id": f"doc-{key}",
        "number": 1,
        "raw_sha256": "0" * 64,
        "text_sha256": "0" * 64,
    }
    version |= {"media_type": "text/plain", "converter": "x 1", "status": "converted", "origins": {}, "recorded_at": at}
    row = {
        "id": record.id,
        "since": 1,
        "table_name": "follow_ups",
        "title": key,
        "region": claim.id,
        "weakness": 0.0,
        "body": record_to_dict(record),
    }
    with context.store.write() as connection:
        if connection.execute(publications.select()).first() is None:
            counts = {"claim_count": 1, "added": 1, "modified": 0, "removed": 0}
            connection.execute(insert(publications).values(number=1, published_at=at, builder="x", **counts))
        connection.execute(insert(documents).values(**document, first_seen_at=at, copy_group=f"doc-{key}"))
        connection.execute(insert(versions).values(**version))
        insert_claims(connection, [claim])
        connection.execute(insert(record_versions).values(**row, first_known_on="2025-05-31", last_known_on="2025-05-31"))


def mails(home: Path) -> dict[str, EmailMessage]:
    found = {}
    for path in sorted((home / "outbox").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found[message["To"].addresses[0].username] = message
    return found


def test_each_owner_gets_one_digest_once(context: RunContext, home: Path) -> None:
    add(context, "north", "2026-11-20", "TJ")
    add(context, "south", "2026-10-01", "TJ", "AF")
    add(context, "later", "2027-11-20", "TJ")
    report = remind(context, TODAY)

    assert [(reminder.owner, reminder.record_id, reminder.kind) for reminder in report.due] == [
        ("AF", "rec-south", "overdue"),
        ("TJ", "rec-south", "overdue"),
        ("TJ", "rec-north", "due"),
    ]
    found = mails(home)
    assert set(found) == {"dushanbe", "desk"}
    assert found["dushanbe"]["Subject"] == "Follow-ups of Tajikistan: due soon 1, overdue 1"
    body = found["desk"].get_body(("plain",))
    assert body is not None
    assert "Open the south post" in body.get_content()
    assert "Open the north post" not in body.get_content()

    assert remind(context, TODAY).due == ()
    assert remind(context, TODAY + dt.timedelta(days=10)).due == ()
    assert len(list((home / "outbox").iterdir())) == 2


def test_dry_run_tells_and_mails_nothing(context: RunContext, home: Path) -> None:
    add(context, "north", "2026-11-20", "TJ")
    assert len(remind(context, TODAY, is_dry_run=True).due) == 1
    assert not (home / "outbox").exists()
    assert len(remind(context, TODAY).digests) == 1


def test_confidential_promise_is_withheld_and_stays_due(context: RunContext, home: Path) -> None:
    add(context, "secret", "2026-11-20", "TJ", tlp="amber")
    for _ in range(2):
        report = remind(context, TODAY)
        assert [reminder.record_id for reminder in report.withheld] == ["rec-secret"]
        assert report.digests == ()
    assert not (home / "outbox").exists()


def test_owner_whom_nobody_answers_for_is_named(context: RunContext) -> None:
    add(context, "north", "2026-11-20", "AF")
    people = context.portfolio.delivery.model_copy(update={"reminders": RecipientsFile().reminders})
    alone = replace(context, portfolio=replace(context.portfolio, delivery=people))
    assert remind(alone, TODAY).nobody == ("AF",)


def test_process_that_ended_between_writing_and_sending_loses_nothing(
    context: RunContext, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(context, "north", "2026-11-20", "TJ")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bam.pipeline.followups.send_parcel", killed)
        with pytest.raises(KeyboardInterrupt):
            remind(context, TODAY)
    assert remind(context, TODAY).due == ()
    [report] = deliver_waiting(context)
    assert report.sent_now == 1
    assert set(mails(home)) == {"dushanbe"}
    assert deliver_waiting(context) == []


def test_command_prints_what_is_due(context: RunContext, home: Path) -> None:
    add(context, "north", "2026-11-20", "TJ")
    add(context, "south", "2026-10-01", "XX")
    environment = {"BAM_HOME": str(home)}
    shown = CliRunner().invoke(command, ["--on", "2026-11-02", "--dry-run"], env=environment)
    assert shown.exit_code == 0
    assert "TJ: Open the north post (2026-11-20, due in 18 days)" in shown.stdout
    assert "XX: Open the south post (2026-10-01, 32 days overdue)" in shown.stdout
    sent = CliRunner().invoke(command, ["--on", "2026-11-02"], env=environment)
    assert "1 sent now" in sent.stdout
    again = CliRunner().invoke(command, ["--on", "2026-11-02"], env=environment)
    assert again.stdout == "No new reminders.\n"
    assert CliRunner().invoke(command, ["--on", "soon"]).exit_code == 2
