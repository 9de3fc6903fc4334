"""`bam update`: from what was ingested to published tables."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--rebuild", is_flag=True, help="Build all records anew instead of those that changed.")
@click.option("--no-extract", is_flag=True, help="Leave documents that wait for the extractor alone.")
def command(rebuild: bool, no_extract: bool) -> None:
    """Extract what is pending, build records from the claims, check them, publish the tables.

    Nothing is published when a critical check fails: the tables stay as they were, and the exit code is 1. Without anything
    new nothing changes.
    """
    from bam.cli.surroundings import command_context
    from bam.extraction import EXTRACTOR
    from bam.pipeline.extract import extract_pending
    from bam.pipeline.update import update
    from bam.store.extractions import outdated_version_count

    with command_context() as context:
        if not no_extract:
            found = extract_pending(context)
            counts = ", ".join(f"{number} {table}" for table, number in sorted(found.claims.items())) or "none"
            click.echo(f"Extracted {found.versions} documents; claims: {counts}.")
            for failure in found.failures:
                click.echo(f"  {failure}", err=True)
        report = update(context, rebuild=rebuild)
        click.echo(report.sentence)
        with context.store.read() as connection:
            outdated = outdated_version_count(connection, EXTRACTOR)
        if outdated:
            click.echo(f"{outdated} documents were read by an older extractor; `bam reprocess show` tells what has changed.")
        if not no_extract and found.failures:
            sys.exit(1)
