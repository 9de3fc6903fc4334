"""An Atom feed (RFC 4287) of issues, with the PDFs as enclosures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree as ET

from bam.delivery.channels.base import Assignment, HandOver, Outcome, Result
from bam.delivery.channels.shelf import Entry, Shelf
from bam.delivery.issue import label_of, one_line

FILE_NAME = "feed.xml"

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedChannel:
    """Writes `feed.xml` beside the issues of a shelf that readers see under `public_url`; it keeps the newest `limit` entries."""

    id: str
    shelf: Shelf
    title: str
    author: str
    public_url: str
    limit: int
    is_repeatable: bool = True

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        hand_over()
        try:
            entry = self.shelf.add(assignment.parcel)
            self._write_feed()
        except OSError as error:
            return Outcome(Result.RETRY, f"{self.shelf.place} can't be written: {error.strerror or error}", blocks_channel=True)
        return Outcome(Result.SENT, f"published in {self.shelf.place}/{FILE_NAME}", sha256=entry.sha256)

    def close(self) -> None:
        """It holds nothing open."""

    def _write_feed(self) -> None:
        """It looks again after writing: of two processes that publish at the same time, the later look sees both issues."""
        while True:
            entries = self.shelf.entries()
            self.shelf.write(FILE_NAME, self._feed(entries))
            if self.shelf.entries() == entries:
                return

    def _feed(self, entries: Sequence[Entry]) -> bytes:
        newest_first = sorted(entries, key=lambda entry: (entry.issued_at, entry.age), reverse=True)[: self.limit]
        base = self.public_url.rstrip("/")
        ET.register_namespace("", _ATOM)
        feed = ET.Element(f"{{{_ATOM}}}feed")
        _add(feed, "id", _urn(base))
        _add(feed, "title", one_line(self.title))
        _add(feed, "updated", newest_first[0].issued_at)
        _add(_add(feed, "author"), "name", one_line(self.author))
        _add(feed, "link", rel="self", type="application/atom+xml", href=f"{base}/{FILE_NAME}")
        for entry in newest_first:
            _add_entry(feed, entry, f"{base}/{quote(entry.path)}")
        ET.indent(feed)
        return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_entry(feed: ET.Element, entry: Entry, href: str) -> None:
    element = _add(feed, "entry")
    element.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
    _add(element, "id", _urn(entry.id))
    _add(element, "title", one_line(entry.title))
    _add(element, "published", entry.issued_at)
    _add(element, "updated", entry.issued_at)
    _add(element, "summary", one_line(entry.summary, 1000), type="text")
    _add(element, "category", term=entry.series)
    _add(element, "rights", label_of(entry.tlp))
    _add(element, "link", rel="alternate", type="application/pdf", href=href)
    _add(element, "link", rel="enclosure", type="application/pdf", length=str(entry.size), href=href)


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    element.text = text
    return element


def _urn(name: str) -> str:
    """An id that stays the same wherever the feed moves."""
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn
