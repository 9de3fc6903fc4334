"""Reading order on a page: columns, with the tables in their places, and the heads and feet that run through a file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from bam.documents.pdf_lines import Line, lines_of
from bam.documents.pdf_page import Page, Segment
from bam.documents.pdf_tables import Table, ruled_tables, with_aligned_tables

_MARGIN_SHARE = 0.12
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|стр\.?)?\s*[-–—|]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*(?:[-–—|]|(?:of|/|из)\s*\d{1,4})?", re.IGNORECASE
)
_LEAST_GUTTER = 8.0
_LEAST_COLUMN_ROWS = 4
_LEAST_SHORT_ROWS = 3


@dataclass(slots=True)
class Column:
    """Lines and tables of one column in reading order, with the column's edges in points."""

    left: float
    right: float
    items: list[Line | Table] = field(default_factory=list)


def running_texts(pages: tuple[Page, ...]) -> set[str]:
    """Texts in the margins that come back on half of the pages or more, with digits as `#`."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_folded(segment) for segment in page.segments if _in_margin(segment, page)})
    least = max(2, (len(pages) + 1) // 2)
    return {text for text, count in counts.items() if count >= least}


def page_columns(page: Page, running: set[str]) -> list[Column]:
    """The page's columns in reading order, without running heads, feet and page numbers."""
    segments = [segment for segment in page.segments if not _is_running(segment, page, running)]
    tables, rest = ruled_tables(segments, page.rules)
    columns = _ordered(lines_of(rest), depth=0)
    for table in tables:
        _place(table, columns, page)
    for column in columns:
        column.items = with_aligned_tables(column.items)
    return [column for column in columns if column.items]


def _folded(segment: Segment) -> str:
    return re.sub(r"\d+", "#", segment.text.lower())


def _in_margin(segment: Segment, page: Page) -> bool:
    return segment.bottom > page.height * (1 - _MARGIN_SHARE) or segment.top < page.height * _MARGIN_SHARE


def _is_running(segment: Segment, page: Page, running: set[str]) -> bool:
    if not _in_margin(segment, page):
        return False
    return _folded(segment) in running or _PAGE_NUMBER.fullmatch(segment.text) is not None


def _ordered(lines: list[Line], depth: int) -> list[Column]:
    """Columns of a region: bands across all columns stay in place, between them the left column comes before the right."""
    whole = Column(min((line.left for line in lines), default=0.0), max((line.right for line in lines), default=0.0), list(lines))
    gutter = _gutter(lines, _LEAST_COLUMN_ROWS) if depth < 3 else None
    if gutter is None:
        return _with_short_columns(whole, depth)
    columns: list[Column] = []
    band: list[Line] = []
    for line in [*lines, None]:
        crosses = line is not None and any(segment.left < gutter < segment.right for segment in line.segments)
        if line is not None and not crosses:
            band.append(line)
            continue
        if band:
            columns += _split(band, gutter, depth)
            band = []
        if line is not None:
            if columns and columns[-1].left == whole.left and columns[-1].right == whole.right:
                columns[-1].items.append(line)
            else:
                columns.append(Column(whole.left, whole.right, [line]))
    return columns


def _with_short_columns(whole: Column, depth: int) -> list[Column]:
    """A region of one column in which a few lines may stand side by side: the end of columns that were balanced."""
    columns = [Column(whole.left, whole.right)]
    run: list[Line] = []
    for line in [*whole.items, None]:
        assert not isinstance(line, Table)
        if line is not None and (_has_gap(line) or (run and _hangs_on(line, run[-1], whole))):
            run.append(line)
            continue
        gutter = _gutter(run, _LEAST_SHORT_ROWS) if depth < 3 else None
        if gutter is None:
            columns[-1].items += run
        else:
            columns += [*_split(run, gutter, depth + 1), Column(whole.left, whole.right)]
        run = []
        if line is not None:
            columns[-1].items.append(line)
    return [column for column in columns if column.items]


def _has_gap(line: Line) -> bool:
    return any(second.left - first.right >= _LEAST_GUTTER for first, second in pairwise(line.segments))


def _hangs_on(line: Line, above: Line, whole: Column) -> bool:
    """Whether a line of one column goes on below two that stood side by side (the columns differ by a line or two)."""
    is_narrow = line.right - line.left < 0.6 * (whole.right - whole.left)
    is_near = above.bottom - line.top < 2.5 * (line.top - line.bottom)
    return is_narrow and is_near and abs(line.size - above.size) <= 0.08 * above.size


def _split(band: list[Line], gutter: float, depth: int) -> list[Column]:
    left = [Line(part) for line in band if (part := [each for each in line.segments if each.right <= gutter])]
    right = [Line(part) for line in band if (part := [each for each in line.segments if each.left >= gutter])]
    return [*(_ordered(left, depth + 1) if left else []), *(_ordered(right, depth + 1) if right else [])]


def _gutter(lines: list[Line], least_rows: int) -> float | None:
    """The middle of a white strip with columns of prose on both sides, or None."""
    segments = [segment for line in lines for segment in line.segments]
    if len(segments) < 2 * least_rows:
        return None
    best: tuple[int, float] | None = None
    edges = sorted({round(segment.left, 0) for segment in segments})
    for edge in edges[1:]:
        gutter = edge - _LEAST_GUTTER / 2
        left = [each for each in segments if each.right <= gutter - _LEAST_GUTTER / 2 + 1]
        right = [each for each in segments if each.left >= gutter + 1]
        crossing = len(segments) - len(left) - len(right)
        sides = min(len(left), len(right))
        if sides >= least_rows and crossing <= 0.5 * sides and _is_prose(left) and _is_prose(right):
            score = sides - 2 * crossing
            if best is None or score > best[0]:
                best = (score, gutter)
    return best[1] if best else None


def _is_prose(segments: list[Segment]) -> bool:
    """Whether most lines fill their column, as wrapped prose does and cells of a table don't."""
    widest = max(segment.right - segment.left for segment in segments)
    full = sum(segment.right - segment.left > 0.75 * widest for segment in segments)
    characters = sum(len(segment.text) for segment in segments) / len(segments)
    return full >= 0.45 * len(segments) and characters >= 18


def _place(table: Table, columns: list[Column], page: Page) -> None:
    """Put a table into the column whose lines surround it, before the first line that stands below it."""
    if not columns:
        columns.append(Column(0.0, page.width))
    column = min(columns, key=lambda each: min((abs(_top_of(item) - table.top) for item in each.items), default=0.0))
    index = next((i for i, item in enumerate(column.items) if _top_of(item) < table.top), len(column.items))
    column.items.insert(index, table)


def _top_of(item: Line | Table) -> float:
    return item.top
