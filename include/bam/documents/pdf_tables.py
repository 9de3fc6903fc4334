"""Tables of a PDF page: drawn with rules, or told by cells that start at the same places."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bam.documents.pdf_lines import Line, lines_of
from bam.documents.pdf_page import Rule, Segment

_TOUCH = 4.0
_TALLEST_ROW = 90.0


@dataclass(slots=True)
class Table:
    """Rows of cell texts, from top to bottom; `header` tells whether the first row names the columns."""

    rows: list[list[str]]
    top: float
    header: bool = False


def ruled_tables(segments: list[Segment], rules: tuple[Rule, ...]) -> tuple[list[Table], list[Segment]]:
    """Tables drawn with rules, and the segments outside them."""
    tables: list[Table] = []
    rest = segments
    for group in _stacked(_touching(rules)):
        ys = _clusters([(rule.top + rule.bottom) / 2 for rule in group if rule.is_horizontal])
        xs = _column_edges(group)
        if len(ys) < 3 or len(xs) < 3:
            continue
        ys = _with_open_ends(ys, xs, rest)
        inside = [each for each in rest if xs[0] <= _middle(each)[0] <= xs[-1] and ys[0] <= _middle(each)[1] <= ys[-1]]
        rows = _grid_rows(inside, xs, ys)
        if len(rows) >= 2:
            bold_first = all(each.bold for each in inside if _middle(each)[1] >= ys[-2])
            tables.append(Table(rows, top=ys[-1], header=bold_first or len(rows) > 2))
            rest = [each for each in rest if each not in inside]
    return tables, rest


def _column_edges(group: list[Rule]) -> list[float]:
    """Where columns begin and end: at the rules that stand, else where the pieces of those that lie meet."""
    standing = _clusters([(rule.left + rule.right) / 2 for rule in group if not rule.is_horizontal])
    if len(standing) >= 3:
        return standing
    return _clusters([edge for rule in group if rule.is_horizontal for edge in (rule.left, rule.right)])


def _with_open_ends(ys: list[float], xs: list[float], segments: list[Segment]) -> list[float]:
    """The rows' edges with those of a first row that has no rule above it, and a last one that has none below."""
    tallest = max(high - low for low, high in pairwise(ys))
    columns = list(pairwise(xs))

    def holds_row(low: float, high: float) -> bool:
        inside = [each for each in segments if low < _middle(each)[1] < high and each.left >= xs[0] - _TOUCH]
        filled = sum(any(left <= each.left + 1 < right for each in inside) for left, right in columns)
        crosses = any(each.left < edge - _TOUCH and each.right > edge + _TOUCH for each in inside for edge in xs[1:])
        return filled >= 2 and not crosses

    if holds_row(ys[-1], ys[-1] + tallest):
        ys = [*ys, ys[-1] + tallest]
    if holds_row(ys[0] - tallest, ys[0]):
        ys = [ys[0] - tallest, *ys]
    return ys


def _touching(rules: tuple[Rule, ...]) -> list[list[Rule]]:
    """Rules grouped by whether they meet, so that each table of a page is one group."""
    groups: list[tuple[list[float], list[Rule]]] = []
    for rule in rules:
        box = [rule.left, rule.bottom, rule.right, rule.top]
        members = [rule]
        apart = []
        for other_box, others in groups:
            if (
                box[0] - _TOUCH <= other_box[2]
                and other_box[0] - _TOUCH <= box[2]
                and box[1] - _TOUCH <= other_box[3]
                and other_box[1] - _TOUCH <= box[3]
            ):
                box = [min(box[0], other_box[0]), min(box[1], other_box[1]), max(box[2], other_box[2]), max(box[3], other_box[3])]
                members = others + members
            else:
                apart.append((other_box, others))
        groups = [*apart, (box, members)]
    return [members for _, members in groups]


def _stacked(groups: list[list[Rule]]) -> list[list[Rule]]:
    """Rules that only lie, one under the other with the same ends, are the lines between the rows of one table."""
    lying = [group for group in groups if all(rule.is_horizontal for rule in group)]
    stacks: list[list[Rule]] = []
    for group in sorted(lying, key=lambda rules: -max(rule.top for rule in rules)):
        ends = min(rule.left for rule in group), max(rule.right for rule in group)
        for stack in stacks:
            same_ends = abs(min(r.left for r in stack) - ends[0]) < _TOUCH and abs(max(r.right for r in stack) - ends[1]) < _TOUCH
            if same_ends and min(r.bottom for r in stack) - max(rule.top for rule in group) < _TALLEST_ROW:
                stack += group
                break
        else:
            stacks.append(list(group))
    return [group for group in groups if group not in lying] + stacks


def _clusters(values: list[float]) -> list[float]:
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > _TOUCH:
            result.append(value)
    return result


def _middle(segment: Segment) -> tuple[float, float]:
    return (segment.left + segment.right) / 2, (segment.bottom + segment.top) / 2


def _grid_rows(segments: list[Segment], xs: list[float], ys: list[float]) -> list[list[str]]:
    rows = []
    for bottom, top in reversed(list(pairwise(ys))):
        cells = []
        for left, right in pairwise(xs):
            # A cell is known by where its text starts: text that spans columns belongs to the first of them.
            inside = [each for each in segments if left <= each.left + 1 < right and bottom <= _middle(each)[1] < top]
            cells.append(" ".join(line.text for line in lines_of(inside)))
        if any(cells):
            rows.append(cells)
    return rows


def with_aligned_tables(items: list[Line | Table]) -> list[Line | Table]:
    """Tables without rules: lines in a row whose cells start at the same places."""
    result: list[Line | Table] = []
    run: list[Line] = []
    for item in [*items, None]:
        if isinstance(item, Line) and (len(item.cells()) > 1 or (run and _continues_cell(item, run))):
            run.append(item)
            continue
        result += _table_or_lines(run)
        run = []
        if item is not None:
            result.append(item)
    return result


def _continues_cell(line: Line, run: list[Line]) -> bool:
    """Whether a line is the next line of a cell of the row above it."""
    starts = [cell.left for cell in run[0].cells()]
    is_near = run[-1].bottom - line.top < 0.9 * (line.top - line.bottom)
    return is_near and any(abs(line.left - start) < _TOUCH for start in starts[1:])


def _table_or_lines(run: list[Line]) -> list[Line | Table]:
    cells = [line.cells() for line in run]
    several = [row for row in cells if len(row) > 1]
    if len(several) < 2:
        return list(run)
    starts = _clusters([cell.left for row in several for cell in row])
    shared = [start for start in starts if sum(any(abs(cell.left - start) < _TOUCH for cell in row) for row in several) >= 2]
    if len(shared) < 2 or _looks_like_list(several):
        return list(run)
    rows: list[list[str]] = []
    for row in cells:
        texts = [""] * len(shared)
        for cell in row:
            index = max((i for i, start in enumerate(shared) if start <= cell.left + _TOUCH), default=0)
            texts[index] = f"{texts[index]} {cell.text}".strip()
        if rows and not texts[0] and len(row) < len(shared):
            rows[-1] = [f"{above} {text}".strip() for above, text in zip(rows[-1], texts, strict=True)]
        else:
            rows.append(texts)
    return [Table(rows, top=run[0].top, header=run[0].bold or len(rows) > 2)]


def _looks_like_list(rows: list[list[Segment]]) -> bool:
    """Marks of a list set apart from its text are no column."""
    return all(len(row) == 2 and len(row[0].text) <= 4 for row in rows)
