"""The full check: every document, every claim that stands, and the published tables, in one report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from bam.indicators.figures import MEASURES, Cell, column_of, contributions, in_units
from bam.model.claims import Table
from bam.quality.frames import indicator_frame, ledger_frame, record_frame, total_frame
from bam.quality.gate import run_checks
from bam.quality.intake import Bench, check_stored
from bam.quality.material import check_context
from bam.quality.report import CheckReport
from bam.records.tally import Tally
from bam.store.claims import read_stored_claims
from bam.store.publications import latest_publication
from bam.store.records import StoredRecord, read_records
from bam.store.tables import read_entries, read_figures, read_tallies


def check_everything(bench: Bench) -> CheckReport:
    """Check all that is stored and published, act on what the checks of claims say, and keep the results.

    Tables that were published stay published whatever is found: the next update builds on what stands then.
    """
    report, checker = check_stored(bench)
    with bench.store.read() as connection:
        frames = _table_frames(connection, bench)
    report += run_checks(frames, checker)
    bench.keeper.keep("full", report, checker.outcomes, bench.now)
    return report


def _table_frames(connection: Connection, bench: Bench) -> dict[str, Any]:
    stored = read_records(connection)
    records = [one.record for one in stored]
    by_id = {record.id: record for record in records}
    known = read_stored_claims(connection, {claim_id for record in records for claim_id in record.claim_ids})
    last = latest_publication(connection)
    published_at = "" if last is None else last.published_at
    # A claim that was closed since the last publication waits for the next update; it is no fault of the tables.
    claims = {each.claim.id: each.claim for each in known if each.closed_at is None or each.closed_at > published_at}
    entries = read_entries(connection)
    common = bench.portfolio.about.currency
    tallies = read_tallies(connection)
    totals = {key: Tally.from_body(key[0], key[1], body, is_common=key[2]).total() for key, body in sorted(tallies.items())}
    context = check_context(bench.portfolio, bench.now)
    return {
        "records": record_frame(records, claims, context, ledger_record_ids={entry.record_id for entry in entries}),
        "ledger": ledger_frame(entries, by_id),
        "totals": total_frame(
            [total for key, total in totals.items() if not key[2]], [total for key, total in totals.items() if key[2]], entries
        ),
        "indicators": indicator_frame(_figures(connection, stored, common), by_id),
    }


def _figures(connection: Connection, stored: list[StoredRecord], currency: str) -> Iterator[dict[str, Any]]:
    members: dict[Cell, list[str]] = defaultdict(list)
    for one in stored:
        for cell in contributions(one.record):
            members[cell].append(one.record.id)
    for place, amounts in read_figures(connection):
        cell = Cell(*place)
        for measure, value in zip(MEASURES[Table(cell.table)], amounts, strict=True):
            yield {
                "table": cell.table,
                "period": cell.period,
                "key": cell.key,
                "measure": column_of(measure, currency),
                "value": in_units(measure, value),
                "record_ids": members.get(cell, []),
            }
