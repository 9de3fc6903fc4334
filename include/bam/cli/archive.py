"""`bam archive`: whether every archived byte is what it was."""

from __future__ import annotations

import sys

import click


@click.group()
def command() -> None:
    """Look after the archived bytes of all documents."""


@command.command()
def verify() -> None:
    """Read every archived object back and name those that are damaged, missing or of unknown origin.

    Objects that the store needs and the archive hasn't got are named too. The exit code is 1 if anything is wrong.
    """
    from bam.cli.surroundings import Bars, command_context
    from bam.store.documents import archived_names

    with command_context() as context:
        with context.store.read() as connection:
            needed = archived_names(connection)
        names = list(context.archive.names())
        damages = []
        with Bars().task("Verifying the archive", len(names)) as advance:
            for damage in context.archive.verify():
                if damage is not None:
                    damages.append((damage.sha256, damage.reason))
                advance(1)
        missing = sorted(needed.keys() - set(names))
        damages += [(name, "the bytes are missing") for name in missing]
    for sha256, reason in damages:
        address = needed.get(sha256)
        click.echo(f"{sha256}  {reason}" + (f"  ({address})" if address else ""))
    click.echo(f"{len(names)} objects read, {len(damages)} damaged or missing.", err=True)
    sys.exit(1 if damages else 0)
