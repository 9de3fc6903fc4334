"""A list of pages, and the pages that a page of links leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html

from bam.portfolio.sources import PagesSource
from bam.sources.guard import joined
from bam.sources.listings import Listings, day_in_address, in_window, with_dates
from bam.sources.model import Candidate, Content, Hints, Known, Outcome, Window


class PagesReader:
    """Reads listed pages. A window restricts links whose address has a date, and fills `{from}` and `{to}` of the url."""

    notes_missing = False
    revisits = True
    visits_all = False

    def __init__(self, source: PagesSource, listings: Listings) -> None:
        self._source = source
        self._only = re.compile(source.only) if source.only else None
        self.listings = listings

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """The pages that are named, then those that the page of links leads to, in its order."""
        for address in self._source.pages:
            yield Candidate(address)
        if not self._source.url:
            return
        content = self.listings.listing(with_dates(self._source.url, window))
        for address in self._links(content) if content else ():
            day = day_in_address(address)
            if in_window(day, window):
                yield Candidate(address, Hints(published=day))

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """One page."""
        return self.listings.visit(candidate, known)

    def _links(self, content: Content) -> list[str]:
        """Links to pages of the same host (with `only`: to any address that contains it), each once."""
        parser = html.HTMLParser(encoding=None, no_network=True)
        try:
            root = html.document_fromstring(content.data, parser=parser)
        except ValueError:
            return []
        found: dict[str, None] = {}
        for link in root.iter("a"):
            address = joined(content.address, link.get("href") or "")
            if address is not None and self._is_wanted(address, content.address):
                found.setdefault(address)
        return list(found)

    def _is_wanted(self, address: str, listing: str) -> bool:
        if self._only is not None:
            return self._only.search(address) is not None
        ours, theirs = urlsplit(listing), urlsplit(address)
        return ours.netloc == theirs.netloc and theirs.path.startswith(ours.path.rsplit("/", 1)[0]) and address != listing
