"""The blocks that claims meet in: hashes of their blocking keys, and which of them are too crowded to tell anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, func, insert, select

from bam.store.batches import in_batches, insert_plain
from bam.store.schema.records import claim_blocks, crowded_blocks

_ROWS = 20_000


def claims_in_blocks(connection: Connection, blocks: Collection[int]) -> dict[int, list[str]]:
    """The stored claims of these blocks, sorted, by block."""
    found: dict[int, list[str]] = defaultdict(list)
    for batch in in_batches(sorted(set(blocks))):
        query = select(claim_blocks).where(claim_blocks.c.block.in_(batch))
        for block, claim_id in connection.execute(query.order_by(claim_blocks.c.block, claim_blocks.c.claim_id)).tuples().all():
            found[block].append(claim_id)
    return dict(found)


def blocks_of_claims(connection: Connection, claim_ids: Collection[str]) -> dict[int, list[str]]:
    """The blocks that these claims are stored in: which of the claims are in each."""
    found: dict[int, list[str]] = defaultdict(list)
    for batch in in_batches(sorted(set(claim_ids))):
        for block, claim_id in connection.execute(select(claim_blocks).where(claim_blocks.c.claim_id.in_(batch))).tuples():
            found[block].append(claim_id)
    return dict(found)


def block_size(connection: Connection, block: int) -> int:
    """How many claims are stored in a block."""
    query = select(func.count()).select_from(claim_blocks).where(claim_blocks.c.block == block)
    return int(connection.execute(query).scalar_one())


def read_crowded(connection: Connection) -> set[int]:
    """The blocks that are too crowded to tell anything."""
    return set(connection.execute(select(crowded_blocks.c.block)).scalars())


def forget_blocks(connection: Connection) -> None:
    """Forget all blocks, before all of them are stored anew."""
    connection.execute(delete(claim_blocks))


def replace_blocks(connection: Connection, gone: Collection[str], blocks: Mapping[str, Collection[int]]) -> None:
    """Forget the blocks of the claims `gone` and store those of other claims in place of those that they had."""
    for batch in in_batches(sorted({*gone, *blocks})):
        connection.execute(delete(claim_blocks).where(claim_blocks.c.claim_id.in_(batch)))
    # In the order of the table, so that what lies on one page of a large one is written there together.
    rows = sorted((block, claim_id) for claim_id, own in blocks.items() for block in own)
    for batch_of_rows in in_batches(rows, _ROWS):
        insert_plain(connection, claim_blocks, batch_of_rows)


def replace_crowded(connection: Connection, before: Collection[int], after: Collection[int]) -> None:
    """Store which blocks are crowded now; `before` are those that are stored."""
    for batch in in_batches(sorted(set(before) - set(after))):
        connection.execute(delete(crowded_blocks).where(crowded_blocks.c.block.in_(batch)))
    rows = [{"block": block} for block in sorted(set(after) - set(before))]
    if rows:
        connection.execute(insert(crowded_blocks), rows)
