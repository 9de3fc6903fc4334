"""A person's word before a brief leaves: asked for, given or refused for exactly one content, and kept.

Airflow's ApprovalOperator and `bam approve` both end here, so that the ledger is one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from bam.delivery.times import stamp
from bam.store.approvals import ApprovalEvent, add_approval_event, read_approval_events

Decision = Literal["approved", "rejected"]
State = Literal["not_asked", "waiting", "approved", "rejected", "expired", "changed"]


@dataclass(frozen=True, slots=True)
class Approval:
    """Where an issue stands with its approvers. `sentence` says it in words, without a full stop."""

    state: State
    sentence: str


def request_approval(connection: Connection, issue_id: str, content_sha256: str, now: dt.datetime, wait: dt.timedelta) -> None:
    """Ask for a person's word about this content; silence until `now + wait` will be a no.

    Where this content has been asked for or approved, nothing changes, so that a task may be repeated; after a rejection it asks
    again.
    """
    events = read_approval_events(connection, issue_id)
    if events and events[-1].content_sha256 == content_sha256 and events[-1].event in ("requested", "approved"):
        return
    add_approval_event(
        connection, ApprovalEvent(issue_id, "requested", content_sha256, "bam", stamp(now), "clock", expires_at=stamp(now + wait))
    )


def record_decision(
    connection: Connection,
    issue_id: str,
    content_sha256: str,
    decision: Decision,
    *,
    by: str,
    via: Literal["command", "airflow"],
    now: dt.datetime,
    note: str | None = None,
) -> None:
    """Write down what a person decided. `content_sha256` is that of what they had before them, not of what there is now.

    The same decision of the same person again adds nothing.
    """
    events = read_approval_events(connection, issue_id)
    if events and (events[-1].event, events[-1].content_sha256, events[-1].by) == (decision, content_sha256, by):
        return
    add_approval_event(connection, ApprovalEvent(issue_id, decision, content_sha256, by, stamp(now), via, note=note))


def approval_of(connection: Connection, issue_id: str, content_sha256: str, now: dt.datetime) -> Approval:
    """Where this content of the issue stands. The latest line of the ledger counts."""
    events = read_approval_events(connection, issue_id)
    if not events:
        return Approval("not_asked", "nobody has been asked to approve it")
    last = events[-1]
    if last.content_sha256 != content_sha256:
        return Approval("changed", f"its content changed after it was {last.event} ({last.by}, {last.at[:16]} UTC)")
    if last.event == "requested":
        if last.expires_at is not None and last.expires_at <= stamp(now):
            return Approval("expired", f"nobody approved it until {last.expires_at[:16]} UTC")
        return Approval("waiting", f"it waits for approval until {(last.expires_at or '')[:16]} UTC")
    if last.event == "expired":
        return Approval("expired", f"nobody approved it in time ({last.at[:16]} UTC)")
    said = f"{last.by} {last.event} it at {last.at[:16]} UTC" + (f": {last.note}" if last.note else "")
    return Approval("approved" if last.event == "approved" else "rejected", said)


def expire_request(connection: Connection, issue_id: str, content_sha256: str, now: dt.datetime) -> bool:
    """Turn a request whose time is over into a rejection; whether it was one."""
    if approval_of(connection, issue_id, content_sha256, now).state != "expired":
        return False
    if read_approval_events(connection, issue_id)[-1].event == "expired":
        return False
    add_approval_event(connection, ApprovalEvent(issue_id, "expired", content_sha256, "bam", stamp(now), "clock"))
    return True
