"""What the checks found, what is in quarantine, and what people decided."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from bam.store.schema.base import DatePrefix, Id, Json, Timestamp, metadata

check_runs = Table(
    "check_runs",
    metadata,
    Column("id", String(80), primary_key=True, comment="phase and time; also the name of its folder of Data Docs"),
    Column("phase", String(8), nullable=False, comment="intake, tables or full"),
    Column("ran_at", Timestamp, nullable=False, index=True),
    Column("is_publishable", Boolean, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("critical", Integer, nullable=False, comment="failed checks of that severity"),
    Column("warning", Integer, nullable=False),
    Column("info", Integer, nullable=False),
    Column("has_data_docs", Boolean, nullable=False, comment="whether the folder data_docs/ID is still kept"),
)

check_results = Table(
    "check_results",
    metadata,
    Column("run_id", String(80), ForeignKey("check_runs.id", ondelete="CASCADE"), primary_key=True),
    Column("check_name", String(80), primary_key=True, comment="suite and name (claims.currency_is_iso_4217)"),
    Column("suite", String(20), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("is_success", Boolean, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("failing_count", Integer, nullable=False),
    Column("failing", Json, nullable=False, comment="[row id, what was seen] of the failing rows, at most 200"),
    Column("sentence", Text, nullable=False),
    Index("ix_check_results_check_name", "check_name", "run_id"),
)

source_days = Table(
    "source_days",
    metadata,
    Column("source_id", String(80), primary_key=True),
    Column("day", DatePrefix, primary_key=True, comment="ISO day (UTC) of recording"),
    Column("version_count", Integer, nullable=False, comment="checked document versions of that day"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of kind, row, check and the time of entry"),
    Column("kind", String(8), nullable=False, comment="claim or version"),
    Column("row_id", Id, nullable=False, index=True),
    Column("check_name", String(80), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("reason", Text, nullable=False, comment="what was seen and what the check protects"),
    Column("run_id", String(80), nullable=False),
    Column("entered_at", Timestamp, nullable=False),
    Column("released_at", Timestamp, comment="null while the row is kept out"),
    Column("released_because", Text, comment="passes, superseded, or the decision of a person"),
    Index("ix_quarantine_open", "released_at", "kind"),
)

past_closures = Table(
    "past_closures",
    metadata,
    Column("claim_id", Id, ForeignKey("claims.id"), primary_key=True),
    Column("closed_at", Timestamp, primary_key=True),
    Column("opened_at", Timestamp, primary_key=True, comment="when it was opened again"),
    Column("closed_because", String(24)),
    Index("ix_past_closures_closed_at", "closed_at", "opened_at"),
)

review_decisions = Table(
    "review_decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("position", Integer, nullable=False, unique=True, comment="order of the decisions, from 1"),
    Column("subject_id", Id, nullable=False, index=True, comment="the fact that is decided on: the claim first reviewed"),
    Column("claim_id", Id, nullable=False, comment="the claim that the person had before them"),
    Column("action", String(8), nullable=False, comment="accept, reject, edit, merge, confirm or undo"),
    Column("refers_to", Id, comment="of confirm and undo: the decision that is confirmed or taken back"),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Timestamp, nullable=False),
    Column("reason", Text, nullable=False),
    Column("needs_second", Boolean, nullable=False, comment="whether it counts only after another person confirmed it"),
    Column("values", Json, comment="of accept and edit: the values that stand from then on"),
    Column("published_on", String(10), comment="of accept and edit: the date of publication that stands from then on"),
    Column("details", Json, nullable=False, comment="changed fields, the merged claim and its judgement"),
    Column("origin", Text, nullable=False, comment="review, or the correction that it comes from"),
)

review_subjects = Table(
    "review_subjects",
    metadata,
    Column("id", Id, primary_key=True, comment="the claim first reviewed"),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False, index=True),
    Column("table_name", String(16), nullable=False),
)

review_claims = Table(
    "review_claims",
    metadata,
    Column("claim_id", Id, ForeignKey("claims.id"), primary_key=True),
    Column("subject_id", Id, ForeignKey("review_subjects.id"), nullable=False, index=True),
    Column("is_reviewers", Boolean, nullable=False, comment="whether it carries a person's values, not the extractor's"),
)

correction_states = Table(
    "correction_states",
    metadata,
    Column("correction_id", String(80), primary_key=True),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the correction as it was read"),
    Column("state", String(8), nullable=False, comment="applied or stale"),
    Column("reason", Text, nullable=False, comment="why it is stale; empty where it is applied"),
    Column("decision_id", Id, comment="the decision that applies it"),
    Column("checked_at", Timestamp, nullable=False),
)
