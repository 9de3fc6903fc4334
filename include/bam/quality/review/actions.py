"""What a person can do with a fact: accept, reject, edit, merge, confirm what another decided, take back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from bam.model.claims import VALUES_BY_TABLE, Claim, values_to_dict
from bam.model.dates import is_date_prefix
from bam.model.errors import BamError
from bam.model.identity import content_id
from bam.model.records import Judgement, Verdict
from bam.quality.frames.values import DATE_FIELDS
from bam.quality.review.facts import ReviewedFact, decision_to_row, read_facts
from bam.quality.review.history import Action, Decision, state_of
from bam.quality.review.settling import settle
from bam.records.judging import keys_of_claims
from bam.store.claims import read_claims
from bam.store.judgements import insert_judgements, undo_act
from bam.store.reviews import (
    SubjectRow,
    add_subject,
    insert_decision,
    next_position,
    read_decision,
    read_subjects,
    subject_ids_of_claims,
)


class ReviewError(BamError):
    """A decision can't be made: unknown claim, wrong value, nothing to take back."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who decides, when (ISO 8601 in UTC) and why. `needs_second`: the two-person rule is on. `origin` is `review`, or the
    correction that speaks; `details` are kept with the decision.
    """

    by: str
    at: str
    reason: str
    needs_second: bool = False
    origin: str = "review"
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise ReviewError("nobody is named", remedy="Say who decides with --by NAME, or set BAM_REVIEWER.")
        if not self.reason.strip():
            raise ReviewError("no reason is given", remedy="Say why with --reason; the next reader will ask.")


def accept(connection: Connection, claim_id: str, hand: Hand) -> Decision:
    """Confirm a claim: its values hold from now on, whatever extractors read there later."""
    claim = _claim(connection, claim_id)
    return _decide(connection, claim, Action.ACCEPT, hand, values=claim.values, published_on=claim.published_on)


def reject(connection: Connection, claim_id: str, hand: Hand) -> Decision:
    """Say that a claim is no fact: it leaves the tables and doesn't come back with the next extraction."""
    return _decide(connection, _claim(connection, claim_id), Action.REJECT, hand)


def edit(connection: Connection, claim_id: str, changes: Mapping[str, Any], hand: Hand) -> Decision:
    """Set other values. `changes` holds fields of the claim's table, or `published_on`, with plain JSON values.

    Raises:
        ReviewError: a field is unknown or a value doesn't fit it, or nothing would change.
    """
    claim = _claim(connection, claim_id)
    edited = edited_claim(claim, changes)
    if edited == claim:
        raise ReviewError("nothing would change", where=claim_id, remedy="Use accept to confirm it as it is.")
    before = values_to_dict(claim.values) | {"published_on": claim.published_on}
    details = {"changes": {name: [before[name], value] for name, value in sorted(changes.items())}}
    return _decide(connection, claim, Action.EDIT, hand, values=edited.values, published_on=edited.published_on, details=details)


def merge(connection: Connection, claim_id: str, other_id: str, hand: Hand) -> Decision:
    """Say that two claims speak of the same thing: they are one record from the next update on.

    Raises:
        ReviewError: they are one claim, of different tables, or not in the tables.
    """
    claim, other = _claim(connection, claim_id), _claim(connection, other_id)
    if claim.id == other.id:
        raise ReviewError("a claim can't be merged with itself", where=claim_id, remedy="Name two claims.")
    if claim.table is not other.table:
        raise ReviewError(
            f"a {claim.table} claim can't be merged with a {other.table} claim", where=claim_id, remedy="Name two of one table."
        )
    absent = sorted({claim.id, other.id} - set(keys_of_claims(connection, [claim.id, other.id])))
    if absent:
        raise ReviewError("the claim is in no record", where=absent[0], remedy="Run bam update first, or name another claim.")
    return _decide(connection, claim, Action.MERGE, hand, details={"with": other.id})


def confirm(connection: Connection, decision_id: str, hand: Hand) -> Decision:
    """The second person's word: the decision counts from now on.

    Raises:
        ReviewError: nothing of that id waits, or the same person decided it.
    """
    fact = _fact_of_decision(connection, decision_id)
    waiting = next((each for each in fact.state.waiting if each.id == decision_id), None)
    if waiting is None:
        raise ReviewError("the decision doesn't wait for a second person", where=decision_id, remedy="See bam queue --waiting.")
    if waiting.decided_by == hand.by:
        raise ReviewError(f"{hand.by} made this decision", where=decision_id, remedy="Another person must confirm it: --by NAME.")
    return _append(connection, fact, waiting.claim_id, Action.CONFIRM, hand, refers_to=waiting.id)


def undo(connection: Connection, claim_or_decision_id: str, hand: Hand) -> Decision:
    """Take back a decision, or the last one on a claim's fact. What was in force before counts again.

    Raises:
        ReviewError: there is nothing to take back.
    """
    if read_decision(connection, claim_or_decision_id) is not None:
        fact = _fact_of_decision(connection, claim_or_decision_id)
        state = fact.state
        alive = {each.id for each in (*state.waiting, *state.merges, *in_force(fact))}
        if claim_or_decision_id not in alive:
            raise ReviewError("the decision was taken back already", where=claim_or_decision_id, remedy="See bam review history.")
        target = next(each for each in fact.decisions if each.id == claim_or_decision_id)
    else:
        claim = _claim(connection, claim_or_decision_id)
        found = _known_fact(connection, claim.id)
        last = None if found is None else found.state.last
        if found is None or last is None:
            raise ReviewError("nobody has decided on it", where=claim.id, remedy="There is nothing to take back.")
        fact, target = found, last
    return _append(connection, fact, target.claim_id, Action.UNDO, hand, refers_to=target.id, needs_second=hand.needs_second)


