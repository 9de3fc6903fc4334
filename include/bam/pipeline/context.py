"""What every step is given: where things are, what is followed, the store, the clock and somebody to tell about progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from bam.documents.archive import Archive
from bam.portfolio.load import Portfolio, load_portfolio
from bam.settings import Settings
from bam.store.engine import Store


class Progress(Protocol):
    """Told about long work; the command line draws a bar, DAG tasks log, tests are silent."""

    def task(self, label: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """A piece of work of `total` units; the function that it gives is called with the units done since the last call."""


class Silent:
    """Progress that nobody watches."""

    @contextmanager
    def task(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        yield lambda done: None


@dataclass(frozen=True, slots=True)
class RunContext:
    """The surroundings of a step. `now` gives the time in UTC; nothing below reads a clock of its own."""

    settings: Settings
    portfolio: Portfolio
    store: Store
    archive: Archive
    now: Callable[[], dt.datetime]
    progress: Progress

    def __enter__(self) -> RunContext:
        return self

    def __exit__(self, *_: object) -> None:
        """Give the database's connections back."""
        self.store.engine.dispose()

    def timestamp(self) -> str:
        """The time as the store keeps it: ISO 8601 in UTC with microseconds."""
        return self.now().astimezone(dt.UTC).isoformat(timespec="microseconds")


def utc_now() -> dt.datetime:
    """The clock of the machine, for the outermost callers."""
    return dt.datetime.now(dt.UTC)


def open_context(settings: Settings, now: Callable[[], dt.datetime] = utc_now, progress: Progress | None = None) -> RunContext:
    """Validate the portfolio, open store and archive. Raises ConfigurationError or StoreError with one clear line."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return RunContext(
        settings=settings,
        portfolio=load_portfolio(settings.portfolio),
        store=Store.open(settings.database_url),
        archive=Archive.open(settings.archive_url),
        now=now,
        progress=progress or Silent(),
    )
