"""What a file is: by its first bytes, then by its name, then by what the server said."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

HTML = "text/html"
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
EMAIL = "message/rfc822"
FEED = "application/atom+xml"
IATI = "application/vnd.iati+xml"
RELIEFWEB = "application/vnd.reliefweb+json"
XML = "application/xml"

BY_SUFFIX = {
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".pdf": PDF,
    ".docx": DOCX,
    ".odt": ODT,
    ".eml": EMAIL,
    ".atom": FEED,
    ".rss": FEED,
    ".xml": XML,
}
_KNOWN = frozenset({*BY_SUFFIX.values(), IATI, RELIEFWEB})
_ALIASES = {
    "application/xhtml+xml": HTML,
    "text/xml": XML,
    "text/x-markdown": MARKDOWN,
    "application/rss+xml": FEED,
}
_XML_ROOT = re.compile(rb"<(?:[\w.-]+:)?(feed|rss|RDF|iati-activities|iati-activity|html)\b")
_XML_ROOTS = {b"feed": FEED, b"rss": FEED, b"RDF": FEED, b"iati-activities": IATI, b"iati-activity": IATI, b"html": HTML}
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


def media_type_of(data: bytes, name: str, content_type: str | None = None) -> str | None:
    """The media type of the bytes, or None where nothing tells it.

    PDF and ZIP containers are told by their first bytes whatever they are called; of texts, the name says more than the server.
    """
    if b"%PDF-" in data[:1024]:
        return PDF
    if data[:4] == b"PK\x03\x04":
        return _zip_type(data) or BY_SUFFIX.get(_suffix(name))
    by_name = BY_SUFFIX.get(_suffix(name))
    declared = (content_type or "").split(";")[0].strip().lower()
    declared = _ALIASES.get(declared, declared)
    found = by_name or (declared if declared in _KNOWN else None)
    if found == XML:
        root = _XML_ROOT.search(data[:4096])
        return _XML_ROOTS[root.group(1)] if root else None
    if found is not None:
        return found
    if _HTML_START.match(data[:4096]):
        return HTML
    return PLAIN if declared.startswith("text/") else None


def _suffix(name: str) -> str:
    return PurePosixPath(name.split("?")[0].split("#")[-1]).suffix.lower()


def _zip_type(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "word/document.xml" in names:
        return DOCX
    return ODT if "content.xml" in names else None
