"""ODT to blocks, read from its `content.xml` with lxml: headings, paragraphs, lists with printed numbers, tables."""

from __future__ import annotations

import zipfile
from io import BytesIO

from lxml import etree

from bam.documents import media_types
from bam.documents.line_layout import mark_of
from bam.documents.text_builder import TextBuilder, clean
from bam.documents.text_metadata import complete_metadata
from bam.documents.zip_guard import check_zip
from bam.model.errors import ConversionError
from bam.model.text import BlockKind, ConvertedDocument, Metadata

CONVERTER_VERSION = "1"
_NS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
}
_TEXT = f"{{{_NS['text']}}}"
_TABLE = f"{{{_NS['table']}}}"
_STYLE = f"{{{_NS['style']}}}"
_SKIPPED = frozenset(
    {f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls", f"{_TEXT}table-of-content", f"{{{_NS['office']}}}annotation"}
)
_MAX_REPEAT = 50


def convert_odt(data: bytes, name: str, content_type: str | None, address: str | None) -> list[ConvertedDocument]:
    """The one document of an ODT file. Raises ConversionError for damaged files and decompression bombs."""
    check_zip(data, name)
    content = _member(data, "content.xml", name)
    if content is None:
        raise ConversionError("the ODT file has no content", where=name, remedy="Save it again.")
    body = content.find(".//office:body/office:text", _NS)
    if body is None:
        raise ConversionError("the file is no text document", where=name, remedy="Give it as ODT text.")
    builder = TextBuilder()
    _Writer(builder, _ordered_styles(content)).blocks(body)
    metadata = complete_metadata(builder, _metadata(_member(data, "meta.xml", name), address))
    converter = f"bam-odt/{CONVERTER_VERSION}"
    return [ConvertedDocument(name, builder.text, tuple(builder.blocks), metadata, media_types.ODT, converter)]


def _member(data: bytes, member: str, name: str) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if member not in archive.namelist():
                return None
            return etree.fromstring(archive.read(member), parser)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, RuntimeError, OSError) as error:
        raise ConversionError("the ODT file is damaged", where=name, remedy="Save it again.") from error


def _metadata(meta: etree._Element | None, address: str | None) -> Metadata:
    found: dict[str, str] = {}
    if meta is not None:
        for field, path in (("title", ".//dc:title"), ("author", ".//meta:initial-creator")):
            value = clean(meta.findtext(path, default="", namespaces=_NS))
            if value:
                found[field] = value
    return Metadata(
        title=found.get("title"), author=found.get("author"), address=address, origins=dict.fromkeys(found, "odt-properties")
    )


def _ordered_styles(content: etree._Element) -> frozenset[str]:
    """Names of list styles whose first level is numbered."""
    names = set()
    for style in content.iter(f"{_TEXT}list-style"):
        first = next(iter(style), None)
        if first is not None and first.tag == f"{_TEXT}list-level-style-number":
            names.add(style.get(f"{_STYLE}name") or "")
    return frozenset(names)


class _Writer:
    """Writes blocks in document order."""

    def __init__(self, builder: TextBuilder, ordered: frozenset[str]) -> None:
        self.builder = builder
        self.ordered = ordered

    def blocks(self, parent: etree._Element) -> None:
        """All blocks below an element."""
        for child in parent:
            if not isinstance(child.tag, str) or child.tag in _SKIPPED:
                continue
            if child.tag == f"{_TEXT}h":
                self._heading(child)
            elif child.tag == f"{_TEXT}p":
                self._paragraph(child)
            elif child.tag == f"{_TEXT}list":
                self._list(child, level=1, style=child.get(f"{_TEXT}style-name"))
            elif child.tag == f"{_TABLE}table":
                self._table(child)
            else:
                self.blocks(child)

    def _heading(self, element: etree._Element) -> None:
        outline = element.get(f"{_TEXT}outline-level") or "1"
        level = min(int(outline) if outline.isdigit() else 1, 6)
        has_title = any(block.kind is BlockKind.TITLE for block in self.builder.blocks)
        kind = BlockKind.HEADING if has_title or level > 1 else BlockKind.TITLE
        self.builder.add(kind, _text(element), level=level)

    def _paragraph(self, element: etree._Element) -> None:
        text = clean(_text(element))
        style = (element.get(f"{_TEXT}style-name") or "").lower()
        mark = mark_of(text)
        if style == "title":
            self.builder.add(BlockKind.TITLE, text, level=1)
        elif mark is not None:
            shown = text if mark.number else text[mark.length :]
            self.builder.add(BlockKind.LIST_ITEM, shown, level=1, number=mark.number)
        else:
            self.builder.add(BlockKind.PARAGRAPH, text)

    def _list(self, element: etree._Element, *, level: int, style: str | None) -> None:
        number = 0
        is_ordered = (style or "") in self.ordered
        for item in element.iter(f"{_TEXT}list-item"):
            if item.getparent() is not element:
                continue
            number += 1
            is_first = True
            for child in item:
                if child.tag == f"{_TEXT}list":
                    self._list(child, level=level + 1, style=child.get(f"{_TEXT}style-name") or style)
                elif child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                    text = clean(_text(child))
                    mark = mark_of(text)
                    printed = f"{number}." if is_ordered and is_first else None
                    self.builder.add(BlockKind.LIST_ITEM, text, level=level, number=mark.number if mark else printed)
                    is_first = False

    def _table(self, element: etree._Element) -> None:
        table = self.builder.begin_table()
        header_rows = {id(row) for head in element.iter(f"{_TABLE}table-header-rows") for row in head}
        rows = list(element.iter(f"{_TABLE}table-row"))
        for index, row in enumerate(rows):
            cells: list[str] = []
            for cell in row:
                if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                    continue
                repeat = cell.get(f"{_TABLE}number-columns-repeated") or "1"
                text = " ".join(_text(part) for part in cell if isinstance(part.tag, str))
                cells.append(text)
                cells += [""] * min(int(repeat) - 1 if repeat.isdigit() else 0, _MAX_REPEAT)
            while cells and not cells[-1]:
                cells.pop()
            is_header = id(row) in header_rows or (index == 0 and not header_rows and len(rows) > 1)
            self.builder.add_row(cells, table=table, header=is_header)


def _text(element: etree._Element) -> str:
    """Text of a paragraph with its tabs, breaks and runs of spaces; notes and comments are left out."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            pieces.append(" ")
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED and child.tag != f"{_TEXT}note":
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
