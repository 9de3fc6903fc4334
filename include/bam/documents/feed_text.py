"""A feed's file to documents: one per entry that carries its article; entries that only lead to a page give none."""

from __future__ import annotations

from dataclasses import replace

from bam.documents import media_types
from bam.documents.html_tree import parse_page
from bam.documents.text_formats import convert_html
from bam.model.errors import ConversionError, FetchError
from bam.model.text import ConvertedDocument
from bam.sources.feeds import Entry, absolute_link, entry_page, parse_feed


def convert_feed(data: bytes, name: str, content_type: str | None, address: str | None) -> list[ConvertedDocument]:
    """The entries with content, named `feed.atom#title`. Raises ConversionError where no entry has any."""
    try:
        feed = parse_feed(data, name)
    except FetchError as error:
        raise ConversionError(error.what, where=name, remedy=error.remedy) from error
    documents = [_document(entry, name, address, feed.title) for entry in feed.entries if entry.html]
    found = [document for document in documents if document.text]
    if not found:
        raise ConversionError("no entry of the feed carries its article", where=name, remedy="Make it a source of kind feed.")
    return found


def _document(entry: Entry, name: str, address: str | None, publisher: str | None) -> ConvertedDocument:
    own = absolute_link(entry, address or "") or f"{address or name}#{entry.key}"
    label = f"{name}#{entry.title or entry.key}"
    document = convert_html(parse_page(entry_page(entry).decode(), label), label, own)
    metadata = document.metadata
    origins = dict(metadata.origins)
    if publisher and not metadata.publisher:
        origins["publisher"] = "feed"
        metadata = replace(metadata, publisher=publisher)
    return replace(document, media_type=media_types.FEED, metadata=replace(metadata, address=own, origins=origins))
