"""Corrections from the portfolio, brought into the history of reviews: applied while they fit, taken back when they don't."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from bam.model.claims import Claim, values_to_dict
from bam.model.identity import sha256_hex
from bam.portfolio.corrections import Correction
from bam.quality.review.actions import Hand, ReviewError, edit, in_force, undo
from bam.quality.review.facts import REVIEWER, ReviewedFact, is_current, newest_extractors, read_facts
from bam.quality.review.history import Decision
from bam.store.claims import StoredClaim, read_claims_of_versions
from bam.store.documents import find_document
from bam.store.reviews import (
    CorrectionRow,
    read_correction_states,
    read_subjects,
    save_correction_states,
    subject_ids_of_claims,
    subject_ids_of_origin,
)
from bam.store.schema.documents import versions

ORIGIN = "correction:"
"""Decisions of a correction name it as their origin: `correction:ID`."""


class CorrectionState(StrEnum):
    APPLIED = "applied"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class CorrectionOutcome:
    """What became of a correction; `reason` says why it is stale and is empty where it is applied."""

    correction_id: str
    state: CorrectionState
    reason: str = ""
    decision_id: str | None = None


def apply_corrections(connection: Connection, corrections: Sequence[Correction], now: str) -> list[CorrectionOutcome]:
    """Bring the history to what the corrections say, and keep what became of each.

    A correction whose claim holds the expected values is in force; one that is stale, changed or removed from the files is taken
    back, with the reason. Doing it twice changes nothing.
    """
    digests = {correction.id: _digest(correction) for correction in corrections}
    in_store = _decisions_in_force(connection)
    _take_back_the_removed(connection, in_store, digests, now)
    outcomes = [
        _apply(connection, correction, digests[correction.id], in_store.get(correction.id), now) for correction in corrections
    ]
    save_correction_states(
        connection,
        [
            CorrectionRow(each.correction_id, digests[each.correction_id], str(each.state), each.reason, each.decision_id, now)
            for each in outcomes
        ],
    )
    return outcomes


def _apply(connection: Connection, correction: Correction, digest: str, before: Decision | None, now: str) -> CorrectionOutcome:
    claim, why_not = _find(connection, correction)
    if claim is not None and why_not is None:
        why_not = _overruled(connection, claim, correction)
    if claim is None or why_not is not None:
        if before is not None:
            undo(connection, before.id, _hand(correction, digest, now, f"stale: {why_not}"))
        return CorrectionOutcome(correction.id, CorrectionState.STALE, why_not or "")
    if before is not None and before.details.get("digest") == digest:
        return CorrectionOutcome(correction.id, CorrectionState.APPLIED, decision_id=before.id)
    if before is not None:
        undo(connection, before.id, _hand(correction, digest, now, "the correction was changed"))
    changes = {change.field: change.corrected for change in correction.changes}
    try:
        decision = edit(connection, claim.id, changes, _hand(correction, digest, now, correction.reason))
    except ReviewError as error:
        return CorrectionOutcome(correction.id, CorrectionState.STALE, str(error))
    return CorrectionOutcome(correction.id, CorrectionState.APPLIED, decision_id=decision.id)


def _find(connection: Connection, correction: Correction) -> tuple[Claim | None, str | None]:
    """The extractor's claim that the correction is about, and why it doesn't fit; (claim, None) where it does."""
    stored = _claims_of_document(connection, correction.document)
    if stored is None:
        return None, f"no document has the address {correction.document}"
    quote = _folded(correction.quote)
    found = [
        each.claim
        for each in stored
        if each.claim.table is correction.table and any(quote in _folded(item.quote) for item in each.claim.evidence)
    ]
    if not found:
        return None, f"no {correction.table} claim of the document has {correction.quote!r} in its quote"
    fitting = [claim for claim in found if _unexpected(claim, correction) is None]
    if len(fitting) > 1:
        return None, f"{len(fitting)} claims have {correction.quote!r} in their quotes; quote a piece that only one has"
    return (fitting[0], None) if fitting else (found[0], _unexpected(found[0], correction))


def _unexpected(claim: Claim, correction: Correction) -> str | None:
    """The first field that doesn't hold what the correction expects, in words."""
    data = values_to_dict(claim.values) | {"published_on": claim.published_on}
    for change in correction.changes:
        if data[change.field] != change.expected:
            return f"{change.field} is {data[change.field]!r}, expected {change.expected!r}"
    return None


def _overruled(connection: Connection, claim: Claim, correction: Correction) -> str | None:
    """Whether a person has decided on the fact beside the corrections: the person's word counts."""
    subject_id = subject_ids_of_claims(connection, [claim.id]).get(claim.id)
    if subject_id is None:
        return None
    fact = read_facts(connection, read_subjects(connection, [subject_id]))[0]
    decision = fact.state.decision
    if decision is None or decision.origin == ORIGIN + correction.id:
        return None
    return f"{decision.decided_by} decided otherwise on {decision.decided_at[:10]} ({decision.action}, {decision.id})"


def _claims_of_document(connection: Connection, address: str) -> list[StoredClaim] | None:
    """The extractor's current claims of the standing version; None where no document has the address."""
    standing = select(versions.c.id).where(
        versions.c.document_id == find_document(connection, address), versions.c.superseded_at.is_(None)
    )
    version_ids: list[str] = list(connection.execute(standing).scalars())
    if not version_ids:
        return None
    newest = newest_extractors(connection, version_ids)
    stored = read_claims_of_versions(connection, version_ids)
    return [each for each in stored if is_current(each, newest) and each.claim.extractor != REVIEWER]


def _decisions_in_force(connection: Connection) -> dict[str, Decision]:
    """Correction id to its decision that counts."""
    subjects = subject_ids_of_origin(connection, ORIGIN)
    found: dict[str, Decision] = {}
    for fact in read_facts(connection, read_subjects(connection, subjects)):
        found.update(_by_correction(fact))
    return found


def _by_correction(fact: ReviewedFact) -> Iterable[tuple[str, Decision]]:
    return ((decision.origin.removeprefix(ORIGIN), decision) for decision in in_force(fact) if decision.origin.startswith(ORIGIN))


def _take_back_the_removed(
    connection: Connection, in_store: Mapping[str, Decision], digests: Mapping[str, str], now: str
) -> None:
    known = read_correction_states(connection)
    for correction_id, decision in sorted(in_store.items()):
        if correction_id not in digests:
            digest = known[correction_id].digest if correction_id in known else ""
            origin = f"{ORIGIN}{correction_id}"
            reason = f"the correction was removed from the portfolio ({digest[:8]})"
            undo(connection, decision.id, Hand(decision.decided_by, now, reason, origin=origin))


def _hand(correction: Correction, digest: str, now: str, reason: str) -> Hand:
    return Hand(correction.author, now, reason, origin=ORIGIN + correction.id, details={"digest": digest})


def _digest(correction: Correction) -> str:
    data: Any = correction.model_dump(mode="json")
    return sha256_hex(json.dumps(data, sort_keys=True, ensure_ascii=False).encode())


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
