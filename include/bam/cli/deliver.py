"""`bam deliver`: send an issue to everybody who gets it."""

from __future__ import annotations

import sys

import click


@click.command()
@click.argument("issue_id", metavar="ISSUE")
@click.option("--even-backfill", is_flag=True, help="Send it although a backfill made it.")
@click.option("--correction", is_flag=True, help="Send it to readers who have another issue of the period, as a correction.")
@click.option("--now", "at_once", is_flag=True, help="Don't wait for the pauses between attempts.")
def command(issue_id: str, even_backfill: bool, correction: bool, at_once: bool) -> None:
    """Send an issue to everybody who gets it and hasn't got it; again changes nothing.

    Mails go to the server in BAM_SMTP_URL, else as .eml files to the outbox folder. The first letters of the issue's id are
    enough. The exit code is 1 if it may not be sent, if something still waits, or if a delivery needs a decision.
    """
    from bam.cli.surroundings import command_context
    from bam.pipeline.deliver import deliver_issue

    with command_context() as context:
        report = deliver_issue(
            context, issue_id, deliver=True if even_backfill else None, as_correction=correction, at_once=at_once
        )
    click.echo("\n".join(report.lines()))
    sys.exit(1 if report.held or report.is_waiting or report.needs_a_person else 0)
