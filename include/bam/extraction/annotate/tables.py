"""Rows of tables with the heads of their columns."""

from __future__ import annotations

from bam.extraction.annotate.model import Sentence, TableRow
from bam.model.text import Block, BlockKind


def find_rows(text: str, blocks: tuple[Block, ...], sentences: tuple[Sentence, ...]) -> tuple[TableRow, ...]:
    """All rows in order. The first row heads the columns where the converter marked none but its cells hold no digits.

    The caption is the caption or short paragraph right before the table.
    """
    rows: list[TableRow] = []
    heads: tuple[str, ...] = ()
    table: int | None = None
    caption: tuple[int, int] | None = None
    for position, sentence in enumerate(sentences):
        block = blocks[sentence.block]
        if block.kind is not BlockKind.TABLE_ROW:
            table = None
            continue
        cells = block.cells or _cells(text, block)
        if table is None or block.table != table:
            table, heads = block.table or -1, ()
            caption = _caption(sentences[position - 1]) if position else None
            is_first = True
        else:
            is_first = False
        words = tuple(text[start:end].strip() for start, end in cells)
        is_header = block.header_row or (is_first and not any(c.isdecimal() for word in words for c in word))
        if is_header:
            heads = words
        rows.append(TableRow(sentence.index, table if table != -1 else 0, cells, heads, is_header, caption))
        table = block.table if block.table is not None else table
    return tuple(rows)


def _caption(sentence: Sentence) -> tuple[int, int] | None:
    if sentence.kind in (BlockKind.CAPTION, BlockKind.PARAGRAPH, BlockKind.HEADING) and sentence.end - sentence.start <= 300:
        return sentence.start, sentence.end
    return None


def _cells(text: str, block: Block) -> tuple[tuple[int, int], ...]:
    """Cells by " | " where the converter gave no offsets."""
    cells: list[tuple[int, int]] = []
    start = block.start
    for part in text[block.start : block.end].split(" | "):
        cells.append((start, start + len(part)))
        start += len(part) + 3
    return tuple(cells)
