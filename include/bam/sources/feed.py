"""An RSS or Atom feed: its entries, each followed to its page, or taken from the feed where that carries the article."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from bam.portfolio.sources import FeedSource
from bam.sources.feeds import Entry, absolute_link, entry_page, parse_feed
from bam.sources.listings import Listings
from bam.sources.local_files import SCHEME
from bam.sources.model import Candidate, Hints, Known, Outcome, Window


class FeedReader:
    """Reads a feed. A window doesn't restrict it: what a feed lists today is all that it has."""

    notes_missing = False
    visits_all = False

    @property
    def revisits(self) -> bool:
        """An entry whose page is followed can be looked at again without the feed."""
        return self._source.follow

    def __init__(self, source: FeedSource, listings: Listings) -> None:
        self._source = source
        self.listings = listings

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """The entries of the feed, none where it hasn't changed."""
        content = self.listings.listing(self._source.url)
        if content is None:
            return
        feed = parse_feed(content.data, content.address)
        for entry in feed.entries:
            hints = Hints(
                title=entry.title, publisher=feed.title, author=entry.author, published=entry.published, modified=entry.updated
            )
            candidate = self._candidate(entry, content.address, hints)
            if candidate is not None:
                yield candidate

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """The entry's page, or its content."""
        return self.listings.visit(candidate, known)

    def _candidate(self, entry: Entry, feed_address: str, hints: Hints) -> Candidate | None:
        link = absolute_link(entry, feed_address)
        is_file = feed_address.startswith(SCHEME)
        # A feed in a file stands for itself: only what it doesn't carry is looked for elsewhere.
        takes_content = entry.html is not None and (is_file or not self._source.follow or link is None)
        if takes_content:
            address = link or f"{feed_address}#{entry.key}"
            return Candidate(address, hints, entry_page(entry), "text/html; charset=utf-8", "entry.html")
        if link is not None:
            return Candidate(link, hints)
        if is_file and entry.link:
            path = posixpath.join(posixpath.dirname(feed_address.removeprefix(SCHEME)), entry.link)
            return Candidate(SCHEME + posixpath.normpath(path), hints)
        return None
