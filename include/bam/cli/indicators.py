"""`bam indicators`: the four indicator tables."""

from __future__ import annotations

from pathlib import Path

import click

from bam.cli.clocks import snapshot_at, with_clocks
from bam.cli.constant_prices import constant_prices_of, with_constant_prices

_TABLES = ("funding", "facilities", "workshops", "follow_ups")


@click.command()
@click.option("--table", "name", type=click.Choice(_TABLES), help="Which table.")
@click.option("--format", "form", type=click.Choice(["csv", "json", "table"]), default="table", show_default=True)
@click.option("--period", metavar="P", help="Only this month (2014-03), quarter (2014-Q1) or year (2014).")
@click.option("--cadence", type=click.Choice(["monthly", "quarterly", "yearly"]), help="Only periods of this length.")
@click.option("--export", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="Write all tables there as CSV.")
@with_constant_prices("Sums of the funding table also at the prices of this year.")
@with_clocks
def command(
    name: str | None,
    form: str,
    period: str | None,
    cadence: str | None,
    folder: Path | None,
    base_year: int | None,
    as_of: str | None,
    recorded_at: str | None,
) -> None:
    """Print an indicator table, or write all of them with records, ledger and totals into a folder.

    The columns are defined in docs/indicators.md.
    """
    if (name is None) == (folder is None):
        raise click.UsageError("Give either --table or --export.")
    if base_year is not None and name not in (None, "funding"):
        raise click.UsageError("Only the table funding has prices: leave --constant-prices out.")
    from bam.cli.surroundings import command_context
    from bam.exports.tables import export_tables
    from bam.indicators.frames import table_frame
    from bam.indicators.text import to_csv, to_json
    from bam.model.claims import Table
    from bam.model.periods import Cadence, parse_period

    wanted = None if period is None else parse_period(period)
    with command_context() as context:
        snapshot = snapshot_at(context, as_of, recorded_at)
    constant = constant_prices_of(snapshot, base_year)
    if folder is not None:
        for path in export_tables(snapshot, folder, constant):
            click.echo(str(path))
        return
    frame = table_frame(
        Table(str(name)),
        snapshot.figures,
        snapshot.currency,
        cadence=None if cadence is None else Cadence(cadence),
        period=wanted,
        constant=constant,
    )
    if form == "csv":
        click.echo(to_csv(frame), nl=False)
    elif form == "json":
        click.echo(to_json(frame), nl=False)
    else:
        click.echo(frame.to_string(index=False) if len(frame) else "No figures.")
        if constant is not None:
            click.echo(constant.prices.sentence)
