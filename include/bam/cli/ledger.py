"""`bam ledger`: which sum is counted where, and why not."""

from __future__ import annotations

import sys

import click

from bam.cli.clocks import snapshot_at, with_clocks


@click.command()
@click.option("--check", is_flag=True, help="Check that counted + excluded = seen; exit code 1 if not.")
@click.option("--total", "wanted", metavar="NAME", help="Print the entries of one total, e.g. stage=disbursed;donor=US.")
@with_clocks
def command(check: bool, wanted: str | None, as_of: str | None, recorded_at: str | None) -> None:
    """Print the counting ledger, or check it.

    Each funding record is counted in a total or left out of it with a reason. The reasons are explained in docs/indicators.md.
    """
    from bam.cli.surroundings import command_context
    from bam.indicators.record_frames import ledger_frame
    from bam.indicators.text import to_csv
    from bam.indicators.verify import published_faults
    from bam.records.ledger import check_ledger

    with command_context() as context:
        snapshot = snapshot_at(context, as_of, recorded_at)
        faults = check_ledger(snapshot.records, snapshot.ledger, snapshot.currency)
        if check and as_of is None:
            with context.store.read() as connection:
                faults += published_faults(connection, snapshot)
    if check:
        for fault in faults:
            click.echo(fault, err=True)
        if faults:
            click.echo(f"{len(faults)} faults in the ledger.", err=True)
            sys.exit(1)
        click.echo(f"counted + excluded = seen in each of {len(snapshot.totals_by_currency)} totals and currencies.")
        return
    entries = [entry for entry in snapshot.ledger if wanted is None or entry.total == wanted]
    click.echo(to_csv(ledger_frame(entries, snapshot.currency)), nl=False)
