"""The counting ledger: each funding record is counted in a total or left out of it for a stated reason.

A total adds up one stage (`stage=disbursed`) or, within a stage, one value of a dimension (`stage=disbursed;donor=US`). The
total of a stage sees every funding record; that of a dimension sees the records of its stage which carry the value. What a
total sees is counted or excluded, never dropped: counted + excluded = seen, in numbers and in amounts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bam.model.claims import FundingValues, Stage, Table
from bam.model.dates import first_day
from bam.model.records import LedgerEntry, Record, Total
from bam.records.tally import Tally

REASONS: dict[str, str] = {
    "part_of": "it is contained in another sum that the table holds",
    "repeat": "it probably repeats a sum that is already there",
    "cumulative": "it adds up many years and would repeat single sums",
    "cancelled": "the assistance was withdrawn",
    "no_amount": "no source gives an amount",
    "planned": "it is planned and not yet promised",
    "pledge": "it is a promise that binds nobody yet",
    "commitment": "it is committed and not reported as paid",
    "payment": "it is paid and stands in the total of payments",
    "recipient_share_unknown": "it is for several recipients and nobody says how much each gets",
    "donor_share_unknown": "it comes from several donors and nobody says how much each gives",
    "counted_by_parts": "its parts add up to it and are counted instead",
    "no_rate": "there is no exchange rate for its currency and date",
    "no_price_level": "there is no mean price level of its year",
}
"""Reason codes and what they mean to a reader. `no_rate` excludes from totals in the common currency only, `no_price_level` from
totals at constant prices only.
"""

DIMENSIONS = ("donor", "recipient", "programme", "year")

SEVERAL = "several"
UNKNOWN = "unknown"

_OTHER_STAGE = {
    Stage.PLANNED: "planned",
    Stage.PLEDGED: "pledge",
    Stage.COMMITTED: "commitment",
    Stage.DISBURSED: "payment",
}
_SHARE_REASON = {"donor": "donor_share_unknown", "recipient": "recipient_share_unknown"}
_PARTS_TOLERANCE = 0.01


def count(records: Iterable[Record]) -> list[LedgerEntry]:
    """The ledger of all totals over these records; records of other tables are ignored. Sorted by total and record."""
    funding = sorted((record for record in records if record.table is Table.FUNDING), key=lambda record: record.id)
    parts: dict[str, list[Record]] = defaultdict(list)
    for record in funding:
        if record.part_of is not None:
            parts[record.part_of].append(record)
    by_id = {record.id: record for record in funding}
    entries: list[LedgerEntry] = []
    for record in funding:
        total = by_id.get(record.part_of or "")
        entries.extend(entries_of(record, parts.get(record.id, ()), total, parts.get(record.part_of or "", ())))
    return sorted(entries, key=lambda entry: (entry.total, entry.record_id))


def entries_of(record: Record, parts: Sequence[Record], total: Record | None, siblings: Sequence[Record]) -> list[LedgerEntry]:
    """The entries of one funding record. `parts` are the records that belong to it, `total` the record that it belongs to,
    `siblings` all parts of that one (itself included).
    """
    values = funding_values(record)
    reason = exclusion(record)
    entries = [
        _entry(record, f"stage={stage}", reason or (None if values.stage is stage else _OTHER_STAGE[values.stage]))
        for stage in Stage
    ]
    for dimension in DIMENSIONS:
        keys = dimension_values(record, dimension)
        prefix = f"stage={values.stage};{dimension}="
        own = reason
        if reason is None and is_split_by(record, parts, dimension):
            own = "counted_by_parts"
        elif reason == "part_of" and total is not None and exclusion(total) is None and is_split_by(total, siblings, dimension):
            own = None
        if len(keys) == 1:
            entries.append(_entry(record, prefix + keys[0], own))
        else:
            entries.append(_entry(record, prefix + SEVERAL, own))
            entries.extend(_entry(record, prefix + key, own or _SHARE_REASON[dimension]) for key in keys)
    return entries


def funding_values(record: Record) -> FundingValues:
    """The values of a funding record."""
    assert isinstance(record.values, FundingValues)
    return record.values


def dimension_values(record: Record, dimension: str) -> tuple[str, ...]:
    """The record's values of a dimension, sorted; `unknown` where no source gives one."""
    values = funding_values(record)
    if dimension == "year":
        return (event_year(record),)
    found: tuple[str, ...]
    if dimension == "programme":
        found = (values.programme,) if values.programme else ()
    else:
        found = values.donors if dimension == "donor" else values.recipients
    return tuple(sorted({as_key(value) for value in found})) or (UNKNOWN,)


def as_key(value: str) -> str:
    """A value as it stands in the name of a total or a figure, where `;` and `=` part values and dimensions."""
    return " ".join(value.replace(";", ",").replace("=", ":").split())


def event_year(record: Record) -> str:
    """The year of a sum: of its date, else of its first publication, else `unknown`."""
    date = funding_values(record).date or record.first_published_on
    return f"{first_day(date).year:04d}" if date else UNKNOWN


def is_split_by(total: Record, parts: Sequence[Record], dimension: str) -> bool:
    """Whether the parts tell the shares of a dimension: each has one value where the total has none or several, they are of
    the total's stage and currency, and they add up to it within one per cent.
    """
    values = funding_values(total)
    is_open = values.date is None if dimension == "year" else dimension_values(total, dimension) == (UNKNOWN,)
    if len(parts) < 2 or not (is_open or _is_several(total, dimension)):
        return False
    return all(_tells_share(part, values, dimension) for part in parts) and math.isclose(
        math.fsum(funding_values(part).amount for part in parts), values.amount, rel_tol=_PARTS_TOLERANCE
    )


