"""The health of sources: what each has given lately, and a plain sentence for each that needs somebody's attention."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bam.pipeline.context import RunContext
from bam.portfolio.sources import SourceBase
from bam.store.sources import SourceActivity, source_activities

SILENT_RHYTHMS = 2
"""A source is silent when nothing new has come for twice its usual rhythm: one late issue is no news."""

UNREAD_DAYS = 3
"""A source that nobody has read for so long is not looked after, whatever it may have published."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What is known of one source. Times are ISO 8601 in UTC; `silent_days` counts from the last new document or version.

    `attention` is a sentence for operators, None where all is well.
    """

    source_id: str
    kind: str
    is_enabled: bool
    succeeded_at: str | None
    new_at: str | None
    failures: int
    document_count: int
    vanished_count: int
    quarantined_count: int
    failing_addresses: int
    silent_days: int | None
    rhythm_days: int
    attention: str | None


def source_health(context: RunContext) -> list[SourceHealth]:
    """The health of every source of the portfolio, in its order."""
    with context.store.read() as connection:
        activities = source_activities(connection)
    nothing = SourceActivity("", None, None, None, 0, None, 0, 0, 0, 0)
    now = context.now()
    return [_health(source, activities.get(source.id, nothing), now) for source in context.portfolio.sources]


def _health(source: SourceBase, activity: SourceActivity, now: dt.datetime) -> SourceHealth:
    silent_days = _days_since(activity.new_at, now)
    return SourceHealth(
        source_id=source.id,
        kind=str(getattr(source, "kind", "")),
        is_enabled=source.enabled,
        succeeded_at=activity.succeeded_at,
        new_at=activity.new_at,
        failures=activity.failures,
        document_count=activity.document_count,
        vanished_count=activity.vanished_count,
        quarantined_count=activity.quarantined_count,
        failing_addresses=activity.failing_addresses,
        silent_days=silent_days,
        rhythm_days=source.rhythm_days,
        attention=_attention(source, activity, silent_days, now) if source.enabled else None,
    )


def _attention(source: SourceBase, activity: SourceActivity, silent_days: int | None, now: dt.datetime) -> str | None:
    """The most pressing thing that there is to say."""
    if activity.attempted_at is None:
        return f"{source.id} has never been read."
    if activity.failures:
        times = "failed at its last visit" if activity.failures == 1 else f"failed at its last {activity.failures} visits"
        since = f"; it last worked on {activity.succeeded_at[:10]}" if activity.succeeded_at else "; it has never worked"
        return f"{source.id} {times}{since}. {activity.reason}"
    if activity.succeeded_at is None:
        return None  # its first visit is going on
    unread_days = _days_since(activity.succeeded_at, now)
    if unread_days is not None and unread_days > UNREAD_DAYS:
        return f"{source.id} was last read {unread_days} days ago: is its schedule on?"
    if silent_days is None:
        return f"{source.id} has been read but has never given a document: does its address lead to anything?"
    if silent_days > SILENT_RHYTHMS * source.rhythm_days:
        return f"{source.id} has given nothing new for {silent_days} days; usual is every {source.rhythm_days}."
    if activity.failing_addresses:
        return f"{source.id} works, but {activity.failing_addresses} of its addresses can't be read at present."
    if activity.quarantined_count:
        return f"{source.id} works, but {activity.quarantined_count} of its documents are in quarantine."
    return None


def _days_since(moment: str | None, now: dt.datetime) -> int | None:
    return (now - dt.datetime.fromisoformat(moment)).days if moment else None
