"""`bam pdf-check`: whether a PDF can be read by everybody."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Check FILE against PDF/UA-1: tags, reading order, table headers, alternative texts, language, title, links, fonts.

    Prints each fault with its number in the Matterhorn Protocol. Exit code 0 without faults, else 1.
    """
    from bam.briefs.pdf_check import check_pdf

    report = check_pdf(file)
    for fault in report.faults:
        click.echo(fault.sentence)
    seen = ", ".join(f"{report.elements.get(kind, 0)} {name}" for kind, name in _SHOWN.items())
    verdict = f"{len(report.faults)} faults" if report.faults else "no faults"
    click.echo(f"{file}: {verdict} on {report.pages} pages ({seen}).", err=True)
    sys.exit(1 if report.faults else 0)


_SHOWN = {"H2": "sections", "Table": "tables", "Figure": "figures", "Link": "links", "BlockQuote": "quotes"}
