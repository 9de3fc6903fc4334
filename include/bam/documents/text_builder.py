"""Building canonical text block by block: the one place that decides how blocks stand in the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from bam.model.text import Block, BlockKind

CELL_SEPARATOR = " | "
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffc\ud800-\udfff]"
)
HAIR_SPACE = "\u200a"
"""Stands where markup between a word and a punctuation mark was taken out, so that a quote is found in the marked-up source
by any comparison that reads markup and spaces alike; it prints as next to nothing."""
_SPACE = re.compile(rf"(?:{HAIR_SPACE}?[^\S{HAIR_SPACE}]+{HAIR_SPACE}?)+|{HAIR_SPACE}{{2,}}")
_LINES_TOGETHER = {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}


def clean(text: str) -> str:
    """One line of readable text: composed characters, single spaces, nothing invisible (controls, joiners, direction marks)."""
    if text.isascii():
        joined = " ".join(text.split())
        if joined.isprintable():
            return joined
    text = unicodedata.normalize("NFC", text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return _SPACE.sub(" ", text).strip()


class TextBuilder:
    """Collects blocks in reading order and gives the canonical text with their offsets.

    Rows of a table and items of a list stand on lines of their own, other blocks are set apart by an empty line.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.table_count = 0

    def add(self, kind: BlockKind, text: str, *, level: int = 0, number: str | None = None, page: int | None = None) -> None:
        """Add one block; text without a visible character adds nothing."""
        text = clean(text)
        if text:
            start = self._open_line(kind, None)
            self._append(text)
            self.blocks.append(Block(kind, start, self._length, level=level, number=number, page=page))

    def extend_last(self, text: str) -> None:
        """Add text to the end of the last block, after a space."""
        self._append(" " + clean(text))
        self.blocks[-1] = replace(self.blocks[-1], end=self._length)

    def begin_table(self) -> int:
        """Number of a new table, counting from 1."""
        self.table_count += 1
        return self.table_count

    def add_row(self, cells: list[str], *, table: int, header: bool = False, page: int | None = None) -> None:
        """Add a row of a table; a row without any text adds nothing."""
        cleaned = [clean(cell) for cell in cells]
        if not any(cleaned):
            return
        start = self._open_line(BlockKind.TABLE_ROW, table)
        spans = []
        for index, cell in enumerate(cleaned):
            if index:
                self._append(CELL_SEPARATOR)
            spans.append((self._length, self._length + len(cell)))
            self._append(cell)
        self.blocks.append(
            Block(BlockKind.TABLE_ROW, start, self._length, page=page, table=table, cells=tuple(spans), header_row=header)
        )

    def retitle(self, index: int, kind: BlockKind, level: int = 0) -> None:
        """Change what the block at `index` is taken for."""
        self.blocks[index] = replace(self.blocks[index], kind=kind, level=level)

    def block_text(self, index: int) -> str:
        """The text of the block at `index`."""
        block = self.blocks[index]
        return self.text[block.start : block.end]

    @property
    def last_text(self) -> str:
        """The text of the last block."""
        return self.block_text(-1)

    @property
    def text(self) -> str:
        """The canonical text so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def _open_line(self, kind: BlockKind, table: int | None) -> int:
        if self.blocks:
            before = self.blocks[-1]
            together = kind in _LINES_TOGETHER and before.kind is kind and before.table == table
            self._append("\n" if together else "\n\n")
        return self._length

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
