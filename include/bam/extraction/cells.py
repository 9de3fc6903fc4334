"""Tables: what stands in the cells of a row belongs together, and the heads of the columns tell what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from bam.extraction.annotate.annotated import Annotated, S
from bam.extraction.annotate.model import Sentence, Spanned, TableRow
from bam.extraction.annotate.tokens import words_of

_COLUMNS = 4
"""Columns that are told apart by number."""
_WORDS = 6
"""Words of a head that are read."""
_MOST_CELLS = 40
"""Cells of a row that are read for what they say of another one."""


def cell_signs(annotated: Annotated, at: int, item: Spanned) -> dict[str, bool | float]:
    """How an item stands to a mention where one of them is in a table: in the same cell, in another of the same row, in the head
    of its column, in another row. Nothing where neither is.
    """
    if not annotated.rows:
        return {}
    row, other = annotated.row_at(at), annotated.row_at(item.start)
    if row is None:
        return {"cell=of_table": True} if other is not None else {}
    if other is None:
        is_caption = row.caption is not None and row.caption[0] <= item.start < row.caption[1]
        return {"cell=caption" if is_caption else "cell=outside": True}
    if other.table != row.table:
        return {"cell=of_other_table": True}
    own, its = row.column_at(at), other.column_at(item.start)
    if _is_same(row, other):
        return dict.fromkeys(_in_row(row, own, its), True)
    if row.key and other.key:
        return dict.fromkeys(["cell=of_key", *(f"cell.key={kind}" for kind in other.key)], True)
    place = "head" if other.is_header else "row"
    return {f"cell={'column' if own == its else 'other'}_{place}": True}


def _is_same(row: TableRow, other: TableRow) -> bool:
    """Whether both are one row: a wide one is several sentences, which share its cells."""
    return row.cells[:1] == other.cells[:1]


def _in_row(row: TableRow, own: int | None, its: int | None) -> Iterator[str]:
    """An item in the same row: its column, by number and by what its head says."""
    if its is None:
        return
    where = "same" if own == its else "beside"
    kinds = row.kinds_of(its)
    yield f"cell={where}"
    yield f"cell={where}/{'headed' if row.heads else 'headless'}"
    yield f"cell.column={min(its, _COLUMNS)}"
    yield from (f"cell.kind={kind}" for kind in kinds)
    if row.heads and not kinds:
        yield "cell.kind=none"
    if its < len(row.heads):
        yield from (f"cell.head={word}" for word in words_of(row.heads[its])[:_WORDS])
    if own != its and row.kinds_of(own) & kinds:
        yield "cell.kind=shared"


def is_other_row(annotated: Annotated, at: int, sentence: Sentence) -> bool:
    """Whether a sentence is another row of the table in which a mention stands: it speaks of something else. A row with one cell
    alone heads those below it, and keys with their values ("Donor | Japan") are all of one thing.
    """
    row = annotated.row_at(at)
    other = annotated.row_at(sentence.start) if row is not None else None
    if row is None or other is None or other.table != row.table or _is_same(row, other) or (row.key and other.key):
        return False
    filled = (cell for cell in other.cells if cell[0] < cell[1])
    return len(list(islice(filled, 2))) > 1


def above_cell(annotated: Annotated, at: int, items: Sequence[S]) -> list[S]:
    """The items in the head of the column in which a mention stands ("FY 2009", "Japan")."""
    row = annotated.row_at(at)
    if row is None or row.is_header:
        return []
    column = row.column_at(at)
    if column is None or column >= len(row.head_cells):
        return []
    start, end = row.head_cells[column]
    return [item for item in annotated.behind(items, start, _COLUMNS) if item.start < end]


def over_table(annotated: Annotated, at: int, items: Sequence[S]) -> list[S]:
    """The items in the words above the table in which a mention stands."""
    row = annotated.row_at(at)
    if row is None or row.caption is None:
        return []
    return [item for item in annotated.behind(items, row.caption[0]) if item.start < row.caption[1]]


def table_words(annotated: Annotated, at: int) -> Iterator[str]:
    """The words of the head of a mention's column, and those of the cells that tell how far the row's matter has come."""
    row = annotated.row_at(at)
    if row is None:
        return
    column = row.column_at(at)
    if column is not None and column < len(row.heads):
        yield from (f"column={word}" for word in words_of(row.heads[column])[:_WORDS])
    text = annotated.text
    own = text[slice(*row.cells[column])].strip() if column is not None else ""
    for number, (start, end) in enumerate(row.cells[:_MOST_CELLS]):
        if own and number != column and number < len(row.heads) and text[start:end].strip() == own:
            yield from (f"same={word}" for word in words_of(row.heads[number])[:_WORDS])
        if number != column and row.kinds_of(number) & {"state", "date"}:
            yield from (f"state={word}" for word in words_of(text[start:end])[: 2 * _WORDS] if word.isalpha())
