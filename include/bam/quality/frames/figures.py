"""The frames of figures: the ledger's entries, the totals they add up to, and the indicator tables."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bam.model.claims import FundingValues
from bam.model.dates import is_date_prefix
from bam.model.records import LedgerEntry, Record, Total
from bam.quality.frames.table import frame_of

if TYPE_CHECKING:
    import pandas as pd

LEDGER_COLUMNS = (
    *("entry_id", "record_id", "total", "stage", "dimension", "is_counted", "reason", "amount", "currency", "amount_common"),
    *("orphan_of", "unreasoned", "mixed_stage"),
)
TOTAL_COLUMNS = (
    *("total_id", "total", "currency", "seen", "counted", "excluded", "amount_seen", "amount_counted", "amount_excluded"),
    *("count_gap", "amount_gap", "unexplained", "recount_gap", "jump"),
)
INDICATOR_COLUMNS = ("figure_id", "table", "period", "measure", "key", "value", "record_count", "bad_period", "orphan_of")

ROUNDING = 0.01
"""Sums of floats differ by less than a cent per addition."""

JUMP_FACTOR = 3.0
"""A total that triples between two publications is looked at: either something large happened or something was misread."""

JUMP_LEAST_COMMON = 50_000_000.0
"""Smaller changes of a total, in the common currency, are no jump."""


def ledger_frame(entries: Iterable[LedgerEntry], records: Mapping[str, Record]) -> pd.DataFrame:
    """One row per entry. `records` are the funding records that the entries are about, by id."""
    rows = (
        {
            "entry_id": f"{entry.record_id} in {entry.total}",
            "record_id": entry.record_id,
            "total": entry.total,
            "stage": entry.stage,
            "dimension": entry.dimension,
            "is_counted": entry.is_counted,
            "reason": entry.reason,
            "amount": entry.amount,
            "currency": entry.currency,
            "amount_common": entry.amount_common,
            "orphan_of": None if entry.record_id in records else entry.record_id,
            "unreasoned": _unreasoned(entry),
            "mixed_stage": _mixed_stage(entry, records.get(entry.record_id)),
        }
        for entry in entries
    )
    return frame_of(rows, LEDGER_COLUMNS)


def total_frame(
    totals: Sequence[Total],
    common_totals: Sequence[Total] = (),
    entries: Sequence[LedgerEntry] | None = None,
    published: Mapping[tuple[str, str], float] | None = None,
) -> pd.DataFrame:
    """One row per total and currency.

    Args:
        totals: totals in original currencies.
        common_totals: totals in the common currency.
        entries: all entries of these totals; they are added up again by other code than the ledger's. None: not recounted.
        published: (total, common currency) to the amount that was counted at the last publication.
    """
    recount = None if entries is None else _recount(entries, common_totals[0].currency if common_totals else "")
    rows = (
        {
            "total_id": f"{total.total} in {'all, as ' if in_common else ''}{total.currency}",
            "total": total.total,
            "currency": total.currency,
            "seen": total.seen,
            "counted": total.counted,
            "excluded": total.excluded,
            "amount_seen": total.amount_seen,
            "amount_counted": total.amount_counted,
            "amount_excluded": total.amount_excluded,
            "count_gap": total.seen - total.counted - total.excluded,
            "amount_gap": _gap(total.amount_seen - total.amount_counted - total.amount_excluded, total.amount_seen),
            "unexplained": _unexplained(total),
            "recount_gap": None if recount is None else _recount_gap(total, recount[in_common]),
            "jump": _jump(total, published or {}) if in_common else None,
        }
        for in_common, group in ((False, totals), (True, common_totals))
        for total in group
    )
    return frame_of(rows, TOTAL_COLUMNS)


def _unreasoned(entry: LedgerEntry) -> str | None:
    if entry.is_counted and entry.reason:
        return f"counted, though {entry.reason}"
    return "excluded without a reason" if not entry.is_counted and not entry.reason else None


def _mixed_stage(entry: LedgerEntry, record: Record | None) -> str | None:
    """A sum counted in the total of another stage than its own."""
    if record is None or not entry.is_counted or not isinstance(record.values, FundingValues):
        return None
    return None if entry.stage == str(record.values.stage) else f"{record.values.stage} counted as {entry.stage}"


def _gap(difference: float, size: float) -> float:
    """The difference, 0 where it is no more than what adding floats leaves."""
    return 0.0 if abs(difference) <= ROUNDING + 1e-9 * abs(size) else difference


def _unexplained(total: Total) -> str | None:
    explained = sum(count for _, count, _ in total.excluded_by_reason)
    return None if explained == total.excluded else f"{total.excluded} excluded, {explained} with a reason"


_Sums = dict[tuple[str, str], tuple[int, int, float]]


def _recount(entries: Iterable[LedgerEntry], common_currency: str) -> dict[bool, _Sums]:
    """Per total and currency, original (False) and common (True): records seen, records counted, amount counted."""
    sums: dict[bool, _Sums] = {False: {}, True: {}}
    for entry in entries:
        _add(sums[False], (entry.total, entry.currency), entry.amount if entry.is_counted else None)
        _add(sums[True], (entry.total, common_currency), entry.amount_common if entry.is_counted else None)
    return sums


def _add(sums: _Sums, key: tuple[str, str], amount: float | None) -> None:
    seen, counted, total = sums.get(key, (0, 0, 0.0))
    sums[key] = (seen + 1, counted + (amount is not None), total + (amount or 0.0))


def _recount_gap(total: Total, recount: _Sums) -> str | None:
    seen, counted, amount = recount.get((total.total, total.currency), (0, 0, 0.0))
    if (seen, counted) == (total.seen, total.counted) and _gap(amount - total.amount_counted, amount) == 0.0:
        return None
    return f"entries give {counted} of {seen} records and {amount:,.2f}"


def _jump(total: Total, published: Mapping[tuple[str, str], float]) -> str | None:
    before, after = published.get((total.total, total.currency)), total.amount_counted
    if before is None or abs(after - before) < JUMP_LEAST_COMMON:
        return None
    if before and 1 / JUMP_FACTOR <= after / before <= JUMP_FACTOR:
        return None
    return f"{before:,.0f} at the last publication, {after:,.0f} now"


def indicator_frame(figures: Iterable[Mapping[str, Any]], records: Container[str]) -> pd.DataFrame:
    """One row per figure: a mapping with `table`, `period` (ISO prefix or quarter), `key` (dimensions), `measure` (column with
    its unit), `value` and `record_ids`, which are looked up in `records`, the ids of the published records; where these aren't at
    hand `record_ids` is None and `record_count` says how many there are (None: others than the records at hand).
    """
    rows = (
        {
            "figure_id": f"{figure['table']} {figure['period']} {figure['key']} {figure['measure']}",
            "table": str(figure["table"]),
            "period": figure["period"],
            "measure": figure["measure"],
            "key": figure["key"],
            "value": figure["value"],
            "record_count": _record_count(figure),
            "bad_period": None if _is_period(figure["period"]) else figure["period"],
            "orphan_of": next((one for one in figure["record_ids"] or () if one not in records), None),
        }
        for figure in figures
    )
    return frame_of(rows, INDICATOR_COLUMNS)


def _record_count(figure: Mapping[str, Any]) -> int | None:
    ids: Sequence[str] | None = figure["record_ids"]
    return figure.get("record_count") if ids is None else len(ids)


def _is_period(period: str) -> bool:
    return is_date_prefix(period) or bool(re.fullmatch(r"\d{4}-Q[1-4]", period))
