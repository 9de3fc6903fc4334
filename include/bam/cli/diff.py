"""`bam diff`: what changed between two states of knowledge."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bam.cli.clocks import snapshot_at

if TYPE_CHECKING:
    from bam.model.records import FieldChange


@click.command()
@click.option("--from", "start", required=True, metavar="TIME", help="The earlier state: a day or a time.")
@click.option("--to", "end", metavar="TIME", help="The later state; now if it isn't given.")
@click.option(
    "--clock",
    type=click.Choice(["recorded", "published"]),
    default="recorded",
    show_default=True,
    help="Whether the times are when we recorded things, or by when the world could know them.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with old and new values.")
def command(start: str, end: str | None, clock: str, as_json: bool) -> None:
    """Print the records that were added (ADD), changed (MOD) and removed (DEL) between two times, and why."""
    from bam.cli.surroundings import command_context
    from bam.indicators.snapshot import causes_between, differences, restatements

    with command_context() as context:
        if clock == "recorded":
            old, new = snapshot_at(context, None, start), snapshot_at(context, None, end)
        else:
            old, new = snapshot_at(context, start, None), snapshot_at(context, end, None)
        with context.store.read() as connection:
            causes = causes_between(connection, old, new) if clock == "recorded" else {}
    changes = differences(old, new).changes
    restated = restatements(old, new)
    if as_json:
        listed = [asdict(change) | {"cause": causes.get(change.record_id, change.cause)} for change in changes]
        found = {"changes": listed, "restatements": [asdict(row) for row in restated]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))
        return
    for change in changes:
        cause = f" [{causes[change.record_id]}]" if change.record_id in causes else ""
        click.echo(f"{change.kind} {change.record_id} {change.table}: {change.title}{cause}")
        for field in change.fields:
            click.echo(f"      {_field(field)}")
    click.echo(f"{len(changes)} records changed; {len(restated)} figures of past periods were restated.")


def _field(change: FieldChange) -> str:
    return f"{change.field}: {_short(change.old)} -> {_short(change.new)}"


def _short(value: object) -> str:
    text = "-" if value in (None, [], ()) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
