"""The published tables as rows: the ledger, totals and figures, each with the publications that they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CTE, Connection, Row, Text, and_, bindparam, insert, select, tuple_, union_all, update

from bam.model.records import LedgerEntry
from bam.store.batches import in_batches
from bam.store.publications import standing
from bam.store.schema.records import figures, ledger_entries, totals

Place = tuple[str, str, str]
"""Table, period and key of a figure."""

TallyKey = tuple[str, str, bool]
"""Name, currency, and whether all sums are converted to it."""

_ROWS = 20_000

_PLACES = 100
"""Places in one question; SQLite puts at most 500 rows of parameters together."""

_NOWHERE: Place = ("", "", "")
"""No figure stands there: what is left of the last question is filled with it."""

_END_FIGURE = (
    update(figures)
    .where(
        figures.c.table_name == bindparam("t"),
        figures.c.period == bindparam("p"),
        figures.c.key == bindparam("k"),
        figures.c.until.is_(None),
    )
    .values(until=bindparam("number"))
)


def read_entries(
    connection: Connection, *, number: int | None = None, total: str | None = None, record_ids: Collection[str] | None = None
) -> list[LedgerEntry]:
    """Entries of the ledger as it stands, or stood in the publication `number`: all, those of one total, of these records."""
    query = (
        select(ledger_entries)
        .where(standing(ledger_entries, number))
        .order_by(ledger_entries.c.total, ledger_entries.c.record_id)
    )
    if total is not None:
        query = query.where(ledger_entries.c.total == total)
    if record_ids is None:
        return [_entry(row) for row in connection.execute(query)]
    return [
        _entry(row)
        for batch in in_batches(sorted(set(record_ids)))
        for row in connection.execute(query.where(ledger_entries.c.record_id.in_(batch)))
    ]


def replace_entries(connection: Connection, number: int, old: Iterable[LedgerEntry], new: Iterable[LedgerEntry]) -> None:
    """End the entries that are gone or changed and add those that are new or changed."""
    before, after = {_key(entry): entry for entry in old}, {_key(entry): entry for entry in new}
    gone: dict[str, list[str]] = defaultdict(list)
    for key, entry in before.items():
        if after.get(key) != entry:
            gone[key[1]].append(key[0])
    for record_id in sorted(gone):
        connection.execute(
            update(ledger_entries)
            .where(
                ledger_entries.c.record_id == record_id,
                ledger_entries.c.total.in_(sorted(gone[record_id])),
                ledger_entries.c.until.is_(None),
            )
            .values(until=number)
        )
    rows = [_entry_row(after[key], number) for key in sorted(after) if before.get(key) != after[key]]
    for batch in in_batches(rows, _ROWS):
        connection.execute(insert(ledger_entries), batch)


def read_tallies(
    connection: Connection, *, number: int | None = None, names: Collection[str] | None = None
) -> dict[TallyKey, Mapping[str, Any]]:
    """Totals as they stand, or stood in the publication `number`: all, or those of these names. See `bam.records.tally`."""
    query = select(totals).where(standing(totals, number))
    if names is None:
        return dict(map(_tally, connection.execute(query)))
    found: dict[TallyKey, Mapping[str, Any]] = {}
    for batch in in_batches(sorted(set(names))):
        found.update(map(_tally, connection.execute(query.where(totals.c.total.in_(batch)))))
    return found


def replace_tallies(connection: Connection, number: int, new: Mapping[TallyKey, Mapping[str, Any] | None]) -> None:
    """Publish totals; None ends one that sees nothing any more."""
    keys = sorted(new)
    for batch in in_batches(keys):
        connection.execute(
            update(totals)
            .where(tuple_(totals.c.total, totals.c.currency, totals.c.is_common).in_(batch), totals.c.until.is_(None))
            .values(until=number)
        )
    rows = [
        {"total": key[0], "currency": key[1], "is_common": key[2], "since": number, "until": None, "body": new[key]}
        for key in keys
        if new[key] is not None
    ]
    if rows:
        connection.execute(insert(totals), rows)


def read_figures(
    connection: Connection,
    places: Sequence[Place] | None = None,
    *,
    number: int | None = None,
    table: str | None = None,
    period: str | None = None,
) -> Iterator[tuple[Place, tuple[int, ...]]]:
    """Figures as they stand, or stood in the publication `number`: those at these places, or all of a table and a period."""
    query = select(figures).where(standing(figures, number)).order_by(figures.c.table_name, figures.c.period, figures.c.key)
    if table is not None:
        query = query.where(figures.c.table_name == table)
    if period is not None:
        query = query.where(figures.c.period == period)
    if places is None:
        yield from map(_figure, connection.execute(query))
        return
    wanted = _wanted_places()
    same = and_(figures.c.table_name == wanted.c.t, figures.c.period == wanted.c.p, figures.c.key == wanted.c.k)
    query = query.join(wanted, same)
    for batch in in_batches(sorted(places), _PLACES):
        filled = [*batch, *(_NOWHERE for _ in range(_PLACES - len(batch)))]
        asked = {f"{name}{row}": part for row, place in enumerate(filled) for name, part in zip("tpk", place, strict=True)}
        yield from map(_figure, connection.execute(query, asked))


@cache
def _wanted_places() -> CTE:
    """So many places as rows `t`, `p`, `k` of parameters, to be joined: for `(a, b, c) IN (...)` SQLite reads the whole table.

    Always the same number of rows, so that SQLAlchemy makes the statement once: it makes VALUES anew each time, which takes
    longer than the answer.
    """
    names = [[bindparam(f"{name}{row}", type_=Text).label(name) for name in "tpk"] for row in range(_PLACES)]
    return union_all(*(select(*row) for row in names)).cte("wanted")


def replace_figures(connection: Connection, number: int, new: Mapping[Place, tuple[int, ...] | None]) -> None:
    """Publish figures; None ends one that doesn't exist any more."""
    places = sorted(new)
    if places:
        connection.execute(_END_FIGURE, [{"t": place[0], "p": place[1], "k": place[2], "number": number} for place in places])
    rows = [
        {
            "table_name": place[0],
            "period": place[1],
            "key": place[2],
            "since": number,
            "until": None,
            "measures": list(amounts),
        }
        for place in places
        if (amounts := new[place]) is not None
    ]
    for batch_of_rows in in_batches(rows, _ROWS):
        connection.execute(insert(figures), batch_of_rows)


