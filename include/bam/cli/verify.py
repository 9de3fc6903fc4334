"""`bam verify`: is everything that is stored what it was when it was stored?"""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--quiet", "-q", is_flag=True, help="Print faults only.")
def command(quiet: bool) -> None:
    """Follow everything back: tables to records, records to claims, quotes to texts, texts to archived bytes.

    Each quote must stand at its place in a text whose SHA-256 is the stored one, of archived bytes whose SHA-256 is the stored
    one. Nothing is changed. The exit code is 1 when something doesn't hold.
    """
    from bam.cli.surroundings import command_context
    from bam.quality.verification import verify_store
    from bam.store.check_material import all_version_ids

    with command_context() as context:
        with context.store.read() as connection:
            count = len(all_version_ids(connection))
        with context.progress.task("Verifying documents", count) as advance:
            found = verify_store(context.store, context.archive.read, advance)
    for fault in found.faults:
        click.echo(f"{fault.kind} {fault.id}: {fault.what}")
    if found.faults:
        click.echo(
            f"{len(found.faults)} faults. Restore what is damaged from a copy of the archive, or ingest it again.", err=True
        )
        sys.exit(1)
    if not quiet:
        click.echo(
            f"{found.versions} document versions, {found.claims} claims, {found.records} records and {found.entries} ledger"
            " entries: each leads back to archived bytes that never changed."
        )
