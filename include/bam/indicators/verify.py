"""Whether the published tables still are what the published records make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bam.indicators.figures import figures
from bam.indicators.snapshot import Snapshot
from bam.model.records import LedgerEntry
from bam.records.tally import Tally
from bam.store.records import read_records
from bam.store.tables import TallyKey, read_entries, read_figures, read_tallies


def published_faults(connection: Connection, snapshot: Snapshot) -> list[str]:
    """Where ledger, totals and figures of a snapshot's publication differ from its records: one sentence per table.

    The snapshot must not be limited by `as_of`: only whole publications are stored.
    """
    if snapshot.publication is None:
        return []
    number = snapshot.publication.number
    faults = []
    entries = read_entries(connection, number=number)
    if differing := set(entries) ^ set(snapshot.ledger):
        example = min(f"{entry.record_id} in {entry.total}" for entry in differing)
        faults.append(f"the stored ledger differs from the records in {len(differing)} entries, for example {example}")
    stored, made = read_tallies(connection, number=number), _tallies(snapshot)
    if wrong := sorted(key for key in {*stored, *made} if stored.get(key) != made.get(key)):
        faults.append(f"{len(wrong)} stored totals differ from the ledger, for example {wrong[0][0]} in {wrong[0][1]}")
    records = [one.record for one in read_records(connection, number=number)]
    cells = {(cell.table, cell.period, cell.key): amounts for cell, amounts in figures(records).items()}
    kept = dict(read_figures(connection, number=number))
    if odd := sorted(place for place in {*kept, *cells} if kept.get(place) != cells.get(place)):
        faults.append(f"{len(odd)} stored figures differ from the records, for example {odd[0][0]} {odd[0][1]} {odd[0][2]}")
    return faults


def _tallies(snapshot: Snapshot) -> dict[TallyKey, Mapping[str, Any]]:
    tallies: dict[TallyKey, Tally] = {}
    for entry in snapshot.ledger:
        for key in _keys(entry, snapshot.currency):
            tallies.setdefault(key, Tally(key[0], key[1], is_common=key[2])).add(entry)
    return {key: tally.to_body() for key, tally in tallies.items()}


def _keys(entry: LedgerEntry, currency: str) -> tuple[TallyKey, TallyKey]:
    return (entry.total, entry.currency, False), (entry.total, currency, True)
