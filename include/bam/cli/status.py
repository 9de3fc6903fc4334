"""`bam status`: what is stored, what is pending, what needs attention."""

from __future__ import annotations

import json

import click

from bam.cli.surroundings import command_context
from bam.pipeline.status import Status, read_status


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def command(as_json: bool) -> None:
    """Show what the store holds, what is pending, and what waits for a person."""
    with command_context() as context:
        status = read_status(context)
    if as_json:
        click.echo(json.dumps(status.to_dict(), indent=1))
        return
    for label, value in _lines(status):
        click.echo(f"{label:<12} {value}")
    for sentence in _attention(status):
        click.secho(f"!  {sentence}", fg="yellow")


def _lines(status: Status) -> list[tuple[str, str]]:
    versions = _listed(status.versions) or "none"
    published = f"no. {status.publication}, {status.published_at[:16]}Z" if status.published_at else "nothing yet"
    return [
        ("documents", f"{status.documents} ({status.superseded_versions} older versions kept)"),
        ("versions", versions),
        ("claims", _listed(status.claims)),
        ("records", _listed(status.records)),
        ("publication", published),
        ("checks", _listed(status.checks) or "not run yet"),
        ("deliveries", _listed(status.deliveries) or "none"),
    ]


def _attention(status: Status) -> list[str]:
    sentences = []
    if not status.documents:
        sentences.append("Nothing is stored yet: `bam ingest PATH` or `make run` reads documents.")
    if status.pending:
        sentences.append(f"{status.pending} versions wait for extraction: `bam update` works them off.")
    if status.is_publishable is False:
        sentences.append("A critical check failed, so the last good tables stay: `bam check` says why.")
    if status.quarantined:
        sentences.append(f"Kept out of the tables by checks: {_listed(status.quarantined)}. See `bam queue`.")
    if status.versions.get("waiting_language"):
        sentences.append(f"{status.versions['waiting_language']} documents wait for a language that the extractor doesn't read.")
    if status.deliveries.get("unknown"):
        sentences.append(f"{status.deliveries['unknown']} mails may or may not have arrived: `bam outbox list --state unknown`.")
    return sentences


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count or name == "passed")
