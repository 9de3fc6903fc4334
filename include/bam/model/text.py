"""Converted documents: canonical text, its structure, and what is known about its publication."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of canonical text was in the page that it came from."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CAPTION = "caption"
    BYLINE = "byline"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Block:
    """One structural unit; `text[start:end]` of the document is its text, without the line break after it.

    `level` is the depth of a heading (1-6) or of a list item (1 is outermost), else 0. `number` is the mark that a list item
    or heading carries in print (`1`, `(2)`, `a.`), which is not repeated in the text where the page generates it.
    `table` numbers the tables of a document from 1; `cells` holds the (start, end) offsets of a table row's cells, and
    `header_row` tells the row that names the columns. `page` counts from 1 where the format has pages.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    number: str | None = None
    page: int | None = None
    table: int | None = None
    cells: tuple[tuple[int, int], ...] = ()
    header_row: bool = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself. `origins` names for each filled field where it was found (`json-ld`, `meta`,
    `dateline`, `url`, `heading` ...). `published` and `modified` are ISO date prefixes; `language` is ISO 639-1.
    """

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    address: str | None = None
    origins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConvertedDocument:
    """Canonical text and its structure. Every offset in the system refers to `text`.

    `name` is what a user knows the document by (a path, an address, `mail.eml#annex.pdf`). `converter` names the library and
    version that made it. `blocks` cover the text in order without overlap; rows of tables have their cells joined by ` | `.
    """

    name: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    media_type: str
    converter: str
