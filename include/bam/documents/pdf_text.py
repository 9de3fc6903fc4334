"""PDF to blocks: lines joined to paragraphs over columns and pages, hyphenation mended, headings told by size and weight."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from bam.documents import media_types
from bam.documents.dates_in_text import iso_prefix
from bam.documents.library_versions import library_version
from bam.documents.line_layout import mark_of, runs_on
from bam.documents.pdf_layout import Column, page_columns, running_texts
from bam.documents.pdf_lines import Line
from bam.documents.pdf_page import PdfFile, read_pdf
from bam.documents.pdf_tables import Table
from bam.documents.text_builder import TextBuilder, clean
from bam.documents.text_metadata import complete_metadata
from bam.model.text import BlockKind, ConvertedDocument, Metadata

CONVERTER_VERSION = "1"
_HYPHEN_AT_END = re.compile(r"([^\W\d_]{2,})([-‐\u00ad])$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = tuple('.!?:;…"”»)')
_GENERATED_TITLE = re.compile(r"^(untitled|microsoft word|document\d*|.*\.(docx?|pdf|indd|tex|xlsx?))\b", re.IGNORECASE)
_HEADING_LENGTH = 180
_PDF_DATE = re.compile(r"D:((?:19|20)\d{2})(\d{2})(\d{2})")


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together; `page` is that of the first."""

    lines: list[Line]
    page: int
    column: Column

    @property
    def last(self) -> Line:
        return self.lines[-1]


def convert_pdf(data: bytes, name: str, content_type: str | None, address: str | None) -> list[ConvertedDocument]:
    """The one document of a PDF file, with the page of each block."""
    file = read_pdf(data, name)
    builder = TextBuilder()
    _Writer(file, builder).write()
    metadata = complete_metadata(builder, _info_metadata(file, address))
    if metadata.published is None and (created := _PDF_DATE.match(file.info.get("CreationDate", ""))):
        metadata = replace(metadata, published=iso_prefix("-".join(created.groups())))
        metadata.origins["published"] = "pdf-info"
    converter = f"bam-pdf/{CONVERTER_VERSION} pypdfium2/{library_version('pypdfium2')}"
    return [ConvertedDocument(name, builder.text, tuple(builder.blocks), metadata, media_types.PDF, converter)]


def _info_metadata(file: PdfFile, address: str | None) -> Metadata:
    title = clean(file.info.get("Title", ""))
    author = clean(file.info.get("Author", ""))
    values = {"title": None if _GENERATED_TITLE.match(title) else title or None, "author": author or None}
    return Metadata(
        title=values["title"],
        author=values["author"],
        address=address,
        origins={field: "pdf-info" for field, value in values.items() if value},
    )


