"""From archived bytes to stored versions: convert them, decide what they are to the document, store that in one transaction."""

from __future__ import annotations

import logging
from dataclasses import replace
from urllib.parse import urlsplit

from sqlalchemy import Connection

from bam.documents.changes import is_cosmetic
from bam.documents.convert import convert
from bam.documents.media_types import IATI, media_type_of
from bam.documents.similarity import COPY_THRESHOLD, Signature, containment, sign
from bam.model.claims import Fact
from bam.model.errors import ConversionError
from bam.model.text import ConvertedDocument
from bam.pipeline.context import RunContext
from bam.pipeline.ingest_report import IngestReport, Problem
from bam.pipeline.ingest_structured import read_structured, store_facts
from bam.portfolio.sources import SourceBase
from bam.sources.local_files import SCHEME as FILE_SCHEME
from bam.sources.model import Content
from bam.store.copies import forget_signature, replace_signature
from bam.store.documents import (
    CONVERTED,
    QUARANTINED,
    STRUCTURED,
    DocumentIdentity,
    NewVersion,
    StandingVersion,
    add_alias,
    add_version,
    document_id_of,
    ensure_document,
    find_document,
    lock_writers,
    mark_vanished,
    new_document,
    quarantined_reason,
    standing_version,
)
from bam.store.sources import AddressState, Visit, note_visit

log = logging.getLogger(__name__)

_STRONG_ORIGINS = frozenset({"json-ld", "meta", "front-matter", "mail-header", "source-line", "dateline", "feed"})
"""Where a publisher's name in a document is believed more than the one that the source's configuration gives."""


def store_content(
    context: RunContext, source: SourceBase, content: Content, sha256: str, visit: Visit, state: AddressState | None
) -> IngestReport:
    """Store what the archived bytes of one address say; `visit` is noted in the same transaction."""
    if state and state.is_sound and state.raw_sha256 == sha256:
        return _note_same(context, source, visit, state)
    try:
        converted, facts = _read(context, content)
    except ConversionError as error:
        return _quarantine(context, source, content, sha256, visit, error)
    signatures = [sign(document.text) if stated is None else None for document, stated in zip(converted, facts, strict=True)]
    at = context.timestamp()
    report = IngestReport()
    with context.store.write() as connection:
        lock_writers(connection)
        document_ids = []
        for document, stated, signature in zip(converted, facts, signatures, strict=True):
            store = _DocumentStore(connection, source, content, sha256, state if len(converted) == 1 else None, at)
            document_id, part = store.keep(_with_hints(document, content), stated, signature)
            document_ids.append(document_id)
            report += part
        outcome = "new" if report.documents_new else "changed" if report.versions_new or report.older else "same"
        note_visit(connection, source.id, replace(visit, outcome=outcome, document_id=document_ids[0]), at)
    return report


def _read(context: RunContext, content: Content) -> tuple[list[ConvertedDocument], list[tuple[Fact, ...] | None]]:
    """The documents in the bytes, and for each the facts that it states in a structure (None: it is prose)."""
    if media_type_of(content.data, content.name, content.content_type) == IATI:
        activities = read_structured(context, content.data, content.name)
        return [each.document for each in activities], [each.facts for each in activities]
    converted = convert(content.data, content.name, content.content_type, content.address)
    return converted, [None] * len(converted)


def _note_same(context: RunContext, source: SourceBase, visit: Visit, state: AddressState) -> IngestReport:
    at = context.timestamp()
    with context.store.write() as connection:
        lock_writers(connection)
        note_visit(connection, source.id, visit, at)
        if state.document_id:
            mark_vanished(connection, state.document_id, None)
    return IngestReport(unchanged=1)


def _quarantine(
    context: RunContext, source: SourceBase, content: Content, sha256: str, visit: Visit, error: ConversionError
) -> IngestReport:
    """Keep a row with the reason; a readable version that stands goes on standing."""
    at = context.timestamp()
    with context.store.write() as connection:
        lock_writers(connection)
        document_id, _ = ensure_document(connection, _identity(source, content.address), at)
        known = quarantined_reason(connection, document_id, sha256)
        if known is None:
            version = NewVersion(
                raw_sha256=sha256,
                media_type=(content.content_type or "application/octet-stream").split(";")[0][:100],
                converter="none",
                status=QUARANTINED,
                reason=error.what,
                title=content.hints.title,
            )
            add_version(connection, document_id, version, at, stands=False)
        note_visit(connection, source.id, replace(visit, outcome="same" if known else "new", document_id=document_id), at)
    log.info("quarantined: %s", error)
    if known:
        return IngestReport(unchanged=1)
    return IngestReport(quarantined=(Problem(content.address, _reason(error, content.name)),))


def _reason(error: ConversionError, name: str) -> str:
    """The error's line without the name that the address gives anyway."""
    if error.where not in ("", name):
        return str(error)
    return f"{error.what}. {error.remedy}" if error.remedy else error.what


