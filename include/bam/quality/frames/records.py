"""The frame of records: what was chosen, whether claims carry it, and whether the story of the thing is possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bam.model.claims import Claim, FollowUpValues, FundingValues, Table
from bam.model.dates import first_day, is_date_prefix, last_day
from bam.model.records import Record
from bam.quality.frames.context import CheckContext
from bam.quality.frames.table import frame_of
from bam.quality.frames.values import VALUE_COLUMNS, value_columns

if TYPE_CHECKING:
    import pandas as pd

RECORD_COLUMNS = (
    *("record_id", "table", "confidence", "claim_count", "witness_count", "first_published_on", "last_published_on", "score"),
    *("missing_claim", "unsupported", "unconverted", "unknown_rates", "odd_rate", "illegal_step", "unordered_events"),
    *("orphan_total", "part_too_large", "odd_score", "odd_overdue", "same_as", "unseen", "unpaid", "conference_dates"),
    *VALUE_COLUMNS,
)

RATE_TOLERANCE = 0.005
"""Half a per cent: amounts are rounded to cents, rates to six digits."""


def record_frame(
    records: Sequence[Record],
    claims: Mapping[str, Claim],
    context: CheckContext,
    known_record_ids: Collection[str] = (),
    ledger_record_ids: Collection[str] | None = None,
) -> pd.DataFrame:
    """One row per record.

    Args:
        claims: the standing claims that these records were built from, by id.
        known_record_ids: ids of records that exist beside `records` (when only what changed is checked).
        ledger_record_ids: ids of the records that the ledger sees; None where no ledger is at hand.
    """
    amounts = {record.id: record.conversion.amount for record in records if record.conversion}
    known = {record.id for record in records} | set(known_record_ids)
    twins, paid = _twins(records), _paid_documents(records, claims)
    conferences = _conference_dates(records)
    rows = (
        {
            "record_id": record.id,
            "table": str(record.table),
            "confidence": record.confidence,
            "claim_count": len(record.claim_ids),
            "witness_count": record.witness_count,
            "first_published_on": record.first_published_on,
            "last_published_on": record.last_published_on,
            "score": record.score,
            "missing_claim": next((claim_id for claim_id in record.claim_ids if claim_id not in claims), None),
            "unsupported": _unsupported(record, claims),
            "unconverted": _unconverted(record, context),
            "unknown_rates": _unknown_rates(record, context),
            "odd_rate": _odd_rate(record),
            "illegal_step": _illegal_step(record),
            "unordered_events": _unordered_events(record),
            "orphan_total": record.part_of if record.part_of is not None and record.part_of not in known else None,
            "part_too_large": _part_too_large(record, amounts),
            "odd_score": _odd_score(record, claims),
            "odd_overdue": _odd_overdue(record, context.today),
            "same_as": twins.get(record.id),
            "unseen": _unseen(record, ledger_record_ids),
            "unpaid": _unpaid(record, claims, paid),
            "conference_dates": conferences.get(record.id),
        }
        | value_columns(record.values, context, published_on=record.last_published_on)
        for record in records
    )
    return frame_of(rows, RECORD_COLUMNS)


def _unsupported(record: Record, claims: Mapping[str, Claim]) -> str | None:
    """A chosen value that the claim it is said to come from doesn't state. Lists may gather members from several claims."""
    for choice in record.choices:
        claim = claims.get(choice.claim_id)
        if claim is None or choice.value is None or isinstance(choice.value, tuple | list):
            continue
        stated = getattr(claim.values, choice.field, None)
        if stated is not None and stated != choice.value:
            return f"{choice.field}={choice.value}, but {claim.id} says {stated}"
    return None


def _unconverted(record: Record, context: CheckContext) -> str | None:
    """A sum that has no rate though its currency has some: of another time, or lost."""
    if not isinstance(record.values, FundingValues) or record.conversion is not None:
        return None
    date = record.values.date or record.first_published_on
    return f"{record.values.currency} of {date}" if date and context.has_rates(record.values.currency) else None


def _unknown_rates(record: Record, context: CheckContext) -> str | None:
    if not isinstance(record.values, FundingValues) or record.conversion is not None:
        return None
    if not context.has_rates(record.values.currency):
        return record.values.currency
    return None if record.values.date or record.first_published_on else f"{record.values.currency}, undated"


