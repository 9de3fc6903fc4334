"""The ledger of approvals: the latest word about exactly this content counts."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Connection

from bam.delivery.approval import approval_of, expire_request, record_decision, request_approval
from bam.store.approvals import read_approval_events, read_open_requests
from bam.store.engine import Store

from .conftest import NOON

OLD, NEW = "a" * 64, "b" * 64
DAY = dt.timedelta(days=1)


def events(connection: Connection) -> list[tuple[str, str]]:
    return [(event.event, event.content_sha256[0]) for event in read_approval_events(connection, "iss-1")]


def test_asked_once_per_content(store: Store) -> None:
    with store.write() as connection:
        assert approval_of(connection, "iss-1", OLD, NOON).state == "not_asked"
        request_approval(connection, "iss-1", OLD, NOON, DAY)
        request_approval(connection, "iss-1", OLD, NOON, DAY)
        assert events(connection) == [("requested", "a")]
        waiting = approval_of(connection, "iss-1", OLD, NOON)
        assert (waiting.state, waiting.sentence) == ("waiting", "it waits for approval until 2026-11-03T12:00 UTC")
        assert [event.issue_id for event in read_open_requests(connection)] == ["iss-1"]


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_a_decision_names_who_when_and_why(store: Store, decision: str) -> None:
    with store.write() as connection:
        request_approval(connection, "iss-1", OLD, NOON, DAY)
        for _ in range(2):
            record_decision(connection, "iss-1", OLD, decision, by="Ines", via="command", now=NOON + DAY / 4, note="read it")  # type: ignore[arg-type]
        found = approval_of(connection, "iss-1", OLD, NOON + 5 * DAY)
        assert found.state == decision
        assert found.sentence == f"Ines {decision} it at 2026-11-02T18:00 UTC: read it"
        assert events(connection) == [("requested", "a"), (decision, "a")]
        assert read_open_requests(connection) == []


def test_content_that_changed_is_not_approved(store: Store) -> None:
    with store.write() as connection:
        record_decision(connection, "iss-1", OLD, "approved", by="Ines", via="command", now=NOON)
        changed = approval_of(connection, "iss-1", NEW, NOON)
        assert changed.state == "changed"
        assert "changed after it was approved (Ines" in changed.sentence
        record_decision(connection, "iss-1", NEW, "approved", by="Ines", via="command", now=NOON)
        assert approval_of(connection, "iss-1", NEW, NOON).state == "approved"
        assert approval_of(connection, "iss-1", OLD, NOON).state == "changed"


def test_silence_is_a_rejection(store: Store) -> None:
    with store.write() as connection:
        request_approval(connection, "iss-1", OLD, NOON, DAY)
        assert not expire_request(connection, "iss-1", OLD, NOON + DAY / 2)
        assert approval_of(connection, "iss-1", OLD, NOON + DAY).state == "expired"
        assert expire_request(connection, "iss-1", OLD, NOON + DAY)
        assert not expire_request(connection, "iss-1", OLD, NOON + DAY)
        assert events(connection) == [("requested", "a"), ("expired", "a")]
        assert approval_of(connection, "iss-1", OLD, NOON + DAY).state == "expired"


def test_a_person_may_change_their_mind_and_the_ledger_shows_both(store: Store) -> None:
    with store.write() as connection:
        record_decision(connection, "iss-1", OLD, "rejected", by="Ines", via="airflow", now=NOON)
        request_approval(connection, "iss-1", OLD, NOON, DAY)
        record_decision(connection, "iss-1", OLD, "approved", by="Olu", via="command", now=NOON)
        assert events(connection) == [("rejected", "a"), ("requested", "a"), ("approved", "a")]
        assert approval_of(connection, "iss-1", OLD, NOON).state == "approved"
