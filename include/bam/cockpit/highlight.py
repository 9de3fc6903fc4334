"""A document's text cut into stretches, each with the claims that rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bam.model.text import Block, BlockKind
from bam.store.claims import StoredClaim


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text within a block. `claims` are those whose evidence covers it, `begins` those whose main quote starts."""

    text: str
    claims: tuple[StoredClaim, ...] = ()
    begins: tuple[StoredClaim, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the claims, sorted."""
        return tuple(sorted({str(stored.claim.table) for stored in self.claims}))


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A block with its stretches; of a table row, those of each cell."""

    block: Block
    stretches: tuple[Stretch, ...]
    cells: tuple[tuple[Stretch, ...], ...] = ()


def marked_blocks(text: str, blocks: Sequence[Block], claims: Iterable[StoredClaim]) -> list[MarkedBlock]:
    """All blocks in order of place. Text without structure is one paragraph."""
    quotes = sorted(
        ((item.start, item.end, stored, number == 0) for stored in claims for number, item in enumerate(stored.claim.evidence)),
        key=lambda quote: (quote[0], quote[1], quote[2].claim.id),
    )
    whole = blocks or (Block(BlockKind.PARAGRAPH, 0, len(text)),)
    found = []
    for block in whole:
        inside = [quote for quote in quotes if quote[0] < block.end and quote[1] > block.start]
        cells = tuple(_stretches(text, start, end, inside) for start, end in block.cells)
        found.append(MarkedBlock(block, _stretches(text, block.start, block.end, inside), cells))
    return found


def _stretches(text: str, start: int, end: int, quotes: Sequence[tuple[int, int, StoredClaim, bool]]) -> tuple[Stretch, ...]:
    """The text from `start` to `end`, cut wherever a quote starts or ends."""
    own = [quote for quote in quotes if quote[0] < end and quote[1] > start]
    cuts = sorted({start, end, *(max(start, quote[0]) for quote in own), *(min(end, quote[1]) for quote in own)})
    found = []
    for left, right in pairwise(cuts):
        covering = {quote[2].claim.id: quote[2] for quote in own if quote[0] <= left and quote[1] >= right}
        begins = [quote[2] for quote in own if quote[3] and max(start, quote[0]) == left and quote[0] >= start]
        found.append(Stretch(text[left:right], tuple(covering.values()), tuple(begins)))
    return tuple(found)
