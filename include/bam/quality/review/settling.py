"""Settling: the rows of the claims are brought to what histories and checks say of them.

Nothing but this module opens or closes a claim because of a check or a decision, so the state of a row always follows from what
is written elsewhere: whether its version stands, which extractor read it last, the decisions on its fact, and whether it is in
quarantine. Settling twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from bam.model.claims import Claim, Evidence, Reason, values_to_dict
from bam.model.identity import content_id
from bam.quality.review.facts import REVIEWER, ReviewedFact, is_current, newest_extractors, read_facts
from bam.quality.review.history import Decision, Status
from bam.store.claims import StoredClaim, close_claims, insert_claims, open_claims, read_stored_claims, set_reviewed
from bam.store.documents import QUARANTINED
from bam.store.quality import CLAIM, read_held, release
from bam.store.reviews import link_claim, read_subjects, subject_ids_of_claims
from bam.store.schema.documents import version_texts, versions

_OURS = frozenset({None, "quarantined", "rejected", "replaced", "taken_back"})
"""Reasons for which this module closes claims. A claim that another step closed (superseded, re_extracted) is left closed."""


@dataclass(slots=True)
class _Target:
    """What claims should be: open, or closed with (reason, by whom)."""

    opened: set[str] = field(default_factory=set)
    reviewed: set[str] = field(default_factory=set)
    closed: dict[str, tuple[str, str]] = field(default_factory=dict)


def settle(connection: Connection, claim_ids: Collection[str], now: str) -> None:
    """Bring these claims, and all others of their facts, to the state that follows for them at this moment."""
    subject_of = subject_ids_of_claims(connection, claim_ids)
    facts = read_facts(connection, read_subjects(connection, set(subject_of.values())))
    free = read_stored_claims(connection, [claim_id for claim_id in claim_ids if claim_id not in subject_of])
    stored = {each.claim.id: each for each in (*free, *(each for fact in facts for each in fact.claims))}
    newest = newest_extractors(connection, {each.claim.version_id for each in stored.values()})
    held = {each.row_id: each.check_name for each in read_held(connection, kind=CLAIM, row_ids=stored)}
    target = _Target(opened={each.claim.id for each in free})
    for fact in facts:
        for made in _aim(connection, fact, newest, target, now):
            stored[made.claim.id] = made
    _apply(connection, stored, newest, held, target, now)


def _aim(
    connection: Connection, fact: ReviewedFact, newest: dict[str, str], target: _Target, now: str
) -> tuple[StoredClaim, ...]:
    """What the claims of a fact should be. Gives the claims that were made for it: those that carry a person's values."""
    state, extracted = fact.state, [each for each in fact.claims if each.claim.id not in fact.reviewers_ids]
    if state.decision is None:
        target.opened.update(each.claim.id for each in extracted)
        target.closed.update((claim_id, ("taken_back", "undo")) for claim_id in fact.reviewers_ids)
        return ()
    by = f"{state.decision.decided_by} ({state.decision.id})"
    if state.status is Status.REJECTED:
        target.closed.update((each.claim.id, ("rejected", by)) for each in fact.claims)
        return ()
    current = [each for each in extracted if is_current(each, newest)]
    keeper = next((each for each in current if _says(each.claim, state.decision)), None)
    made: tuple[StoredClaim, ...] = ()
    if keeper is None:
        keeper, made = _reviewers_claim(connection, fact, current, state.decision, now)
    if keeper is not None:
        target.opened.add(keeper.claim.id)
        target.reviewed.add(keeper.claim.id)
    target.closed.update(
        (each.claim.id, ("replaced", by)) for each in fact.claims if keeper is None or each.claim.id != keeper.claim.id
    )
    return made


def _says(claim: Claim, decision: Decision) -> bool:
    return claim.values == decision.values and claim.published_on == decision.published_on


def _reviewers_claim(
    connection: Connection, fact: ReviewedFact, current: list[StoredClaim], decision: Decision, now: str
) -> tuple[StoredClaim | None, tuple[StoredClaim, ...]]:
    """The claim that carries the person's values in the standing version, and the same once more if it was made now.

    Its quotes are those of the extractor's current claim; where the extractor no longer finds the fact, those of an older claim,
    found again in the standing text. None where the document doesn't say it any more.
    """
    for each in fact.claims:
        if each.claim.id in fact.reviewers_ids and each.is_version_standing and _says(each.claim, decision):
            return each, ()
    base = _ground(connection, fact, current)
    if base is None or decision.values is None:
        return None, ()
    place = [base.evidence[0].start, base.evidence[0].end]
    claim = replace(
        base,
        id=content_id("clm", base.version_id, REVIEWER, base.table, values_to_dict(decision.values), place, decision.id),
        values=decision.values,
        published_on=decision.published_on,
        confidence=1.0,
        extractor=REVIEWER,
        recorded_at=now,
        reasons=(Reason("reviewed", f"{decision.decided_by}: {decision.reason}", 1.0),),
        is_reviewed=True,
    )
    insert_claims(connection, [claim])
    link_claim(connection, claim.id, fact.id, is_reviewers=True)
    made = StoredClaim(claim, None, None, None, True)
    return made, (made,)


