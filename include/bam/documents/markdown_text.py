"""Markdown to blocks. Written by hand because documents that call themselves Markdown are often machine-made from PDFs:
hard-wrapped, with headings in bold, list items that run on after a page break, and tables without a rule.

Inline HTML (`5<sup>th</sup>`) stays as it is written: a quote must be found in the file by a plain search.
"""

from __future__ import annotations

import re

from bam.documents.line_layout import Unit, layout, mark_of, wrap_width_of
from bam.documents.plain_text import add_paragraph
from bam.documents.text_builder import HAIR_SPACE, TextBuilder, clean
from bam.model.text import BlockKind

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,8000}?)\n(?:---|\.\.\.)[ \t]*\n", re.S)
_COMMENT = re.compile(r"<!--.{0,20000}?-->", re.S)
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)\s*$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_REFERENCE = re.compile(r" {0,3}\[[^\]\n]+\]:\s+\S+.*$")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^>\s]+)>")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_MARKS = re.compile(r"(?<!\\)(?:\*{1,3}|_{1,3}|`+)")
_LITERAL_STAR = re.compile(r"(?<=\w)\*(?=\s|$|[,;.)])|(?:(?<=\s)|^)\*(?=\s)|(?<=\w)_(?=\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_BOLD_LINE = re.compile(r"\s*(?:#{1,6}\s+)?(\*\*|__)(?!\s)(?P<text>[^\n]{1,250}?)\1\s*$")
_ORDERED = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+(?=\S)")


def convert_markdown(text: str) -> tuple[TextBuilder, dict[str, str]]:
    """Blocks, and the keys of the front matter (lower case) with their values."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    front: dict[str, str] = {}
    if match := _FRONT_MATTER.match(text):
        front = _front_matter(match.group(1))
        text = text[match.end() :]
    builder = TextBuilder()
    groups = _groups(_COMMENT.sub("", text))
    wrap_width = wrap_width_of([line for group in groups if _nature(group[0]) in ("text", "quote") for line in group])
    for group in groups:
        _add_group(builder, group, wrap_width)
    _mark_title(builder)
    return builder, front


def inline(text: str) -> str:
    """Text of a line without emphasis, links, images and escapes."""
    text = _IMAGE.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _BREAK.sub(" ", text)
    return _ESCAPE.sub(r"\1", _without_marks(text))


def _without_marks(text: str) -> str:
    """Take out emphasis and code marks that stand in pairs; a lone star (`Kosovo*`) and `snake_case` stay."""
    literal = {match.start() for match in _LITERAL_STAR.finditer(text)}
    marks = list(_MARKS.finditer(text))
    open_marks: dict[str, int] = {}
    removed: set[int] = set()
    for index, match in enumerate(marks):
        if match.start() in literal and match.group() not in open_marks:
            continue
        if match.group() in open_marks:
            removed |= {open_marks.pop(match.group()), index}
        else:
            open_marks[match.group()] = index
    pieces, position = [], 0
    for index, match in enumerate(marks):
        if index not in removed:
            continue
        pieces.append(text[position : match.start()])
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if before.strip() and after.strip():
            pieces.append(HAIR_SPACE)
        position = match.end()
    return "".join(pieces) + text[position:]


def _front_matter(text: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in text.splitlines() if re.match(r"[A-Za-z][\w-]*\s*:", line))
    return {key.strip().lower(): value.strip().strip("\"'") for key, value in pairs if value.strip()}


def _groups(text: str) -> list[list[str]]:
    """Runs of lines of one nature: a heading, a table, a quotation, or text between empty lines."""
    groups: list[list[str]] = [[]]
    before = ""
    for line in text.split("\n"):
        nature = _nature(line)
        if nature in ("empty", "rule"):
            if nature == "rule" and groups[-1] and before == "text" and _SETEXT.match(line):
                groups[-1] = ["# " + " ".join(groups[-1])] if "=" in line else ["## " + " ".join(groups[-1])]
            groups.append([])
            nature = "empty"
        elif nature == before and nature != "heading":
            groups[-1].append(line)
        else:
            groups.append([line])
        before = nature
    return [group for group in groups if group]


def _nature(line: str) -> str:
    stripped = line.strip()
    if not stripped or _FENCE.match(line) or _REFERENCE.match(line):
        return "empty"
    if _HEADING.match(line):
        return "heading"
    if stripped.startswith("|") or ("|" in line and _TABLE_RULE.match(line)):
        return "table"
    if _RULE.match(line) or re.fullmatch(r"=+", stripped):
        return "rule"
    return "quote" if stripped.startswith(">") else "text"


def _add_group(builder: TextBuilder, lines: list[str], wrap_width: int | None) -> None:
    nature = _nature(lines[0])
    if nature == "heading":
        match = _HEADING.match(lines[0])
        assert match is not None
        _add_heading(builder, inline(match.group(2)), len(match.group(1)))
    elif nature == "table":
        _add_table(builder, lines)
    elif nature == "quote":
        stripped = [re.sub(r"^\s*>\s?", "", line) for line in lines]
        for group in _groups("\n".join(stripped)):
            _add_units(builder, layout(group, wrap_width), BlockKind.QUOTE)
    elif _is_bold_heading(lines):
        _add_heading(builder, inline(" ".join(line.strip() for line in lines)), 4)
    else:
        _add_units(builder, layout([line.rstrip().removesuffix("\\") for line in lines], wrap_width), BlockKind.PARAGRAPH)


def _is_bold_heading(lines: list[str]) -> bool:
    """A paragraph that is bold from its first to its last letter, and short, is a heading that lost its mark."""
    joined = " ".join(line.strip() for line in lines)
    return _BOLD_LINE.match(joined) is not None and joined.count("**") + joined.count("__") == 2


def _add_heading(builder: TextBuilder, text: str, level: int) -> None:
    number = _ORDERED.match(clean(text))
    builder.add(BlockKind.HEADING, text, level=level, number=number.group(0).strip() if number else None)


def _add_units(builder: TextBuilder, units: list[Unit], kind: BlockKind) -> None:
    for unit in units:
        if unit.rows:
            unit = Unit(text=" ".join(" ".join(row) for row in unit.rows))
        text = inline(unit.text)
        number = unit.mark.number if unit.mark else None
        if unit.mark is not None:
            # "- (1) text": the bullet is layout, the number inside is what print shows.
            inner = mark_of(text) if number is None else None
            number = inner.number if inner else number
            builder.add(BlockKind.LIST_ITEM, text, level=1 + min(unit.mark.indent // 2, 5), number=number)
        elif (bold := _ORDERED.match(clean(text))) is not None:
            builder.add(BlockKind.LIST_ITEM, text, level=1, number=bold.group(0).strip())
        else:
            add_paragraph(builder, kind, text)


def _add_table(builder: TextBuilder, lines: list[str]) -> None:
    table = builder.begin_table()
    has_rule = len(lines) > 1 and _TABLE_RULE.match(lines[1]) is not None
    for index, line in enumerate(lines):
        if _TABLE_RULE.match(line):
            continue
        cells = [inline(cell) for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))]
        builder.add_row(cells, table=table, header=has_rule and index == 0)


def _mark_title(builder: TextBuilder) -> None:
    """The first heading of the first level; where the top has none, its first heading."""
    headings = [i for i, block in enumerate(builder.blocks[:8]) if block.kind is BlockKind.HEADING]
    top = [i for i in headings if builder.blocks[i].level == 1] or headings
    if top:
        builder.retitle(top[0], BlockKind.TITLE, level=1)