class _Writer:
    """Goes through the pages and adds blocks; one paragraph stays open so that it can go on in the next column or page."""

    def __init__(self, file: PdfFile, builder: TextBuilder) -> None:
        self.file = file
        self.builder = builder
        self._open: _Paragraph | None = None
        self._running = running_texts(file.pages)
        sizes: Counter[float] = Counter()
        self._words: Counter[str] = Counter()
        for page in file.pages:
            for segment in page.segments:
                sizes[round(segment.size, 1)] += len(segment.text)
                self._words.update(re.findall(r"[\w'’-]+", segment.text.lower()))
        self._body_size = sizes.most_common(1)[0][0] if sizes else 0.0
        heading_sizes = sorted((size for size in sizes if size > 1.12 * self._body_size), reverse=True)
        self._levels = {size: min(level, 6) for level, size in enumerate(heading_sizes, start=1)}

    def write(self) -> None:
        for page in self.file.pages:
            for column in page_columns(page, self._running):
                self._write_column(column, page.number)
        self._close()
        self._mark_title()

    def _write_column(self, column: Column, page: int) -> None:
        before: Line | None = None
        for item in column.items:
            if isinstance(item, Table):
                self._close()
                self._write_table(item, page)
                before = None
                continue
            if self._open is None or not self._goes_on(self._open, before, item):
                self._close()
                self._open = _Paragraph([], page, column)
            self._open.lines.append(item)
            before = item

    def _goes_on(self, paragraph: _Paragraph, before: Line | None, line: Line) -> bool:
        """Whether the line belongs to the open paragraph. `before` is None at the top of a column."""
        last = paragraph.last
        if mark_of(line.text) or not _same_font(last, line):
            return False
        ends = last.text.endswith(_SENTENCE_END)
        height = max(last.top - last.bottom, line.top - line.bottom)
        stands_below = 0 <= last.bottom - line.top < 0.75 * height and abs(last.left - line.left) < height
        if before is None and not stands_below:
            fills_column = last.right > paragraph.column.right - 0.1 * (paragraph.column.right - paragraph.column.left)
            return not ends and (fills_column or line.text[:1].islower() or runs_on(last.text, line.text))
        before = before or last
        if before.bottom - line.top > 0.75 * height:
            return False
        width = paragraph.column.right - paragraph.column.left
        is_short = last.right < paragraph.column.right - 0.15 * width
        is_indented = line.left > last.left + 0.8 * height and len(paragraph.lines) > 1
        return not (is_short and ends) and not (is_indented and ends)

    def _write_table(self, table: Table, page: int) -> None:
        number = self.builder.begin_table()
        for index, row in enumerate(table.rows):
            self.builder.add_row(row, table=number, header=table.header and index == 0, page=page)

    def _close(self) -> None:
        paragraph, self._open = self._open, None
        if paragraph is None or not paragraph.lines:
            return
        text = self._joined(paragraph.lines)
        mark = mark_of(text)
        level = self._heading_level(paragraph, text)
        if level:
            self.builder.add(BlockKind.HEADING, text, level=level, number=mark.number if mark else None, page=paragraph.page)
        elif mark is not None:
            shown = text if mark.number else text[mark.length :]
            self.builder.add(BlockKind.LIST_ITEM, shown, level=1, number=mark.number, page=paragraph.page)
        else:
            self.builder.add(BlockKind.PARAGRAPH, text, page=paragraph.page)

    def _heading_level(self, paragraph: _Paragraph, text: str) -> int:
        if len(text) > _HEADING_LENGTH:
            return 0
        level = self._levels.get(round(paragraph.lines[0].size, 1), 0)
        if level:
            return level
        is_bold = all(line.bold for line in paragraph.lines)
        return 5 if is_bold and not text.endswith((".", ",", ";")) and len(paragraph.lines) <= 3 else 0

    def _joined(self, lines: list[Line]) -> str:
        text = lines[0].text
        for line in lines[1:]:
            following = line.text
            match = _HYPHEN_AT_END.search(text)
            first = _FIRST_WORD.match(following)
            if match and first and following[:1].islower():
                text = text[:-1] + ("-" if self._keeps_hyphen(match, first.group()) else "") + following
            else:
                text = f"{text} {following}"
        return text

    def _keeps_hyphen(self, match: re.Match[str], second: str) -> bool:
        """A plain hyphen at a line's end belongs to the word where the file writes the word so elsewhere."""
        if match.group(2) != "-":
            return False
        first = match.group(1).lower()
        return self._words[f"{first}-{second.lower()}"] > self._words[first + second.lower()]

    def _mark_title(self) -> None:
        first = [i for i, block in enumerate(self.builder.blocks[:12]) if block.kind is BlockKind.HEADING]
        known = _letters(self.file.info.get("Title", ""))
        named = [i for i in first if known and _letters(self.builder.block_text(i)) in known]
        if first:
            best = max(named, key=lambda i: len(self.builder.block_text(i)), default=None)
            best = min(first, key=lambda i: self.builder.blocks[i].level) if best is None else best
            self.builder.retitle(best, BlockKind.TITLE, level=1)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _same_font(first: Line, second: Line) -> bool:
    return abs(first.size - second.size) <= 0.08 * max(first.size, second.size, 1.0) and first.bold == second.bold
