"""Writing a staged state as the next publication: in one transaction, or not at all."""

from __future__ import annotations

from sqlalchemy import Connection

from bam.model.records import ChangeKind
from bam.pipeline.staging import Batch, Staged
from bam.store.blocks import forget_blocks, replace_blocks, replace_crowded
from bam.store.judgements import mark_judgements_built
from bam.store.publications import Publication, insert_changes, insert_publication, insert_restatements, latest_publication
from bam.store.records import mark_built, replace_records
from bam.store.tables import replace_entries, replace_figures, replace_tallies


class StagedTooLateError(Exception):
    """Another update was published since this state was worked out; it has to be worked out again."""


def publish(connection: Connection, staged: Staged, published_at: str) -> Publication:
    """Write the state as the next publication.

    Raises:
        StagedTooLateError: it doesn't follow on the last publication.
    """
    last = latest_publication(connection)
    if (last and last.number) != (staged.previous and staged.previous.number):
        raise StagedTooLateError
    publication = Publication(
        number=1 if last is None else last.number + 1,
        # The record clock never goes back, whatever the machine's does.
        published_at=published_at if last is None else max(published_at, last.published_at),
        builder=staged.builder,
        claim_count=len(staged.pending),
        added=staged.kinds[ChangeKind.ADD],
        modified=staged.kinds[ChangeKind.MOD],
        removed=staged.kinds[ChangeKind.DEL],
    )
    insert_publication(connection, publication)
    if staged.is_whole:
        forget_blocks(connection)
    for batch in staged.batches(connection):
        _write_batch(connection, batch, publication.number)
    replace_crowded(connection, staged.crowded_before, staged.crowded)
    replace_tallies(connection, publication.number, staged.tallies)
    figures = {(change.cell.table, change.cell.period, change.cell.key): change.new for change in staged.figures}
    replace_figures(connection, publication.number, figures)
    insert_restatements(connection, publication.number, staged.restatements)
    mark_built(connection, staged.pending)
    mark_judgements_built(connection, staged.judgement_ids)
    return publication


def _write_batch(connection: Connection, batch: Batch, number: int) -> None:
    """Only the versions that differ are written; a record that moved to another region differs too."""
    before = {one.record.id: one for one in batch.old}
    after = {one.record.id: one for one in batch.new}
    same = {
        record_id
        for record_id, one in after.items()
        if (old := before.get(record_id)) is not None and (old.record, old.region) == (one.record, one.region)
    }
    gone = {claim_id for one in batch.old for claim_id in one.record.claim_ids} - set(batch.homes)
    moved = {
        claim_id: home
        for claim_id, home in batch.homes.items()
        if home[0] not in same or claim_id not in before[home[0]].record.claim_ids
    }
    replace_blocks(connection, gone, batch.blocks)
    replace_records(
        connection,
        number,
        retired=set(before) - same,
        new=[one for record_id, one in sorted(after.items()) if record_id not in same],
        homes=moved,
        gone_claims=gone,
        renamed=batch.renamed,
    )
    replace_entries(connection, number, batch.old_entries, batch.new_entries)
    insert_changes(connection, number, batch.changes)
