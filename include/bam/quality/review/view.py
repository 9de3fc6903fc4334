"""A claim as a reviewer needs to see it: its sentence in the document, what stands beside it, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bam.model.claims import Evidence
from bam.quality.review.facts import read_facts
from bam.quality.review.history import Decision
from bam.store.check_material import read_grounds
from bam.store.claims import StoredClaim, read_claims_of_versions, read_stored_claims
from bam.store.quality import Held, read_quarantine_history
from bam.store.records import record_ids_of_claims
from bam.store.reviews import read_subjects, subject_ids_of_claims

CONTEXT = 400
"""Characters of the document that are shown before and after a quote."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote in its document: `before` + `quote` + `after` is a stretch of the text, `start` the quote's place in it."""

    before: str
    quote: str
    after: str
    start: int
    page: int | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """`passages` are in order of the evidence, the main one first; `neighbours` the other claims of the version, in order of
    place; `record_id` the published record that rests on it; `stays` its stays in quarantine; `history` the decisions.
    """

    stored: StoredClaim
    passages: tuple[Passage, ...]
    neighbours: tuple[StoredClaim, ...]
    record_id: str | None
    stays: tuple[Held, ...]
    history: tuple[Decision, ...]


def view_claim(connection: Connection, claim_id: str) -> ClaimView | None:
    """Everything that a reviewer needs of a claim; None where there is none of that id."""
    found = read_stored_claims(connection, [claim_id])
    if not found:
        return None
    stored = found[0]
    text = next((row.text or "" for row in read_grounds(connection, [stored.claim.version_id])), "")
    others = [each for each in read_claims_of_versions(connection, [stored.claim.version_id]) if each.claim.id != claim_id]
    subject = subject_ids_of_claims(connection, [claim_id]).get(claim_id)
    facts = read_facts(connection, read_subjects(connection, [] if subject is None else [subject]))
    return ClaimView(
        stored=stored,
        passages=tuple(_passage(text, item) for item in stored.claim.evidence),
        neighbours=tuple(sorted(others, key=_place)),
        record_id=record_ids_of_claims(connection, [claim_id]).get(claim_id),
        stays=tuple(read_quarantine_history(connection, claim_id)),
        history=facts[0].decisions if facts else (),
    )


def _passage(text: str, item: Evidence) -> Passage:
    return Passage(
        before=text[max(0, item.start - CONTEXT) : item.start],
        quote=item.quote,
        after=text[item.end : item.end + CONTEXT],
        start=item.start,
        page=item.page,
    )


def _place(stored: StoredClaim) -> tuple[int, str]:
    claim = stored.claim
    return claim.evidence[0].start if claim.evidence else -1, claim.id
