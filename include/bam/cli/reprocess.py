"""`bam reprocess`: read the archive again with a newer converter or extractor, look at the difference, keep it, take it back."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bam.pipeline.reprocess import ReprocessReport

_SHOWN = 20

_sources = click.option("--source", "sources", multiple=True, metavar="ID", help="Only documents of this source (repeatable).")
_documents = click.option("--document", "documents", multiple=True, metavar="ID", help="Only this document: id or address.")
_as_json = click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")


@click.group()
def command() -> None:
    """Read what is archived again, as the converter and the extractor of today read it. Nothing is fetched.

    \b
    bam reprocess show     what would change; nothing is kept
    bam reprocess apply    keep it; `bam update` checks and publishes it
    bam reprocess undo ID  take it back
    """


@command.command()
@_sources
@_documents
@_as_json
def show(sources: tuple[str, ...], documents: tuple[str, ...], as_json: bool) -> None:
    """Show which claims, records and figures would change. The store is left as it is.

    The exit code is 1 if a document can't be read any more.
    """
    _run(sources, documents, as_json=as_json, keep=False)


@command.command()
@_sources
@_documents
@_as_json
def apply(sources: tuple[str, ...], documents: tuple[str, ...], as_json: bool) -> None:
    """Keep what reading again gives. The next `bam update` checks and publishes it.

    The exit code is 1 if a document can't be read any more; the others are kept.
    """
    _run(sources, documents, as_json=as_json, keep=True)


@command.command()
@click.argument("run_id", metavar="ID")
def undo(run_id: str) -> None:
    """Take a reprocessing back: the claims of before stand again. The next `bam update` publishes that.

    The beginning of its id is enough. `bam reprocess list` shows them.
    """
    from bam.cli.surroundings import command_context
    from bam.pipeline.reprocess import undo as take_back

    with command_context() as context:
        run = take_back(context, run_id)
    click.echo(f"Took back {run.run_id}: {run.version_count} versions are as they were. `bam update` publishes it.")


@command.command("list")
def list_runs() -> None:
    """List what was reprocessed, the newest first."""
    from bam.cli.surroundings import command_context
    from bam.store.reprocessing import read_reprocessings

    with command_context() as context, context.store.read() as connection:
        runs = read_reprocessings(connection)
    for run in runs:
        state = f"taken back {run.undone_at[:16]}" if run.undone_at else "stands"
        click.echo(f"{run.run_id}  {run.recorded_at[:16]}  {run.extractor}  {run.version_count} versions  {state}")
    if not runs:
        click.echo("Nothing was reprocessed.", err=True)


def _run(sources: tuple[str, ...], documents: tuple[str, ...], *, as_json: bool, keep: bool) -> None:
    from bam.cli.surroundings import command_context
    from bam.model.errors import ConfigurationError
    from bam.pipeline.reprocess import reprocess
    from bam.store.documents import resolve_document

    with command_context() as context:
        for source in sources:
            context.portfolio.source(source)
        with context.store.read() as connection:
            found = {name: resolve_document(connection, name) for name in documents}
        unknown = sorted(name for name, row in found.items() if row is None)
        if unknown:
            raise ConfigurationError("there is no such document", where=unknown[0], remedy="Give its id or its address.")
        ids = [row.id for row in found.values() if row is not None]
        report = reprocess(context, source_ids=sources, document_ids=ids, keep=keep)
    _print(report, as_json=as_json, keep=keep)
    sys.exit(1 if report.problems else 0)


def _print(report: ReprocessReport, *, as_json: bool, keep: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1, default=str))
        return
    for table in sorted({*report.claims_same, *report.claims_new, *report.claims_gone}):
        same, new, gone = (counts.get(table, 0) for counts in (report.claims_same, report.claims_new, report.claims_gone))
        click.echo(f"  {table}: {same} claims the same, {new} new, {gone} gone")
    for change in report.changes[:_SHOWN]:
        click.echo(f"  {change.kind} {change.record_id} {change.table}: {change.title}")
    if len(report.changes) > _SHOWN:
        kinds = Counter(str(change.kind) for change in report.changes[_SHOWN:])
        click.echo(f"  and {', '.join(f'{number} {kind}' for kind, number in sorted(kinds.items()))} (--json lists them)")
    click.echo(report.sentence)
    for address in report.readable:
        click.echo(f"  could not be read before, and can be now: {address}")
    for problem in report.problems:
        click.echo(f"! {problem}", err=True)
    if not keep:
        click.echo("Nothing was kept; `bam reprocess apply` keeps it.")
    elif report.run_id is None:
        click.echo("No claim differs, so none was kept.")
    else:
        click.echo(
            f"Kept as {report.run_id}; `bam update` publishes it, `bam reprocess undo {report.run_id[:12]}` takes it back."
        )
