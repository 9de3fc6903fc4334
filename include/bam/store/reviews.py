"""Decisions of people, the facts that they are about, and the claims that stand for these facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from bam.store.batches import in_batches
from bam.store.schema.documents import claims
from bam.store.schema.quality import correction_states, review_claims, review_decisions, review_subjects


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One entry of the history as it is stored; `values` are plain JSON."""

    id: str
    position: int
    subject_id: str
    claim_id: str
    action: str
    refers_to: str | None
    decided_by: str
    decided_at: str
    reason: str
    needs_second: bool
    values: Mapping[str, Any] | None
    published_on: str | None
    details: Mapping[str, Any]
    origin: str


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A fact under review: its document and table. `id` is the claim that was reviewed first."""

    id: str
    document_id: str
    table_name: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What became of a correction at the last run."""

    correction_id: str
    digest: str
    state: str
    reason: str
    decision_id: str | None
    checked_at: str


def next_position(connection: Connection) -> int:
    """The place of the next decision in the history."""
    last: int | None = connection.execute(select(func.max(review_decisions.c.position))).scalar()
    return (last or 0) + 1


def insert_decision(connection: Connection, decision: DecisionRow) -> None:
    """Add to the history."""
    connection.execute(insert(review_decisions).values({name: getattr(decision, name) for name in DecisionRow.__slots__}))


def read_decisions(connection: Connection, subject_ids: Collection[str] | None = None) -> list[DecisionRow]:
    """The decisions on these facts, or all, in their order."""
    query = select(review_decisions).order_by(review_decisions.c.position)
    if subject_ids is None:
        return [DecisionRow(**row._mapping) for row in connection.execute(query)]
    rows = [
        DecisionRow(**row._mapping)
        for batch in in_batches(sorted(set(subject_ids)))
        for row in connection.execute(query.where(review_decisions.c.subject_id.in_(batch)))
    ]
    return sorted(rows, key=lambda row: row.position)


def latest_decisions(connection: Connection, limit: int) -> list[DecisionRow]:
    """The newest decisions, the last one first."""
    query = select(review_decisions).order_by(review_decisions.c.position.desc()).limit(limit)
    return [DecisionRow(**row._mapping) for row in connection.execute(query)]


def read_decision(connection: Connection, decision_id: str) -> DecisionRow | None:
    """One decision; None where there is none of that id."""
    row = connection.execute(select(review_decisions).where(review_decisions.c.id == decision_id)).first()
    return None if row is None else DecisionRow(**row._mapping)


def add_subject(connection: Connection, subject: SubjectRow) -> None:
    """Begin the history of a fact, with the claim that it is named after."""
    connection.execute(
        insert(review_subjects).values(id=subject.id, document_id=subject.document_id, table_name=subject.table_name)
    )
    link_claim(connection, subject.id, subject.id, is_reviewers=False)


def link_claim(connection: Connection, claim_id: str, subject_id: str, *, is_reviewers: bool) -> None:
    """Let a claim stand for a fact under review: an extractor's new one, or one with a person's values."""
    connection.execute(insert(review_claims).values(claim_id=claim_id, subject_id=subject_id, is_reviewers=is_reviewers))


def subject_ids_of_claims(connection: Connection, claim_ids: Collection[str]) -> dict[str, str]:
    """Claim id to the fact that it stands for, of those that stand for one."""
    found: dict[str, str] = {}
    for batch in in_batches(sorted(set(claim_ids))):
        query = select(review_claims.c.claim_id, review_claims.c.subject_id).where(review_claims.c.claim_id.in_(batch))
        found.update((row.claim_id, row.subject_id) for row in connection.execute(query))
    return found


def subject_ids_waiting(connection: Connection) -> list[str]:
    """Facts with a decision that needs a second person, confirmed or not."""
    query = select(review_decisions.c.subject_id).where(review_decisions.c.needs_second).order_by(review_decisions.c.position)
    return list(dict.fromkeys(connection.execute(query).scalars()))


def subject_ids_of_origin(connection: Connection, prefix: str) -> list[str]:
    """Facts with a decision whose origin begins like this, in order of id."""
    query = select(review_decisions.c.subject_id).where(review_decisions.c.origin.startswith(prefix, autoescape=True))
    return sorted(set(connection.execute(query).scalars()))


def find_decision_ids(connection: Connection, beginning: str, limit: int = 5) -> list[str]:
    """Ids of decisions that begin so, at most `limit`."""
    query = select(review_decisions.c.id).where(review_decisions.c.id.startswith(beginning, autoescape=True))
    return list(connection.execute(query.order_by(review_decisions.c.id).limit(limit)).scalars())


def find_claim_ids(connection: Connection, beginning: str, limit: int = 5) -> list[str]:
    """Ids of claims that begin so, at most `limit`."""
    if connection.execute(select(claims.c.id).where(claims.c.id == beginning)).first() is not None:
        return [beginning]  # a whole id is no beginning, and an index finds it
    query = select(claims.c.id).where(claims.c.id.startswith(beginning, autoescape=True))
    return list(connection.execute(query.order_by(claims.c.id).limit(limit)).scalars())


def read_subjects(connection: Connection, subject_ids: Collection[str]) -> list[SubjectRow]:
    """These facts, by id."""
    return [
        SubjectRow(**row._mapping)
        for batch in in_batches(sorted(set(subject_ids)))
        for row in connection.execute(select(review_subjects).where(review_subjects.c.id.in_(batch)))
    ]


def read_subjects_of_documents(connection: Connection, document_ids: Collection[str]) -> list[SubjectRow]:
    """The facts of these documents that somebody has reviewed."""
    return [
        SubjectRow(**row._mapping)
        for batch in in_batches(sorted(set(document_ids)))
        for row in connection.execute(
            select(review_subjects).where(review_subjects.c.document_id.in_(batch)).order_by(review_subjects.c.id)
        )
    ]


def subjects_without_standing_claim(connection: Connection) -> list[str]:
    """Facts none of whose claims is open: rejected ones, and those whose claim was closed by a newer text or extractor."""
    standing = select(review_claims.c.subject_id).join(claims, claims.c.id == review_claims.c.claim_id)
    standing = standing.where(claims.c.closed_at.is_(None), review_claims.c.subject_id == review_subjects.c.id)
    return list(connection.execute(select(review_subjects.c.id).where(~standing.exists())).scalars())


def read_subject_claims(connection: Connection, subject_ids: Collection[str]) -> dict[str, dict[str, bool]]:
    """For each of these facts its claims: claim id to whether it carries a person's values."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for batch in in_batches(sorted(set(subject_ids))):
        query = select(review_claims).where(review_claims.c.subject_id.in_(batch)).order_by(review_claims.c.claim_id)
        for row in connection.execute(query):
            found[row.subject_id][row.claim_id] = bool(row.is_reviewers)
    return dict(found)


def read_correction_states(connection: Connection) -> dict[str, CorrectionRow]:
    """What became of each correction, by its id."""
    return {
        row.correction_id: CorrectionRow(**row._mapping)
        for row in connection.execute(select(correction_states).order_by(correction_states.c.correction_id))
    }


def save_correction_states(connection: Connection, rows: Collection[CorrectionRow]) -> None:
    """Keep the states of all corrections, in place of those that were known."""
    connection.execute(delete(correction_states))
    if rows:
        connection.execute(
            insert(correction_states), [{name: getattr(row, name) for name in CorrectionRow.__slots__} for row in rows]
        )
