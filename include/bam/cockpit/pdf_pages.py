"""Pages of a PDF as pictures. Airflow shows our pages in a sandboxed frame, in which browsers refuse to open PDF files."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict

from fastapi import HTTPException

PIXELS_PER_POINT = 1.6
"""An A4 page becomes 950 pixels wide: sharp on a usual screen, about 120 KB."""

KEPT = 64

_lock = threading.Lock()
_kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()


def page_count(pdf: bytes) -> int:
    """How many pages it has."""
    from pypdfium2 import PdfDocument

    with _lock:  # pdfium isn't made for threads
        document = PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_picture(pdf: bytes, sha256: str, number: int) -> bytes:
    """Page `number` (from 1) as a PNG. Raises HTTPException 404 where there is no such page."""
    from pypdfium2 import PdfDocument

    with _lock:
        if (known := _kept.get((sha256, number))) is not None:
            _kept.move_to_end((sha256, number))
            return known
        document = PdfDocument(pdf)
        try:
            if not 1 <= number <= len(document):
                raise HTTPException(404, "The PDF has no such page.")
            picture = document[number - 1].render(scale=PIXELS_PER_POINT).to_pil()
        finally:
            document.close()
        target = io.BytesIO()
        picture.quantize(128).save(target, "PNG")
        _kept[sha256, number] = target.getvalue()
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return target.getvalue()
