"""The ledger of approvals: what was asked, who decided what about which content, and when. Rows are only added."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bam.model.identity import content_id
from bam.store.delivery import insert_new
from bam.store.schema.delivery import approvals


@dataclass(frozen=True, slots=True)
class ApprovalEvent:
    """One line of the ledger; `event` is requested, approved, rejected or expired. Times are ISO 8601 in UTC."""

    issue_id: str
    event: str
    content_sha256: str
    by: str
    at: str
    via: str
    expires_at: str | None = None
    note: str | None = None


def add_approval_event(connection: Connection, event: ApprovalEvent) -> None:
    """Write the next line of the issue's ledger."""
    values = {name: getattr(event, name) for name in ApprovalEvent.__slots__}
    query = select(func.count()).where(approvals.c.issue_id == event.issue_id)
    is_new = False
    while not is_new:  # another process may take the number first
        number = int(connection.execute(query).scalar_one()) + 1
        row = values | {"id": content_id("apr", event.issue_id, number), "number": number}
        is_new = insert_new(connection, approvals, row)


def read_approval_events(connection: Connection, issue_id: str) -> list[ApprovalEvent]:
    """The issue's ledger, oldest first."""
    query = select(approvals).where(approvals.c.issue_id == issue_id).order_by(approvals.c.number)
    return [_event(row) for row in connection.execute(query)]


def read_open_requests(connection: Connection) -> list[ApprovalEvent]:
    """Requests that nobody has answered, oldest first."""
    latest = select(approvals.c.issue_id, func.max(approvals.c.number).label("number")).group_by(approvals.c.issue_id).subquery()
    query = (
        select(approvals)
        .join(latest, (approvals.c.issue_id == latest.c.issue_id) & (approvals.c.number == latest.c.number))
        .where(approvals.c.event == "requested")
        .order_by(approvals.c.at, approvals.c.issue_id)
    )
    return [_event(row) for row in connection.execute(query)]


def latest_events(connection: Connection) -> dict[str, ApprovalEvent]:
    """The last line of each issue's ledger, by id of the issue."""
    latest = select(approvals.c.issue_id, func.max(approvals.c.number).label("number")).group_by(approvals.c.issue_id).subquery()
    query = select(approvals).join(latest, (approvals.c.issue_id == latest.c.issue_id) & (approvals.c.number == latest.c.number))
    return {row.issue_id: _event(row) for row in connection.execute(query)}


def _event(row: object) -> ApprovalEvent:
    return ApprovalEvent(**{name: getattr(row, name) for name in ApprovalEvent.__slots__})
