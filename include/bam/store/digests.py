"""What operators and owners have been told: alerts, reminders, and the digests that carried them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, insert, select, update

from bam.store.batches import in_batches
from bam.store.delivery import insert_new
from bam.store.schema.delivery import alerts, deliveries, digests, reminders


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One thing that needs attention; the columns are described in the schema."""

    id: str
    kind: str
    subject: str
    what: str
    remedy: str
    link: str | None
    since: str
    last_at: str
    count: int
    is_open: bool
    told_at: str | None = None
    digest_id: str | None = None


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A digest as it was written, so that a delivery that is tried again says the same."""

    id: str
    kind: str
    owner: str
    period: str
    title: str
    text: str
    html: str
    summary: str
    language: str
    tlp: str | None
    recipient_ids: tuple[str, ...]
    created_at: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A follow-up of which an owner has been reminded: `kind` is due or overdue, `due` the date that it was due by."""

    id: str
    record_id: str
    owner: str
    kind: str
    due: str
    digest_id: str
    reminded_on: str


def open_alert(connection: Connection, alert: AlertRow) -> None:
    """Note that something needs attention. While it is open, the same again counts up and keeps its beginning."""
    if insert_new(connection, alerts, {name: getattr(alert, name) for name in AlertRow.__slots__}):
        return
    said = {"what": alert.what, "remedy": alert.remedy, "link": alert.link, "last_at": alert.last_at}
    again = update(alerts).where(alerts.c.id == alert.id, alerts.c.is_open.is_(True))
    if connection.execute(again.values(**said, count=alerts.c.count + 1)).rowcount == 0:
        anew = update(alerts).where(alerts.c.id == alert.id)
        connection.execute(anew.values(**said, since=alert.since, count=1, is_open=True, told_at=None, digest_id=None))


def close_alerts(connection: Connection, alert_ids: Collection[str], now: str) -> int:
    """Note that these are over; how many were open."""
    query = update(alerts).where(alerts.c.id.in_(sorted(alert_ids)), alerts.c.is_open.is_(True))
    return connection.execute(query.values(is_open=False, last_at=now)).rowcount


def read_alerts(connection: Connection, *, kind: str | None = None, is_open: bool = True) -> list[AlertRow]:
    """Alerts that are open (or over), those that began first at the head."""
    query = select(alerts).where(alerts.c.is_open.is_(is_open)).order_by(alerts.c.since, alerts.c.id)
    if kind is not None:
        query = query.where(alerts.c.kind == kind)
    return [AlertRow(**row._mapping) for row in connection.execute(query)]


def take_for_digest(connection: Connection, alert: AlertRow, digest_id: str, now: str) -> bool:
    """Put an alert into a digest. False where another process has put it into one since it was read."""
    query = update(alerts).where(alerts.c.id == alert.id, alerts.c.told_at.is_not_distinct_from(alert.told_at))
    return connection.execute(query.values(told_at=now, digest_id=digest_id)).rowcount == 1


def last_digest_at(connection: Connection, kind: str) -> str | None:
    """When the last digest of that kind was made."""
    found: str | None = connection.execute(select(func.max(digests.c.created_at)).where(digests.c.kind == kind)).scalar_one()
    return found


def save_digest(connection: Connection, digest: DigestRow) -> None:
    """Keep a digest."""
    values = {name: getattr(digest, name) for name in DigestRow.__slots__}
    connection.execute(insert(digests).values(values | {"recipient_ids": " ".join(digest.recipient_ids)}))


def read_digest(connection: Connection, digest_id: str) -> DigestRow | None:
    """The digest of that id."""
    row = connection.execute(select(digests).where(digests.c.id == digest_id)).one_or_none()
    if row is None:
        return None
    return DigestRow(**{**row._mapping, "recipient_ids": tuple(row.recipient_ids.split())})


def unposted_digests(connection: Connection, since: str) -> list[DigestRow]:
    """Digests that were kept since then and never came into the outbox, because the process ended in between."""
    posted = exists().where(deliveries.c.parcel_id == digests.c.id)
    query = select(digests.c.id).where(~posted, digests.c.created_at >= since).order_by(digests.c.created_at, digests.c.id)
    ids: list[str] = list(connection.execute(query).scalars())
    found = [read_digest(connection, digest_id) for digest_id in ids]
    return [digest for digest in found if digest is not None]


def take_reminders(connection: Connection, rows: Iterable[ReminderRow]) -> list[ReminderRow]:
    """Note these reminders; those that nobody has had yet."""
    fresh = []
    for row in sorted(rows, key=lambda row: row.id):
        if insert_new(connection, reminders, {name: getattr(row, name) for name in ReminderRow.__slots__}):
            fresh.append(row)
    return fresh


def known_reminders(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these reminders somebody has had."""
    found: set[str] = set()
    for batch in in_batches(sorted(set(ids))):
        found.update(connection.execute(select(reminders.c.id).where(reminders.c.id.in_(batch))).scalars())
    return found
