"""Alerts for operators: one digest instead of a storm.

Whatever needs attention is noted once per thing, however often it is met, and stays open until it is over. A digest speaks of
what is new, and again of what is still open after a day; between two digests there is a pause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from bam.delivery.digest import Chapter, Notice, as_html, as_text
from bam.delivery.times import stamp
from bam.model.identity import content_id
from bam.portfolio.recipients import Operators
from bam.store.digests import (
    AlertRow,
    DigestRow,
    close_alerts,
    last_digest_at,
    open_alert,
    read_alerts,
    save_digest,
    take_for_digest,
)

Kind = Literal["task", "deadline", "source", "quarantine", "gate", "delivery", "approval"]

DIGEST_KIND = "alerts"

HEADINGS: dict[str, str] = {
    "gate": "Briefs held back",
    "deadline": "Briefs not out by their hour",
    "task": "Failed tasks",
    "delivery": "Deliveries that need a decision",
    "approval": "Waiting for approval",
    "source": "Sources that fell silent",
    "quarantine": "Rows in quarantine",
}
"""Kinds of alerts in the order in which a digest tells them: what readers notice first comes first."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that needs a person: what happened to `subject`, since when (UTC), what to do, and where to look."""

    kind: Kind
    subject: str
    what: str
    remedy: str
    since: dt.datetime
    link: str | None = None

    @property
    def id(self) -> str:
        """One id per thing, however often it is met."""
        return content_id("alr", self.kind, self.subject)


def raise_alert(connection: Connection, alert: Alert, now: dt.datetime) -> None:
    """Note that something needs attention; the next digest tells it."""
    row = AlertRow(
        id=alert.id,
        kind=alert.kind,
        subject=alert.subject,
        what=alert.what,
        remedy=alert.remedy,
        link=alert.link,
        since=stamp(alert.since),
        last_at=stamp(now),
        count=1,
        is_open=True,
    )
    open_alert(connection, row)


def end_alert(connection: Connection, kind: Kind, subject: str, now: dt.datetime) -> bool:
    """Note that it is over; whether it was open."""
    return close_alerts(connection, [content_id("alr", kind, subject)], stamp(now)) == 1


def keep_only(connection: Connection, kind: Kind, alerts: Iterable[Alert], now: dt.datetime) -> None:
    """Make these the open alerts of a kind that is looked at as a whole: others of that kind are over, and one that goes on
    isn't counted up by being looked at again.
    """
    known = {row.id for row in read_alerts(connection, kind=kind)}
    present = {alert.id: alert for alert in alerts}
    close_alerts(connection, known - set(present), stamp(now))
    for alert_id in sorted(set(present) - known):
        raise_alert(connection, present[alert_id], now)


def write_digest(connection: Connection, rules: Operators, recipient_ids: Sequence[str], now: dt.datetime) -> DigestRow | None:
    """The digest that is due, kept in the store; None where nothing is new or the pause isn't over."""
    last = last_digest_at(connection, DIGEST_KIND)
    if last is not None and now - dt.datetime.fromisoformat(last) < dt.timedelta(minutes=rules.digest_minutes):
        return None
    repeat_before = stamp(now - dt.timedelta(hours=rules.repeat_hours))
    due = [row for row in read_alerts(connection) if row.told_at is None or row.told_at <= repeat_before]
    digest_id = content_id("dig", DIGEST_KIND, stamp(now), [row.id for row in due])
    taken = [row for row in due if take_for_digest(connection, row, digest_id, stamp(now))]
    if not taken:
        return None
    digest = _digest(digest_id, taken, rules, recipient_ids, now)
    save_digest(connection, digest)
    return digest


def _digest(
    digest_id: str, rows: Sequence[AlertRow], rules: Operators, recipient_ids: Sequence[str], now: dt.datetime
) -> DigestRow:
    title = f"{len(rows)} things need attention" if len(rows) > 1 else f"{HEADINGS[rows[0].kind]}: {rows[0].subject}"
    lead = f"As of {now:%d %B %Y, %H:%M} UTC." + (f" The cockpit: {rules.link}" if rules.link else "")
    chapters = [
        Chapter(heading, tuple(_notice(row) for row in rows if row.kind == kind))
        for kind, heading in HEADINGS.items()
        if any(row.kind == kind for row in rows)
    ]
    return DigestRow(
        id=digest_id,
        kind=DIGEST_KIND,
        owner="operators",
        period=f"{now:%Y-%m-%d}",
        title=title,
        text=as_text(lead, chapters),
        html=as_html(lead, chapters),
        summary="; ".join(f"{row.subject}: {row.what}" for row in rows[:5]),
        language="en",
        tlp=None,
        recipient_ids=tuple(recipient_ids),
        created_at=stamp(now),
    )


def _notice(row: AlertRow) -> Notice:
    times = f", {row.count} times" if row.count > 1 else ""
    lines = [row.what, f"Since {row.since[:16].replace('T', ' ')} UTC{times}.", f"To do: {row.remedy}"]
    if row.link:
        lines.append(row.link)
    return Notice(row.subject, tuple(lines))
