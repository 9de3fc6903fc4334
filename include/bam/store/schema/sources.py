"""What is known about addresses and sources between two visits, and what makes near copies findable."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from bam.store.schema.base import Id, Timestamp, metadata

addresses = Table(
    "addresses",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of source and address"),
    Column("source_id", String(80), nullable=False),
    Column("address", Text, nullable=False, comment="where it is fetched from: an address of the web, a file, a mail"),
    Column("document_id", Id, ForeignKey("documents.id"), comment="the document that it gave; null while it gave none"),
    Column("raw_sha256", String(64), comment="archived bytes of the last answer"),
    Column("etag", Text, comment="validators of the last answer that was read in full"),
    Column("last_modified", Text),
    Column("first_seen_at", Timestamp, nullable=False),
    Column("checked_at", Timestamp, comment="last visit, whatever came of it"),
    Column("answered_at", Timestamp, comment="last visit that gave the content, or said that it is the same"),
    Column("next_visit_at", Timestamp, comment="not before then (Retry-After, or the next revisit)"),
    Column("outcome", String(16), nullable=False, comment="new, changed, same, vanished, later, refused or failed"),
    Column("reason", Text),
    Column("failures", Integer, nullable=False, default=0, comment="in a row"),
    Index("ix_addresses_source", "source_id", "next_visit_at"),
    Index("ix_addresses_document", "document_id"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of the address"),
    Column("address", Text, nullable=False, comment="another address of a document: where it moved from, or to"),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False, index=True),
    Column("recorded_at", Timestamp, nullable=False),
)

source_states = Table(
    "source_states",
    metadata,
    Column("source_id", String(80), primary_key=True),
    Column("attempted_at", Timestamp, comment="start of the last visit"),
    Column("succeeded_at", Timestamp, comment="end of the last visit that worked"),
    Column("new_at", Timestamp, comment="last visit that gave a new document or version"),
    Column("failures", Integer, nullable=False, default=0, comment="visits in a row that failed"),
    Column("reason", Text, comment="why the last visit failed; null where it worked"),
)

signatures = Table(
    "signatures",
    metadata,
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True),
    Column("version_id", Id, nullable=False, comment="the version whose text was signed"),
    Column("minhash", LargeBinary, nullable=False, comment="little-endian 32-bit values"),
    Column("word_count", Integer, nullable=False),
)

signature_bands = Table(
    "signature_bands",
    metadata,
    Column("band", BigInteger, primary_key=True, comment="hash of the band's number and its part of the signature"),
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True),
    # Forty rows a document are kept once: in the order of their key, and without a way back from the document, whose bands
    # follow from its signature.
    sqlite_with_rowid=False,
)

copy_links = Table(
    "copy_links",
    metadata,
    Column("first_id", Id, ForeignKey("documents.id"), primary_key=True, comment="the smaller of both ids"),
    Column("second_id", Id, ForeignKey("documents.id"), primary_key=True),
    Column("similarity", Float, nullable=False, comment="share of common word sequences, 0 to 1"),
    Column("recorded_at", Timestamp, nullable=False),
    Index("ix_copy_links_second_id", "second_id"),
)
