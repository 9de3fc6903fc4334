"""What the tests of the briefs share: the made-up portfolio, issues written from it, and our own assets."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bam.briefs.assets import Assets
from bam.briefs.context import build_context, previous_of
from bam.briefs.material import Material
from bam.briefs.model import BriefContext
from bam.briefs.order import Order
from bam.model.periods import parse_period
from bam.pipeline.brief import write_order
from bam.portfolio.load import Portfolio, load_portfolio
from bam.portfolio.recipients import Edition
from bam.settings import read_settings

RECORDED_AT = "2026-11-01T00:00:00.000000+00:00"
LATE = frozenset({"solar power for six posts in Murghab"})
"""What the last issue of the story didn't know yet."""


def _load_story() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bam_brief_story", Path(__file__).with_name("story.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def story() -> ModuleType:
    """The module that tells the made-up portfolio."""
    return _load_story()


@pytest.fixture(scope="session")
def portfolio() -> Portfolio:
    return load_portfolio(read_settings({}).portfolio)


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets(read_settings({}).templates)


@pytest.fixture(scope="session")
def order_for(portfolio: Portfolio) -> Callable[..., Order]:
    """An order for an issue of the default portfolio; keyword arguments replace its fields."""

    def make(brief_id: str = "monthly", period_name: str = "2022-03", language: str = "en", **changes: Any) -> Order:
        period = parse_period(period_name)
        brief = portfolio.brief(brief_id)
        return replace(write_order(portfolio, brief, period, period.last_day, RECORDED_AT, Edition(language)), **changes)

    return make


@pytest.fixture(scope="session")
def issue(story: ModuleType, order_for: Callable[..., Order]) -> Callable[..., BriefContext]:
    """The context of an issue of the story, written after the issue before it; the same call gives the same object."""
    known: dict[Any, BriefContext] = {}

    def make(brief_id: str = "monthly", period_name: str = "2022-03", language: str = "en") -> BriefContext:
        key = brief_id, period_name, language
        if key not in known:
            order = order_for(brief_id, period_name, language)
            before = order_for(brief_id, order.period.previous.name, language)
            earlier: Material = story.Story(before.as_of, without=LATE).build().material()
            previous = previous_of(build_context(before, earlier))
            material: Material = story.Story(order.as_of).build().material(previous=previous)
            known[key] = build_context(order, material)
        return known[key]

    return make
