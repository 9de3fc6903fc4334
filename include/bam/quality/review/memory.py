"""What was reviewed is remembered: new claims of a document find the decisions that were made on its facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from bam.model.claims import Claim
from bam.quality.review.facts import ReviewedFact, is_current, newest_extractors, read_facts
from bam.quality.review.history import Status
from bam.quality.review.matching import match
from bam.quality.review.settling import settle
from bam.store.batches import in_batches
from bam.store.claims import read_claims_of_versions
from bam.store.reviews import (
    link_claim,
    read_subjects,
    read_subjects_of_documents,
    subject_ids_of_claims,
    subjects_without_standing_claim,
)
from bam.store.schema.documents import versions


def remember(connection: Connection, version_ids: Collection[str], now: str) -> int:
    """Let decisions hold for what was read anew.

    Claims of these versions that speak of a reviewed fact are bound to it and take its state: a rejected claim is closed again,
    a person's values stand in place of the extractor's. Facts whose claim no longer stands (a newer text, a newer extractor that
    overlooks them) get one from their old quote, where the standing text still has it. Gives the number of claims that were
    bound.
    """
    documents = _documents(connection, version_ids)
    subjects = {subject.id: subject for subject in read_subjects_of_documents(connection, documents)}
    lost = set(subjects_without_standing_claim(connection)) - set(subjects)
    facts = read_facts(connection, list(subjects.values()))
    out = read_facts(connection, read_subjects(connection, lost))
    facts += [fact for fact in out if fact.state.status is not Status.REJECTED]
    by_document: dict[str, list[ReviewedFact]] = defaultdict(list)
    for fact in facts:
        by_document[fact.document_id].append(fact)
    bound = 0
    for document_id, claims in _unbound_claims(connection, by_document).items():
        for claim_id, fact_id in sorted(match(by_document[document_id], claims).items()):
            link_claim(connection, claim_id, fact_id, is_reviewers=False)
            bound += 1
    settle(connection, [each.claim.id for fact in facts for each in fact.claims], now)
    return bound


def _documents(connection: Connection, version_ids: Collection[str]) -> set[str]:
    found: set[str] = set()
    for batch in in_batches(sorted(set(version_ids))):
        found.update(connection.execute(select(versions.c.document_id).where(versions.c.id.in_(batch))).scalars())
    return found


def _unbound_claims(connection: Connection, document_ids: Collection[str]) -> dict[str, list[Claim]]:
    """Document id to the current claims of its standing version that stand for no reviewed fact yet."""
    standing: list[str] = []
    for batch in in_batches(sorted(document_ids)):
        query = select(versions.c.id).where(versions.c.document_id.in_(batch), versions.c.superseded_at.is_(None))
        standing.extend(connection.execute(query).scalars())
    stored = read_claims_of_versions(connection, standing)
    newest = newest_extractors(connection, standing)
    bound = subject_ids_of_claims(connection, [each.claim.id for each in stored])
    found: dict[str, list[Claim]] = defaultdict(list)
    for each in stored:
        if is_current(each, newest) and each.claim.id not in bound:
            found[each.claim.witness.document_id].append(each.claim)
    return found
