"""Plain text to blocks: wrapped paragraphs joined, headings, lists and tabular rows told by their layout."""

from __future__ import annotations

import re

from bam.documents.dates_in_text import find_dates
from bam.documents.line_layout import Unit, layout, runs_on, wrap_width_of
from bam.documents.page_words import page_words
from bam.documents.text_builder import TextBuilder, clean
from bam.model.text import BlockKind

_HEADING_LENGTH = 130
_RUNS_ON_LENGTH = 60
_HEAD_GROUPS = 5
_DATE_REACH = 20
_SLUG = re.compile(r"[^a-z]*/[^a-z]*")
"""A wire service's line of key words: capitals, strokes and hyphens."""
_UNDERLINE = re.compile(r"\s*([=\-~*_])\1{2,}\s*$")
_DECORATION = re.compile(r"^\s*[*=~#_]{2,}\s+(.*?)\s+[*=~#_]{2,}\s*$")
_NO_HEADING_END = tuple(".!?;,:…")


def convert_plain_text(text: str) -> TextBuilder:
    """Blocks of a plain text. The first line that can be one is the title."""
    builder = TextBuilder()
    groups = _groups(text)
    wrap_width = wrap_width_of([line for lines in groups for line in lines])
    group_starts = []
    for index, lines in enumerate(groups):
        is_followed = index + 1 < len(groups)
        units = layout(lines, wrap_width)
        group_starts.append(len(builder.blocks))
        for unit in units:
            _add_unit(builder, unit, may_be_heading=len(units) == 1 and is_followed)
    _mark_title(builder, group_starts)
    return builder


def add_lines(builder: TextBuilder, text: str) -> None:
    """Add a stretch of plain text (preformatted text of a page, the body of a mail) without looking for a title."""
    groups = _groups(text)
    wrap_width = wrap_width_of([line for lines in groups for line in lines])
    for lines in groups:
        for unit in layout(lines, wrap_width):
            _add_unit(builder, unit, may_be_heading=False)


def _groups(text: str) -> list[list[str]]:
    """Runs of lines between empty ones; underlines and decoration are taken off headings."""
    groups: list[list[str]] = [[]]
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n"):
        decorated = _DECORATION.match(line)
        if decorated:
            groups += [[decorated.group(1)], []]
        elif _UNDERLINE.match(line):
            if groups[-1]:
                groups.append([])
        elif line.strip():
            groups[-1].append(line.expandtabs(4).rstrip())
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _add_unit(builder: TextBuilder, unit: Unit, *, may_be_heading: bool) -> None:
    if unit.rows:
        table = builder.begin_table()
        for index, row in enumerate(unit.rows):
            builder.add_row(row, table=table, header=index == 0)
        return
    number = unit.mark.number if unit.mark else None
    if may_be_heading and unit.is_single_line and is_heading(unit.text) and not (unit.mark and number is None):
        builder.add(BlockKind.HEADING, unit.text, level=2 if unit.text.isupper() else 3, number=number)
    elif unit.mark:
        builder.add(BlockKind.LIST_ITEM, unit.text, level=1 + min(unit.mark.indent // 4, 4), number=number)
    else:
        add_paragraph(builder, BlockKind.PARAGRAPH, unit.text)


def add_paragraph(builder: TextBuilder, kind: BlockKind, text: str) -> None:
    """Add a paragraph, or the rest of the one before it that a page break cut in two."""
    if builder.blocks and builder.blocks[-1].kind in (kind, BlockKind.LIST_ITEM) and runs_on(builder.last_text, clean(text)):
        builder.extend_last(text)
    else:
        builder.add(kind, text)


def is_heading(text: str) -> bool:
    """Whether a line that stands alone reads like a heading: short, no full stop, and some letters."""
    text = clean(text)
    if not text or len(text) > _HEADING_LENGTH:
        return False
    if text.endswith(_NO_HEADING_END) and not (text.isupper() and text[-1] in "?!"):
        return False
    last_word = text.rsplit(maxsplit=1)[-1]
    if len(text) > _RUNS_ON_LENGTH and last_word.islower() and len(last_word) <= 3:
        return False
    return sum(char.isalpha() for char in text) > len(text) / 2


def _mark_title(builder: TextBuilder, group_starts: list[int]) -> None:
    """The title is the first line of the head that can be one: no date, no label ("PRESS RELEASE"), and not the name of the
    body that stands together with a label.
    """
    for number, start in enumerate(group_starts[:_HEAD_GROUPS]):
        end = group_starts[number + 1] if number + 1 < len(group_starts) else len(builder.blocks)
        lines = [builder.block_text(i) for i in range(start, end)]
        if any(len(line) > 2 * _HEADING_LENGTH for line in lines):
            return
        if any(page_words().is_label(line) for line in lines):
            continue
        for index, line in zip(range(start, end), lines, strict=True):
            if is_heading(line) and not find_dates(line[-_DATE_REACH:]) and not _SLUG.fullmatch(line):
                builder.retitle(index, BlockKind.TITLE, level=1)
                return