def _key(entry: LedgerEntry) -> tuple[str, str]:
    return entry.total, entry.record_id


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        record_id=row.record_id,
        total=row.total,
        is_counted=row.reason is None,
        reason=row.reason,
        amount=row.cents / 100,
        currency=row.currency,
        amount_common=_units(row.common_cents),
        common_min=_units(row.common_min_cents),
        common_max=_units(row.common_max_cents),
    )


def _entry_row(entry: LedgerEntry, number: int) -> dict[str, Any]:
    return {
        "total": entry.total,
        "record_id": entry.record_id,
        "since": number,
        "until": None,
        "reason": entry.reason,
        "cents": round(entry.amount * 100),
        "currency": entry.currency,
        "common_cents": _cents(entry.amount_common),
        "common_min_cents": _cents(entry.common_min),
        "common_max_cents": _cents(entry.common_max),
    }


def _units(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _cents(amount: float | None) -> int | None:
    return None if amount is None else round(amount * 100)


def _tally(row: Row[Any]) -> tuple[TallyKey, Mapping[str, Any]]:
    return (row.total, row.currency, bool(row.is_common)), row.body


def _figure(row: Row[Any]) -> tuple[Place, tuple[int, ...]]:
    return (row.table_name, row.period, row.key), tuple(row.measures)
