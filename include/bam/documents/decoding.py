"""Bytes to characters: byte-order mark, declared charset, UTF-8, and only then a guess."""

from __future__ import annotations

import codecs
import re

from bam.model.errors import ConversionError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""")
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_READ_AS_WINDOWS = frozenset({"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"})
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_GUESS_BYTES = 60_000
_BINARY_SHARE = 0.02
"""Text of any encoding has next to no control characters; more than this share of them is no text."""


def decode(data: bytes, content_type: str | None = None, *, name: str = "") -> str:
    """The characters of a text file of any encoding.

    A declaration is believed only where the bytes can be decoded with it, since many pages declare a wrong one.

    Raises:
        ConversionError: the bytes are no text.
    """
    text = _decode_declared(data, content_type)
    if text is None:
        text = _decode_guessed(data)
    if text is None or is_binary(text):
        raise ConversionError("the content is no text (binary data)", where=name, remedy="Check what kind of file it is.")
    return text


def is_binary(text: str) -> bool:
    """Whether a decoded text has so many control characters that it can't be one."""
    sample = text[:100_000]
    if not sample:
        return False
    return len(_ODD.findall(sample)) / len(sample) > _BINARY_SHARE


def _decode_declared(data: bytes, content_type: str | None) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    for encoding in (*_declarations(data, content_type), "utf-8"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return _decode_damaged_utf8(data)


def _decode_damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken bytes (a truncated or hand-edited page) is still UTF-8."""
    text = data.decode("utf-8", errors="replace")
    wide = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    return text if 0 < text.count("\ufffd") <= wide / 10 else None


def _declarations(data: bytes, content_type: str | None) -> list[str]:
    found = []
    if content_type and (match := _HEADER_CHARSET.search(content_type)):
        found.append(match.group(1))
    head = data[:4096]
    for pattern in (_XML_ENCODING, _META_CHARSET):
        if inside := pattern.search(head):
            found.append(inside.group(1).decode("ascii"))
    # Browsers read "iso-8859-1" as windows-1252, whose quotation marks real pages use.
    return ["windows-1252" if name.lower() in _READ_AS_WINDOWS else name for name in found]


def _decode_guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESS_BYTES]).best()
    return data.decode(best.encoding, errors="replace") if best is not None else None
