"""An article's elements to blocks of canonical text: headings, paragraphs, list items with their printed numbers, table rows."""

from __future__ import annotations

import re

from bam.documents.html_tree import BLOCKS, HEADINGS, MAX_DEPTH, Element, has_blocks, name_parts, tag, text_of
from bam.documents.line_layout import mark_of
from bam.documents.list_numbers import printed_number
from bam.documents.page_words import page_words
from bam.documents.plain_text import add_lines
from bam.documents.text_builder import TextBuilder, clean
from bam.model.text import BlockKind

_LIST_TAGS = ("ul", "ol", "dir", "menu")
_SENTENCE_WORDS = 8
"""A description of so many words that ends like a sentence is one."""

_SHORT = 160


class PageWriter:
    """Writes the blocks of one article. Inline text is gathered until a block begins or ends."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self._inline: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._number: str | None = None

    def write(self, article: Element) -> TextBuilder:
        """All blocks of the article."""
        self._children(article, 0)
        self._flush()
        return self.builder

    def _flush(self) -> None:
        text = clean("".join(self._inline))
        self._inline = []
        if not text or page_words().is_furniture(text):
            return
        kind, level, number = self._kind, self._level, self._number
        if kind is BlockKind.PARAGRAPH and page_words().photo_credit.search(text) and len(text) < _SHORT:
            kind = BlockKind.CAPTION
        if kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING) and (mark := mark_of(text)) and mark.number:
            # A number that is written out is what print shows, also where the list would count by itself.
            number = mark.number
            if kind is BlockKind.PARAGRAPH:
                kind, level = BlockKind.LIST_ITEM, 1
        self.builder.add(kind, text, level=level, number=number)
        if kind is BlockKind.LIST_ITEM:
            # What follows in the same item is a paragraph of it, without a number of its own.
            self._number = None

    def _children(self, element: Element, depth: int) -> None:
        self._inline.append(element.text or "")
        for child in element:
            self._element(child, depth + 1)
            self._inline.append(child.tail or "")

    def _element(self, element: Element, depth: int) -> None:
        name = tag(element)
        if not name:
            return
        if depth > MAX_DEPTH:
            self._inline.append(text_of(element))
        elif name == "br":
            self._line_break(element)
        elif name not in BLOCKS and not has_blocks(element):
            self._children(element, depth)
        else:
            self._block(element, name, depth)

    def _line_break(self, element: Element) -> None:
        """One break is a space, two are a new paragraph; so is one before a printed list mark."""
        following = element.getnext()
        doubled = following is not None and tag(following) == "br" and not (element.tail or "").strip()
        if doubled or mark_of(clean(element.tail or "") + " x"):
            self._flush()
        else:
            self._inline.append("\n")

    def _block(self, element: Element, name: str, depth: int) -> None:
        self._flush()
        outer = self._kind, self._level, self._number
        if name in HEADINGS:
            self._kind, self._level, self._number = BlockKind.HEADING, HEADINGS[name], None
        elif name in _LIST_TAGS:
            self._list(element, depth)
            self._kind, self._level, self._number = outer
            return
        elif name == "table" and is_data_table(element):
            self._table(element)
            return
        elif name == "dl":
            self._definitions(element, depth)
            return
        elif name == "pre":
            add_lines(self.builder, "".join(str(piece) for piece in element.itertext()))
            return
        else:
            self._kind = self._kind_of(element, name)
            if self._kind is BlockKind.HEADING:
                self._level = 4
        self._children(element, depth)
        self._flush()
        self._kind, self._level, self._number = outer

    def _kind_of(self, element: Element, name: str) -> BlockKind:
        if name in ("figcaption", "caption") or name_parts(element) & page_words().caption:
            return BlockKind.CAPTION
        if name == "summary":
            return BlockKind.HEADING
        if self._kind in (BlockKind.LIST_ITEM, BlockKind.CAPTION, BlockKind.QUOTE):
            return self._kind
        if name == "blockquote":
            return BlockKind.QUOTE
        if name_parts(element) & page_words().byline and len(text_of(element)) < _SHORT:
            return BlockKind.BYLINE
        if name == "p" and _is_bold_line(element):
            return BlockKind.HEADING
        return self._kind if self._kind is BlockKind.BYLINE else BlockKind.PARAGRAPH

    def _list(self, element: Element, depth: int) -> None:
        is_item = self._kind is BlockKind.LIST_ITEM
        level = self._level + 1 if is_item else 1
        numbers = _Numbering(element) if tag(element) == "ol" else None
        for child in element:
            self._kind, self._level = BlockKind.LIST_ITEM, level
            self._number = numbers.next(child) if numbers and tag(child) == "li" else None
            if tag(child) == "li":
                self._children(child, depth + 1)
            else:
                self._element(child, depth + 1)
            self._flush()
            self._inline.append(child.tail or "")
        self._flush()

    def _definitions(self, element: Element, depth: int) -> None:
        """Terms and their descriptions: rows of two cells where these are values, headings with text where they are prose."""
        table = self.builder.begin_table()
        is_prose = _holds_prose(element)
        terms: list[str] = []
        for child in element.iter("dt", "dd"):
            if tag(child) == "dt":
                terms.append(text_of(child))
            elif is_prose or (has_blocks(child) and len(text_of(child)) > 4 * _SHORT):
                self.builder.add(BlockKind.HEADING, " / ".join(terms), level=4)
                self._block(child, "div", depth + 1)
                terms = []
            else:
                self.builder.add_row([" / ".join(terms), text_of(child)], table=table)
                terms = []

    def _table(self, element: Element) -> None:
        caption = element.find("caption")
        if caption is not None:
            self.builder.add(BlockKind.CAPTION, text_of(caption))
        table = self.builder.begin_table()
        open_spans: dict[int, int] = {}
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        for index, row in enumerate(rows):
            cells = [cell for cell in row if tag(cell) in ("td", "th")]
            in_head = tag(row.getparent()) == "thead"
            only_heads = bool(cells) and all(tag(cell) == "th" for cell in cells)
            is_header = in_head or (only_heads and len(cells) > 1) or (index == 0 and _looks_bold(cells) and len(rows) > 2)
            self.builder.add_row(_row_texts(cells, open_spans), table=table, header=is_header)


class _Numbering:
    """The numbers that a browser prints before the items of an ordered list."""

    def __init__(self, element: Element) -> None:
        start = element.get("start") or ""
        self._value = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
        self._style = element.get("type") or "1"

    def next(self, item: Element) -> str:
        value = item.get("value") or ""
        if re.fullmatch(r"-?\d{1,6}", value):
            self._value = int(value)
        number = self._value
        self._value += 1
        return f"{printed_number(number, self._style)}."


def _holds_prose(definitions: Element) -> bool:
    """Whether most descriptions are sentences ("The Parties shall ...") rather than values ("Japan")."""
    texts = [text_of(child) for child in definitions.iter("dd")]
    sentences = [text for text in texts if text.rstrip().endswith((".", "!", "?")) and len(text.split()) >= _SENTENCE_WORDS]
    return len(sentences) > len(texts) / 2


def _row_texts(cells: list[Element], open_spans: dict[int, int]) -> list[str]:
    """Texts of a row with empty cells where a cell of a row above or to the left reaches over."""
    texts: list[str] = []

    def skip_covered() -> None:
        while open_spans.get(len(texts), 0) > 0:
            open_spans[len(texts)] -= 1
            texts.append("")

    for cell in cells:
        skip_covered()
        rows, columns = _span(cell.get("rowspan")), _span(cell.get("colspan"))
        for column in range(columns):
            if rows > 1:
                open_spans[len(texts)] = rows - 1
            texts.append(text_of_cell(cell) if column == 0 else "")
    skip_covered()
    return texts


def _span(value: str | None) -> int:
    return min(int(value), 50) if value and value.isdigit() and int(value) else 1


def text_of_cell(cell: Element) -> str:
    """Text of a cell with a space where an element of its own line begins."""
    pieces: list[str] = [cell.text or ""]
    for child in cell.iterdescendants():
        if tag(child) in BLOCKS or tag(child) == "br":
            pieces.append(" ")
        pieces.append(child.text or "")
        if child.tail and tag(child) in BLOCKS:
            pieces.append(" ")
        pieces.append(child.tail or "")
    return clean("".join(pieces))


def is_data_table(table: Element) -> bool:
    """Whether a table holds data; one that only arranges the page is read as if it were not there."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return False
    if any(tag(below) in HEADINGS or tag(below) in ("div", "section", "article", "form") for below in table.iter()):
        return False
    rows = [[cell for cell in row if tag(cell) in ("td", "th")] for row in table.iter("tr")]
    widest = max((len(row) for row in rows), default=0)
    if widest < 2 or len(rows) < 2:
        return any(tag(below) in ("th", "caption") for below in table.iter()) and widest >= 2
    paragraphs = sum(1 for _ in table.iter("p"))
    return paragraphs <= 1.5 * sum(len(row) for row in rows)


def _looks_bold(cells: list[Element]) -> bool:
    return bool(cells) and all(_is_bold_line(cell) or not text_of(cell) for cell in cells)


def _is_bold_line(element: Element) -> bool:
    """Whether all text of a short element is bold and reads like a heading."""
    text = text_of(element)
    if not text or len(text) > _SHORT or text.endswith((".", ",", ";")) or (element.text or "").strip():
        return False
    children = [child for child in element if tag(child) != "br"]
    return len(children) == 1 and tag(children[0]) in ("b", "strong") and not (children[0].tail or "").strip()
