"""Tables in a structure tree: rows of one width, header cells that say what they head, data cells that name their headers."""

from __future__ import annotations

from collections.abc import Iterator

from bam.briefs.pdf_tree import Element


def table_faults(element: Element) -> Iterator[tuple[str, str]]:
    """(number in the Matterhorn Protocol, what is wrong) of an element that is a table or a part of one."""
    if element.kind == "Table":
        yield from _whole(element)
    elif element.kind == "TR":
        if element.parent is None or element.parent.kind not in ("Table", "THead", "TBody", "TFoot"):
            yield "09-004", "a row stands outside of a table"
        if any(kid.kind not in ("TH", "TD") for kid in element.kids):
            yield "09-005", "a row holds something other than cells"
    elif element.kind == "TH" and element.scope not in ("Row", "Column", "Both"):
        yield "15-003", "a header cell doesn't say whether it heads a row or a column"
    elif element.kind in ("TH", "TD") and (element.parent is None or element.parent.kind != "TR"):
        yield "09-005", "a cell stands outside of a row"


def _whole(table: Element) -> Iterator[tuple[str, str]]:
    rows = list(table.below("TR"))
    cells = [cell for row in rows for cell in row.kids]
    if not rows:
        yield "09-004", "a table has no rows"
        return
    widths = {sum(cell.column_span for cell in row.kids) for row in rows}
    if len(widths) > 1 and all(cell.row_span == 1 for cell in cells):
        yield "15-001", f"rows of a table have {' and '.join(map(str, sorted(widths)))} columns"
    if not any(cell.kind == "TH" for cell in cells):
        yield "15-002", "a table has no header cells"
    known = {cell.identifier for cell in cells if cell.identifier}
    missing = {header for cell in cells for header in cell.headers} - known
    if missing:
        yield "15-004", f"{len(missing)} header cells are named that aren't there"
    if any(cell.kind == "TD" and not cell.headers for cell in cells) and not all(
        cell.scope for cell in cells if cell.kind == "TH"
    ):
        yield "15-005", "a data cell has no header"
