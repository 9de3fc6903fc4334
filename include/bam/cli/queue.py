"""`bam queue`: what needs a person, weakest first."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bam.model.claims import Table

if TYPE_CHECKING:
    from bam.quality.queue import QueueItem
    from bam.quality.review.history import Decision


@click.command()
@click.option("--limit", "-n", default=20, show_default=True, type=click.IntRange(1), help="How many to print.")
@click.option("--table", type=click.Choice([str(table) for table in Table]), help="Only this table.")
@click.option("--waiting", is_flag=True, help="Only decisions that a second person has to confirm.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(limit: int, table: str | None, waiting: bool, as_json: bool) -> None:
    """Print what needs a person, weakest first: claims in quarantine, then records with few sources, low confidence, missing
    fields or differing values.

    T is the triangulation of the sources (0 to 20), C the completeness of the fields (0 to 9); docs/analysts.md says how they
    and the weakness are worked out. Decide with `bam review`.
    """
    from bam.cli.surroundings import command_context
    from bam.quality.queue import build_queue, stale_corrections, waiting_decisions

    with command_context() as context, context.store.read() as connection:
        decisions = waiting_decisions(connection)
        items = [] if waiting else build_queue(connection, limit=limit, table=None if table is None else Table(table))
        stale = [] if waiting else stale_corrections(connection)
    if as_json:
        found = {
            "items": [asdict(item) for item in items],
            "waiting": [decision.id for decision in decisions],
            "stale_corrections": dict(stale),
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for decision in decisions:
        _print_waiting(decision)
    for correction_id, reason in stale:
        click.echo(f"stale correction {correction_id}: {reason}")
    for item in items:
        _print_item(item)
    if not items and not decisions and not stale:
        click.echo("Nothing waits for a person.")


def _print_waiting(decision: Decision) -> None:
    what = f"{decision.action} {decision.refers_to or decision.claim_id}"
    click.echo(f"{decision.id}  waits for a second person: {what}, by {decision.decided_by}: {decision.reason}")


def _print_item(item: QueueItem) -> None:
    click.echo(f"{item.id}  {item.table}  {item.title}")
    click.echo(f"    weakness {item.weakness:.1f}, T {item.triangulation}/20, C {item.completeness}/9: {'; '.join(item.reasons)}")