def _odd_rate(record: Record) -> str | None:
    """A conversion that its own rate doesn't give, or that isn't a positive, finite number."""
    if record.conversion is None or not isinstance(record.values, FundingValues):
        return None
    conversion, expected = record.conversion, record.values.amount * record.conversion.rate
    if conversion.rate > 0 and abs(conversion.amount - expected) <= RATE_TOLERANCE * abs(expected) + 0.01:
        return None
    return f"{record.values.amount:g} {record.values.currency} at {conversion.rate:g} given as {conversion.amount:g}"


def _illegal_step(record: Record) -> str | None:
    before = "the beginning"
    for event in record.events:
        if not event.is_legal:
            return f"{event.status} after {before} ({event.date or 'no date'})"
        before = event.status
    return None


def _unordered_events(record: Record) -> str | None:
    dates = [event.date for event in record.events if is_date_prefix(event.date)]
    for before, after in pairwise(dates):
        if last_day(str(after)) < first_day(str(before)):
            return f"{after} after {before}"
    return None


def _part_too_large(record: Record, amounts: Mapping[str, float]) -> str | None:
    """A part that is larger than the total it belongs to, by more than what rounding and exchange rates explain."""
    if record.part_of is None or record.part_of not in amounts or record.id not in amounts:
        return None
    part, total = amounts[record.id], amounts[record.part_of]
    return f"{part:,.0f} in a total of {total:,.0f}" if part > 1.05 * total else None


def _odd_score(record: Record, claims: Mapping[str, Claim]) -> str | None:
    """A score that no standing claim carries. NE needs none: it says that nothing was heard."""
    if record.score not in ("+1", "-1") or (record.score_claim_id is not None and record.score_claim_id in claims):
        return None
    return f"{record.score} by {record.score_claim_id or 'no claim'}"


def _odd_overdue(record: Record, today: dt.date) -> str | None:
    if not isinstance(record.values, FollowUpValues) or not record.is_overdue:
        return None
    due = record.values.due
    if due is None or record.score == "+1":
        return "overdue without a due date" if due is None else "overdue though done"
    return f"overdue before {due}" if is_date_prefix(due) and last_day(due) >= today else None


def _unseen(record: Record, ledger_record_ids: Collection[str] | None) -> str | None:
    if ledger_record_ids is None or record.table is not Table.FUNDING or record.id in ledger_record_ids:
        return None
    return "in no total"


def _twins(records: Sequence[Record]) -> dict[str, str]:
    """Records with the same values that neither were merged nor are marked as repeats: id to the id of the first."""
    first: dict[tuple[Any, ...], Record] = {}
    twins: dict[str, str] = {}
    for record in records:
        other = first.setdefault((record.table, record.values), record)
        if other.id != record.id and record.repeat_of is None and other.repeat_of is None:
            twins[record.id] = other.id
    return twins


def _paid_documents(records: Sequence[Record], claims: Mapping[str, Claim]) -> set[str]:
    """Documents that a funding record was taken from."""
    return {document for record in records if record.table is Table.FUNDING for document in _documents(record, claims)}


def _documents(record: Record, claims: Mapping[str, Claim]) -> Iterator[str]:
    return (claims[claim_id].witness.document_id for claim_id in record.claim_ids if claim_id in claims)


def _unpaid(record: Record, claims: Mapping[str, Claim], paid: Collection[str]) -> str | None:
    """A facility with named funders none of whose documents gave a sum: its cost may have been missed."""
    funders = getattr(record.values, "funders", ())
    if not funders or any(document in paid for document in _documents(record, claims)):
        return None
    return ", ".join(funders)


def _conference_dates(records: Sequence[Record]) -> dict[str, str]:
    """Follow-ups of a conference in a year that others date to another day: record id to the dates."""
    dates: dict[tuple[str, str], set[str]] = {}
    members: dict[tuple[str, str], list[str]] = {}
    for record in records:
        values = record.values
        if isinstance(values, FollowUpValues) and values.conference_date and len(values.conference_date) == len("2014-03-04"):
            key = (values.conference.casefold(), values.conference_date[:7])
            dates.setdefault(key, set()).add(values.conference_date)
            members.setdefault(key, []).append(record.id)
    return {
        record_id: " and ".join(sorted(dates[key])) for key, ids in members.items() if len(dates[key]) > 1 for record_id in ids
    }
