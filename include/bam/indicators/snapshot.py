"""What was known: records, ledger, totals and figures by two clocks.

*Published by* (`as_of`) asks what the world could know by a day, *recorded by* (`recorded_at`) what had been published here by a
time. Knowledge moves from publication to publication: a time between two of them is that of the earlier one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from bam.indicators.figures import Amounts, Cell, figures
from bam.indicators.restated import changed_figures, restatements_of
from bam.model.claims import Claim
from bam.model.dates import is_date_prefix, last_day
from bam.model.records import LedgerEntry, Record, Restatement, Total
from bam.records.build import build_records
from bam.records.diff import CAUSES, ClaimChange, Difference, compare
from bam.records.ledger import count, totals
from bam.records.lifecycle import infer_from_silence
from bam.records.promises import with_overdue
from bam.store.claims import read_claims
from bam.store.judgements import standing_judgements
from bam.store.publications import Publication, latest_publication, read_causes
from bam.store.records import StoredRecord, read_records


@dataclass(frozen=True)
class Snapshot:
    """The state of knowledge at a point of both clocks.

    `as_of` is the day of the first clock, None where it isn't limited; `publication` is the last one by the second clock, None
    before the first. `on` is the day that overdue promises and silence are counted to. `records` are sorted by table and id.
    """

    as_of: dt.date | None
    on: dt.date
    publication: Publication | None
    records: tuple[Record, ...]
    currency: str

    @cached_property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """What is counted in which total, and what isn't, and why."""
        return tuple(count(self.records))

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """All totals in the common currency."""
        return tuple(totals(self.ledger, self.currency))

    @cached_property
    def totals_by_currency(self) -> tuple[Total, ...]:
        """All totals, each original currency by itself."""
        return tuple(totals(self.ledger))

    @cached_property
    def figures(self) -> dict[Cell, Amounts]:
        """The cells of the four indicator tables."""
        return figures(self.records)

    @cached_property
    def by_id(self) -> dict[str, Record]:
        """Records by id."""
        return {record.id: record for record in self.records}

    def claims(self, connection: Connection, records: Iterable[Record] | None = None) -> dict[str, Claim]:
        """The claims of these records (of all by default), with those that gave a follow-up its score, by id."""
        wanted: set[str] = set()
        for record in self.records if records is None else records:
            wanted.update(record.claim_ids)
            if record.score_claim_id is not None:
                wanted.add(record.score_claim_id)
        return {claim.id: claim for claim in read_claims(connection, wanted)}


def snapshot(
    connection: Connection,
    *,
    currency: str,
    now: dt.datetime,
    as_of: dt.date | None = None,
    recorded_at: str | None = None,
) -> Snapshot:
    """What was published by `as_of` and recorded by `recorded_at` (ISO 8601 in UTC); without them, what is known now.

    Args:
        currency: the portfolio's common currency.
        now: the time; overdue promises and silence are counted to `as_of`, to `recorded_at` or to it.
    """
    on = as_of or (dt.date.fromisoformat(recorded_at[:10]) if recorded_at else now.date())
    publication = latest_publication(connection, recorded_at)
    if publication is None:
        return Snapshot(as_of, on, None, (), currency)
    stored = read_records(connection, number=publication.number)
    records = [one.record for one in stored] if as_of is None else _known_by(connection, as_of, stored, publication, currency)
    return Snapshot(as_of, on, publication, tuple(seen_on(record, on) for record in _sorted(records)), currency)


def seen_on(record: Record, on: dt.date) -> Record:
    """The record as it looks on a day: days overdue, and what years of silence suggest."""
    return infer_from_silence(with_overdue(record, on), on)


def differences(old: Snapshot, new: Snapshot) -> Difference:
    """ADD, MOD and DEL of records between two snapshots. Their causes tell documents from other records only; what the store
    knows of them is in `causes_between`.
    """
    before = {claim_id for record in old.records for claim_id in record.claim_ids}
    after = {claim_id for record in new.records for claim_id in record.claim_ids}
    moved = {claim_id: ClaimChange(claim_id, None, is_reviewed=False, is_late=False) for claim_id in before ^ after}
    return compare(old.records, new.records, moved)


def causes_between(connection: Connection, old: Snapshot, new: Snapshot) -> dict[str, str]:
    """Why records changed in the publications after the older snapshot's, up to the newer one's: record id to the weightiest
    cause.
    """
    if new.publication is None:
        return {}
    after = 0 if old.publication is None else old.publication.number
    order = list(CAUSES)
    found: dict[str, str] = {}
    for record_id, cause in read_causes(connection, after, new.publication.number):
        found[record_id] = min(found.get(record_id, cause), cause, key=order.index)
    return found


def restatements(old: Snapshot, new: Snapshot) -> list[Restatement]:
    """The figures of periods that were over on the earlier snapshot's day, and are others in the later one."""
    difference = differences(old, new)
    ids = {change.record_id for change in difference.changes} | set(difference.renamed)
    return restatements_of(
        changed_figures(old.figures, new.figures),
        old.on,
        difference.changes,
        [record for record in old.records if record.id in ids],
        [record for record in new.records if record.id in ids],
        new.currency,
    )


def known_on(claim: Claim) -> str:
    """The day (ISO) by which the world could know a claim: the last one that its date of publication covers, or that on which
    we recorded it.
    """
    published = claim.published_on
    return last_day(published).isoformat() if published and is_date_prefix(published) else claim.recorded_at[:10]


def _known_by(
    connection: Connection, as_of: dt.date, stored: Sequence[StoredRecord], publication: Publication, currency: str
) -> list[Record]:
    """The records of a publication as they were to be known by a day.

    A region that was wholly known by then is as published, one wholly unknown isn't there; the others are built anew from the
    claims that were known. Regions don't bear on each other, so that this equals building everything anew.
    """
    day = as_of.isoformat()
    regions: dict[str, list[StoredRecord]] = defaultdict(list)
    for one in stored:
        regions[one.region].append(one)
    known: list[Record] = []
    partly: set[str] = set()
    for members in regions.values():
        if all(one.last_known_on <= day for one in members):
            known.extend(one.record for one in members)
        elif any(one.first_known_on <= day for one in members):
            partly.update(claim_id for one in members for claim_id in one.record.claim_ids)
    claims = [claim for claim in read_claims(connection, partly) if known_on(claim) <= day]
    judgements = standing_judgements(connection, publication.published_at)
    return known + build_records(claims, judgements, currency=currency)


def _sorted(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (record.table, record.id))
