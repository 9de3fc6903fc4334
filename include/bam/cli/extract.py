"""`bam extract`: the facts of files as JSON, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bam.model.errors import BamError
from bam.settings import read_settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["jsonl", "json"]),
    default="jsonl",
    show_default=True,
    help="One object a line, or indented for people.",
)
@click.option("--text", "with_text", is_flag=True, help="Add the converted text, to which the evidence offsets refer.")
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], output_format: str, with_text: bool) -> None:
    """Print the facts of each FILE as a JSON object; touches no database.

    Reads .html, .txt, .md, .pdf, .docx, .odt and .eml (an e-mail gives an object for its body and for each attachment).
    A file that can't be read gives one line on standard error and an object with "error"; the others still come out, and
    the exit code is 1 then.

    \b
    Example:  bam extract release.html report.pdf > facts.jsonl
    """
    failures = 0
    for result in _objects(files, with_text):
        if "error" in result:
            failures += 1
            click.echo(f"bam: {result['error']}", err=True)
        sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1 if output_format == "json" else None) + "\n")
        sys.stdout.flush()
    ctx.exit(1 if failures else 0)


def _objects(files: tuple[Path, ...], with_text: bool) -> Iterator[dict[str, Any]]:
    from bam.documents.reading import read_documents
    from bam.extraction import extract, load_resources
    from bam.extraction.evaluate import extraction_to_dict

    resources = load_resources(read_settings().portfolio)
    for path in files:
        try:
            documents = read_documents(path)
        except BamError as error:
            yield {"document": {"path": str(path)}, "error": str(error)}
            continue
        for document in documents:
            result = extraction_to_dict(document, extract(document, resources))
            if with_text:
                result["document"]["text"] = document.text
            yield result