def totals(entries: Iterable[LedgerEntry], common_currency: str | None = None) -> list[Total]:
    """The totals of a ledger per total and original currency or, with `common_currency`, per total in that currency.

    In the common currency a record without a rate is excluded with `no_rate` and amount 0. Sorted by total and currency.
    """
    tallies: dict[tuple[str, str], Tally] = {}
    for entry in entries:
        currency = common_currency or entry.currency
        tally = tallies.setdefault((entry.total, currency), Tally(entry.total, currency, is_common=common_currency is not None))
        tally.add(entry)
    return [tallies[key].total() for key in sorted(tallies)]


def check_ledger(records: Iterable[Record], entries: Sequence[LedgerEntry], common_currency: str) -> list[str]:
    """Faults of a ledger, one sentence each; empty where counted + excluded = seen for each total and currency, every funding
    record stands exactly once in each total that sees it, and no part is counted beside its total.
    """
    funding = {record.id: record for record in records if record.table is Table.FUNDING}
    faults = list(_faults_of_entries(funding, entries))
    for total in totals(entries) + totals(entries, common_currency):
        if total.counted + total.excluded != total.seen:
            parts = f"{total.counted} counted + {total.excluded} excluded"
            faults.append(f"{total.total} in {total.currency}: {parts} != {total.seen} seen")
        if not math.isclose(total.amount_counted + total.amount_excluded, total.amount_seen, rel_tol=1e-9, abs_tol=0.01):
            faults.append(
                f"{total.total} in {total.currency}: {total.amount_counted:.2f} counted + {total.amount_excluded:.2f} excluded"
                f" != {total.amount_seen:.2f} seen"
            )
    seen: dict[tuple[str, str], float] = defaultdict(float)
    for entry in entries:
        seen[entry.total, entry.currency] += entry.amount
    for total_key, amount in _expected(funding.values()).items():
        if not math.isclose(seen.get(total_key, 0.0), amount, rel_tol=1e-9, abs_tol=0.01):
            faults.append(f"{total_key[0]} in {total_key[1]}: the ledger sees {seen.get(total_key, 0.0):.2f} of {amount:.2f}")
    return faults


def exclusion(record: Record) -> str | None:
    """Why a record is in no total at all; None where it counts."""
    values = funding_values(record)
    if not (math.isfinite(values.amount) and values.amount > 0):
        return "no_amount"
    if values.is_cancelled:
        return "cancelled"
    if values.is_cumulative:
        return "cumulative"
    if record.part_of is not None:
        return "part_of"
    return "repeat" if record.repeat_of is not None else None


def _tells_share(part: Record, total: FundingValues, dimension: str) -> bool:
    """Whether a part says for one value of the dimension how much of the total is its."""
    values = funding_values(part)
    if values.stage is not total.stage or values.currency != total.currency:
        return False
    if part.repeat_of is not None or values.is_cancelled or values.is_cumulative:
        return False
    if dimension == "year":
        return values.date is not None
    keys = dimension_values(part, dimension)
    return len(keys) == 1 and keys != (UNKNOWN,)


def _is_several(record: Record, dimension: str) -> bool:
    return len(dimension_values(record, dimension)) > 1


def _entry(record: Record, total: str, reason: str | None) -> LedgerEntry:
    values = funding_values(record)
    common = record.conversion
    return LedgerEntry(
        record_id=record.id,
        total=total,
        is_counted=reason is None,
        reason=reason,
        amount=round(values.amount, 2) if math.isfinite(values.amount) else 0.0,
        currency=values.currency,
        amount_common=None if common is None else common.amount,
        common_min=None if common is None else common.amount_min,
        common_max=None if common is None else common.amount_max,
    )


def _faults_of_entries(funding: dict[str, Record], entries: Sequence[LedgerEntry]) -> Iterator[str]:
    places: set[tuple[str, str]] = set()
    counted: set[tuple[str, str]] = set()
    for entry in entries:
        place = entry.record_id, entry.total
        if place in places:
            yield f"{entry.total}: {entry.record_id} stands in it twice"
        places.add(place)
        if entry.record_id not in funding:
            yield f"{entry.total}: {entry.record_id} is no funding record"
        if entry.is_counted == (entry.reason is not None):
            yield f"{entry.total}: {entry.record_id} is neither counted nor excluded with a reason, or both"
        elif entry.reason is not None and entry.reason not in REASONS:
            yield f"{entry.total}: {entry.record_id} has the unknown reason {entry.reason!r}"
        if entry.is_counted:
            counted.add(place)
    for record_id, total in sorted(counted):
        record = funding.get(record_id)
        if record is not None and record.part_of is not None and (record.part_of, total) in counted:
            yield f"{total}: {record_id} is counted beside {record.part_of}, which contains it"


def _expected(records: Iterable[Record]) -> dict[tuple[str, str], float]:
    """What each total has to see in each currency, from the records alone."""
    amounts: dict[tuple[str, str], list[float]] = defaultdict(list)
    for record in records:
        values = funding_values(record)
        amount = values.amount if math.isfinite(values.amount) else 0.0
        names = [f"stage={stage}" for stage in Stage]
        for dimension in DIMENSIONS:
            keys = dimension_values(record, dimension)
            names += [f"stage={values.stage};{dimension}={key}" for key in (*keys, *((SEVERAL,) if len(keys) > 1 else ()))]
        for name in names:
            amounts[name, values.currency].append(amount)
    return {key: math.fsum(values) for key, values in amounts.items()}
