"""Which new claims speak of a fact that somebody has decided on, when a document was extracted or published anew.

Two degrees. *The same*: the table and the core of the values agree (the sum and its currency; the name of a place, course or
promise), and the quotes overlap or are alike, or all values agree wherever they stand. *In its place*: another value where the
reviewed one stood. A rejection holds for the same only (another sum in the same sentence is another fact); a value that a
person set holds against whatever an extractor reads in its place, as long as nothing there is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from rapidfuzz import fuzz

from bam.model.claims import Claim, ClaimValues, FacilityValues, FollowUpValues, FundingValues, WorkshopValues
from bam.quality.review.facts import ReviewedFact
from bam.quality.review.history import Status

ALIKE = 85
"""Similarity of names and quotes (0 to 100) from which they are taken for the same: one word of seven may differ."""

AMOUNT_TOLERANCE = 0.005
"""Half a per cent: 36.6 and 36.5 million are different sums, 36,600,000 and 36.6 million are not."""


def match(facts: Sequence[ReviewedFact], claims: Iterable[Claim]) -> dict[str, str]:
    """Claim id to fact id for the claims that speak of one of these facts; each claim of at most one."""
    found: dict[str, str] = {}
    rest: list[Claim] = []
    for claim in claims:
        scored = [(score, fact.id) for fact in facts if (score := _sameness(fact, claim)) > 0]
        if scored:
            # Ties go to the smallest id, so that the order of reading doesn't matter.
            found[claim.id] = min(scored, key=lambda pair: (-pair[0], pair[1]))[1]
        else:
            rest.append(claim)
    matched = set(found.values())
    for fact in facts:
        if fact.id in matched or fact.state.status not in (Status.ACCEPTED, Status.EDITED):
            continue
        placed = [(overlap, claim.id) for claim in rest if claim.id not in found and (overlap := _in_place(fact, claim)) > 0]
        if placed:
            found[min(placed, key=lambda pair: (-pair[0], pair[1]))[1]] = fact.id
    return found


def _sameness(fact: ReviewedFact, claim: Claim) -> float:
    """How surely the claim says the same as any claim of the fact; 0 where it doesn't."""
    return max((_same(known.claim, claim) for known in fact.claims), default=0.0)


def _same(known: Claim, claim: Claim) -> float:
    if known.table is not claim.table or known.witness.document_id != claim.witness.document_id:
        return 0.0
    agreement = _agreement(known.values, claim.values)
    if agreement == 1.0:
        return 2.0 + _closeness(known, claim)
    if not _core_agrees(known.values, claim.values):
        return 0.0
    closeness = _closeness(known, claim)
    return closeness + agreement if closeness >= ALIKE / 100 else 0.0


def _in_place(fact: ReviewedFact, claim: Claim) -> float:
    """How far the claim's main quote covers that of a claim of the fact; 0 where it is about something else."""
    alike = (
        _closeness(known.claim, claim)
        for known in fact.claims
        if known.claim.table is claim.table and known.claim.witness.document_id == claim.witness.document_id
    )
    best = max(alike, default=0.0)
    return best if best >= ALIKE / 100 else 0.0


def _closeness(known: Claim, claim: Claim) -> float:
    """From 0 to 1: overlap of the main quotes in one version, likeness of their words across versions."""
    if not known.evidence or not claim.evidence:
        return 0.0
    one, two = known.evidence[0], claim.evidence[0]
    if known.version_id == claim.version_id:
        shared = min(one.end, two.end) - max(one.start, two.start)
        return max(0, shared) / min(one.end - one.start, two.end - two.start)
    return fuzz.token_set_ratio(one.quote.casefold(), two.quote.casefold()) / 100


def _agreement(one: ClaimValues, two: ClaimValues) -> float:
    """Share of the fields with a value in either that have the same in both."""
    pairs = [(getattr(one, spec.name), getattr(two, spec.name)) for spec in fields(one)]
    said = [(a, b) for a, b in pairs if a not in (None, (), False) or b not in (None, (), False)]
    return sum(a == b for a, b in said) / len(said) if said else 1.0


def _core_agrees(one: ClaimValues, two: ClaimValues) -> bool:
    match one, two:
        case FundingValues(), FundingValues():
            return one.currency == two.currency and abs(one.amount - two.amount) <= AMOUNT_TOLERANCE * abs(one.amount)
        case FacilityValues(), FacilityValues():
            return _alike(one.name, two.name)
        case WorkshopValues(), WorkshopValues():
            return _alike(one.topic, two.topic) and (one.start is None or two.start is None or one.start[:7] == two.start[:7])
        case FollowUpValues(), FollowUpValues():
            return _alike(one.commitment, two.commitment)
        case _:
            return False


def _alike(one: str, two: str) -> bool:
    return bool(fuzz.token_set_ratio(one.casefold(), two.casefold()) >= ALIKE)
