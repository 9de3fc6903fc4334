"""`bam ingest`: read files, folders or sources into the store."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bam.model.errors import FetchError

if TYPE_CHECKING:
    from bam.pipeline.ingest_report import IngestReport

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--source", "source_ids", multiple=True, metavar="ID", help="Read a source of the portfolio; may be repeated.")
@click.option("--all", "reads_all", is_flag=True, help="Read all enabled sources of the portfolio.")
@click.option("--from", "first_day", metavar="DAY", type=_DAY, help="Where a source knows dates: only from this day on ...")
@click.option("--to", "last_day", metavar="DAY", type=_DAY, help="... to this day, which is included.")
def command(
    paths: tuple[Path, ...],
    source_ids: tuple[str, ...],
    reads_all: bool,
    first_day: dt.datetime | None,
    last_day: dt.datetime | None,
) -> None:
    """Read documents: archive their bytes, convert them to text, store new documents and new versions.

    \b
    bam ingest report.pdf news/          files and folders
    bam ingest --source samples-press    a source of include/portfolio/sources.yml
    bam ingest --all                     every enabled source

    What is read twice adds nothing. What can't be read is kept with its reason and stops nothing else. The exit code is 1 if
    anything could not be read.
    """
    if not (paths or source_ids or reads_all):
        raise click.UsageError("Name files or folders, or give --source ID or --all.")
    from bam.cli.surroundings import command_context
    from bam.pipeline.ingest import ingest_paths, ingest_source

    window = None
    if first_day or last_day:
        end = last_day.date() + dt.timedelta(days=1) if last_day else dt.date.max
        window = (first_day.date() if first_day else dt.date.min, end)
    is_clean = True
    with command_context() as context:
        if paths:
            is_clean = _show("files", ingest_paths(context, paths))
        enabled = [source.id for source in context.portfolio.sources if reads_all and source.enabled]
        for source_id in source_ids or enabled:
            try:
                is_clean = _show(source_id, ingest_source(context, source_id, window)) and is_clean
            except FetchError as error:
                click.echo(f"{source_id}: {error}", err=True)
                is_clean = False
    sys.exit(0 if is_clean else 1)


def _show(label: str, report: IngestReport) -> bool:
    """Print what was read, name what wasn't; whether everything could be read."""
    click.echo(f"{label}: {report.sentence}")
    for problem in report.problems:
        click.echo(f"  {problem}", err=True)
    return not (report.failures or report.quarantined)
