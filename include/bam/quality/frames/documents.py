"""The frames of documents: versions, what sources deliver, and how the extractor changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bam.model.dates import first_day, is_date_prefix
from bam.quality.frames.context import CheckContext
from bam.quality.frames.table import frame_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A document version as the checks see it. `damage` says what is wrong with its archived bytes or its text, where these
    were read. `text_length` is in characters, None where no text is stored. `is_newest` tells the version that stands.
    """

    version_id: str
    document_id: str
    number: int
    address: str
    source_id: str
    officiality: str
    tlp: str
    status: str
    reason: str | None
    media_type: str
    raw_sha256: str
    text_sha256: str
    text_length: int | None
    title: str | None
    publisher: str | None
    published_on: str | None
    language: str | None
    recorded_at: str
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class SourceActivity:
    """What a source delivered.

    `silent_days` since its last new version (None where it never had one), against its usual `rhythm_days`. `today_count`
    new versions today, against `usual_count`, the median of its earlier days with news (`active_days` of them).
    """

    source_id: str
    rhythm_days: int
    silent_days: int | None
    today_count: int
    usual_count: float | None
    active_days: int


@dataclass(frozen=True, slots=True)
class Drift:
    """What two versions of the extractor took from the same documents, per table: numbers of claims."""

    table: str
    old_extractor: str
    new_extractor: str
    shared_versions: int
    old_count: int
    new_count: int


DOCUMENT_COLUMNS = (
    *("version_id", "document_id", "number", "address", "source_id", "unknown_source", "officiality", "tlp", "status", "reason"),
    *("media_type", "raw_sha256", "text_sha256", "text_length", "title", "publisher", "published_on", "language"),
    *("recorded_on", "bad_date", "future_date", "damage", "unexplained", "copy_of"),
)
SOURCE_COLUMNS = ("source_id", "rhythm_days", "silent_days", "silence_ratio", "today_count", "usual_count", "flood", "drought")
EXTRACTOR_COLUMNS = ("drift_id", "table", "old_extractor", "new_extractor", "shared_versions", "old_count", "new_count", "change")

FLOOD_FACTOR = 10
"""A day with ten times a source's median is a flood: a site that renamed all its pages, or a feed that lost its memory."""

FLOOD_LEAST = 30
"""Below this many documents a day nothing is called a flood: small sources jump from one to ten without a fault."""

USUAL_DAYS = 10
"""Days with news that a source must have had before its usual volume is known."""

DRIFT_LEAST = 20
"""Claims that two extractor versions must have made from shared documents before their numbers are compared."""


def document_frame(versions: Iterable[VersionFacts], context: CheckContext, source_ids: Collection[str]) -> pd.DataFrame:
    """One row per document version. `source_ids` are those of the portfolio."""
    seen: dict[tuple[str, str], str] = {}
    rows = []
    for version in versions:
        first = seen.setdefault((version.document_id, version.text_sha256), version.version_id)
        rows.append(
            asdict(version)
            | {
                "recorded_on": version.recorded_at[:10],
                "unknown_source": None if version.source_id in source_ids else version.source_id,
                "bad_date": None
                if version.published_on is None or is_date_prefix(version.published_on)
                else version.published_on,
                "future_date": _future(version, context),
                "unexplained": version.status if version.status != "converted" and not version.reason else None,
                "copy_of": first if first != version.version_id else None,
            }
        )
    return frame_of(rows, DOCUMENT_COLUMNS)


def source_frame(activities: Iterable[SourceActivity]) -> pd.DataFrame:
    """One row per enabled source of the portfolio, and one named `all sources`."""
    rows = (
        asdict(activity)
        | {
            "silence_ratio": None if activity.silent_days is None else activity.silent_days / activity.rhythm_days,
            "flood": _flood(activity),
            "drought": _drought(activity),
        }
        for activity in activities
    )
    return frame_of(rows, SOURCE_COLUMNS)


def extractor_frame(drifts: Iterable[Drift]) -> pd.DataFrame:
    """One row per table in which two extractor versions read the same documents; `change` is new over old, minus 1."""
    rows = (
        asdict(drift)
        | {
            "drift_id": f"{drift.table}: {drift.old_extractor} to {drift.new_extractor}",
            "change": drift.new_count / drift.old_count - 1,
        }
        for drift in drifts
        if drift.old_count >= DRIFT_LEAST
    )
    return frame_of(rows, EXTRACTOR_COLUMNS)


def _future(version: VersionFacts, context: CheckContext) -> str | None:
    if not is_date_prefix(version.published_on):
        return None
    # Publishers east of us are a day ahead of UTC.
    days_ahead = (first_day(str(version.published_on)) - context.today).days
    return version.published_on if days_ahead > 1 else None


def _flood(activity: SourceActivity) -> str | None:
    if activity.usual_count is None or activity.active_days < USUAL_DAYS or activity.today_count < FLOOD_LEAST:
        return None
    if activity.today_count <= FLOOD_FACTOR * activity.usual_count:
        return None
    return f"{activity.today_count} new today, {activity.usual_count:g} usually"


def _drought(activity: SourceActivity) -> str | None:
    """A day without news where there was news on most days of the rhythm."""
    if activity.today_count or activity.usual_count is None or activity.active_days < USUAL_DAYS or activity.rhythm_days > 1:
        return None
    return f"none today, {activity.usual_count:g} usually"
