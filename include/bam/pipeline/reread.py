"""Reading archived bytes again with the converter and the extractor of today; nothing is fetched and nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bam.documents.iati_text import EXTRACTOR as IATI_EXTRACTOR
from bam.extraction import EXTRACTOR, Resources, extract, resources_of
from bam.model.claims import Fact
from bam.model.errors import BamError
from bam.model.text import ConvertedDocument
from bam.pipeline.context import RunContext
from bam.pipeline.extract import converted_document
from bam.pipeline.ingest_reading import Arrival, ReadDocument, read_arrival, read_documents
from bam.pipeline.ingest_report import Problem
from bam.pipeline.ingest_store import declared_address
from bam.sources.model import Content, Hints
from bam.store.documents import known_documents
from bam.store.extractions import StoredText, read_texts
from bam.store.sources import Visit

VERSIONS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading one standing version again gave.

    `read` is the document as it is converted now, None where that is what is stored. `facts` are what the extractor takes from
    it, `published_on` the date of publication that they carry.
    """

    stored: StoredText
    read: ReadDocument | None
    extractor: str
    facts: tuple[Fact, ...]
    published_on: str | None
    waits_for_language: bool = False


def reread(context: RunContext, version_ids: Sequence[str]) -> Iterator[Reread | Problem]:
    """Read these versions again from the archive; a version that can't be is a problem with its reason.

    Several documents in the same bytes (a mail with attachments) are read together.
    """
    resources = resources_of(context.portfolio)
    for start in range(0, len(version_ids), VERSIONS_AT_ONCE):
        with context.store.read() as connection:
            texts = read_texts(connection, version_ids[start : start + VERSIONS_AT_ONCE])
        by_bytes: dict[str, list[StoredText]] = defaultdict(list)
        for stored in texts:
            by_bytes[stored.raw_sha256].append(stored)
        for sha256, group in by_bytes.items():
            yield from _reread_bytes(context, resources, sha256, group)


def readable_again(context: RunContext, files: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, Arrival]]:
    """Of files that couldn't be read, (address, source, SHA-256), those that can be read now: the source and what is in them."""
    for address, source_id, sha256 in files:
        content = _archived(context, sha256, address)
        if content is None:
            continue
        arrival = read_arrival(context, content, sha256, Visit(content.address, "changed", raw_sha256=sha256), None)
        if arrival.documents:
            yield source_id, arrival


def _reread_bytes(
    context: RunContext, resources: Resources, sha256: str, group: Sequence[StoredText]
) -> Iterator[Reread | Problem]:
    content = _content(context, sha256, group[0])
    if content is None:
        yield from (Problem(stored.address, "the archive has no bytes of it") for stored in group)
        return
    try:
        found = read_documents(context, content)
    except BamError as error:
        yield from (Problem(stored.address, f"it can't be read any more: {error}") for stored in group)
        return
    by_document = _by_document(context, found, content)
    for stored in group:
        read = by_document.get(stored.document_id)
        if read is None and len(group) == len(found) == 1:
            read = found[0]
        if read is None:
            yield Problem(stored.address, "the archived bytes no longer give a document of this address")
            continue
        try:
            yield _reread(stored, read, resources)
        except Exception as error:  # one document must never stop the others
            yield Problem(stored.address, f"{type(error).__name__}: {error}")


def _reread(stored: StoredText, read: ReadDocument, resources: Resources) -> Reread:
    before = converted_document(stored)
    is_same = _essence(before) == _essence(read.document)
    if read.facts is not None:
        published = read.document.metadata.published
        return Reread(stored, None if is_same else read, IATI_EXTRACTOR, read.facts, published)
    extraction = extract(before if is_same else read.document, resources)
    published = extraction.published or (stored.published_on if is_same else read.document.metadata.published)
    return Reread(stored, None if is_same else read, EXTRACTOR, tuple(extraction.facts), published, extraction.waits_for_language)


def _essence(document: ConvertedDocument) -> tuple[object, ...]:
    """What facts can follow from: the text, its structure, and what is said of it."""
    metadata = document.metadata
    return document.text, document.blocks, metadata.title, metadata.author, metadata.published, metadata.language


def _by_document(context: RunContext, found: Sequence[ReadDocument], content: Content) -> dict[str, ReadDocument]:
    by_address = {declared_address(read, content): read for read in found}
    with context.store.read() as connection:
        known = known_documents(connection, by_address)
    return {document_id: by_address[address] for address, document_id in known.items()}


def _content(context: RunContext, sha256: str, stored: StoredText) -> Content | None:
    """The archived bytes as the visit gave them, with what the source's listing had said of the document."""
    said = {name for name, where in stored.origins.items() if where == "feed"}
    hints = Hints(
        title=stored.title if "title" in said else None,
        publisher=stored.publisher if "publisher" in said else None,
        author=stored.author if "author" in said else None,
        published=stored.published_on if "published" in said else None,
    )
    return _archived(context, sha256, stored.address, hints)


def _archived(context: RunContext, sha256: str, document_address: str, hints: Hints | None = None) -> Content | None:
    """The archived bytes of a document as the visit gave them; None where they are missing."""
    data = context.archive.read(sha256)
    if data is None:
        return None
    notes = context.archive.origins(sha256)
    note = next((each for each in notes if each["address"] == document_address), notes[0] if notes else {})
    address = note.get("address", document_address)
    name = PurePosixPath(unquote(urlsplit(address).path)).name or address
    return Content(data, address, name, note.get("media_type"), hints=hints or Hints())
