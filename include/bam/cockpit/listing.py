"""Pages of long lists: which rows are shown, and the addresses of the pages before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bam.cockpit.pages import path_with

PAGE_SIZE = 50
LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page of a list stands: `first` and `last` count rows from 1, the links are None at the ends."""

    first: int
    last: int
    total: int
    previous: str | None
    next: str | None


def pager(path: str, query: dict[str, Any], page: int, size: int, shown: int, total: int) -> Pager:
    """The pager of page number `page` (from 1), on which `shown` rows stand."""
    start = (page - 1) * size
    before = path_with(path, **query | {"page": page - 1 if page > 2 else None}) if page > 1 else None
    after = path_with(path, **query | {"page": page + 1}) if start + shown < total else None
    return Pager(start + 1 if shown else 0, start + shown, total, before, after)
