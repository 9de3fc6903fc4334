"""Records as tidy pandas tables, one per table, for export and for the data that briefs carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bam.model.claims import VALUES_BY_TABLE, Table
from bam.model.records import LedgerEntry, Record, Restatement, Total
from bam.records.constant_prices import ConstantAmount
from bam.records.ledger import exclusion
from bam.records.titles import record_title

if TYPE_CHECKING:
    import pandas as pd

    from bam.indicators.constant_prices import ConstantPrices

_LEFT_OUT = {"part_of"}
"""Values that a record expresses by a relation to another record."""


def record_frame(table: Table, records: Iterable[Record], currency: str, constant: ConstantPrices | None = None) -> pd.DataFrame:
    """One row per record of the table, by id. Lists are joined by `; `; sums in the common currency have its name in theirs.

    `constant` adds sums at its prices to the columns of funding, with what made them.
    """
    import pandas as pd

    names = [spec.name for spec in fields(VALUES_BY_TABLE[table]) if spec.name not in _LEFT_OUT]
    own = {Table.FUNDING: _FUNDING, Table.FACILITIES: _FACILITIES, Table.FOLLOW_UPS: _FOLLOW_UPS}.get(table, ())
    money = [name.replace("common", currency.lower()) for name in own]
    at_prices = []
    if table is Table.FUNDING and constant is not None:
        at_prices = [name.replace("common", constant.unit.lower()) for name in _CONSTANT]
    columns = ["record_id", "title", *names, *money, *_COMMON, *at_prices]
    rows = []
    for record in sorted(records, key=lambda record: record.id):
        if record.table is table:
            values = [_cell(getattr(record.values, name)) for name in names]
            rows.append([record.id, record_title(record), *values, *_own(table, record), *_ends(record)])
            if at_prices and constant is not None:
                rows[-1] += _at_prices(constant.amounts[record.id])
    return pd.DataFrame(rows, columns=columns, dtype=object)


_COMMON = ("first_published_on", "last_published_on", "witness_count", "claim_count", "confidence", "flags", "claim_ids")
_FUNDING = (
    *("amount_common", "amount_common_min", "amount_common_max", "rate", "rate_date"),
    *("counting", "part_of_record", "repeat_of_record"),
)
_CONSTANT = ("amount_common", "amount_common_min", "amount_common_max", "price_factor", "price_year")
_FACILITIES = ("state", "state_is_inferred", "events")
_FOLLOW_UPS = ("score", "score_claim_id", "is_overdue", "overdue_days")


def ledger_frame(entries: Iterable[LedgerEntry], currency: str) -> pd.DataFrame:
    """One row per record and total that sees it."""
    import pandas as pd

    rows = [
        [entry.total, entry.record_id, entry.is_counted, entry.reason or "", entry.currency, entry.amount, entry.amount_common]
        for entry in entries
    ]
    columns = ["total", "record_id", "is_counted", "reason", "currency", "amount", f"amount_{currency.lower()}"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def totals_frame(totals: Iterable[Total]) -> pd.DataFrame:
    """One row per total and currency, with what was left out by reason."""
    import pandas as pd

    rows = [
        [
            *(total.total, total.currency, total.seen, total.counted, total.excluded),
            *(total.amount_seen, total.amount_counted, total.amount_counted_min, total.amount_counted_max, total.amount_excluded),
            "; ".join(f"{reason}: {number} ({amount:.2f})" for reason, number, amount in total.excluded_by_reason),
        ]
        for total in totals
    ]
    columns = [
        *("total", "currency", "seen_count", "counted_count", "excluded_count"),
        *("amount_seen", "amount_counted", "amount_counted_min", "amount_counted_max", "amount_excluded", "excluded_because"),
    ]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def restatements_frame(restatements: Iterable[Restatement]) -> pd.DataFrame:
    """One row per restated figure."""
    import pandas as pd

    rows = [
        [str(r.table), r.period, r.key, r.measure, r.old, r.new, r.cause, "; ".join(r.record_ids), "; ".join(r.claim_ids)]
        for r in restatements
    ]
    columns = ["table", "period", "figure", "measure", "old", "new", "cause", "record_ids", "claim_ids"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _own(table: Table, record: Record) -> list[Any]:
    """The columns that only one table has."""
    if table is Table.FUNDING:
        rate = record.conversion
        sums = [None] * 5 if rate is None else [rate.amount, rate.amount_min, rate.amount_max, rate.rate, rate.rate_date]
        return [*sums, exclusion(record) or "counted", record.part_of, record.repeat_of]
    if table is Table.FACILITIES:
        events = "; ".join(f"{event.status} {event.date or 'undated'}" for event in record.events)
        return [record.state, record.state_is_inferred, events]
    if table is Table.FOLLOW_UPS:
        return [record.score, record.score_claim_id, record.is_overdue, record.overdue_days]
    return []


def _at_prices(constant: ConstantAmount | None) -> list[Any]:
    if constant is None:
        return [None] * len(_CONSTANT)
    return [constant.amount, constant.amount_min, constant.amount_max, constant.factor, constant.price_year]


def _ends(record: Record) -> list[Any]:
    return [
        record.first_published_on,
        record.last_published_on,
        record.witness_count,
        len(record.claim_ids),
        record.confidence,
        "; ".join(record.flags),
        "; ".join(record.claim_ids),
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return str(value) if isinstance(value, StrEnum) else value