def in_force(fact: ReviewedFact) -> list[Decision]:
    """Every decision that would count again if the later ones were taken back, the one that counts last."""
    decisions, chain = list(fact.decisions), []
    while (current := state_of(decisions).decision) is not None:
        chain.append(current)
        decisions = [each for each in decisions if each.id != current.id]
    return chain[::-1]


def edited_claim(claim: Claim, changes: Mapping[str, Any]) -> Claim:
    """The claim with these values instead. Raises ReviewError for an unknown field or a value that doesn't fit."""
    known = {spec.name for spec in fields(claim.values)}
    if unknown := sorted(set(changes) - known - {"published_on"}):
        raise ReviewError(
            f"{claim.table} has no field {unknown[0]!r}",
            where=claim.id,
            remedy=f"Known are {', '.join(sorted(known | {'published_on'}))}.",
        )
    data = values_to_dict(claim.values) | {name: value for name, value in changes.items() if name != "published_on"}
    try:
        values = TypeAdapter(VALUES_BY_TABLE[claim.table]).validate_python(data)
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0]) if fault["loc"] else "value"
        raise ReviewError(
            f"{name}={data.get(name)!r} doesn't fit ({fault['msg']})", where=claim.id, remedy="Correct the value."
        ) from error
    published_on = changes.get("published_on", claim.published_on)
    for name, value in (*((name, getattr(values, name, None)) for name in DATE_FIELDS), ("published_on", published_on)):
        if value is not None and not is_date_prefix(value):
            raise ReviewError(f"{name}={value!r} is no date", where=claim.id, remedy="Write 2014, 2014-03 or 2014-03-04.")
    numbers = [value for value in values_to_dict(values).values() if isinstance(value, float)]
    if not all(map(math.isfinite, numbers)):
        raise ReviewError("a number must be finite", where=claim.id, remedy="Correct the value.")
    return replace(claim, values=values, published_on=published_on)


def _decide(
    connection: Connection,
    claim: Claim,
    action: Action,
    hand: Hand,
    **content: Any,
) -> Decision:
    fact = _known_fact(connection, claim.id)
    if fact is None:
        add_subject(connection, SubjectRow(claim.id, claim.witness.document_id, str(claim.table)))
        fact = _known_fact(connection, claim.id)
        assert fact is not None
    return _append(connection, fact, claim.id, action, hand, needs_second=hand.needs_second, **content)


def _append(
    connection: Connection,
    fact: ReviewedFact,
    claim_id: str,
    action: Action,
    hand: Hand,
    *,
    details: Mapping[str, Any] | None = None,
    **content: Any,
) -> Decision:
    merged = {each.id for each in fact.state.merges}
    position = next_position(connection)
    decision = Decision(
        id=content_id("rev", fact.id, position, action, hand.by, hand.at),
        position=position,
        subject_id=fact.id,
        claim_id=claim_id,
        action=action,
        decided_by=hand.by,
        decided_at=hand.at,
        reason=hand.reason,
        origin=hand.origin,
        details={**hand.details, **(details or {})},
        **content,
    )
    insert_decision(connection, decision_to_row(decision))
    after = read_facts(connection, read_subjects(connection, [fact.id]))[0]
    _judge(connection, [each for each in after.state.merges if each.id not in merged])
    for gone in merged - {each.id for each in after.state.merges}:
        undo_act(connection, gone, hand.at, hand.by)
    settle(connection, [claim_id, *(each.claim.id for each in fact.claims)], hand.at)
    return decision


def _judge(connection: Connection, merges: Iterable[Decision]) -> None:
    """Let the records know the merges that have come into force. The decision is the act that is taken back with it."""
    for decision in merges:
        pair = [decision.claim_id, str(decision.details["with"])]
        left, right = sorted(keys_of_claims(connection, pair).values())
        judgement = Judgement(
            id=content_id("jud", decision.id, left, right),
            left=left,
            right=right,
            verdict=Verdict.SAME,
            judged_by=decision.decided_by,
            judged_at=decision.decided_at,
            reason=decision.reason,
        )
        insert_judgements(connection, [judgement], decision.id)


def _claim(connection: Connection, claim_id: str) -> Claim:
    found = read_claims(connection, [claim_id])
    if not found:
        raise ReviewError("there is no claim of that id", where=claim_id, remedy="See bam queue for the ids.")
    return found[0]


def _known_fact(connection: Connection, claim_id: str) -> ReviewedFact | None:
    subject_id = subject_ids_of_claims(connection, [claim_id]).get(claim_id)
    return None if subject_id is None else read_facts(connection, read_subjects(connection, [subject_id]))[0]


def _fact_of_decision(connection: Connection, decision_id: str) -> ReviewedFact:
    row = read_decision(connection, decision_id)
    if row is None:
        raise ReviewError("there is no decision of that id", where=decision_id, remedy="See bam review history.")
    return read_facts(connection, read_subjects(connection, [row.subject_id]))[0]
