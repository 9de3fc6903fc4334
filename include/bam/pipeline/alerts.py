"""What operators have to know, looked for and told: one digest, through the same outbox as everything else."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import Connection

from bam.delivery.alerts import Alert, Kind, end_alert, keep_only, raise_alert, write_digest
from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.digest import parcel_of_digest
from bam.pipeline.context import RunContext
from bam.pipeline.posting import DeliveryReport, Wish, send_parcel
from bam.pipeline.source_health import source_health
from bam.store.approvals import read_open_requests
from bam.store.delivery import Delivery, read_deliveries
from bam.store.quality import read_held

_NAMED = 5


def note(context: RunContext, alert: Alert) -> None:
    """Note something that needs a person (a failed task, a brief that is late); the next digest tells it."""
    with context.store.write() as connection:
        raise_alert(connection, alert, context.now())


def note_end(context: RunContext, kind: Kind, subject: str) -> None:
    """Note that it is over."""
    with context.store.write() as connection:
        end_alert(connection, kind, subject, context.now())


def look_around(context: RunContext) -> None:
    """Look at the outbox, the approvals, the sources and the quarantine, and make what needs attention the open alerts."""
    now = context.now()
    threshold = context.portfolio.delivery.operators.quarantine_threshold
    silent = _silent_sources(context)
    with context.store.write() as connection:
        keep_only(connection, "delivery", _undecided(connection), now)
        keep_only(connection, "approval", _unapproved(connection), now)
        keep_only(connection, "source", silent, now)
        keep_only(connection, "quarantine", _quarantine(connection, threshold), now)


def tell_operators(context: RunContext, mail_server: SmtpServer | None = None) -> DeliveryReport | None:
    """Mail the digest that is due to the operators; None where nothing is due. Safe to call after every failure."""
    people = context.portfolio.delivery
    operators = people.resolve(people.operators.recipients, where="recipients.yml, operators")
    if not operators:
        return None
    with context.store.write() as connection:
        digest = write_digest(connection, people.operators, [operator.id for operator in operators], context.now())
    if digest is None:
        return None
    return send_parcel(context, parcel_of_digest(digest), operators, Wish(mail_server=mail_server))


def _undecided(connection: Connection) -> list[Alert]:
    by_parcel: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in read_deliveries(connection, states=["unknown", "failed"]):
        by_parcel[delivery.parcel_id].append(delivery)
    alerts = []
    for parcel_id, deliveries in by_parcel.items():
        named = "; ".join(f"{d.recipient_id} {d.state} ({d.reason})" for d in deliveries[:_NAMED])
        more = f" and {len(deliveries) - _NAMED} more" if len(deliveries) > _NAMED else ""
        alerts.append(
            Alert(
                kind="delivery",
                subject=f"{deliveries[0].title} ({parcel_id})",
                what=named + more,
                remedy="See `bam outbox list`, ask the reader, then `bam outbox decide ID sent` or `... resend`.",
                since=min(_moment(d.settled_at or d.queued_at) for d in deliveries),
            )
        )
    return alerts


def _unapproved(connection: Connection) -> list[Alert]:
    return [
        Alert(
            kind="approval",
            subject=request.issue_id,
            what=f"It leaves when somebody approves it, and not at all after {_minute(request.expires_at or '')}.",
            remedy=f"Read it, then answer under Required Actions in Airflow, or `bam approve {request.issue_id}`.",
            since=_moment(request.at),
        )
        for request in read_open_requests(connection)
    ]


def _silent_sources(context: RunContext) -> list[Alert]:
    return [
        Alert(
            kind="source",
            subject=one.source_id,
            what=one.attention,
            remedy=f"Try it with `bam sources test {one.source_id}`, then correct it in sources.yml, or switch it off there.",
            since=_moment(one.new_at or one.succeeded_at or context.timestamp()),
        )
        for one in source_health(context)
        if one.attention is not None
    ]


def _quarantine(connection: Connection, threshold: int) -> list[Alert]:
    held = read_held(connection)
    rows = {(row.kind, row.row_id) for row in held}
    if len(rows) <= threshold:
        return []
    return [
        Alert(
            kind="quarantine",
            subject="quarantine",
            what=f"{len(rows)} rows are kept out of the tables; more than {threshold} are unusual.",
            remedy="See `bam queue`: accept, edit or reject them, or correct the source.",
            since=_moment(min(row.entered_at for row in held)),
        )
    ]


def _minute(timestamp: str) -> str:
    return timestamp[:16].replace("T", " ") + " UTC"


def _moment(timestamp: str) -> dt.datetime:
    return dt.datetime.fromisoformat(timestamp)
