"""How well a record is founded: triangulation, completeness, and the weakness that orders the review.

The first two have the ranges of AidData's "health of record" (source triangulation 0 to 20, field completeness 0 to 9), so that
people who know those can read ours; the points are our own and written down in docs/analysts.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bam.model.claims import Claim, ClaimValues, Table
from bam.model.records import Record

MOST_TRIANGULATION = 20
MOST_COMPLETENESS = 9

WITNESS_POINTS, COUNTED_WITNESSES = 4, 3
KIND_POINTS = 1
PUBLISHERS_POINTS = 2
OFFICIAL_POINTS = 2

KEY_FIELDS: dict[Table, tuple[str, ...]] = {
    Table.FUNDING: ("amount", "currency", "stage", "donors", "recipients", "programme", "purpose", "date"),
    Table.FACILITIES: ("name", "type", "country", "place", "status", "status_date", "funders", "programme"),
    Table.WORKSHOPS: ("topic", "start", "end", "country", "place", "organisers", "participants", "audience", "status"),
    Table.FOLLOW_UPS: ("conference", "conference_date", "conference_place", "commitment", "parties", "due", "status"),
}
"""The fields of each table that a reader asks for first."""

_OFFICIAL = ("official", "multilateral")


@dataclass(frozen=True, slots=True)
class Weakness:
    """How much a record needs a person, from 0 (nothing to see) upwards, with what adds to it in words."""

    score: float
    reasons: tuple[str, ...]


def triangulation(witness_count: int, claims: Collection[Claim]) -> int:
    """0 to 20: 4 for each independent voice up to three, 1 for each kind of source (official, multilateral, media, think tank),
    2 for more than one publisher, 2 for an official or multilateral source.
    """
    kinds = {claim.witness.officiality for claim in claims}
    publishers = {claim.witness.publisher or claim.witness.source_id for claim in claims}
    points = WITNESS_POINTS * min(witness_count, COUNTED_WITNESSES) + KIND_POINTS * min(len(kinds), 4)
    points += PUBLISHERS_POINTS * (len(publishers) > 1)
    points += OFFICIAL_POINTS * any(kind in _OFFICIAL for kind in kinds)
    return points


def completeness(table: Table, values: ClaimValues) -> int:
    """0 to 9: the share of the table's key fields that are filled, in ninths, rounded down so that 9 means all."""
    names = KEY_FIELDS[table]
    return MOST_COMPLETENESS * (len(names) - len(missing_fields(table, values))) // len(names)


def missing_fields(table: Table, values: ClaimValues) -> tuple[str, ...]:
    """The key fields that no source fills."""
    return tuple(name for name in KEY_FIELDS[table] if getattr(values, name) in (None, "", ()))


def weakness_of_record(record: Record, claims: Collection[Claim]) -> Weakness:
    """What makes a published record doubtful. The weights are in docs/analysts.md.

    Without `claims` (not read yet) one publisher and the lack of an official source are not seen: at most 10 points less.
    """
    parts: list[tuple[float, str]] = []
    if record.witness_count == 1:
        parts.append((10, "one source"))
    if claims:
        publishers = {claim.witness.publisher or claim.witness.source_id for claim in claims}
        if record.witness_count > 1 and len(publishers) == 1:
            parts.append((5, "one publisher"))
        if not any(claim.witness.officiality in _OFFICIAL for claim in claims):
            parts.append((5, "no official source"))
    parts.append((25 * (1 - record.confidence), f"confidence {record.confidence:.2f}"))
    missing = missing_fields(record.table, record.values)
    if missing:
        parts.append((15 * len(missing) / len(KEY_FIELDS[record.table]), f"missing: {', '.join(missing)}"))
    differing = sorted({choice.field for choice in record.choices if choice.alternatives})
    if differing:
        parts.append((15, f"sources differ: {', '.join(differing)}"))
    if "illegal_transition" in record.flags:
        parts.append((10, "an impossible step in its history"))
    if record.repeat_of is not None:
        parts.append((10, f"may repeat {record.repeat_of}"))
    told = [reason for points, reason in sorted(parts, key=lambda part: -part[0]) if points >= 1]
    return Weakness(round(sum(points for points, _ in parts), 1), tuple(told))


HELD_POINTS = {"critical": 60.0, "warning": 40.0, "info": 40.0}
"""What quarantine adds, by severity of the check: a claim that is kept out is decided on before any doubtful one shown."""


def weakness_of_held(claim: Claim, held: Collection[tuple[str, str]]) -> Weakness:
    """What makes a quarantined claim wait: its checks as (severity, reason)."""
    points = max(HELD_POINTS[severity] for severity, _ in held) + 25 * (1 - claim.confidence)
    return Weakness(round(points, 1), tuple(f"quarantined: {reason}" for _, reason in held))
