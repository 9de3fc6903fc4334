"""The values of a record: each field chosen from its claims by the rule for that kind of field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bam.model.claims import (
    Claim,
    ClaimValues,
    FacilityStatus,
    FacilityValues,
    FollowUpStatus,
    FollowUpValues,
    FundingValues,
    Stage,
    Table,
    WorkshopValues,
)
from bam.model.dates import is_date_prefix
from bam.model.records import Choice, LifecycleEvent
from bam.records.rules import AMOUNT, COMPLETE, OFFICIAL, PLAIN, REVIEWED, SET, TEXT, Candidate, Criterion, choose, choose_date

_HELD_LAST = ("planned", "ongoing", "held")
FURTHEST: Criterion = ("furthest_stage", lambda candidate: _HELD_LAST.index(candidate.value))

_FIELDS: dict[Table, dict[str, Sequence[Criterion] | None]] = {
    Table.FUNDING: {"donors": SET, "recipients": SET, "programme": TEXT, "purpose": TEXT},
    Table.FACILITIES: {"name": TEXT, "type": PLAIN, "country": PLAIN, "place": TEXT, "funders": SET, "programme": TEXT},
    Table.WORKSHOPS: {
        "topic": TEXT,
        "start": None,
        "end": None,
        "country": PLAIN,
        "place": TEXT,
        "venue": TEXT,
        "organisers": SET,
        "participants": PLAIN,
        "audience": (REVIEWED, COMPLETE, OFFICIAL),
        "status": (REVIEWED, FURTHEST, *PLAIN),
        "programme": TEXT,
        "count": PLAIN,
    },
    Table.FOLLOW_UPS: {
        "conference": TEXT,
        "commitment": TEXT,
        "conference_date": None,
        "conference_place": TEXT,
        "parties": SET,
        "due": None,
    },
}
"""Fields that are chosen one by one, with their criteria; None marks dates."""


def choose_values(
    table: Table, claims: Sequence[Claim], keys: Mapping[str, str], events: Sequence[LifecycleEvent]
) -> tuple[ClaimValues, tuple[Choice, ...]]:
    """Values and choices of a record. `events` are its lifecycle, oldest first."""
    choices = _plain_choices(table, claims, keys)
    if table is Table.FUNDING:
        return _funding(claims, keys, choices)
    if table is Table.FACILITIES:
        return _facility(claims, keys, choices, events)
    if table is Table.WORKSHOPS:
        return WorkshopValues(**{choice.field: choice.value for choice in choices}), choices
    return _follow_up(choices, claims, keys, events)


def candidates(claims: Sequence[Claim], keys: Mapping[str, str], field: str) -> list[Candidate]:
    """What each claim gives for a field; claims that don't say anything are left out."""
    found = ((getattr(claim.values, field), claim) for claim in claims)
    return [Candidate(value, claim, keys[claim.id]) for value, claim in found if value is not None and value not in ("", ())]


def dates(claims: Sequence[Claim], keys: Mapping[str, str], field: str) -> list[Candidate]:
    """As `candidates`, for dates: what is no date prefix says nothing (the checks report it)."""
    return [candidate for candidate in candidates(claims, keys, field) if is_date_prefix(candidate.value)]


def _plain_choices(table: Table, claims: Sequence[Claim], keys: Mapping[str, str]) -> tuple[Choice, ...]:
    chosen = []
    for field, criteria in _FIELDS[table].items():
        given = dates(claims, keys, field) if criteria is None else candidates(claims, keys, field)
        choice = choose_date(field, given) if criteria is None else choose(field, given, criteria)
        if choice is not None:
            chosen.append(choice)
    return tuple(chosen)


def _funding(
    claims: Sequence[Claim], keys: Mapping[str, str], plain: tuple[Choice, ...]
) -> tuple[FundingValues, tuple[Choice, ...]]:
    sums = [Candidate((claim.values.amount, claim.values.currency), claim, keys[claim.id]) for claim in claims]  # type: ignore[union-attr]
    amount = choose("amount", sums, AMOUNT)
    assert amount is not None
    by_id = {claim.id: claim for claim in claims}
    source = _funding_values(by_id[amount.claim_id])
    stage = _stage(claims, keys)
    dated = [claim for claim in claims if _funding_values(claim).stage is stage.value]
    date = choose_date("date", dates(dated, keys, "date")) or choose_date("date", dates(claims, keys, "date"))
    in_currency = [claim for claim in claims if _funding_values(claim).currency == source.currency]
    low, high = _span(in_currency)
    values = {
        "amount": source.amount,
        "currency": source.currency,
        "stage": stage.value,
        "date": None if date is None else date.value,
        "amount_min": low if low < high else None,
        "amount_max": high if low < high else None,
        "is_approximate": source.is_approximate,
    } | {choice.field: choice.value for choice in plain}
    choices = [
        Choice(field, getattr(source, field), amount.rule, amount.claim_id, _other_parts(amount, index))
        for index, field in enumerate(("amount", "currency"))
    ]
    choices += [
        *_span_choices(in_currency, keys, low, high),
        stage,
        *([] if date is None else [date]),
        *plain,
    ]
    for field in ("is_cumulative", "is_in_kind"):
        flagged = [claim for claim in claims if getattr(claim.values, field)]
        values[field] = bool(flagged)
        if flagged:
            choices.append(Choice(field, True, "any_source", min(flagged, key=lambda claim: keys[claim.id]).id))
    cancelled = choose("is_cancelled", candidates(claims, keys, "is_cancelled"), PLAIN)
    values["is_cancelled"] = bool(cancelled and cancelled.value)
    part = choose("part_of", candidates(claims, keys, "part_of"), PLAIN)
    values["part_of"] = None if part is None else part.value
    choices += [choice for choice in (part, cancelled if values["is_cancelled"] else None) if choice is not None]
    return FundingValues(**values), tuple(choices)


