"""`bam followups`: remind owners of commitments that are due soon or overdue."""

from __future__ import annotations

import datetime as dt
import sys

import click


@click.command()
@click.option(
    "--on", "day", required=True, metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The day that it is, as 2026-11-22."
)
@click.option("--dry-run", is_flag=True, help="Show what would be mailed, mail nothing.")
def command(day: dt.datetime, dry_run: bool) -> None:
    """Mail each owner one digest of their commitments from conferences that are due within 30 days, or overdue.

    Nobody is reminded twice of the same commitment and date: once before it is due, once when it is overdue. Owners are listed
    in include/portfolio/recipients.yml. The exit code is 1 if a digest could not be handed over.
    """
    from bam.cli.surroundings import command_context
    from bam.pipeline.followups import remind

    with command_context() as context:
        report = remind(context, day.date(), is_dry_run=dry_run)
    for reminder in report.due:
        days = f"{-reminder.days_left} days overdue" if reminder.kind == "overdue" else f"due in {reminder.days_left} days"
        click.echo(f"{reminder.owner or '-'}: {reminder.values.commitment} ({reminder.due}, {days})")
    for digest in report.digests:
        click.echo("\n".join(digest.lines()))
    for party in report.nobody:
        click.echo(f"Nobody answers for {party or 'commitments without a party'}: add an owner to recipients.yml.", err=True)
    for reminder in report.withheld:
        click.echo(f"Withheld, TLP:{reminder.tlp.upper()}: {reminder.values.commitment}", err=True)
    if not report.due:
        click.echo("No new reminders.")
    sys.exit(1 if any(digest.is_waiting or digest.needs_a_person for digest in report.digests) else 0)