class _DocumentStore:
    """Stores one converted document inside the transaction of its address."""

    def __init__(
        self, connection: Connection, source: SourceBase, content: Content, sha256: str, state: AddressState | None, at: str
    ) -> None:
        self.connection = connection
        self.source = source
        self.content = content
        self.sha256 = sha256
        self.state = state
        self.at = at

    def keep(
        self, document: ConvertedDocument, facts: tuple[Fact, ...] | None, signature: Signature | None
    ) -> tuple[str, IngestReport]:
        """Store the document as what it is: new, a new version, an older one, or nothing new; with the facts that it states."""
        document_id, is_new = self._resolve(document)
        if not is_new:
            mark_vanished(self.connection, document_id, None)
        standing = None if is_new else standing_version(self.connection, document_id)
        version = self._version(document, CONVERTED if facts is None else STRUCTURED)
        if standing is not None:
            if standing.text == document.text:
                return document_id, IngestReport(unchanged=1)
            if is_cosmetic(standing.text, standing.blocks, document.text, document.blocks):
                return document_id, IngestReport(cosmetic=1)
            if _is_older(version, standing):
                add_version(self.connection, document_id, version, self.at, stands=False)
                return document_id, IngestReport(older=1)
        version_id = add_version(self.connection, document_id, version, self.at, stands=True, is_first=is_new)
        self._sign(document_id, version_id, signature, is_new)
        claims = store_facts(self.connection, version_id, document, facts, self.at) if facts else 0
        return document_id, IngestReport(documents_new=int(is_new), versions_new=int(not is_new), claims=claims)

    def _resolve(self, document: ConvertedDocument) -> tuple[str, bool]:
        """The document's id: by the address that it declares, by what its address gave before, or a new one."""
        here = self.content.address
        declared = document.metadata.address or here
        if declared != here and not _may_declare(declared, here):
            declared = here
        known = find_document(self.connection, declared)
        if known is not None:
            return known, False
        before = self.state.document_id if self.state else None
        if before is not None and (declared == here or self.content.moved or before == document_id_of(self.state_address)):
            add_alias(self.connection, declared, before, self.at)
            return before, False
        return new_document(self.connection, _identity(self.source, declared), self.at), True

    @property
    def state_address(self) -> str:
        """The address that the source lists."""
        return self.state.address if self.state else self.content.address

    def _version(self, document: ConvertedDocument, status: str) -> NewVersion:
        metadata = document.metadata
        publisher, origins = metadata.publisher, dict(metadata.origins)
        if self.source.publisher and origins.get("publisher") not in _STRONG_ORIGINS:
            publisher, origins["publisher"] = self.source.publisher, "source"
        return NewVersion(
            raw_sha256=self.sha256,
            media_type=document.media_type,
            converter=document.converter[:80],
            status=status,
            title=metadata.title,
            publisher=publisher,
            author=metadata.author,
            published_on=metadata.published,
            modified_on=metadata.modified,
            language=metadata.language,
            origins=origins,
            text=document.text,
            blocks=document.blocks,
        )

    def _sign(self, document_id: str, version_id: str, signature: Signature | None, is_new: bool) -> None:
        if signature is None:
            if not is_new:
                forget_signature(self.connection, document_id)
            return
        replace_signature(
            self.connection,
            document_id,
            version_id,
            signature.values,
            signature.word_count,
            signature.bands(),
            lambda values, words: containment(signature, Signature(values, words)),
            COPY_THRESHOLD,
            self.at,
            is_first=is_new,
        )


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
    return replace(document, metadata=replace(metadata, origins=origins, **changes))


def _may_declare(declared: str, here: str) -> bool:
    """Whether a document may say that its address is another one.

    Files and mails may, and activities have an identifier of their own. A page only for its own host, else anybody could
    replace a document of somebody else; and a front page is the address of no article, though many templates declare it.
    """
    if here.startswith((FILE_SCHEME, "imap:")) or declared.startswith("iati:"):
        return True
    ours, theirs = urlsplit(here), urlsplit(declared)
    if theirs.path in ("", "/") and ours.path not in ("", "/"):
        return False
    return _host(ours.hostname) == _host(theirs.hostname)


def _host(name: str | None) -> str:
    return (name or "").lower().removeprefix("www.").removeprefix("m.")


def _is_older(new: NewVersion, standing: StandingVersion) -> bool:
    """Whether a version was published before the one that stands (an old copy of a page that came in late)."""
    ours = new.modified_on or new.published_on
    theirs = standing.modified_on or standing.published_on
    return bool(ours and theirs and ours < theirs)


def _identity(source: SourceBase, address: str) -> DocumentIdentity:
    return DocumentIdentity(address, source.id, source.officiality, source.tlp)
