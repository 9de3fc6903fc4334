"""Relations between records of one region: a part and its total, and sums that probably repeat each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bam.model.claims import Claim, FundingValues, Table
from bam.model.records import Record
from bam.records.identity import anchor_order

PART_TOLERANCE = 0.005
"""A part names its total's amount; figures of one document agree up to rounding."""


def is_part_of(part: Claim, total: Claim) -> bool:
    """Whether the document says that the sum `part` belongs to the sum `total`."""
    one, other = part.values, total.values
    return (
        isinstance(one, FundingValues)
        and isinstance(other, FundingValues)
        and part.id != total.id
        and part.witness.document_id == total.witness.document_id
        and one.part_of is not None
        and abs(one.part_of - other.amount) <= PART_TOLERANCE * other.amount
    )


def link_parts(records: Sequence[Record], part_pairs: Iterable[tuple[str, str]]) -> list[Record]:
    """The records with `part_of` set where a document says so. `part_pairs` are (claim of the part, claim of the total).

    A sum is never part of itself, of a part of its own, or of a smaller sum; of several totals the smallest one contains it
    most directly. What no claim gives the total of is flagged `total_unknown` and stands for itself.
    """
    record_of = {claim_id: record for record in records for claim_id in record.claim_ids}
    totals: dict[str, set[str]] = {}
    for part, total in part_pairs:
        if part in record_of and total in record_of and record_of[part].id != record_of[total].id:
            totals.setdefault(record_of[part].id, set()).add(record_of[total].id)
    by_id = {record.id: record for record in records}
    parent: dict[str, str] = {}
    for record in sorted(records, key=lambda record: (_amount(record), record.id)):
        fitting = sorted(
            (by_id[total] for total in totals.get(record.id, ()) if _contains(by_id[total], record)),
            key=lambda total: (_amount(total), total.id),
        )
        chosen = next((total.id for total in fitting if not _leads_to(parent, total.id, record.id)), None)
        if chosen is not None:
            parent[record.id] = chosen
    return [_with_total(record, parent.get(record.id)) for record in records]


def link_repeats(
    records: Sequence[Record], possible: Iterable[tuple[str, str]], claims: Mapping[str, Claim], keys: Mapping[str, str]
) -> list[Record]:
    """The funding records with `repeat_of` set where a pair of claims may speak of the same sum (`possible`).

    The later published of two repeats the earlier. A part isn't a repeat: it is left out already.
    """
    record_of = {claim_id: record for record in records for claim_id in record.claim_ids}
    order = {record.id: anchor_order(claims[record.claim_ids[0]], keys[record.claim_ids[0]]) for record in records}
    repeat_of: dict[str, str] = {}
    pairs = {
        tuple(sorted((record_of[left].id, record_of[right].id), key=order.__getitem__))
        for left, right in possible
        if record_of[left].id != record_of[right].id
    }
    by_id = {record.id: record for record in records}
    for earlier, later in sorted(pairs, key=lambda pair: (order[pair[1]], order[pair[0]])):
        if by_id[later].part_of is None and by_id[earlier].part_of != later:
            repeat_of.setdefault(later, repeat_of.get(earlier, earlier))
    return [replace(record, repeat_of=repeat_of.get(record.id)) for record in records]


def _with_total(record: Record, total: str | None) -> Record:
    if total is not None:
        return replace(record, part_of=total)
    values = record.values
    if record.table is Table.FUNDING and isinstance(values, FundingValues) and values.part_of is not None:
        return replace(record, flags=tuple(sorted({*record.flags, "total_unknown"})))
    return record


def _amount(record: Record) -> float:
    """The amount in the common currency where there is a rate, for ordering."""
    if record.conversion is not None:
        return record.conversion.amount
    return record.values.amount if isinstance(record.values, FundingValues) else 0.0


def _contains(total: Record, part: Record) -> bool:
    """Whether the total isn't smaller than the part, as far as they can be compared."""
    one, other = total.values, part.values
    assert isinstance(one, FundingValues)
    assert isinstance(other, FundingValues)
    return one.currency != other.currency or one.amount > other.amount


def _leads_to(parent: Mapping[str, str], start: str, target: str) -> bool:
    while start in parent:
        start = parent[start]
        if start == target:
            return True
    return start == target
