"""`bam doc`: a document's text and its versions."""

from __future__ import annotations

from typing import Any

import click

from bam.model.errors import BamError


@click.group()
def command() -> None:
    """Look at one document: its text, its versions and what changed between them, its copies.

    A document is named by its id, the beginning of it, or its address.
    """


@command.command()
@click.argument("name", metavar="ID")
def history(name: str) -> None:
    """List the versions of a document with what changed from each to the next, and its copies at other addresses."""
    from bam.cli.surroundings import command_context
    from bam.documents.changes import changes
    from bam.store.copies import similarity_links
    from bam.store.documents import addresses_of, blocks_from_json, versions_of

    with command_context() as context, context.store.read() as connection:
        document = _document(connection, name)
        versions = list(versions_of(connection, document.id))
        links = similarity_links(connection, document.id)
        addresses = addresses_of(connection, [other for other, _ in links])
    click.echo(f"{document.id}  {document.address}")
    click.echo(f"source {document.source_id} ({document.officiality}), first seen {document.first_seen_at[:10]}")
    if document.vanished_at:
        click.echo(f"vanished: the address has not answered with it since {document.vanished_at[:10]}")
    before: Any = None
    for version in versions:
        state = "stands" if version.superseded_at is None else f"until {version.superseded_at[:16].replace('T', ' ')}"
        state = f"in quarantine: {version.reason}" if version.status == "quarantined" else state
        click.echo(f"\nversion {version.number}  {version.id}  recorded {version.recorded_at[:16].replace('T', ' ')}, {state}")
        click.echo(f"  {version.title or '(no title)'}; published {version.published_on or 'unknown'}")
        if version.text is not None and before is not None:
            old, new = blocks_from_json(before.blocks), blocks_from_json(version.blocks)
            for change in changes(before.text, old, version.text, new):
                for sign, passage in (("-", change.before), ("+", change.after)):
                    if passage:
                        click.echo(f"  {sign} {passage}")
        before = version if version.text is not None else before
    if links:
        click.echo("\nnear copies at other addresses (one witness together):")
        for other, similarity in links:
            click.echo(f"  {similarity:.0%}  {addresses.get(other, other)}")


@command.command()
@click.argument("name", metavar="ID")
@click.option("--version", "number", type=int, help="Its number; the one that stands by default.")
@click.option("--blocks", is_flag=True, help="Each block with its kind and offsets.")
def show(name: str, number: int | None, blocks: bool) -> None:
    """Print the canonical text of a document, to which all offsets refer."""
    from bam.cli.surroundings import command_context
    from bam.store.documents import blocks_from_json, versions_of

    with command_context() as context, context.store.read() as connection:
        document = _document(connection, name)
        versions = [version for version in versions_of(connection, document.id) if version.text is not None]
    standing = [version for version in versions if version.superseded_at is None] or versions
    chosen = [version for version in versions if version.number == number] if number is not None else standing[-1:]
    if not chosen:
        numbers = ", ".join(str(version.number) for version in versions) or "none that could be read"
        raise BamError(f"there is no such version (known: {numbers})", where=document.address)
    version = chosen[0]
    click.echo(f"{document.address}, version {version.number}: {version.title or '(no title)'}", err=True)
    if not blocks:
        click.echo(version.text)
        return
    for block in blocks_from_json(version.blocks):
        mark = f" {block.number}" if block.number else ""
        page = f" p{block.page}" if block.page else ""
        click.echo(f"{block.start:>7} {block.kind}{mark}{page}: {version.text[block.start : block.end]}")


def _document(connection: Any, name: str) -> Any:
    from bam.store.documents import resolve_document

    document = resolve_document(connection, name)
    if document is None:
        raise BamError(f"no document is known as {name!r}", remedy="Give its id, the beginning of it, or its address.")
    return document
