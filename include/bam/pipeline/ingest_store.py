"""From what was read to stored versions: decide what each text is to its document, and store all of it in one transaction.

Most of what comes is new, and what is new is stored together: that takes a fraction of the time that one after the other takes.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from sqlalchemy import Connection

from bam.documents.changes import is_cosmetic
from bam.documents.similarity import COPY_THRESHOLD, Signature, bands_of, containments
from bam.model.errors import ConversionError
from bam.model.text import ConvertedDocument
from bam.pipeline.context import RunContext
from bam.pipeline.ingest_reading import Arrival, ReadDocument, signed
from bam.pipeline.ingest_report import IngestReport, Problem
from bam.pipeline.ingest_structured import store_facts
from bam.portfolio.sources import SourceBase
from bam.sources.local_files import SCHEME as FILE_SCHEME
from bam.sources.model import Content
from bam.store.copies import CopyRule, SignedText, add_signatures, forget_signature, replace_signature
from bam.store.documents import (
    CONVERTED,
    QUARANTINED,
    STRUCTURED,
    DocumentIdentity,
    NewVersion,
    StandingVersion,
    add_alias,
    add_documents,
    add_version,
    document_id_of,
    ensure_document,
    find_document,
    known_documents,
    lock_writers,
    mark_vanished,
    new_document,
    quarantined_reason,
    standing_version,
)
from bam.store.sources import Visit, note_visits

log = logging.getLogger(__name__)

COPY_RULE = CopyRule(containments, COPY_THRESHOLD, bands_of)
"""Which texts are copies: see docs/decisions/0022-near-copies.md."""

_STRONG_ORIGINS = frozenset({"json-ld", "meta", "front-matter", "mail-header", "source-line", "dateline", "feed"})
"""Where a publisher's name in a document is believed more than the one that the source's configuration gives."""


def store_arrivals(context: RunContext, source: SourceBase, arrivals: Sequence[Arrival]) -> IngestReport:
    """Store what visits of addresses that differ gave, and note the visits, in one transaction."""
    if not arrivals:
        return IngestReport()
    at = context.timestamp()
    arrivals = [replace(arrival, documents=tuple(map(signed, arrival.documents))) for arrival in arrivals]
    with context.store.write() as connection:
        lock_writers(connection)
        return _Storing(connection, source, at).store(arrivals)


class _Storing:
    """Stores arrivals inside one transaction."""

    def __init__(self, connection: Connection, source: SourceBase, at: str) -> None:
        self.connection = connection
        self.source = source
        self.at = at

    def store(self, arrivals: Sequence[Arrival]) -> IngestReport:
        """Store all of them: those that may touch what is stored one after the other, then all that are new together."""
        fresh = self._fresh(arrivals)
        visits, report = [], IngestReport()
        for arrival in arrivals:
            if id(arrival) not in fresh:
                visit, part = self._one(arrival)
                visits.append(visit)
                report += part
        new = [(arrival, each) for arrival in arrivals if id(arrival) in fresh for each in arrival.documents]
        ids = self._store_new(new)
        report += IngestReport(documents_new=len(new))
        first: dict[int, str] = {}
        for (arrival, read), (document_id, version_id) in zip(new, ids, strict=True):
            first.setdefault(id(arrival), document_id)
            if read.facts:
                claims = store_facts(self.connection, version_id, read.document, read.facts, self.at)
                report += IngestReport(claims=claims)
        visits += [
            replace(arrival.visit, outcome="new", document_id=first[id(arrival)]) for arrival in arrivals if id(arrival) in first
        ]
        note_visits(self.connection, self.source.id, visits, self.at)
        return report

    def _fresh(self, arrivals: Sequence[Arrival]) -> set[int]:
        """The arrivals of which every document is new: nothing is stored at its address, and no other of them has the same."""
        declared = {id(arrival): [declared_address(each, arrival.content) for each in arrival.documents] for arrival in arrivals}
        times = Counter(address for addresses in declared.values() for address in addresses)
        possible = [
            id(arrival)
            for arrival in arrivals
            if arrival.documents
            and (arrival.state is None or arrival.state.document_id is None)
            and all(times[address] == 1 for address in declared[id(arrival)])
        ]
        known = known_documents(self.connection, [address for key in possible for address in declared[key]])
        return {key for key in possible if not any(address in known for address in declared[key])}

    def _store_new(self, new: Sequence[tuple[Arrival, ReadDocument]]) -> list[tuple[str, str]]:
        rows = [
            (
                _identity(self.source, declared_address(read, arrival.content)),
                version_of(self.source, read.document, arrival.sha256, CONVERTED if read.facts is None else STRUCTURED),
            )
            for arrival, read in new
        ]
        ids = add_documents(self.connection, rows, self.at)
        signed = [
            signed_text(document_id, version_id, read.signature)
            for (_, read), (document_id, version_id) in zip(new, ids, strict=True)
            if read.signature is not None
        ]
        add_signatures(self.connection, signed, COPY_RULE, self.at)
        return ids

    def _one(self, arrival: Arrival) -> tuple[Visit, IngestReport]:
        if arrival.error is not None:
            return self._quarantine(arrival, arrival.error)
        if not arrival.documents:
            if arrival.state is not None and arrival.state.document_id:
                mark_vanished(self.connection, arrival.state.document_id, None)
            return arrival.visit, IngestReport(unchanged=1)
        document_ids, report = [], IngestReport()
        store = _DocumentStore(self.connection, self.source, arrival, self.at)
        for read in arrival.documents:
            document_id, part = store.keep(read)
            document_ids.append(document_id)
            report += part
        outcome = "new" if report.documents_new else "changed" if report.versions_new or report.older else "same"
        return replace(arrival.visit, outcome=outcome, document_id=document_ids[0]), report

    def _quarantine(self, arrival: Arrival, error: ConversionError) -> tuple[Visit, IngestReport]:
        """Keep a row with the reason; a readable version that stands goes on standing."""
        content = arrival.content
        document_id, _ = ensure_document(self.connection, _identity(self.source, content.address), self.at)
        known = quarantined_reason(self.connection, document_id, arrival.sha256)
        if known is None:
            version = NewVersion(
                raw_sha256=arrival.sha256,
                media_type=(content.content_type or "application/octet-stream").split(";")[0][:100],
                converter="none",
                status=QUARANTINED,
                reason=error.what,
                title=content.hints.title,
            )
            add_version(self.connection, document_id, version, self.at, stands=False)
        log.info("quarantined: %s", error)
        visit = replace(arrival.visit, outcome="same" if known else "new", document_id=document_id)
        if known:
            return visit, IngestReport(unchanged=1)
        return visit, IngestReport(quarantined=(Problem(content.address, _reason(error, content.name)),))


def _reason(error: ConversionError, name: str) -> str:
    """The error's line without the name that the address gives anyway."""
    if error.where not in ("", name):
        return str(error)
    return f"{error.what}. {error.remedy}" if error.remedy else error.what


