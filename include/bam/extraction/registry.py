"""The tables, each a module with one function; the engine asks them in this order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from bam.extraction.context import Context
from bam.extraction.resources import Resources
from bam.extraction.result import PassedOver
from bam.model.claims import Fact, Table


@dataclass(frozen=True, slots=True)
class Found:
    """What one table's module takes from a document, and what it passed over."""

    facts: tuple[Fact, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


Finder = Callable[[Context, Resources], Found]

_MODULES = {
    Table.FUNDING: "bam.extraction.tables.funding",
    Table.FACILITIES: "bam.extraction.tables.facilities",
    Table.WORKSHOPS: "bam.extraction.tables.workshops",
    Table.FOLLOW_UPS: "bam.extraction.tables.follow_ups",
}


@lru_cache(maxsize=1)
def finders() -> tuple[tuple[Table, Finder], ...]:
    """The function `find` of each table's module."""
    return tuple((table, import_module(module).find) for table, module in _MODULES.items())
