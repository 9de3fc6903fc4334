"""Rows of tables with the heads of their columns."""

from __future__ import annotations

from dataclasses import replace

from bam.extraction.annotate.model import Sentence, TableRow
from bam.extraction.annotate.tokens import words_of
from bam.extraction.lexicon import Words
from bam.model.text import Block, BlockKind

_PAIR = 2
"""Cells of a row that is a key and its value."""


class TableWords(Words):
    """What the heads of columns say of the cells below them: words by kind of column."""

    FILE = "tables"
    columns: dict[str, frozenset[str]]


def find_rows(text: str, blocks: tuple[Block, ...], sentences: tuple[Sentence, ...], words: TableWords) -> tuple[TableRow, ...]:
    """All rows in order. The first row heads the columns where the converter marked none but its cells hold no digits.

    The caption is the caption or short paragraph right before the table.
    """
    rows: list[TableRow] = []
    heads: tuple[str, ...] = ()
    head_cells: tuple[tuple[int, int], ...] = ()
    kinds: tuple[frozenset[str], ...] = ()
    table: int | None = None
    caption: tuple[int, int] | None = None
    for position, sentence in enumerate(sentences):
        block = blocks[sentence.block]
        if block.kind is not BlockKind.TABLE_ROW:
            table = None
            continue
        if position and rows and sentences[position - 1].block == sentence.block:
            # A wide row is several sentences; what was found out for the first one holds for all.
            rows.append(replace(rows[-1], sentence=sentence.index))
            continue
        cells = block.cells or _cells(text, block)
        if table is None or block.table != table:
            table, heads, head_cells, kinds = block.table or -1, (), (), ()
            caption = _caption(sentences[position - 1]) if position else None
            is_first = True
        else:
            is_first = False
        written = tuple(text[start:end].strip() for start, end in cells)
        is_header = block.header_row or (is_first and not any(c.isdecimal() for cell in written for c in cell))
        if is_header:
            heads, head_cells, kinds = written, cells, tuple(_kinds(cell, words) for cell in written)
        number = table if table != -1 else 0
        key = _kinds(written[0], words) if len(written) == _PAIR else frozenset()
        rows.append(TableRow(sentence.index, number, cells, heads, is_header, caption, head_cells, kinds, key))
        table = block.table if block.table is not None else table
    return tuple(rows)


def _kinds(head: str, words: TableWords) -> frozenset[str]:
    """What the cells below a head tell."""
    inside = set(words_of(head))
    return frozenset(kind for kind, nouns in words.columns.items() if inside & nouns)


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
