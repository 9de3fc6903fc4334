"""`bam sources`: how the sources are, trying one out, adding one."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click

from bam.portfolio.sources import Officiality


@click.group()
def command() -> None:
    """See how the sources of documents are, try one out, add one."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def status(as_json: bool) -> None:
    """Show per source when it last worked, what it last gave, and what needs attention.

    The exit code is 1 if a source needs attention.
    """
    from bam.cli.surroundings import command_context
    from bam.pipeline.source_health import source_health

    with command_context() as context:
        healths = source_health(context)
    if as_json:
        click.echo(json.dumps([asdict(health) for health in healths], indent=1))
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        for heading in ("source", "kind", "last worked", "last new", "failures", "documents", "vanished", "quarantined"):
            table.add_column(
                heading, justify="right" if heading in ("failures", "documents", "vanished", "quarantined") else "left"
            )
        for health in healths:
            table.add_row(
                health.source_id,
                health.kind if health.is_enabled else f"{health.kind} (off)",
                (health.succeeded_at or "never")[:16].replace("T", " "),
                (health.new_at or "never")[:10],
                str(health.failures),
                str(health.document_count),
                str(health.vanished_count),
                str(health.quarantined_count),
            )
        Console(width=120).print(table)
        for health in healths:
            if health.attention:
                click.echo(f"! {health.attention}")
    sys.exit(1 if any(health.attention for health in healths) else 0)


@command.command()
@click.argument("source_id", metavar="ID")
@click.option("--limit", default=3, show_default=True, help="Number of addresses to read.")
def test(source_id: str, limit: int) -> None:
    """Show what a source lists and what its first addresses give. Nothing is stored."""
    from bam.cli.surroundings import command_context
    from bam.pipeline.source_trial import try_source

    with command_context() as context:
        trial = try_source(context, context.portfolio.source(source_id), limit=limit)
    click.echo(f"{source_id} lists {len(trial.listed)} addresses.")
    for page in trial.pages:
        click.echo(f"\n{page.address}")
        if page.problem:
            click.echo(f"  can't be read: {page.problem}")
        else:
            click.echo(
                f"  title      {page.title or '-'}\n  publisher  {page.publisher or '-'}\n  published  {page.published or '-'}"
            )
            click.echo(f"  text       {page.characters} characters")
    sys.exit(0 if trial.listed and not all(page.problem for page in trial.pages) else 1)


@command.command()
@click.argument("location")
@click.option("--id", "source_id", required=True, help="A short name in lower case, such as `embassy-news`.")
@click.option("--officiality", required=True, type=click.Choice(get_args(Officiality)), help="Who speaks there.")
@click.option("--publisher", help="The name that is shown where a document names none.")
@click.option("--rhythm-days", default=30, show_default=True, help="How often something new is usual.")
@click.option("--dry-run", is_flag=True, help="Only print what would be added.")
def add(location: str, source_id: str, officiality: str, publisher: str | None, rhythm_days: int, dry_run: bool) -> None:
    """Add a source for an address of the web, a folder or a file to sources.yml.

    \b
    bam sources add https://embassy.example/news/ --id embassy-news --officiality official
    bam sources add ~/incoming --id incoming --officiality media

    What stands there decides the kind: a feed, a sitemap, an IATI file, a page that announces a feed, or a page of links.
    """
    import yaml

    from bam.cli.surroundings import command_context
    from bam.pipeline.ingest import base_of
    from bam.pipeline.source_trial import add_source, guess_kind
    from bam.sources.web import WebClient

    with command_context() as context:
        client = WebClient(context.portfolio.contact)
        guessed = guess_kind(location, base_of(context), client)
        folder: Path = context.portfolio.folder
    entry = {"id": source_id, **guessed, "officiality": officiality, "rhythm_days": rhythm_days}
    if publisher:
        entry["publisher"] = publisher
    if dry_run:
        click.echo(yaml.safe_dump([entry], sort_keys=False, allow_unicode=True), nl=False)
        return
    click.echo(add_source(folder, entry), nl=False)
    click.echo(f"Added to {folder / 'sources.yml'}. Try it: bam sources test {source_id}", err=True)
