"""Rows of the outbox: who gets what, who is sending it, and what became of it.

A delivery is claimed by a conditional UPDATE, so that of any number of processes exactly one sends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bam.store.schema.delivery import deliveries, refusals, suppressions

OPEN_STATES = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox; the columns are described in the schema. Times are ISO 8601 in UTC."""

    id: str
    parcel_id: str
    kind: str
    title: str
    slot: str
    channel: str
    recipient_id: str
    address_key: str
    state: str
    queued_at: str
    reason: str | None = None
    attempts: int = 0
    message_id: str | None = None
    sent_sha256: str | None = None
    not_before: str | None = None
    claimed_by: str | None = None
    claimed_at: str | None = None
    handed_over_at: str | None = None
    settled_at: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not sent: an issue as a whole (`channel` and `recipient_id` empty), a publication or a recipient."""

    issue_id: str
    channel: str
    recipient_id: str
    code: str
    reason: str


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert the row unless one with the same key is there; whether it was inserted."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    query = insert(table).values(**row).on_conflict_do_nothing().returning(*table.primary_key.columns)
    # Not the row count: psycopg doesn't tell one for inserts.
    return connection.execute(query).first() is not None


def enqueue(connection: Connection, delivery: Delivery) -> bool:
    """Put a delivery in the outbox. False where this news already has a row for the recipient or the address."""
    row = {column.name: getattr(delivery, column.name) for column in deliveries.columns}
    return insert_new(connection, deliveries, row)


def claim(connection: Connection, delivery_id: str, token: str, now: str, *, ignore_pause: bool = False) -> bool:
    """Take a waiting delivery for sending. False where another process has it, or its pause isn't over."""
    query = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.state == "waiting")
    if not ignore_pause:
        query = query.where(or_(deliveries.c.not_before.is_(None), deliveries.c.not_before <= now))
    values = {"state": "sending", "claimed_by": token, "claimed_at": now, "handed_over_at": None}
    return connection.execute(query.values(**values, attempts=deliveries.c.attempts + 1)).rowcount == 1


def mark_handed_over(connection: Connection, delivery_id: str, token: str, now: str) -> bool:
    """Note that from here on it may have arrived. False where the claim was lost: then nothing may be sent."""
    query = update(deliveries).where(
        deliveries.c.id == delivery_id, deliveries.c.state == "sending", deliveries.c.claimed_by == token
    )
    return connection.execute(query.values(handed_over_at=now)).rowcount == 1


def settle(
    connection: Connection,
    delivery_id: str,
    token: str,
    state: str,
    reason: str,
    now: str,
    *,
    message_id: str | None = None,
    sent_sha256: str | None = None,
    not_before: str | None = None,
) -> bool:
    """Note what became of an attempt. False where the claim was lost and somebody else has decided since.

    A sender that was slower than its lease still knows the truth, so an `unknown` of its own is corrected.
    """
    query = update(deliveries).where(
        deliveries.c.id == delivery_id, deliveries.c.claimed_by == token, deliveries.c.state.in_(("sending", "unknown"))
    )
    values: dict[str, Any] = {"state": state, "reason": reason, "not_before": not_before}
    if state == "waiting":
        values |= {"claimed_by": None, "claimed_at": None, "handed_over_at": None}
    else:
        values |= {"settled_at": now}
    if message_id is not None:
        values |= {"message_id": message_id, "sent_sha256": sent_sha256}
    return connection.execute(query.values(**values)).rowcount == 1


def release_abandoned(connection: Connection, claimed_before: str, now: str, repeatable_channels: Iterable[str]) -> int:
    """Settle what a process left behind that was killed while sending; how many rows.

    What had not been handed over goes back to `waiting`, and so does what may be done twice without harm. The rest may have
    arrived: it becomes `unknown`.
    """
    abandoned = (deliveries.c.state == "sending", deliveries.c.claimed_at < claimed_before)
    again = or_(deliveries.c.handed_over_at.is_(None), deliveries.c.channel.in_(list(repeatable_channels)))
    freed = {"claimed_by": None, "claimed_at": None, "handed_over_at": None}
    waiting = update(deliveries).where(*abandoned, again)
    before = "the sending process ended before it was handed over"
    freed_count = connection.execute(waiting.values(state="waiting", reason=before, **freed)).rowcount
    unknown = update(deliveries).where(*abandoned)
    after = "the sending process ended after it was handed over: it may have arrived"
    return freed_count + connection.execute(unknown.values(state="unknown", reason=after, settled_at=now)).rowcount


def note_waiting(connection: Connection, delivery_ids: Sequence[str], reason: str) -> None:
    """Say on waiting deliveries why they weren't tried."""
    query = update(deliveries).where(deliveries.c.id.in_(list(delivery_ids)), deliveries.c.state == "waiting")
    connection.execute(query.values(reason=reason))


