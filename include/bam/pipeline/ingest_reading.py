"""From archived bytes to what they hold, outside of any transaction: documents with their facts and signatures, or the reason
why nothing can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bam.documents.convert import convert
from bam.documents.media_types import IATI, media_type_of
from bam.documents.similarity import Signature, sign
from bam.model.claims import Fact
from bam.model.errors import ConversionError
from bam.model.text import ConvertedDocument
from bam.pipeline.context import RunContext
from bam.pipeline.ingest_structured import read_structured
from bam.sources.model import Content
from bam.store.sources import AddressState, Visit


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with what follows from its text: the facts that it states in a structure (None: it is prose), and its
    signature (None: it has none, or none yet: see `signed`).
    """

    document: ConvertedDocument
    facts: tuple[Fact, ...] | None
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the visit of one address gave: archived bytes under `sha256`, and what they hold.

    `content` comes without its bytes, so that many arrivals can wait to be stored together. `state` is what was known of the
    address before. Without documents and without an error the bytes are those of the last visit.
    """

    content: Content
    sha256: str
    visit: Visit
    state: AddressState | None
    documents: tuple[ReadDocument, ...] = ()
    error: ConversionError | None = None


def read_arrival(context: RunContext, content: Content, sha256: str, visit: Visit, state: AddressState | None) -> Arrival:
    """Read the archived bytes of one address, unless they are those of the last visit."""
    without_bytes = replace(content, data=b"")
    if state and state.is_sound and state.raw_sha256 == sha256:
        return Arrival(without_bytes, sha256, visit, state)
    try:
        return Arrival(without_bytes, sha256, visit, state, tuple(read_documents(context, content)))
    except ConversionError as error:
        return Arrival(without_bytes, sha256, visit, state, error=error)


def read_documents(context: RunContext, content: Content) -> list[ReadDocument]:
    """The documents in the bytes. Raises ConversionError."""
    if media_type_of(content.data, content.name, content.content_type) == IATI:
        activities = read_structured(context, content.data, content.name)
        return [ReadDocument(_with_hints(each.document, content), each.facts) for each in activities]
    converted = convert(content.data, content.name, content.content_type, content.address)
    return [ReadDocument(_with_hints(document, content), None) for document in converted]


def signed(read: ReadDocument) -> ReadDocument:
    """The document with the signature of its text. Those of several documents are best made one right after the other: after a
    conversion, the processor has to fetch everything that signing needs anew, and that takes half as long again.
    """
    return read if read.facts is not None else replace(read, signature=sign(read.document.text))


def _with_hints(document: ConvertedDocument, content: Content) -> ConvertedDocument:
    """What the source says of the document where the document itself says nothing."""
    hints, metadata = content.hints, document.metadata
    origins = dict(metadata.origins)
    changes: dict[str, str] = {}
    for field in ("title", "publisher", "author", "published", "modified"):
        value = getattr(hints, field)
        if value and not getattr(metadata, field):
            changes[field], origins[field] = value, "feed"
    if hints.address:
        changes["address"] = hints.address
    return replace(document, metadata=replace(metadata, origins=origins, **changes)) if changes else document
