"""Reading a source's listing (feed, page of links, sitemap): its bytes are handed on before anything reads them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from bam.model.errors import FetchError
from bam.sources.local_files import address_of, path_of, read_file
from bam.sources.model import Candidate, Content, Known, Later, Outcome, Refused, Unchanged, Window
from bam.sources.web import WebClient

_URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=\D|$)")
_URL_MONTH = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})(?=/)")


def nothing_known(address: str) -> Known | None:
    """No listing was read before."""
    return None


def keep_nothing(content: Content) -> None:
    """Don't keep listings."""


@dataclass(slots=True)
class Listings:
    """Reads listings and addresses for one run of one source.

    `known` gives the validators of a listing, `keep` is called with its bytes. `base` is the folder that files are relative to;
    files are read only where the source is internal.
    """

    client: WebClient
    base: Path
    internal: bool = False
    known: Callable[[str], Known | None] = nothing_known
    keep: Callable[[Content], None] = keep_nothing
    read: list[Content] = field(default_factory=list)

    def listing(self, url: str) -> Content | None:
        """The listing at an address or in a file; None where it says that it hasn't changed.

        Raises:
            FetchError: it can't be read.
        """
        address = url if _is_web(url) else address_of(self.base / url, self.base)
        known = self.known(address)
        outcome = self.visit(Candidate(address), known)
        if isinstance(outcome, Unchanged):
            if known is not None:
                return None
            outcome = Later("the server says that nothing has changed, but was not asked that")
        if not isinstance(outcome, Content):
            raise FetchError(f"the listing can't be read: {outcome.reason}", where=url, remedy="Check it in a browser.")
        self.keep(outcome)
        self.read.append(outcome)
        return outcome

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """Read what a candidate stands for: its own content, a file, or an address of the web."""
        if candidate.content is not None:
            name = candidate.name or "page.html"
            return Content(candidate.content, candidate.address, name, candidate.content_type, hints=candidate.hints)
        if _is_web(candidate.address):
            outcome = self.client.get(candidate.address, known)
            return replace(outcome, hints=candidate.hints) if isinstance(outcome, Content) else outcome
        if not self.internal:
            return Refused("files are read only for internal sources")
        path = path_of(candidate.address, self.base)
        if not path.resolve().is_relative_to(self.base.resolve()):
            return Refused("the file lies outside of the portfolio's folder")
        return read_file(path, candidate.address, candidate.hints)


def with_dates(url: str, window: Window | None) -> str:
    """An address whose `{from}` and `{to}` are replaced by the first and the last day of the window."""
    if "{from}" not in url and "{to}" not in url:
        return url
    first, end = window or (dt.date(1990, 1, 1), dt.date(9999, 12, 31))
    last = end - dt.timedelta(days=1)
    return url.replace("{from}", first.isoformat()).replace("{to}", last.isoformat())


def in_window(day: str | None, window: Window | None) -> bool:
    """Whether a date (an ISO prefix) may lie in the window; one that isn't known may."""
    if window is None or not day:
        return True
    first, end = window[0].isoformat(), window[1].isoformat()
    return first[: len(day)] <= day and day < end


def day_in_address(address: str) -> str | None:
    """The date in the path of an address, as many newspapers write it."""
    path = urlsplit(address).path
    match = _URL_DAY.search(path) or _URL_MONTH.search(path)
    if match is None:
        return None
    parts = [int(part) for part in match.groups()]
    try:
        dt.date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return None
    return f"{parts[0]:04d}" + "".join(f"-{part:02d}" for part in parts[1:])


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))