def _other_parts(choice: Choice, index: int) -> tuple[tuple[Any, str], ...]:
    """The other amounts (index 0) or currencies (index 1) of a choice of both together."""
    return tuple((pair[index], claim_id) for pair, claim_id in choice.alternatives if pair[index] != choice.value[index])


def _stage(claims: Sequence[Claim], keys: Mapping[str, str]) -> Choice:
    """The furthest stage that is reported: money that was paid isn't unpaid by an older report; a person's word goes before."""
    given = candidates(claims, keys, "stage")
    reviewed = [candidate for candidate in given if candidate.claim.is_reviewed]
    order = list(Stage)
    choice = choose("stage", reviewed or given, (("furthest_stage", lambda candidate: order.index(candidate.value)), *PLAIN))
    assert choice is not None
    return choice


def _span(claims: Sequence[Claim]) -> tuple[float, float]:
    """The smallest and the largest amount that these claims give, their own ranges included."""
    values = [_funding_values(claim) for claim in claims]
    return min(map(_low, values)), max(map(_high, values))


def _span_choices(claims: Sequence[Claim], keys: Mapping[str, str], low: float, high: float) -> list[Choice]:
    """The ends of a range that sources make together, each with the first claim that gives it."""
    if low == high or len(claims) == 1:
        return []
    ordered = sorted(claims, key=lambda claim: keys[claim.id])
    ends = {"amount_min": (low, _low), "amount_max": (high, _high)}
    return [
        Choice(field, end, "span", next(claim.id for claim in ordered if of(_funding_values(claim)) == end))
        for field, (end, of) in ends.items()
    ]


def _low(values: FundingValues) -> float:
    return values.amount if values.amount_min is None else values.amount_min


def _high(values: FundingValues) -> float:
    return values.amount if values.amount_max is None else values.amount_max


def _facility(
    claims: Sequence[Claim], keys: Mapping[str, str], plain: tuple[Choice, ...], events: Sequence[LifecycleEvent]
) -> tuple[FacilityValues, tuple[Choice, ...]]:
    status, since = _last_state(claims, keys, events)
    choices = (*plain, status, *([] if since is None else [since]))
    return FacilityValues(**{choice.field: choice.value for choice in choices}), choices


def _last_state(
    claims: Sequence[Claim], keys: Mapping[str, str], events: Sequence[LifecycleEvent]
) -> tuple[Choice, Choice | None]:
    """Status of the last legal event, and the date since when: that of the first event of the same status before it."""
    given = candidates(claims, keys, "status")
    reviewed = choose("status", [candidate for candidate in given if candidate.claim.is_reviewed], PLAIN)
    legal = [event for event in events if event.is_legal]
    run = legal[-1]
    status = reviewed or _with_alternatives("status", FacilityStatus(run.status), run.claim_id, given)
    dated = [claim for claim in claims if claim.values.status is status.value]  # type: ignore[union-attr]
    return status, choose_date("status_date", _of_run(dates(dated, keys, "status_date"), run))


def _of_run(given: Sequence[Candidate], run: LifecycleEvent) -> list[Candidate]:
    """Dates of a status that belong to its last run: from the day of the event that began it."""
    return [candidate for candidate in given if not run.is_dated or candidate.value[:4] >= str(run.date)[:4]]


def _with_alternatives(field: str, value: Any, claim_id: str | None, given: Sequence[Candidate]) -> Choice:
    others: dict[Any, str] = {}
    for candidate in sorted(given, key=lambda candidate: candidate.key):
        if candidate.value != value:
            others.setdefault(candidate.value, candidate.claim.id)
    rule = "lifecycle" if others else "agreed" if len(given) > 1 else "only_source"
    return Choice(field, value, rule, claim_id or given[0].claim.id, tuple(others.items()))


def _follow_up(
    plain: tuple[Choice, ...], claims: Sequence[Claim], keys: Mapping[str, str], events: Sequence[LifecycleEvent]
) -> tuple[FollowUpValues, tuple[Choice, ...]]:
    given = candidates(claims, keys, "status")
    reviewed = choose("status", [candidate for candidate in given if candidate.claim.is_reviewed], PLAIN)
    last = next((event for event in reversed(events) if event.status != FollowUpStatus.OPEN), events[-1])
    status = reviewed or _with_alternatives("status", FollowUpStatus(last.status), last.claim_id, given)
    choices = (*plain, status)
    return FollowUpValues(**{choice.field: choice.value for choice in choices}), choices


def _funding_values(claim: Claim) -> FundingValues:
    assert isinstance(claim.values, FundingValues)
    return claim.values
