"""What became of a promise: claims of later documents that report the promised thing, and the score that follows.

Scores are those of the G7 and G20 compliance reports: `+1` done, `0` in progress, `-1` given up, and `NE` where no evidence was
found. A due date that passes in silence makes a promise overdue, never failed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bam.model.claims import (
    Claim,
    FacilityStatus,
    FacilityValues,
    FollowUpStatus,
    FollowUpValues,
    FundingValues,
    Stage,
    WorkshopStatus,
    WorkshopValues,
)
from bam.model.dates import last_day
from bam.model.records import Record
from bam.records.features_follow_ups import conference_numbers
from bam.records.names import content_words, shared_words
from bam.records.prepare import Days, Prepared, days_between, days_of, telling_words
from bam.records.words import words

DONE, IN_PROGRESS, NOT_DONE, NO_EVIDENCE = "+1", "0", "-1", "NE"

EVIDENCE_AT = 4.0
"""Points from which a claim counts as evidence of a promise; found on the same labelled set as the thresholds of scoring."""

_DAYS_BEYOND_DUE = 366
"""What happens more than a year after the due date isn't taken for this promise."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A claim that reports what was promised: the score that it gives, and the points that speak for it."""

    score: str
    claim_id: str
    published_on: str
    points: float


def outcome_of(promise: Prepared, other: Prepared) -> Outcome | None:
    """What the other claim says of the promise; None where it isn't about it, older, or of the same document."""
    claim = other.claim
    reported = reported_score(claim)
    if reported is None or claim.witness.document_id == promise.claim.witness.document_id or not _is_later(promise, other):
        return None
    points = _points(promise, other)
    if points < EVIDENCE_AT:
        return None
    return Outcome(reported, claim.id, claim.published_on or "", points)


def best_outcome(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Done before in progress, the surest and then the earliest report first."""
    order = (DONE, IN_PROGRESS)
    return min(outcomes, key=lambda o: (order.index(o.score), -o.points, o.published_on, o.claim_id), default=None)


def score_follow_up(record: Record, claims: Sequence[Claim], outcomes: Iterable[Outcome]) -> Record:
    """The follow-up with its score: from what its own claims say, else from evidence in other records."""
    stated = _stated(claims)
    evidence = best_outcome(outcomes)
    if stated is not None and (evidence is None or stated[0] in (DONE, NOT_DONE) or evidence.score == stated[0]):
        return replace(record, score=stated[0], score_claim_id=stated[1])
    if evidence is not None:
        return replace(record, score=evidence.score, score_claim_id=evidence.claim_id)
    return replace(record, score=NO_EVIDENCE)


def with_overdue(record: Record, on: dt.date) -> Record:
    """The follow-up with its days overdue on that day; records of other tables unchanged."""
    if not isinstance(record.values, FollowUpValues) or record.values.due is None:
        return record
    due = last_day(record.values.due)
    is_overdue = due < on and record.score in (NO_EVIDENCE, IN_PROGRESS)
    return replace(record, is_overdue=is_overdue, overdue_days=(on - due).days if is_overdue else None)


def _stated(claims: Sequence[Claim]) -> tuple[str, str] | None:
    """The score that the newest claim with news gives, a person's word first."""
    scores = {FollowUpStatus.DONE: DONE, FollowUpStatus.ONGOING: IN_PROGRESS, FollowUpStatus.DROPPED: NOT_DONE}
    news = [claim for claim in claims if isinstance(claim.values, FollowUpValues) and claim.values.status in scores]
    if not news:
        return None
    newest = max(news, key=lambda claim: (claim.is_reviewed, claim.published_on or "", claim.id))
    assert isinstance(newest.values, FollowUpValues)
    return scores[newest.values.status], newest.id


def reported_score(claim: Claim) -> str | None:
    """The score that a report of this kind and status gives; None where it is no more than another promise."""
    values = claim.values
    if isinstance(values, FundingValues):
        return {Stage.DISBURSED: DONE, Stage.COMMITTED: IN_PROGRESS}.get(values.stage)
    if isinstance(values, FacilityValues):
        return {FacilityStatus.OPERATIONAL: DONE, FacilityStatus.UNDER_CONSTRUCTION: IN_PROGRESS}.get(values.status)
    if isinstance(values, WorkshopValues):
        return {WorkshopStatus.HELD: DONE, WorkshopStatus.ONGOING: IN_PROGRESS}.get(values.status)
    return DONE


def _is_later(promise: Prepared, other: Prepared) -> bool:
    """Whether the report was published after the promise, and what it reports lies after the conference and near the due date."""
    made, reported = days_of(promise.claim.published_on), days_of(other.claim.published_on)
    if made is None or reported is None or reported.last <= made.first:
        return False
    happened = _event_days(other)
    if happened is not None and promise.days is not None and happened.last <= promise.days.first:
        return False
    assert isinstance(promise.claim.values, FollowUpValues)
    due = days_of(promise.claim.values.due)
    return due is None or (happened or reported).first <= due.last + _DAYS_BEYOND_DUE


def _event_days(other: Prepared) -> Days | None:
    values = other.claim.values
    if isinstance(values, FollowUpValues):
        return days_of(values.conference_date)
    if isinstance(values, WorkshopValues):
        return days_between(values.start, values.end)
    return other.days


def _points(promise: Prepared, other: Prepared) -> float:
    """Points for a report of the promised thing: shared telling words and names, parties, kind of thing."""
    values = other.claim.values
    if isinstance(values, FollowUpValues):
        return _conference_points(promise, other, values)
    common = shared_words(telling_words(promise.text), other.words)
    names = promise.names & (other.names | other.places)
    if len(common) + len(names) < 2:
        return 0.0
    points = min(3.0, float(len(common))) + min(2.0, float(len(names)))
    points += 1.0 if promise.parties & other.parties else -1.0 if promise.parties and other.parties else 0.0
    return points + _kind_points(promise, other)


def _kind_points(promise: Prepared, other: Prepared) -> float:
    """Points for the commitment's nouns naming the kind of thing that the other claim reports, or another kind."""
    nouns = content_words(promise.text)
    values = other.claim.values
    if isinstance(values, FacilityValues):
        promised = {words().facility_kinds[noun] for noun in nouns if noun in words().facility_kinds}
        if not promised:
            return 0.0
        return 1.0 if str(values.type) in promised or nouns & content_words(values.name) & words().facility_kinds.keys() else -1.0
    kinds = words().event_kinds if isinstance(values, WorkshopValues) else words().money_kinds
    return 1.0 if nouns & kinds else -1.0


def _conference_points(promise: Prepared, other: Prepared, values: FollowUpValues) -> float:
    """Points for a later conference being the promised one: its name's words, number and place stand in the commitment."""
    own = telling_words(values.conference) - words().event_kinds
    common = shared_words(own, telling_words(promise.text))
    nouns = content_words(promise.text) & content_words(values.conference) & words().event_kinds
    if len(common) < 2 or not nouns or values.conference_date is None or promise.days is None:
        return 0.0
    promised, held = conference_numbers(promise.text), conference_numbers(values.conference)
    if promised and held and not promised & held:
        return 0.0
    share = len(common) / max(1, len(own))
    return min(3.0, float(len(common))) + (1.0 if share >= 0.5 else 0.0) + (1.0 if promised & held else 0.0)
