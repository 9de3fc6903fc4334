"""What people call a thing on the command line: a claim, a record or a decision, by any unambiguous beginning of its id."""

from __future__ import annotations

from sqlalchemy import Connection

from bam.quality.review.actions import ReviewError
from bam.records.judging import find_record
from bam.store.reviews import find_claim_ids, find_decision_ids


def claims_of(connection: Connection, name: str) -> tuple[str, ...]:
    """The claims that the name means: the claim, or the claims of the record, the one published first in front.

    Raises:
        ReviewError: there is no such claim, or several begin so.
        BamError: the same of records.
    """
    if name.startswith("rec-"):
        return find_record(connection, name).record.claim_ids
    return (_only(name, find_claim_ids(connection, name), "claim"),)


def chosen_claims(connection: Connection, name: str) -> tuple[str, ...]:
    """The claim, or of a record the claims that its values were chosen from."""
    if not name.startswith("rec-"):
        return claims_of(connection, name)
    record = find_record(connection, name).record
    chosen = {choice.claim_id for choice in record.choices}
    return tuple(claim_id for claim_id in record.claim_ids if claim_id in chosen)


def claim_of_field(connection: Connection, name: str, field: str) -> str:
    """The claim, or of a record the claim that this field was chosen from."""
    if name.startswith("rec-"):
        record = find_record(connection, name).record
        choice = record.choice(field)
        return record.claim_ids[0] if choice is None else choice.claim_id
    return claims_of(connection, name)[0]


def decision_of(connection: Connection, name: str) -> str:
    """The decision's id. Raises ReviewError where there is none or several begin so."""
    return _only(name, find_decision_ids(connection, name), "decision")


def _only(name: str, found: list[str], kind: str) -> str:
    if len(found) == 1:
        return found[0]
    if not found:
        raise ReviewError(f"no {kind} has the id {name!r}", remedy="See bam queue and bam review history for the ids.")
    raise ReviewError(f"{name!r} is the beginning of several ids ({', '.join(found)})", remedy="Write more of it.")
