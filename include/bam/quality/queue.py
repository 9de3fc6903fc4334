"""The review queue: what a person should look at, weakest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from bam.model.claims import Claim, FacilityValues, FollowUpValues, FundingValues, Table
from bam.model.records import Record
from bam.quality.review.facts import read_facts
from bam.quality.review.history import Decision
from bam.quality.scores import HELD_POINTS, completeness, triangulation, weakness_of_held, weakness_of_record
from bam.store.claims import read_claims
from bam.store.quality import CLAIM, read_held, weakest_held_claims
from bam.store.records import StoredRecord, read_weakest
from bam.store.reviews import read_correction_states, read_subjects, subject_ids_waiting

SECOND_LOOK = 10
"""Records whose claims are read for each that is shown: publishers and officiality can move one by at most 10 points."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One thing to decide. `id` is a record's or, for what is in quarantine, a claim's; `claim_ids` are what a decision is about,
    the one published first in front. `weakness` orders the queue; `reasons` tell it in words.
    """

    id: str
    kind: str
    table: Table
    title: str
    weakness: float
    reasons: tuple[str, ...]
    confidence: float
    triangulation: int
    completeness: int
    claim_ids: tuple[str, ...]
    amount_common: float = 0.0


def build_queue(connection: Connection, *, limit: int = 50, table: Table | None = None) -> list[QueueItem]:
    """What needs a person, weakest first; large sums before small ones where they are equally weak.

    Claims in quarantine, and published records of which no claim has been reviewed.
    """
    held = _held_items(connection, limit, table)
    first = read_weakest(connection, limit * SECOND_LOOK, table)
    claims = {claim.id: claim for claim in read_claims(connection, {key for one in first for key in one.record.claim_ids})}
    records = [_record_item(one, claims) for one in first if not _is_reviewed(one.record, claims)]
    return sorted([*held, *records], key=lambda item: (-item.weakness, -item.amount_common, item.id))[:limit]


def waiting_decisions(connection: Connection) -> list[Decision]:
    """Decisions that a second person has to confirm, oldest first."""
    facts = read_facts(connection, read_subjects(connection, subject_ids_waiting(connection)))
    return sorted((decision for fact in facts for decision in fact.state.waiting), key=lambda each: each.position)


def stale_corrections(connection: Connection) -> list[tuple[str, str]]:
    """(id, reason) of the corrections that were left out at the last run."""
    return [(row.correction_id, row.reason) for row in read_correction_states(connection).values() if row.state == "stale"]


def claim_title(claim: Claim) -> str:
    """A claim in one line."""
    match claim.values:
        case FundingValues(amount=amount, currency=currency, stage=stage, purpose=purpose):
            return f"{currency} {amount:,.0f} {stage}" + (f": {purpose}" if purpose else "")
        case FacilityValues(name=name, status=status):
            return f"{name} ({status.replace('_', ' ')})"
        case FollowUpValues(conference=conference, commitment=commitment):
            return f"{conference}: {commitment}"
        case values:
            return str(getattr(values, "topic", ""))


def _held_items(connection: Connection, limit: int, table: Table | None) -> list[QueueItem]:
    reasons: dict[str, list[tuple[str, str]]] = defaultdict(list)
    weakest = weakest_held_claims(connection, HELD_POINTS, limit, None if table is None else str(table))
    for each in read_held(connection, kind=CLAIM, row_ids=weakest):
        reasons[each.row_id].append((each.severity, each.reason))
    items = []
    for claim in read_claims(connection, reasons):
        weakness = weakness_of_held(claim, reasons[claim.id])
        items.append(
            QueueItem(
                id=claim.id,
                kind="claim",
                table=claim.table,
                title=claim_title(claim),
                weakness=weakness.score,
                reasons=weakness.reasons,
                confidence=claim.confidence,
                triangulation=triangulation(1, [claim]),
                completeness=completeness(claim.table, claim.values),
                claim_ids=(claim.id,),
            )
        )
    return items


def _record_item(stored: StoredRecord, claims: dict[str, Claim]) -> QueueItem:
    record = stored.record
    own = _own_claims(record, claims)
    weakness = weakness_of_record(record, own)
    return QueueItem(
        id=record.id,
        kind="record",
        table=record.table,
        title=stored.title,
        weakness=weakness.score,
        reasons=weakness.reasons,
        confidence=record.confidence,
        triangulation=triangulation(record.witness_count, own),
        completeness=completeness(record.table, record.values),
        claim_ids=record.claim_ids,
        amount_common=0.0 if record.conversion is None else record.conversion.amount,
    )


def _is_reviewed(record: Record, claims: dict[str, Claim]) -> bool:
    return any(claim.is_reviewed for claim in _own_claims(record, claims))


def _own_claims(record: Record, claims: dict[str, Claim]) -> Collection[Claim]:
    return [claims[claim_id] for claim_id in record.claim_ids if claim_id in claims]
