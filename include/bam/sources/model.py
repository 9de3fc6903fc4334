"""What a source lists and what a visit of an address gives: the one interface of all kinds of sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Window = tuple[dt.date, dt.date]
"""The days from the first (included) to the second (excluded)."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a source says about a document beside its bytes; used where the document says nothing better."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a source lists. `content` holds its bytes where the listing carries them (a feed's entry)."""

    address: str
    hints: Hints = Hints()
    content: bytes | None = None
    content_type: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the last full answer of an address left behind, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The address answered with bytes.

    `address` is where they were in the end, `moved` whether a permanent redirect led there. `name` helps to tell the format.
    """

    data: bytes
    address: str
    name: str
    content_type: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    moved: bool = False
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The address says that its content is what it was."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing at the address any more (404, 410, a deleted file)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """The address can't answer now; `retry_seconds` is what it asked to wait, None where it said nothing."""

    reason: str
    retry_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """We don't read it: robots.txt, a private address, another scheme, too large, a decompression bomb."""

    reason: str


Outcome = Content | Unchanged | Gone | Later | Refused


class Reader(Protocol):
    """One kind of source. A reader lists candidates and visits addresses; it stores nothing."""

    @property
    def visits_all(self) -> bool:
        """Whether everything listed is visited at each run, or only what is new, changed, or due to be looked at again."""

    @property
    def revisits(self) -> bool:
        """Whether an address can be visited without its listing (a page), or only with it (an entry of a feed)."""

    @property
    def notes_missing(self) -> bool:
        """Whether what is no longer listed is gone (a folder), or only no longer news (a feed)."""

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """What the source has, restricted to the window where its kind knows dates.

        Raises:
            FetchError: the listing can't be read.
        """

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """Read one address."""
