"""What stands where on a PDF page: stretches of text with size and weight, and the rules of tables. Read with PDFium."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from bam.documents.text_builder import clean
from bam.model.errors import ConversionError

MAX_PAGES = 1500
MAX_SEGMENTS = 12_000
MAX_RULES = 6_000
_THIN = 3.0
_PDFIUM = threading.Lock()
"""PDFium keeps global state: one document at a time in a process."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Text in one font on one line. Coordinates in points from the lower left corner; `size` is comparable within a file."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    ends_with_space: bool = False

    @property
    def height(self) -> float:
        """Height of the ink in points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line, horizontal or vertical, or the edge of a box."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_horizontal(self) -> bool:
        """Whether it lies rather than stands."""
        return self.right - self.left >= self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `number` counts from 1, sizes in points."""

    number: int
    width: float
    height: float
    segments: tuple[Segment, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class PdfFile:
    """All pages and the document information (`Title`, `Author`, `CreationDate` ...)."""

    pages: tuple[Page, ...]
    info: dict[str, str]


def read_pdf(data: bytes, name: str) -> PdfFile:
    """Read all pages. Raises ConversionError for damaged, encrypted and overlong files."""
    with _PDFIUM:
        document = _open(data, name)
        try:
            if len(document) > MAX_PAGES:
                raise ConversionError(f"the PDF has too many pages ({len(document)})", where=name, remedy="Split it.")
            pages = tuple(_pages(document))
            return PdfFile(pages, document.get_metadata_dict(skip_empty=True))
        finally:
            document.close()


def _open(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ConversionError("the PDF needs a password", where=name, remedy="Store it without one.") from error
        raise ConversionError("the PDF is damaged", where=name, remedy="Fetch it again.") from error


def _pages(document: pypdfium2.PdfDocument) -> Iterator[Page]:
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            continue
        width, height = page.get_size()
        yield Page(index + 1, width, height, tuple(_segments(page)), tuple(_rules(page)))
        page.close()


def _segments(page: Any) -> Iterator[Segment]:
    text_page = page.get_textpage()
    for index in range(min(text_page.count_rects(), MAX_SEGMENTS)):
        left, bottom, right, top = text_page.get_rect(index)
        raw = text_page.get_text_bounded(left, bottom, right, top)
        text = clean(raw)
        if not text:
            continue
        char = pdfium.FPDFText_GetCharIndexAtPos(text_page.raw, left + 1, (bottom + top) / 2, 3, 4)
        size, bold = (pdfium.FPDFText_GetFontSize(text_page.raw, char), _is_bold(text_page, char)) if char >= 0 else (0.0, False)
        yield Segment(text, left, bottom, right, top, size, bold, raw[-1:].isspace())
    text_page.close()


def _is_bold(text_page: Any, char: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text_page.raw, char) >= 600:
        return True
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page.raw, char, buffer, len(buffer), flags)
    name = buffer.raw[: max(0, min(length, len(buffer)) - 1)].lower()
    return b"bold" in name or b"black" in name


def _rules(page: Any) -> Iterator[Rule]:
    """Thin paths as they are, and the four edges of boxes (cells drawn as filled or framed rectangles)."""
    for count, path in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if count >= MAX_RULES:
            return
        left, bottom, right, top = path.get_bounds()
        wide, high = right - left, top - bottom
        if min(wide, high) <= _THIN:
            if max(wide, high) > _THIN:
                yield Rule(left, bottom, right, top)
        elif wide > 15 and high > 6:
            yield Rule(left, bottom, right, bottom)
            yield Rule(left, top, right, top)
            yield Rule(left, bottom, left, top)
            yield Rule(right, bottom, right, top)
