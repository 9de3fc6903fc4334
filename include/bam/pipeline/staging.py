"""The next state of the tables, worked out and not yet written: only what the changed claims can bear on is built anew.

The work is done in batches of whole regions. An update has one; building everything anew has as many as keep its memory small,
and works each of them out twice: for the checks, and for writing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bam.indicators.figures import Amounts, Cell, add_to, contributions
from bam.indicators.restated import FigureChange, changed_figures, restatements_of
from bam.indicators.snapshot import known_on
from bam.model.claims import Claim
from bam.model.dates import is_date_prefix, last_day
from bam.model.records import ChangeKind, Judgement, LedgerEntry, Record, RecordChange, Restatement
from bam.pipeline.neighbourhood import Neighbourhood, neighbourhood
from bam.quality.scores import weakness_of_record
from bam.records.build import BUILDER, records_by_region
from bam.records.diff import ClaimChange, compare
from bam.records.identity import claim_keys, sibling_key
from bam.records.ledger import count
from bam.records.meetings import Meetings, block_number, numbered_keys
from bam.records.money import reference_rates
from bam.records.prepare import Prepared, prepare
from bam.records.regions import Relations, relations_of, split_into_regions
from bam.records.sharing import prepare_for_comparing, slim
from bam.records.tally import Tally
from bam.records.titles import record_title
from bam.store.blocks import read_crowded
from bam.store.claims import read_claims, standing_claims
from bam.store.judgements import pending_judgements, standing_judgements
from bam.store.publications import Publication, latest_publication
from bam.store.records import PendingClaim, StoredRecord, pending_claims, read_records, regions_in_order, standing_record_ids
from bam.store.tables import TallyKey, read_entries, read_figures, read_tallies

CLAIMS_PER_BATCH = 10_000
"""Claims that are built at once when everything is: about 100 MB with their records."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole regions, before and after.

    `claims` are those of the regions, by id; `old` and `new` their records, `changes` what differs between them, `renamed` ids
    that vanished to the id that took over. `old_entries` and `new_entries` are the ledger's. `homes` maps the claims to (record
    id, region), `blocks` the claims whose blocks have to be stored to these.
    """

    claims: Mapping[str, Claim]
    old: Sequence[StoredRecord]
    new: Sequence[StoredRecord]
    changes: tuple[RecordChange, ...]
    renamed: Mapping[str, str]
    old_entries: Sequence[LedgerEntry]
    new_entries: Sequence[LedgerEntry]
    homes: Mapping[str, tuple[str, str]]
    blocks: Mapping[str, frozenset[int]]

    @property
    def changed_records(self) -> list[Record]:
        """The records that were added or modified, as they are now."""
        ids = {change.record_id for change in self.changes}
        return [one.record for one in self.new if one.record.id in ids]


@dataclass(slots=True)
class Staged:
    """The next state of the tables.

    `pending` are the claims whose change is worked in, `judgement_ids` the judgements. `figures` are the cells that change,
    `tallies` the totals that change as they will stand (None for those that see nothing any more), `standing_tallies` the same
    as they stand now. `kinds` counts the changes of records. `crowded` are the blocks that are too crowded to tell anything.
    `is_whole` says that all records were built, not only those of some regions. `batches` works the batches out, with the same
    database before it was written to.
    """

    previous: Publication | None
    builder: str
    currency: str
    pending: Sequence[PendingClaim]
    judgement_ids: Sequence[str]
    crowded_before: Collection[int]
    crowded: Collection[int]
    is_whole: bool
    batches: Callable[[Connection], Iterable[Batch]]
    kinds: dict[ChangeKind, int] = field(default_factory=lambda: dict.fromkeys(ChangeKind, 0))
    tallies: Mapping[TallyKey, Mapping[str, Any] | None] = field(default_factory=dict)
    standing_tallies: Mapping[TallyKey, Mapping[str, Any]] = field(default_factory=dict)
    figures: Sequence[FigureChange] = ()
    restatements: Sequence[Restatement] = ()

    @property
    def has_news(self) -> bool:
        """Whether there is something to publish: records, claims or judgements that changed, or other rules."""
        came = any(claim.is_open for claim in self.pending)
        has_new_rules = self.previous is not None and self.previous.builder != self.builder
        return bool(any(self.kinds.values()) or came or self.judgement_ids or has_new_rules)


def builder_name(currency: str) -> str:
    """What made the records: rules, common currency and rates. Another builder builds everything anew."""
    return f"{BUILDER}; {currency}; {reference_rates().source}"


def stage(
    connection: Connection, currency: str, *, rebuild: bool = False, look: Callable[[Batch], None] = lambda batch: None
) -> Staged:
    """Work out the next state from what has changed since the last publication; with `rebuild` from all claims.

    Args:
        look: is shown each batch once.
    """
    previous, builder = latest_publication(connection), builder_name(currency)
    judgements, judged = standing_judgements(connection), pending_judgements(connection)
    pending = pending_claims(connection)
    is_new_rules = previous is not None and (rebuild or previous.builder != builder)
    maker = _Maker(currency, previous, pending, judgements, is_judged=bool(judged), is_new_rules=is_new_rules)
    is_whole = previous is None or is_new_rules
    batches: Callable[[Connection], Iterable[Batch]]
    if is_whole:
        crowded_before = read_crowded(connection)
        batches, crowded = _all_batches(connection, maker)
    else:
        around = neighbourhood(connection, pending, judged, judgements)
        only = maker.batch(connection, around)
        crowded_before, crowded = around.crowded_before, around.crowded
        batches = _just(only)
    staged = Staged(
        previous=previous,
        builder=builder,
        currency=currency,
        pending=pending,
        judgement_ids=[judgement.id for judgement in judged],
        crowded_before=crowded_before,
        crowded=crowded,
        is_whole=is_whole,
        batches=batches,
    )
    _survey(connection, staged, look)
    return staged


def _just(batch: Batch) -> Callable[[Connection], Iterable[Batch]]:
    return lambda connection: (batch,)


class _Maker:
    """Makes batches from claims and their relations."""

    def __init__(
        self,
        currency: str,
        previous: Publication | None,
        pending: Sequence[PendingClaim],
        judgements: Sequence[Judgement],
        *,
        is_judged: bool,
        is_new_rules: bool,
    ) -> None:
        self.judgements = judgements
        self._currency = currency
        self._changes = {claim.id: _claim_change(claim, previous) for claim in pending}
        self._is_judged, self._is_new_rules = is_judged, is_new_rules

    def batch(self, connection: Connection, around: Neighbourhood) -> Batch:
        """The batch of an update."""
        prepared = around.prepared
        relations = relations_of(prepared, self.judgements, Meetings(prepared, around.crowded, around.keys))
        siblings = {sibling_key(one.claim) for claim_id, one in prepared.items() if claim_id in self._changes}
        fresh = {claim_id for claim_id, one in prepared.items() if sibling_key(one.claim) in siblings}
        old = read_records(connection, regions=around.regions)
        return self.make(prepared, relations, old, count(one.record for one in old), fresh, around.keys)

    def make(
        self,
        prepared: Mapping[str, Prepared],
        relations: Relations,
        old: Sequence[StoredRecord],
        old_entries: Sequence[LedgerEntry],
        to_block: Collection[str],
        known: Mapping[str, Mapping[str, int]],
    ) -> Batch:
        """The batch of these claims, which make up whole regions; the blocks of `to_block` are to be stored. `known` are numbered
        blocking keys that have been worked out already.
        """
        new = self._stored_records(prepared, relations)
        difference = compare(
            [one.record for one in old],
            [one.record for one in new],
            self._changes,
            is_judged=self._is_judged,
            is_new_rules=self._is_new_rules,
        )
        keys = claim_keys(one.claim for one in prepared.values())
        return Batch(
            claims={claim_id: one.claim for claim_id, one in prepared.items()},
            old=old,
            new=new,
            changes=difference.changes,
            renamed=difference.renamed,
            old_entries=old_entries,
            new_entries=count(one.record for one in new),
            homes={claim_id: (one.record.id, one.region) for one in new for claim_id in one.record.claim_ids},
            blocks={
                claim_id: frozenset(
                    (block_number(keys[claim_id]), *(known.get(claim_id) or numbered_keys(prepared[claim_id])).values())
                )
                for claim_id in to_block
            },
        )

    def _stored_records(self, prepared: Mapping[str, Prepared], relations: Relations) -> list[StoredRecord]:
        found = []
        for region, records in records_by_region(prepared, relations, self.judgements, currency=self._currency):
            for record in records:
                known = [known_on(prepared[claim_id].claim) for claim_id in record.claim_ids]
                weakness = weakness_of_record(record, ()).score
                found.append(StoredRecord(record, record_title(record), region, min(known), max(known), weakness))
        return sorted(found, key=lambda one: (one.record.table, one.record.id))


def _all_batches(connection: Connection, maker: _Maker) -> tuple[Callable[[Connection], Iterator[Batch]], set[int]]:
    """The batches of all claims that stand, and the blocks that are crowded. A batch is whole by the old regions too, so that
    it holds all that a record is compared with.
    """
    prepared = {one.claim.id: one for one in prepare_for_comparing(standing_claims(connection))}
    meetings = Meetings(prepared)
    crowded = meetings.crowded()
    relations = relations_of(prepared, maker.judgements, meetings)
    tied = ((left, right) for left, right in regions_in_order(connection) if left in prepared and right in prepared)
    groups = split_into_regions(prepared, (pair for pairs in (relations.pairs(), tied) for pair in pairs))
    together = list(_joined(groups, CLAIMS_PER_BATCH))
    parts = relations.parted(together)
    # The claims are read again batch by batch: kept, they would take most of the memory of a large store.
    del prepared, meetings, relations, groups

    def batches(connection: Connection) -> Iterator[Batch]:
        unseen = set(standing_record_ids(connection))
        for ids, relations in zip(together, parts, strict=True):
            own = {claim.id: prepare(claim) for claim in slim(read_claims(connection, ids))}
            old = read_records(connection, claim_ids=ids)
            old_ids = {one.record.id for one in old}
            unseen -= old_ids
            yield maker.make(own, relations, old, read_entries(connection, record_ids=old_ids), own, {})
        if unseen:
            old = read_records(connection, record_ids=unseen)
            yield maker.make({}, Relations(), old, read_entries(connection, record_ids=unseen), (), {})

    return batches, crowded


def _joined(groups: Iterable[list[str]], size: int) -> Iterator[list[str]]:
    """Groups put together until they have so many claims."""
    found: list[str] = []
    for group in groups:
        found += group
        if len(found) >= size:
            yield found
            found = []
    if found:
        yield found


def _survey(connection: Connection, staged: Staged, look: Callable[[Batch], None]) -> None:
    """Go through the batches once: add up what changes, and show them."""
    cells: dict[Cell, list[int]] = {}
    record_counts: Counter[Cell] = Counter()
    tallies = _Tallies(connection, staged.currency)
    changes: list[RecordChange] = []
    changed: tuple[list[Record], list[Record]] = ([], [])
    for batch in staged.batches(connection):
        look(batch)
        ids = {change.record_id for change in batch.changes}
        for one in batch.new:
            amounts = contributions(one.record)
            add_to(cells, amounts)
            record_counts.update(amounts.keys())
        if not staged.is_whole:
            for one in batch.old:
                add_to(cells, contributions(one.record), -1)
        tallies.move(batch.old_entries, batch.new_entries)
        for change in batch.changes:
            staged.kinds[change.kind] += 1
        if staged.previous is not None:
            changes += batch.changes
            changed[0].extend(one.record for one in batch.old if one.record.id in ids)
            changed[1].extend(one.record for one in batch.new if one.record.id in ids)
    staged.figures = _figure_changes(connection, cells, record_counts, is_whole=staged.is_whole)
    staged.standing_tallies, staged.tallies = tallies.standing, tallies.changed()
    if staged.previous is not None:
        day = last_day(staged.previous.published_at[:10])
        staged.restatements = restatements_of(staged.figures, day, changes, *changed, staged.currency)


class _Tallies:
    """Totals that entries are moved out of and into."""

    def __init__(self, connection: Connection, currency: str) -> None:
        self.standing: dict[TallyKey, Mapping[str, Any]] = {}
        self._connection, self._currency = connection, currency
        self._tallies: dict[TallyKey, Tally] = {}
        self._names: set[str] = set()

    def move(self, old: Iterable[LedgerEntry], new: Iterable[LedgerEntry]) -> None:
        """Take entries out and put others in; those in both stay."""
        before, after = set(old), set(new)
        moved = [(entry, -1) for entry in before - after] + [(entry, 1) for entry in after - before]
        self._read({entry.total for entry, _ in moved} - self._names)
        for entry, sign in moved:
            for key in ((entry.total, entry.currency, False), (entry.total, self._currency, True)):
                self._tallies.setdefault(key, Tally(key[0], key[1], is_common=key[2])).add(entry, sign)

    def changed(self) -> dict[TallyKey, Mapping[str, Any] | None]:
        """The totals that differ from the standing ones; None for those that see nothing."""
        bodies = {key: None if tally.is_empty else tally.to_body() for key, tally in self._tallies.items()}
        return {key: body for key, body in bodies.items() if body != self.standing.get(key)}

    def _read(self, names: set[str]) -> None:
        found = read_tallies(self._connection, names=names)
        self.standing |= found
        self._tallies |= {key: Tally.from_body(key[0], key[1], body, is_common=key[2]) for key, body in found.items()}
        self._names |= names


def _claim_change(claim: PendingClaim, previous: Publication | None) -> ClaimChange:
    published = last_day(str(claim.published_on)).isoformat() if is_date_prefix(claim.published_on) else None
    is_late = previous is not None and published is not None and published <= previous.published_at[:10]
    return ClaimChange(claim.id, claim.closed_because, claim.is_reviewed, is_late)


def _figure_changes(
    connection: Connection, cells: Mapping[Cell, list[int]], record_counts: Mapping[Cell, int], *, is_whole: bool
) -> list[FigureChange]:
    """The cells that change, with their standing and their new values. `cells` holds what changes in them, or with `is_whole`
    what they are.
    """
    moved = {cell: tuple(values) for cell, values in cells.items() if any(values)}
    if is_whole:
        return changed_figures({Cell(*place): amounts for place, amounts in read_figures(connection)}, moved, record_counts)
    places = [(cell.table, cell.period, cell.key) for cell in moved]
    standing = {Cell(*place): amounts for place, amounts in read_figures(connection, places)}
    found = []
    for cell in sorted(moved):
        before = standing.get(cell)
        after: Amounts = tuple(a + b for a, b in zip(before or (0,) * len(moved[cell]), moved[cell], strict=True))
        found.append(FigureChange(cell, before, after if any(after) else None, record_counts.get(cell)))
    return found
