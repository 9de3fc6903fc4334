"""Constant prices as an option of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bam.indicators.constant_prices import ConstantPrices
    from bam.indicators.snapshot import Snapshot

F = TypeVar("F", bound=Callable[..., Any])


def with_constant_prices(told: str) -> Callable[[F], F]:
    """Add `--constant-prices` to a command, with what it does there."""
    return click.option("--constant-prices", "base_year", type=int, metavar="YEAR", help=told)


def constant_prices_of(snapshot: Snapshot, base_year: int | None) -> ConstantPrices | None:
    """The snapshot at the prices of the year that the option gives; None where it isn't given."""
    from bam.indicators.constant_prices import constant_prices

    return None if base_year is None else constant_prices(snapshot, base_year)
