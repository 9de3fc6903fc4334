"""Facts under review as the store knows them: history, state, and the claims that stand for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, fields

from sqlalchemy import Connection, select

from bam.model.claims import Table, values_from_dict, values_to_dict
from bam.quality.review.history import Action, Decision, ReviewState, state_of
from bam.store.batches import in_batches
from bam.store.claims import StoredClaim, read_stored_claims
from bam.store.reviews import DecisionRow, SubjectRow, read_decisions, read_subject_claims
from bam.store.schema.documents import extractions

REVIEWER = "review"
"""The extractor that claims with a person's values name."""


@dataclass(frozen=True, slots=True)
class ReviewedFact:
    """One fact that somebody has decided on. `claims` are all that ever stood for it; `reviewers_ids` those of them that carry a
    person's values.
    """

    id: str
    document_id: str
    table: Table
    decisions: tuple[Decision, ...]
    claims: tuple[StoredClaim, ...]
    reviewers_ids: frozenset[str]

    @property
    def state(self) -> ReviewState:
        """What the history says now."""
        return state_of(self.decisions)


def read_facts(connection: Connection, subjects: Collection[SubjectRow]) -> list[ReviewedFact]:
    """These facts with their histories and claims, in the order given."""
    ids = [subject.id for subject in subjects]
    links = read_subject_claims(connection, ids)
    stored = {each.claim.id: each for each in read_stored_claims(connection, [claim for of in links.values() for claim in of])}
    tables = {subject.id: Table(subject.table_name) for subject in subjects}
    decisions: dict[str, list[Decision]] = defaultdict(list)
    for row in read_decisions(connection, ids):
        decisions[row.subject_id].append(decision_from_row(row, tables[row.subject_id]))
    return [
        ReviewedFact(
            id=subject.id,
            document_id=subject.document_id,
            table=tables[subject.id],
            decisions=tuple(decisions[subject.id]),
            claims=tuple(stored[claim_id] for claim_id in links.get(subject.id, {})),
            reviewers_ids=frozenset(claim_id for claim_id, is_reviewers in links.get(subject.id, {}).items() if is_reviewers),
        )
        for subject in subjects
    ]


def newest_extractors(connection: Connection, version_ids: Collection[str]) -> dict[str, str]:
    """Version id to the extractor that read it last. What others said of it no longer stands."""
    newest: dict[str, tuple[str, str]] = {}
    for batch in in_batches(sorted(set(version_ids))):
        query = select(extractions.c.version_id, extractions.c.recorded_at, extractions.c.extractor).where(
            extractions.c.version_id.in_(batch), extractions.c.status == "extracted"
        )
        for row in connection.execute(query):
            newest[row.version_id] = max(newest.get(row.version_id, ("", "")), (row.recorded_at, row.extractor))
    return {version_id: extractor for version_id, (_, extractor) in newest.items()}


def is_current(stored: StoredClaim, newest: dict[str, str]) -> bool:
    """Whether the claim speaks for its document now: of the standing version, by the last extractor or by a person."""
    claim = stored.claim
    by = newest.get(claim.version_id, claim.extractor)
    return stored.is_version_standing and claim.extractor in (by, REVIEWER)


def decision_from_row(row: DecisionRow, table: Table) -> Decision:
    """A decision as the history knows it."""
    known = {spec.name: getattr(row, spec.name) for spec in fields(Decision)}
    values = None if row.values is None else values_from_dict(table, dict(row.values))
    return Decision(**known | {"action": Action(row.action), "values": values})


def decision_to_row(decision: Decision) -> DecisionRow:
    """A decision as it is stored."""
    known = {spec.name: getattr(decision, spec.name) for spec in fields(Decision)}
    values = None if decision.values is None else values_to_dict(decision.values)
    return DecisionRow(**known | {"action": str(decision.action), "values": values, "details": dict(decision.details)})
