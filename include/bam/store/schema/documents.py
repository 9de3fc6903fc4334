"""Documents, their versions, texts and claims."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from bam.store.schema.base import DatePrefix, Id, Json, Timestamp, metadata

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of the address"),
    Column("address", Text, nullable=False, unique=True),
    Column("source_id", String(80), nullable=False, index=True),
    Column("officiality", String(20), nullable=False),
    Column("tlp", String(20), nullable=False),
    Column("first_seen_at", Timestamp, nullable=False),
    Column("vanished_at", Timestamp, comment="when the address stopped answering with the document (404, 410)"),
    Column("copy_group", Id, nullable=False, index=True, comment="id of the document that near copies are grouped under"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of the document and its text"),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("number", Integer, nullable=False, comment="1 for the first text seen at the address"),
    Column("raw_sha256", String(64), nullable=False, comment="key of the archived bytes"),
    Column("text_sha256", String(64), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("converter", String(80), nullable=False),
    Column(
        "status",
        String(24),
        nullable=False,
        comment="converted, structured (its claims came with it), quarantined or waiting_language",
    ),
    Column("reason", Text, comment="why it is quarantined or waiting"),
    Column("title", Text),
    Column("publisher", Text),
    Column("author", Text),
    Column("published_on", DatePrefix),
    Column("language", String(8)),
    Column("origins", Json, nullable=False, comment="where each metadata field was found"),
    Column("recorded_at", Timestamp, nullable=False),
    Column("superseded_at", Timestamp, comment="when a newer version of the document was recorded"),
    Column("checked_at", Timestamp, comment="when the checks first saw it and no critical one named it"),
    UniqueConstraint("document_id", "number"),
    Index("ix_versions_pending", "status", "superseded_at"),
    Index("ix_versions_unchecked", "id", sqlite_where=text("checked_at IS NULL"), postgresql_where=text("checked_at IS NULL")),
)

version_texts = Table(
    "version_texts",
    metadata,
    Column("version_id", Id, ForeignKey("versions.id"), primary_key=True),
    Column("text", Text, nullable=False, comment="canonical text: every offset refers to it"),
    Column("blocks", Json, nullable=False),
)

extractions = Table(
    "extractions",
    metadata,
    Column("version_id", Id, ForeignKey("versions.id"), primary_key=True),
    Column("extractor", String(40), primary_key=True, comment="name and version"),
    Column("recorded_at", Timestamp, nullable=False),
    Column("claim_count", Integer, nullable=False),
    Column("status", String(24), nullable=False, comment="extracted, failed, or undone (what it gave was taken back)"),
    Column("reason", Text),
    Index("ix_extractions_recorded_at", "recorded_at"),
)

reprocessed_versions = Table(
    "reprocessed_versions",
    metadata,
    Column("run_id", Id, primary_key=True, comment="content id of one reprocessing"),
    Column("version_id", Id, ForeignKey("versions.id"), primary_key=True, comment="the version that was read again"),
    Column(
        "new_version_id", Id, ForeignKey("versions.id"), nullable=False, comment="the same, or one with the text as it is now"
    ),
    Column("extractor", String(40), nullable=False),
    Column("recorded_at", Timestamp, nullable=False),
    Column("closed_claims", Json, nullable=False, comment="ids of the claims that it closed"),
    Column("opened_claims", Json, nullable=False, comment="ids of the claims that it brought"),
    Column("undone_at", Timestamp, index=True),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of version, extractor, table, values and main evidence"),
    Column("version_id", Id, ForeignKey("versions.id"), nullable=False),
    Column("table_name", String(16), nullable=False),
    Column("values", Json, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("extractor", String(40), nullable=False),
    Column("published_on", DatePrefix),
    Column("recorded_at", Timestamp, nullable=False),
    Column("closed_at", Timestamp, comment="when it was superseded, quarantined or rejected; null while it stands"),
    Column("closed_because", String(24), comment="superseded, quarantined, rejected or re_extracted"),
    Column("closed_by", Text, comment="the version, extractor or person that closed it"),
    Column("is_reviewed", Boolean, nullable=False, default=False),
    Column(
        "built_as",
        String(8),
        nullable=False,
        default="new",
        server_default="new",
        comment="what the records know of it: new (nothing, or not its present form), open or closed",
    ),
    Column("checked_at", Timestamp, comment="when the checks first saw it and no critical one named it"),
    # With `closed_at` in it: else SQLite looks for the open claims of one version among all that are open.
    Index("ix_claims_version_id", "version_id", "closed_at"),
    Index("ix_claims_open", "closed_at", "table_name"),
    Index("ix_claims_unchecked", "id", sqlite_where=text("checked_at IS NULL"), postgresql_where=text("checked_at IS NULL")),
    Index("ix_claims_built_as", "built_as", "closed_at"),
)
