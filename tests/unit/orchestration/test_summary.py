"""A round's report says what grew, and says it plainly when nothing did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bam.orchestration.summary import RoundSummary
from bam.pipeline.status import Status
from bam.settings import Settings, read_settings

TABLES = {"funding": 30, "facilities": 12, "workshops": 9, "follow_ups": 14}
AFTER = Status(
    documents=27,
    versions={"converted": 27},
    superseded_versions=1,
    pending=0,
    claims=TABLES,
    records=TABLES,
    publication=1,
    published_at="2026-11-22T01:00:00.000000+00:00",
    checks={"passed": 65, "critical": 0, "warning": 1, "info": 0},
    is_publishable=True,
    quarantined={},
    deliveries={"sent": 5},
)
NOTHING = dict.fromkeys(TABLES, 0)
BEFORE = replace(AFTER, documents=0, versions={}, superseded_versions=0, claims=NOTHING, records=NOTHING, deliveries={})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"BAM_HOME": str(tmp_path)})


def test_a_first_round_tells_what_grew(settings: Settings) -> None:
    summary = RoundSummary(BEFORE, AFTER, {"brief_monthly": ["2026-10, 6 pages: monthly-2026-10.pdf", "3 sent now"]})
    assert list(summary.lines(settings)) == [
        "documents        27 (+27), 28 (+28) versions",
        "claims           30 (+30) funding, 12 (+12) facilities, 9 (+9) workshops, 14 (+14) follow ups",
        "records          30 (+30) funding, 12 (+12) facilities, 9 (+9) workshops, 14 (+14) follow ups",
        "checks           65 passed, 0 critical, 1 warning, 0 info",
        "brief_monthly    2026-10, 6 pages: monthly-2026-10.pdf",
        "                 3 sent now",
        f"deliveries       5 sent now (mails are files in {settings.outbox} while BAM_SMTP_URL is not set)",
    ]
    assert not summary.added_nothing


def test_a_second_round_says_that_it_added_nothing(settings: Settings) -> None:
    summary = RoundSummary(AFTER, AFTER, {})
    assert summary.added_nothing
    assert "Nothing was added: no document, no claim, no mail." in summary.lines(settings)


def test_a_corrected_document_is_something(settings: Settings) -> None:
    assert not RoundSummary(AFTER, replace(AFTER, superseded_versions=2), {}).added_nothing


def test_failures_come_last(settings: Settings) -> None:
    assert list(RoundSummary(AFTER, AFTER, {}, ["ingest.read_source: no"]).lines(settings))[-1] == "! ingest.read_source: no"
