"""Everything that delivery keeps is the same, row by row, on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from bam.delivery.alerts import Alert, keep_only, raise_alert, write_digest
from bam.delivery.approval import expire_request, record_decision, request_approval
from bam.delivery.channels.base import Outcome, Result
from bam.delivery.issue import parcel_of
from bam.delivery.outbox import Dispatch, post
from bam.delivery.plan import Place
from bam.delivery.reminders import Audience, reminders_on, write_digests
from bam.model.claims import FollowUpValues, Table
from bam.model.records import Record
from bam.portfolio.recipients import Operators
from bam.store import approvals, delivery, digests
from bam.store.engine import Store
from bam.store.schema import delivery as schema

from .conftest import NOON, Clock, ScriptedChannel, make_issue

HOUR = dt.timedelta(hours=1)
KEPT = ("deliveries", "refusals", "approvals", "suppressions", "digests", "alerts", "reminders")


def live_through(store: Store) -> dict[str, list[dict[str, Any]]]:
    """A day in the life of delivery; what is in the tables afterwards."""
    clock = Clock()
    dispatch = Dispatch(store, clock, "one", 48 * HOUR)
    places = [Place("mail", name, f"{name}@example.org") for name in ("ada", "ben", "cleo", "dan")]
    outcomes: dict[str, list[Outcome | BaseException]] = {
        "ben": [Outcome(Result.RETRY, "451 later")],
        "cleo": [Outcome(Result.UNKNOWN, "lost")],
        "dan": [Outcome(Result.FAILED, "550 no")],
    }
    channel = ScriptedChannel(script=outcomes)
    post(dispatch, {"mail": channel}, parcel_of(make_issue()), places)
    clock.advance(hours=1)
    post(dispatch, {"mail": channel}, parcel_of(make_issue()), places[1:])
    with store.write() as connection:
        rows = {row.recipient_id: row.id for row in delivery.read_deliveries(connection)}
        assert delivery.decide(connection, rows["cleo"], "sent", "Ines", "2026-11-02T14:00:00.000000+00:00")
        assert delivery.find_ids(connection, rows["ada"][:9]) == [rows["ada"]]
        for at in ("2026-11-02T12:00:00.000000+00:00", "2026-11-02T13:00:00.000000+00:00"):
            delivery.note_refusal(connection, delivery.Refusal("iss-1", "", "", "backfill", "why"), "ref-1", at)
        assert len(delivery.read_refusals(connection, is_current=True)) == 1
        delivery.suppress(connection, "x@example.org", "left", "Ines", "2026-11-02T12:00:00.000000+00:00")
        request_approval(connection, "iss-1", "a" * 64, NOON, HOUR)
        assert expire_request(connection, "iss-1", "a" * 64, NOON + HOUR)
        record_decision(connection, "iss-1", "a" * 64, "approved", by="Ines", via="command", now=NOON + 2 * HOUR)
        request_approval(connection, "iss-2", "b" * 64, NOON, HOUR)
        assert [request.issue_id for request in approvals.read_open_requests(connection)] == ["iss-2"]
        for _ in range(2):
            raise_alert(connection, Alert("task", "ingest", "It failed.", "Clear it.", NOON), NOON)
        keep_only(connection, "source", [Alert("source", "eu", "Silent.", "Look.", NOON)], NOON)
        assert write_digest(connection, Operators(), ["ops"], NOON) is not None
        keep_only(connection, "source", [], NOON + HOUR)
        assert write_digest(connection, Operators(), ["ops"], NOON + 25 * HOUR) is not None
        promise = FollowUpValues("Conference", "Open the post", parties=("TJ",), due="2026-11-10")
        record = Record("rec-1", Table.FOLLOW_UPS, promise, (), (), 1, None, None, 0.9)
        due = reminders_on([record], {"rec-1": "clear"}, NOON.date(), 30)
        for _ in range(2):
            write_digests(connection, due, [Audience("TJ", ("TJ",), ("ada",), "clear")], on=NOON.date(), now=NOON, language="en")
        assert len(digests.unposted_digests(connection, "2026-11-01")) == 3
    with store.read() as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name in KEPT
            for table in [getattr(schema, name)]
        }


@pytest.mark.postgres
def test_the_same_rows_on_both(store: Store, postgres_url: str) -> None:
    other = Store.open(postgres_url)
    try:
        kept = live_through(other)
    finally:
        other.engine.dispose()
    assert kept == live_through(store)
    assert all(kept.values())
