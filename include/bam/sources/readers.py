"""The reader for a source of the portfolio. Each kind's module is imported when a source of that kind is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bam.portfolio.sources import (
    FeedSource,
    FolderSource,
    IatiSource,
    MailboxSource,
    PagesSource,
    ReliefWebSource,
    SitemapSource,
    Source,
    WebSource,
)
from bam.sources.folder import FolderReader
from bam.sources.listings import Listings, keep_nothing, nothing_known
from bam.sources.model import Content, Known, Reader
from bam.sources.web import WebClient


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What readers need beside the source.

    `base` is the folder that relative paths start from, `readable` the suffixes of the files that the next step can read,
    `contact` stands in our user agent, `passwords` are known by source. `known` gives what the last run kept of a listing, and
    `keep` archives the bytes of one. `client` makes the client of the web; tests pass their own.
    """

    base: Path
    readable: frozenset[str]
    contact: str = "the operator of this installation"
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    known: Callable[[str], Known | None] = nothing_known
    keep: Callable[[Content], None] = keep_nothing
    client: Callable[[WebSource, str], WebClient] | None = None


def reader_of(source: Source, surroundings: Surroundings) -> Reader:
    """The reader of a source. Raises ConfigurationError where a password is missing."""
    base = surroundings.base
    if isinstance(source, FolderSource):
        return FolderReader(base / source.path, base, surroundings.readable, source.only, source.leave_out)
    if isinstance(source, MailboxSource):
        if source.path is not None:
            return FolderReader(base / source.path, base, surroundings.readable, only=("*.eml",))
        from bam.sources.mailbox import ImapReader

        return ImapReader(source, surroundings.passwords.get(source.id.replace("_", "-")))
    listings = _listings(source, surroundings)
    if isinstance(source, FeedSource):
        from bam.sources.feed import FeedReader

        return FeedReader(source, listings)
    if isinstance(source, PagesSource):
        from bam.sources.pages import PagesReader

        return PagesReader(source, listings)
    if isinstance(source, SitemapSource):
        from bam.sources.sitemap import SitemapReader

        return SitemapReader(source, listings)
    if isinstance(source, IatiSource):
        from bam.sources.single import IatiReader

        return IatiReader(source, listings)
    assert isinstance(source, ReliefWebSource)
    from bam.sources.reliefweb import ReliefWebReader

    return ReliefWebReader(source, listings)


def _listings(source: WebSource, surroundings: Surroundings) -> Listings:
    make = surroundings.client or web_client
    client = make(source, surroundings.contact)
    return Listings(client, surroundings.base, source.internal, surroundings.known, surroundings.keep)


def web_client(source: WebSource, contact: str) -> WebClient:
    """The client for a source, with its rate and its right to read private addresses."""
    return WebClient(contact, internal=source.internal, pause_seconds=source.pause_seconds)