def withdraw(connection: Connection, delivery_id: str, reason: str, now: str) -> bool:
    """Fail a waiting delivery whose recipient may no longer get it."""
    query = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.state == "waiting")
    return connection.execute(query.values(state="failed", reason=reason, settled_at=now)).rowcount == 1


def decide(connection: Connection, delivery_id: str, state: str, by: str, now: str) -> bool:
    """A person's decision about an `unknown` or `failed` delivery: `sent`, or `waiting` to send it again."""
    query = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.state.in_(("unknown", "failed")))
    reason = f"{by} decided: {'it arrived' if state == 'sent' else 'send it again'}"
    values: dict[str, Any] = {"state": state, "reason": reason, "decided_by": by, "decided_at": now, "claimed_by": None}
    if state == "waiting":
        # A new start: the Date of the mail and the hours after which it is given up count from the decision.
        values |= {"not_before": None, "handed_over_at": None, "settled_at": None, "queued_at": now}
    return connection.execute(query.values(**values)).rowcount == 1


def read_delivery(connection: Connection, delivery_id: str) -> Delivery | None:
    """One row of the outbox."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
    return None if row is None else Delivery(**row._mapping)


def read_deliveries(
    connection: Connection,
    *,
    states: Iterable[str] = (),
    parcel_id: str | None = None,
    slot: str | None = None,
    channel: str | None = None,
    limit: int | None = None,
) -> list[Delivery]:
    """Rows of the outbox, oldest first; every filter that is given must hold. `limit` keeps the newest."""
    query = select(deliveries)
    if states:
        query = query.where(deliveries.c.state.in_(list(states)))
    for column, value in ((deliveries.c.parcel_id, parcel_id), (deliveries.c.slot, slot), (deliveries.c.channel, channel)):
        if value is not None:
            query = query.where(column == value)
    query = query.order_by(deliveries.c.queued_at.desc(), deliveries.c.id.desc()).limit(limit)
    return [Delivery(**row._mapping) for row in connection.execute(query)][::-1]


def find_ids(connection: Connection, prefix: str) -> list[str]:
    """Ids of deliveries that begin so (people type the first letters)."""
    query = select(deliveries.c.id).where(deliveries.c.id.startswith(prefix, autoescape=True)).order_by(deliveries.c.id)
    return list(connection.execute(query).scalars())


def count_states(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state."""
    rows = connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    return {row[0]: row[1] for row in rows}


def count_states_by_parcel(connection: Connection) -> dict[str, dict[str, int]]:
    """How many deliveries of each issue and digest are in each state, by its id."""
    query = select(deliveries.c.parcel_id, deliveries.c.state, func.count()).group_by(deliveries.c.parcel_id, deliveries.c.state)
    found: dict[str, dict[str, int]] = {}
    for parcel_id, state, count in connection.execute(query).tuples():
        found.setdefault(parcel_id, {})[state] = count
    return found


def note_refusal(connection: Connection, refusal: Refusal, refusal_id: str, now: str) -> None:
    """Keep why something wasn't sent; the same refusal again moves only its last time and wording."""
    row = {name: getattr(refusal, name) for name in ("issue_id", "channel", "recipient_id", "code", "reason")}
    if not insert_new(connection, refusals, {"id": refusal_id, **row, "first_at": now, "last_at": now}):
        connection.execute(update(refusals).where(refusals.c.id == refusal_id).values(last_at=now, reason=refusal.reason))


def read_refusals(
    connection: Connection, issue_id: str | None = None, *, is_current: bool = False, limit: int | None = None
) -> list[tuple[Refusal, str]]:
    """Refusals with the time when they were last met, newest first. `is_current` leaves out those of whole issues that have
    left since.
    """
    query = select(refusals).order_by(refusals.c.last_at.desc(), refusals.c.id).limit(limit)
    if issue_id is not None:
        query = query.where(refusals.c.issue_id == issue_id)
    if is_current:
        has_left = exists().where(deliveries.c.parcel_id == refusals.c.issue_id)
        query = query.where(or_(refusals.c.recipient_id != "", ~has_left))
    rows = connection.execute(query)
    return [(Refusal(row.issue_id, row.channel, row.recipient_id, row.code, row.reason), row.last_at) for row in rows]


def suppress(connection: Connection, address_key: str, reason: str, by: str, now: str) -> bool:
    """Put an address on the suppression list; False where it is on it."""
    return insert_new(connection, suppressions, {"address_key": address_key, "reason": reason, "by": by, "at": now})


def unsuppress(connection: Connection, address_key: str) -> bool:
    """Take an address off the suppression list; False where it wasn't on it."""
    return connection.execute(delete(suppressions).where(suppressions.c.address_key == address_key)).rowcount == 1


def read_suppressions(connection: Connection) -> dict[str, str]:
    """Suppressed addresses and why."""
    rows = connection.execute(select(suppressions).order_by(suppressions.c.address_key))
    return {row.address_key: f"{row.reason} ({row.by}, {row.at[:10]})" for row in rows}