def _ground(connection: Connection, fact: ReviewedFact, current: list[StoredClaim]) -> Claim | None:
    """A claim of the fact with evidence in the standing version."""
    if current:
        return current[0].claim
    standing = connection.execute(
        select(versions.c.id, version_texts.c.text)
        .join(version_texts, version_texts.c.version_id == versions.c.id)
        .where(versions.c.document_id == fact.document_id, versions.c.superseded_at.is_(None), versions.c.status != QUARANTINED)
        .order_by(versions.c.number.desc())
    ).first()
    if standing is None:
        return None
    for each in sorted(fact.claims, key=lambda each: (each.claim.recorded_at, each.claim.id), reverse=True):
        evidence = _found_again(each.claim, standing.id, standing.text)
        if evidence:
            return replace(each.claim, version_id=standing.id, evidence=evidence)
    return None


def _found_again(claim: Claim, version_id: str, text: str) -> tuple[Evidence, ...]:
    """The quotes of a claim at their places in another text, pages unknown; empty where the main quote isn't there."""
    if claim.version_id == version_id:
        return claim.evidence
    found: list[Evidence] = []
    for item in claim.evidence:
        start = text.find(item.quote)
        if start >= 0:
            found.append(Evidence(start, start + len(item.quote), item.quote))
        elif not found:
            return ()
    return tuple(found)


def _apply(
    connection: Connection,
    stored: dict[str, StoredClaim],
    newest: dict[str, str],
    held: dict[str, str],
    target: _Target,
    now: str,
) -> None:
    opening: list[str] = []
    closing: dict[tuple[str, str], list[str]] = {}
    for claim_id, each in stored.items():
        aim = _state(each, newest, held, target)
        if aim == (each.closed_because, each.closed_by if each.closed_because else None):
            continue
        if aim[0] is None:
            opening.append(claim_id)
        else:
            closing.setdefault((aim[0], str(aim[1])), []).append(claim_id)
    open_claims(connection, opening, now)
    for (because, by), claim_ids in closing.items():
        close_claims(connection, claim_ids, now, because=because, by=by)
    _release_the_gone(connection, stored, newest, held, target, now)
    marked = {claim_id for claim_id, each in stored.items() if each.claim.is_reviewed and each.claim.extractor != REVIEWER}
    set_reviewed(connection, target.reviewed - marked, is_reviewed=True)
    set_reviewed(connection, marked - target.reviewed, is_reviewed=False)


def _state(each: StoredClaim, newest: dict[str, str], held: dict[str, str], target: _Target) -> tuple[str | None, str | None]:
    """(reason, by) that the claim should be closed with; (None, None) where it should stand."""
    claim_id = each.claim.id
    if claim_id in target.closed:
        if each.closed_because not in _OURS and not is_current(each, newest):
            return each.closed_because, each.closed_by
        return target.closed[claim_id]
    if not each.is_version_standing:
        return ("superseded", each.claim.version_id) if each.closed_because in _OURS else (each.closed_because, each.closed_by)
    if not is_current(each, newest):
        by = newest[each.claim.version_id]
        return ("re_extracted", by) if each.closed_because in _OURS else (each.closed_because, each.closed_by)
    if claim_id in held:
        return "quarantined", held[claim_id]
    return None, None


def _release_the_gone(
    connection: Connection,
    stored: dict[str, StoredClaim],
    newest: dict[str, str],
    held: dict[str, str],
    target: _Target,
    now: str,
) -> None:
    """End the quarantine of claims that are out for another reason now: they wait for nothing any more."""
    because: dict[str, list[str]] = {}
    for claim_id in held:
        reason, _ = _state(stored[claim_id], newest, held, target)
        if reason not in (None, "quarantined"):
            because.setdefault(str(reason), []).append(claim_id)
    for reason, claim_ids in because.items():
        stays = [each.id for each in read_held(connection, kind=CLAIM, row_ids=claim_ids)]
        release(connection, stays, now, reason)
