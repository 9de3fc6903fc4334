"""`bam explain`: why each fact of a file was taken, and why the other candidates were passed over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bam.model.claims import Fact, Table, values_to_dict
from bam.settings import read_settings

if TYPE_CHECKING:
    from bam.extraction import PassedOver
    from bam.model.text import ConvertedDocument

_SHOWN = 90


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", type=click.Choice([str(table) for table in Table]), help="Only this table.")
def command(file: Path, table: str | None) -> None:
    """Show for each fact of FILE its quote, values and reasons, then what was passed over and why."""
    from bam.documents.reading import read_documents
    from bam.extraction import extract, load_resources

    resources = load_resources(read_settings().portfolio)
    for document in read_documents(file):
        extraction = extract(document, resources)
        published = f"{extraction.published} ({extraction.published_origin})" if extraction.published else "not known"
        click.secho(document.name, bold=True)
        click.echo(f"  language {extraction.language or 'not known'}, published {published}, extractor {extraction.extractor}")
        if extraction.waits_for_language:
            click.echo("  The extractor doesn't read this language yet: no facts are taken.")
        for fact in extraction.facts:
            if table in (None, str(fact.table)):
                _show_fact(document, fact)
        passed = [item for item in extraction.passed_over if table in (None, str(item.table))]
        if passed:
            click.secho("\n  Passed over", bold=True)
        for item in passed:
            _show_passed_over(document, item)


def _show_fact(document: ConvertedDocument, fact: Fact) -> None:
    values = {key: value for key, value in values_to_dict(fact.values).items() if value not in (None, [], False)}
    click.secho(f"\n  {fact.table}, confidence {fact.confidence:.2f}", fg="green")
    for key, value in values.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else f"{value:,.0f}" if key.startswith("amount") else value
        click.echo(f"    {key:<17} {shown}")
    for number, evidence in enumerate(fact.evidence):
        label = "said in" if number == 0 else "also in"
        page = f", page {evidence.page}" if evidence.page else ""
        click.echo(f'    {label:<17} line {_line(document, evidence.start)}{page}: "{_shorten(evidence.quote)}"')
    for reason in fact.reasons:
        click.echo(f"    {reason.weight:+.1f} {reason.code:<12} {reason.text}")


def _show_passed_over(document: ConvertedDocument, item: PassedOver) -> None:
    words = _shorten(document.text[item.start : item.end])
    click.echo(f'    {item.table}: line {_line(document, item.start)}, "{words}": {item.text} [{item.reason}]')


def _line(document: ConvertedDocument, offset: int) -> int:
    return document.text.count("\n", 0, offset) + 1


def _shorten(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 3] + "..."
