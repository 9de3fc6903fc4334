"""Everything that extraction needs besides the document: the words of a language and the names of the portfolio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from bam.extraction.lexicon import Words, load_words
from bam.portfolio.gazetteer import Gazetteer, gazetteer
from bam.portfolio.load import Portfolio, load_portfolio

W = TypeVar("W", bound=Words)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Resources:
    """The words of one language, the names of one portfolio, and whatever was compiled from them.

    Annotators and tables compile their matchers once by `resources.get(build)`, where `build` takes the resources.
    """

    language: str
    portfolio: Portfolio = field(repr=False)
    gazetteer: Gazetteer = field(repr=False)
    _compiled: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)

    def words(self, model: type[W]) -> W:
        """The lexicon file of that model in this language."""
        words: W = load_words(self.language, model)
        return words

    def get(self, build: Callable[[Resources], T]) -> T:
        """The result of `build(self)`, computed once."""
        if build not in self._compiled:
            self._compiled[build] = build(self)
        result: T = self._compiled[build]
        return result


_CACHE: dict[tuple[int, str], Resources] = {}


def resources_of(portfolio: Portfolio, language: str = "en") -> Resources:
    """The resources for a portfolio and language, made once per process."""
    key = (id(portfolio), language)
    found = _CACHE.get(key)
    if found is None or found.portfolio is not portfolio:
        found = _CACHE[key] = Resources(language, portfolio, gazetteer())
    return found


@lru_cache(maxsize=4)
def load_resources(folder: Path, language: str = "en") -> Resources:
    """The resources for the portfolio in a folder. Raises ConfigurationError for a fault in its files."""
    return resources_of(load_portfolio(folder), language)
