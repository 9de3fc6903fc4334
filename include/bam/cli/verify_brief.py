"""`bam verify-brief`: every figure of a brief followed back to archived bytes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_SHOWN = 25


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Check every figure of the brief FILE against its records, claims, quotes and the archived bytes of the documents.

    Exit code 0 if all of it holds; else 1, with one line for each figure that doesn't.
    """
    from bam.cli.surroundings import command_context
    from bam.pipeline.verify_brief import verify_brief

    with command_context() as context:
        report = verify_brief(context, file)
    for fault in report.faults[:_SHOWN]:
        click.echo(fault.sentence)
    if len(report.faults) > _SHOWN:
        click.echo(f"and {len(report.faults) - _SHOWN} more")
    looked = f"{report.figures} figures, {report.records} records, {report.claims} claims, {report.documents} documents"
    click.echo(f"{file}: {looked}: {f'{len(report.faults)} faults' if report.faults else 'all of it holds'}.", err=True)
    sys.exit(1 if report.faults else 0)
