"""Reports of an API of ReliefWeb's shape: JSON answers with the text of each report. https://apidoc.reliefweb.int"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bam.model.errors import FetchError
from bam.portfolio.sources import ReliefWebSource
from bam.sources.listings import Listings
from bam.sources.model import Candidate, Content, Hints, Known, Outcome, Window

CONTENT_TYPE = "application/vnd.reliefweb+json"
PAGE_SIZE = 50
_FIELDS = (
    "title",
    "body-html",
    "url",
    "url_alias",
    "origin",
    "source.name",
    "date.created",
    "date.original",
    "date.changed",
    "language.code",
)


class ReliefWebReader:
    """Reads reports; the application name must be registered with the service. A window restricts them by creation date."""

    notes_missing = False
    revisits = False
    visits_all = False

    def __init__(self, source: ReliefWebSource, listings: Listings) -> None:
        self._source = source
        self.listings = listings

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """The reports that the query finds, the newest first; their text comes with them."""
        found = 0
        while found < self._source.max_pages:
            content = self.listings.listing(self._query(found, window))
            items = _items(content) if content else []
            for item in items:
                candidate = _candidate(item)
                if candidate is not None:
                    yield candidate
            found += len(items)
            if len(items) < PAGE_SIZE:
                return

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """The report, as the answer of the service carried it."""
        return self.listings.visit(candidate, known)

    def _query(self, offset: int, window: Window | None) -> str:
        pairs: list[tuple[str, str]] = [
            ("appname", self._source.appname),
            ("query[value]", self._source.query),
            ("sort[]", "date.created:desc"),
            ("limit", str(PAGE_SIZE)),
            ("offset", str(offset)),
            *(("fields[include][]", field) for field in _FIELDS),
        ]
        if window is not None:
            pairs += [
                ("filter[field]", "date.created"),
                ("filter[value][from]", f"{window[0].isoformat()}T00:00:00+00:00"),
                ("filter[value][to]", f"{window[1].isoformat()}T00:00:00+00:00"),
            ]
        return f"{self._source.url}?{urlencode(pairs)}"


def _items(content: Content) -> list[dict[str, Any]]:
    try:
        answer = json.loads(content.data)
        items = answer["data"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError(
            "the answer is not of ReliefWeb's shape", where=content.address.split("?")[0], remedy="Check url and appname."
        ) from error
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _candidate(item: dict[str, Any]) -> Candidate | None:
    fields = item.get("fields")
    if not isinstance(fields, dict):
        return None
    address = fields.get("url_alias") or fields.get("url")
    if not isinstance(address, str) or not fields.get("body-html"):
        return None
    dates = fields.get("date") if isinstance(fields.get("date"), dict) else {}
    assert isinstance(dates, dict)
    hints = Hints(modified=str(dates.get("changed") or dates.get("created") or "")[:10] or None)
    data = json.dumps(item, ensure_ascii=False, sort_keys=True).encode()
    return Candidate(address, hints, data, CONTENT_TYPE, "report.reliefweb")
