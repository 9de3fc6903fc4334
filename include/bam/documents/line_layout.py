"""How lines of a text file belong together: hard-wrapped paragraphs, list items with hanging lines, tabular rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

WRAP_LIMIT = 120
"""Hard-wrapped text is narrower than this; a wider line is a whole paragraph."""

_BULLET = r"[-*+•·‣▪●○◦–—]"
_MARK = re.compile(
    rf"""(?P<indent>\s*)
    (?: (?P<bullet>{_BULLET})(?=\s)
      | (?P<number> \(?\d{{1,3}}[.)] (?!\d)
                  | \d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\.?
                  | \((?:[a-zA-Z]|[ivxIVX]{{1,5}})\)
                  | [a-z]\)
                  | [ivx]{{1,5}}\)
                  | [a-z]\.
                  | [IVX]{{1,5}}[.)]
                  | [A-Z]\)
                  | [A-Z]\.(?=[ \t]{{2}}) )
    ) \s+ (?=\S)""",
    re.VERBOSE,
)
_CELL_GAP = re.compile(r"\s{2,}|\t+")
_COLUMN_GAP = re.compile(r"\s{4,}|\t{2,}")
_SHORT_LINE = 40
_PARAGRAPH_LINES = 4
_SENTENCE_END = tuple('.!?:;…"”»)')


@dataclass(frozen=True, slots=True)
class Mark:
    """The sign at the start of a list item: `number` as printed, None for a bullet; `indent` in columns."""

    number: str | None
    indent: int
    length: int


@dataclass(slots=True)
class Unit:
    """A paragraph, an item or a row as it stood in the file: its joined text, or the cells of each row of a table."""

    text: str = ""
    mark: Mark | None = None
    indent: int = 0
    rows: list[list[str]] = field(default_factory=list)
    is_single_line: bool = True


def mark_of(line: str) -> Mark | None:
    """The list mark that the line starts with."""
    match = _MARK.match(line)
    if match is None:
        return None
    return Mark(match["number"], len(match["indent"].expandtabs(4)), match.end())


def wrap_width_of(lines: list[str]) -> int | None:
    """The width at which a file's lines were broken by hand or machine; None where a line is a whole paragraph."""
    lengths = [len(line.rstrip()) for line in lines if len(line.strip()) > _SHORT_LINE]
    if not lengths or sum(length > WRAP_LIMIT for length in lengths) > 0.03 * len(lengths):
        return None
    return sorted(lengths)[int(0.9 * (len(lengths) - 1))]


def layout(lines: list[str], wrap_width: int | None) -> list[Unit]:
    """Units of a group of lines that no empty line interrupts; `wrap_width` is that of the file."""
    rows = tabular_rows(lines)
    if rows is not None:
        return [Unit(rows=rows)]
    width = wrap_width or _own_wrap_width(lines)
    units: list[Unit] = []
    before = ""
    for line in lines:
        mark = mark_of(line)
        if units and mark is None and _belongs_to(before, line, width, len(lines), units[-1]):
            units[-1].text += " " + line.strip()
            units[-1].is_single_line = False
        else:
            # A printed number stays in the text, a bullet is only layout.
            text = line[mark.length :] if mark and mark.number is None else line
            parts = [text.strip()] if mark else _COLUMN_GAP.split(text.strip())
            indent = mark.indent if mark else len(line) - len(line.lstrip())
            units += [Unit(text=part, mark=mark, indent=indent) for part in parts]
        before = line.strip() if units[-1].mark is None else line.rstrip()
    return units


def _own_wrap_width(lines: list[str]) -> int | None:
    """The width of a hard-wrapped group in a file whose other paragraphs are not."""
    lengths = [len(line.rstrip()) for line in lines]
    widest = max(lengths)
    if len(lines) < _PARAGRAPH_LINES or not _SHORT_LINE < widest <= WRAP_LIMIT:
        return None
    return widest if min(lengths[:-1]) >= 0.6 * widest else None


def _belongs_to(before: str, line: str, width: int | None, line_count: int, unit: Unit) -> bool:
    stripped = line.strip()
    indent = len(line) - len(line.lstrip())
    if indent > unit.indent + (0 if unit.mark else 2):
        return True
    if not before.endswith(_SENTENCE_END) and stripped[:1].islower():
        return True
    if before.isupper() and len(before) > _SHORT_LINE:
        return stripped.isupper()
    if width is None:
        return False
    if line_count >= _PARAGRAPH_LINES and len(before) >= 0.75 * width:
        return True
    return len(before) + 1 + len(stripped.split(maxsplit=1)[0]) > width - 2


def runs_on(before: str, text: str) -> bool:
    """Whether a paragraph only seems to end: a page break or an advert stood in the middle of its sentence."""
    if len(before) <= _SHORT_LINE or not before[-1].isalpha():
        return False
    last_word = before.rsplit(maxsplit=1)[-1]
    return text[:1].islower() or (len(last_word) <= 3 and last_word.islower())


def tabular_rows(lines: list[str]) -> list[list[str]] | None:
    """Cells per line where at least two lines in a row are columns set apart by runs of spaces or tabs."""
    if len(lines) < 2:
        return None
    rows = [[cell for cell in _CELL_GAP.split(line.strip()) if cell] for line in lines]
    columns = max(len(row) for row in rows)
    full = sum(len(row) == columns for row in rows)
    if columns < 2 or full < 0.7 * len(rows) or any(mark_of(line) for line in lines):
        return None
    if columns == 2 and not _is_aligned(lines):
        return None
    return rows


def _is_aligned(lines: list[str]) -> bool:
    starts = [match.end() for line in lines if (match := _CELL_GAP.search(line.strip()))]
    return len(starts) > 1 and max(starts.count(column) for column in starts) >= 0.7 * len(starts)
