"""Sources that are one file or one answer: an IATI activity file or datastore answer."""

from __future__ import annotations

from collections.abc import Iterator

from bam.portfolio.sources import IatiSource
from bam.sources.listings import Listings, with_dates
from bam.sources.local_files import address_of
from bam.sources.model import Candidate, Known, Outcome, Window


class IatiReader:
    """Reads the one address of an IATI source at every run; a window fills `{from}` and `{to}` of a datastore query."""

    notes_missing = False
    revisits = True
    visits_all = True

    def __init__(self, source: IatiSource, listings: Listings) -> None:
        self._source = source
        self.listings = listings

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """The one address."""
        url = with_dates(self._source.url, window)
        if not url.startswith(("http://", "https://")):
            url = address_of(self.listings.base / url, self.listings.base)
        yield Candidate(url, content_type="application/vnd.iati+xml")

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """The file."""
        return self.listings.visit(candidate, known)
