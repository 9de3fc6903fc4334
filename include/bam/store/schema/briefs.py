"""Issues of briefs."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from bam.store.schema.base import DatePrefix, Id, Timestamp, metadata

issues = Table(
    "issues",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of brief, edition, period and context"),
    Column("brief_id", String(40), nullable=False),
    Column("edition", String(200), nullable=False, comment="language and countries (ru-TJ)"),
    Column("language", String(8), nullable=False),
    Column("period", String(8), nullable=False, comment="2014-03, 2014-Q1 or 2014"),
    Column("as_of", DatePrefix, nullable=False),
    Column("recorded_at", Timestamp, nullable=False, comment="of the publication that it is made from"),
    Column("number", Integer, nullable=False, comment="of the period within its year"),
    Column("context", Text, nullable=False, comment="the whole context as canonical JSON; text, because every byte counts"),
    Column("context_sha256", String(64), nullable=False),
    Column("pdf_sha256", String(64), nullable=False),
    Column("status", String(12), nullable=False, comment="rendered"),
    Column("created_at", Timestamp, nullable=False),
    Index("ix_issues_brief", "brief_id", "edition", "period"),
)
