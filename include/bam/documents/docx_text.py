"""DOCX to blocks, read with python-docx: headings by style, printed list numbers from the numbering part, tables as rows."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from io import BytesIO
from typing import Any

from lxml import etree

from bam.documents import media_types
from bam.documents.library_versions import library_version
from bam.documents.line_layout import mark_of
from bam.documents.list_numbers import printed_number
from bam.documents.text_builder import TextBuilder, clean
from bam.documents.text_metadata import complete_metadata
from bam.documents.zip_guard import check_zip
from bam.model.errors import ConversionError
from bam.model.text import BlockKind, ConvertedDocument, Metadata

CONVERTER_VERSION = "1"
_HEADING_STYLE = re.compile(r"(?:heading|überschrift|titre|заголовок)\s*(\d)", re.IGNORECASE)
_HTML_STYLES = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_SHORT = 150


def convert_docx(data: bytes, name: str, content_type: str | None, address: str | None) -> list[ConvertedDocument]:
    """The one document of a DOCX file. Raises ConversionError for damaged files and decompression bombs."""
    import docx

    check_zip(data, name)
    try:
        document = docx.Document(BytesIO(data))
    except (ValueError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise ConversionError("the DOCX file is damaged", where=name, remedy="Save it again.") from error
    builder = TextBuilder()
    _Writer(document, builder).write()
    properties = document.core_properties
    known = {"title": clean(properties.title or "") or None, "author": clean(properties.author or "") or None}
    if known["author"] in ("python-docx", "Microsoft Office User"):
        known["author"] = None
    origins = {field: "docx-properties" for field, value in known.items() if value}
    metadata = complete_metadata(
        builder, Metadata(title=known["title"], author=known["author"], address=address, origins=origins)
    )
    converter = f"bam-docx/{CONVERTER_VERSION} python-docx/{library_version('python-docx')}"
    return [ConvertedDocument(name, builder.text, tuple(builder.blocks), metadata, media_types.DOCX, converter)]


class _Writer:
    """Goes through the body in document order."""

    def __init__(self, document: Any, builder: TextBuilder) -> None:
        self.document = document
        self.builder = builder
        self.numbering = _Numbering(document)

    def write(self) -> None:
        for item in self.document.iter_inner_content():
            if hasattr(item, "rows"):
                self._table(item)
            else:
                self._paragraph(item)
        if not any(block.kind is BlockKind.TITLE for block in self.builder.blocks):
            first = [i for i, block in enumerate(self.builder.blocks[:6]) if block.kind is BlockKind.HEADING]
            if first:
                self.builder.retitle(min(first, key=lambda i: self.builder.blocks[i].level), BlockKind.TITLE, level=1)

    def _paragraph(self, paragraph: Any) -> None:
        text = clean(paragraph.text)
        style = paragraph.style.name if paragraph.style is not None else ""
        number, level = self.numbering.mark(paragraph)
        heading = _HEADING_STYLE.search(style)
        mark = mark_of(text)
        written = mark.number if mark else None
        if style.lower() in ("title", "titel"):
            self.builder.add(BlockKind.TITLE, text, level=1)
        elif heading or _is_bold_heading(paragraph, text):
            depth = int(heading.group(1)) if heading else 5
            self.builder.add(BlockKind.HEADING, text, level=max(1, min(depth, 6)), number=written or number)
        elif level or style.lower().startswith("list"):
            self.builder.add(BlockKind.LIST_ITEM, text, level=max(1, level), number=written or number)
        elif mark is not None:
            shown = text if mark.number else text[mark.length :]
            self.builder.add(BlockKind.LIST_ITEM, shown, level=1, number=mark.number)
        elif style.lower() == "caption":
            self.builder.add(BlockKind.CAPTION, text)
        elif "quote" in style.lower():
            self.builder.add(BlockKind.QUOTE, text)
        else:
            self.builder.add(BlockKind.PARAGRAPH, text)

    def _table(self, table: Any) -> None:
        number = self.builder.begin_table()
        for index, row in enumerate(table.rows):
            texts: list[str] = []
            seen: list[Any] = []
            for cell in row.cells:
                # A merged cell comes once per column that it spans; its text stands in the first of them.
                texts.append("" if any(cell._tc is other for other in seen) else cell.text)
                seen.append(cell._tc)
            self.builder.add_row(texts, table=number, header=index == 0 and len(table.rows) > 1)


class _Numbering:
    """Numbers that Word prints before paragraphs, counted as Word counts them."""

    def __init__(self, document: Any) -> None:
        self._formats: dict[tuple[str, str], tuple[str, str, int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        levels: dict[str, dict[str, tuple[str, str, int]]] = {}
        for abstract in root.iter(f"{w}abstractNum"):
            levels[abstract.get(f"{w}abstractNumId")] = {
                level.get(f"{w}ilvl"): (
                    _value(level, f"{w}numFmt", w, "decimal"),
                    _value(level, f"{w}lvlText", w, ""),
                    int(_value(level, f"{w}start", w, "1")),
                )
                for level in abstract.iter(f"{w}lvl")
            }
        for num in root.iter(f"{w}num"):
            abstract_id = num.find(f"{w}abstractNumId").get(f"{w}val")
            for depth, style in levels.get(abstract_id, {}).items():
                self._formats[(num.get(f"{w}numId"), depth)] = style

    def mark(self, paragraph: Any) -> tuple[str | None, int]:
        """The printed number (None for bullets) and the level from 1; level 0 where the paragraph is in no list."""
        num_id, depth = _number_properties(paragraph)
        if num_id is None or num_id == "0":
            return None, 0
        style, pattern, start = self._formats.get((num_id, str(depth)), ("bullet", "", 1))
        counts = self._counts[num_id]
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if style in ("bullet", "none"):
            return None, depth + 1
        printed = re.sub(r"%(\d)", lambda match: self._printed(num_id, int(match.group(1)) - 1), pattern)
        return printed.strip() or None, depth + 1

    def _printed(self, num_id: str, depth: int) -> str:
        value = self._counts[num_id].get(depth, 1)
        style = self._formats.get((num_id, str(depth)), ("decimal", "", 1))[0]
        return printed_number(value, _HTML_STYLES.get(style, "1"))


def _value(element: Any, tag: str, w: str, default: str) -> str:
    child = element.find(tag)
    return default if child is None else child.get(f"{w}val") or default


def _number_properties(paragraph: Any) -> tuple[str | None, int]:
    """numId and level of a paragraph, its own or its style's."""
    sources = [paragraph._p.pPr]
    style = paragraph.style
    while style is not None and len(sources) < 6:
        sources.append(style.element.pPr)
        style = style.base_style
    for properties in sources:
        numbers = properties.numPr if properties is not None else None
        if numbers is not None and numbers.numId is not None:
            return str(numbers.numId.val), int(numbers.ilvl.val) if numbers.ilvl is not None else 0
    return None, 0


def _is_bold_heading(paragraph: Any, text: str) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs) and len(text) < _SHORT and not text.endswith((".", ",", ";"))
