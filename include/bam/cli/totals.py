"""`bam totals`: what was given, promised and planned, and what no total counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bam.cli.clocks import snapshot_at, with_clocks
from bam.cli.constant_prices import constant_prices_of, with_constant_prices

if TYPE_CHECKING:
    from bam.indicators.constant_prices import ConstantPrices
    from bam.indicators.snapshot import Snapshot
    from bam.model.records import Total

_DIMENSIONS = ("stage", "donor", "recipient", "programme", "year")


@click.command()
@click.option("--by", "dimension", type=click.Choice(_DIMENSIONS), default="stage", show_default=True, help="What to add up by.")
@click.option("--original", is_flag=True, help="Each original currency by itself instead of the common currency.")
@click.option("--json", "as_json", is_flag=True, help="All totals of all dimensions as JSON.")
@with_constant_prices("In the common currency at the prices of this year, as far as price levels are known.")
@with_clocks
def command(
    dimension: str, original: bool, as_json: bool, base_year: int | None, as_of: str | None, recorded_at: str | None
) -> None:
    """Print the totals of funding, one stage at a time, with what they leave out and why.

    \b
    bam totals --as-of 2014-03-31                         what could be known at the end of March 2014
    bam totals --by donor --recorded-at 2026-11-01T00:00Z  as our tables stood then
    bam totals --by year --constant-prices 2020            years that can be compared
    """
    if original and base_year is not None:
        raise click.UsageError("Constant prices are in the common currency: give either --original or --constant-prices.")
    from bam.cli.surroundings import command_context

    with command_context() as context:
        snapshot = snapshot_at(context, as_of, recorded_at)
    constant = constant_prices_of(snapshot, base_year)
    totals = snapshot.totals_by_currency if original else snapshot.totals
    totals = totals if constant is None else constant.totals
    if as_json:
        click.echo(json.dumps(_as_json(snapshot, constant, totals), ensure_ascii=False, indent=1))
        return
    _print([total for total in totals if _dimension(total) == dimension])
    if constant is not None:
        click.echo(constant.prices.sentence)


def _as_json(snapshot: Snapshot, constant: ConstantPrices | None, totals: Iterable[Total]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "as_of": None if snapshot.as_of is None else snapshot.as_of.isoformat(),
        "recorded_at": None if snapshot.publication is None else snapshot.publication.published_at,
        "common_currency": snapshot.currency,
    }
    if constant is not None:
        found["constant_prices"] = {"unit": constant.unit, **asdict(constant.prices)}
    return found | {"totals": [asdict(total) for total in totals]}


def _dimension(total: Total) -> str:
    return total.total.rpartition(";")[2].partition("=")[0]


def _print(totals: Iterable[Total]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("total", "currency", "counted", "amount", "left out", "because", box=None, pad_edge=False)
    for total in totals:
        because = ", ".join(f"{reason} {number}" for reason, number, _ in total.excluded_by_reason)
        table.add_row(total.total, total.currency, str(total.counted), _amount(total), str(total.excluded), because)
    Console(width=None if Console().is_terminal else 160, highlight=False).print(table)


def _amount(total: Total) -> str:
    low, high = total.amount_counted_min, total.amount_counted_max
    span = f" ({low:,.0f} to {high:,.0f})" if low < high else ""
    return f"{total.amount_counted:,.0f}{span}"
