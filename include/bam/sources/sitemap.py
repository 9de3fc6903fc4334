"""A sitemap or an index of sitemaps: pages with the day of their last change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from bam.model.errors import FetchError
from bam.portfolio.sources import SitemapSource
from bam.sources.bodies import BodyRefusedError, gunzip
from bam.sources.guard import BlockedAddressError, check_web_address
from bam.sources.listings import Listings, day_in_address, in_window, with_dates
from bam.sources.model import Candidate, Content, Hints, Known, Outcome, Window

MAX_SITEMAPS = 200
MAX_DEPTH = 3
_GZIP = b"\x1f\x8b"
_DAY = re.compile(r"(?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?)?")


class SitemapReader:
    """Reads sitemaps. A window takes the pages that were last changed in it; pages without a date are taken too."""

    notes_missing = False
    revisits = True
    visits_all = False

    def __init__(self, source: SitemapSource, listings: Listings) -> None:
        self._source = source
        self._only = re.compile(source.only) if source.only else None
        self.listings = listings

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """The pages of the sitemap and of those that it leads to."""
        waiting = [(with_dates(self._source.url, window), 0)]
        seen: set[str] = set()
        while waiting and len(seen) < MAX_SITEMAPS:
            address, depth = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            content = self.listings.listing(address)
            if content is None:
                continue
            for tag, location, day in _entries(content):
                if tag == "sitemap" and depth < MAX_DEPTH:
                    # An index says when a part last changed; what came before the window isn't in a part that changed earlier.
                    if not (window and day and day < window[0].isoformat()[: len(day)]):
                        waiting.append((location, depth + 1))
                elif tag == "url" and self._is_wanted(location):
                    day = day or day_in_address(location)
                    if in_window(day, window):
                        yield Candidate(location, Hints(modified=day))

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """One page."""
        return self.listings.visit(candidate, known)

    def _is_wanted(self, address: str) -> bool:
        try:
            check_web_address(address)
        except BlockedAddressError:
            return False
        return self._only is None or self._only.search(address) is not None


def _entries(content: Content) -> list[tuple[str, str, str | None]]:
    """(`url` or `sitemap`, its address, its last change) for each entry."""
    try:
        data = gunzip(content.data) if content.data.startswith(_GZIP) else content.data
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, BodyRefusedError, ValueError) as error:
        raise FetchError(
            f"the sitemap can't be read ({error})", where=content.address, remedy="Check it in a browser."
        ) from error
    found: list[tuple[str, str, str | None]] = []
    for element in root if root is not None else ():
        if not isinstance(element.tag, str):
            continue
        location = _child(element, "loc")
        if location:
            day = _DAY.match(_child(element, "lastmod") or _child(element, "publication_date") or "")
            found.append((etree.QName(element).localname, location, day.group() if day else None))
    return found


def _child(element: etree._Element, name: str) -> str:
    for child in element.iter():
        if isinstance(child.tag, str) and etree.QName(child).localname == name:
            return (child.text or "").strip()
    return ""