class _DocumentStore:
    """Stores the documents of one address, one after the other."""

    def __init__(self, connection: Connection, source: SourceBase, arrival: Arrival, at: str) -> None:
        self.connection = connection
        self.source = source
        self.content = arrival.content
        self.sha256 = arrival.sha256
        self.state = arrival.state if len(arrival.documents) == 1 else None
        self.at = at

    def keep(self, read: ReadDocument) -> tuple[str, IngestReport]:
        """Store the document as what it is: new, a new version, an older one, or nothing new; with the facts that it states."""
        document, facts = read.document, read.facts
        document_id, is_new = self._resolve(read)
        if not is_new:
            mark_vanished(self.connection, document_id, None)
        standing = None if is_new else standing_version(self.connection, document_id)
        version = version_of(self.source, document, self.sha256, CONVERTED if facts is None else STRUCTURED)
        if standing is not None:
            if standing.text == document.text:
                return document_id, IngestReport(unchanged=1)
            if is_cosmetic(standing.text, standing.blocks, document.text, document.blocks):
                return document_id, IngestReport(cosmetic=1)
            if _is_older(version, standing):
                add_version(self.connection, document_id, version, self.at, stands=False)
                return document_id, IngestReport(older=1)
        version_id = add_version(self.connection, document_id, version, self.at, stands=True, is_first=is_new)
        self._sign(document_id, version_id, read.signature)
        claims = store_facts(self.connection, version_id, document, facts, self.at) if facts else 0
        return document_id, IngestReport(documents_new=int(is_new), versions_new=int(not is_new), claims=claims)

    def _resolve(self, read: ReadDocument) -> tuple[str, bool]:
        """The document's id: by the address that it declares, by what its address gave before, or a new one."""
        declared = declared_address(read, self.content)
        known = find_document(self.connection, declared)
        if known is not None:
            return known, False
        before = self.state.document_id if self.state else None
        is_here = declared == self.content.address
        if before is not None and (is_here or self.content.moved or before == document_id_of(self.state_address)):
            add_alias(self.connection, declared, before, self.at)
            return before, False
        return new_document(self.connection, _identity(self.source, declared), self.at), True

    @property
    def state_address(self) -> str:
        """The address that the source lists."""
        return self.state.address if self.state else self.content.address

    def _sign(self, document_id: str, version_id: str, signature: Signature | None) -> None:
        if signature is None:
            forget_signature(self.connection, document_id, COPY_RULE)
            return
        signed = signed_text(document_id, version_id, signature)
        replace_signature(self.connection, signed, COPY_RULE, self.at)


def declared_address(read: ReadDocument, content: Content) -> str:
    """The address of a document: the one that it declares, where it may, else the one that it was read from."""
    declared = read.document.metadata.address or content.address
    return declared if declared == content.address or _may_declare(declared, content.address) else content.address


def version_of(source: SourceBase, document: ConvertedDocument, sha256: str, status: str) -> NewVersion:
    """A document as a version that can be stored; where it names no publisher, the source's."""
    metadata = document.metadata
    publisher, origins = metadata.publisher, dict(metadata.origins)
    if source.publisher and origins.get("publisher") not in _STRONG_ORIGINS:
        publisher, origins["publisher"] = source.publisher, "source"
    return NewVersion(
        raw_sha256=sha256,
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


def signed_text(document_id: str, version_id: str, signature: Signature) -> SignedText:
    """A signature with what it is the signature of."""
    return SignedText(document_id, version_id, signature.values, signature.word_count)


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
