"""The outbox, approvals, the suppression list, and what operators and owners have been told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from bam.store.schema.base import DatePrefix, Id, Timestamp, metadata

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of slot, channel and recipient; also the start of the Message-ID"),
    Column("parcel_id", Id, nullable=False, index=True, comment="the issue or digest that is delivered"),
    Column("kind", String(8), nullable=False, comment="issue or digest"),
    Column("title", Text, nullable=False, comment="of the issue or digest, for people"),
    Column("slot", Id, nullable=False, comment="the news that a recipient gets once: brief, edition and period"),
    Column("channel", String(80), nullable=False, comment="mail, or kind and id of a publication (feed:public)"),
    Column("recipient_id", String(60), nullable=False),
    Column(
        "address_key", Text, nullable=False, comment="mailbox or place without regard to case: nobody gets it twice under two ids"
    ),
    Column("state", String(8), nullable=False, comment="waiting, sending, sent, failed or unknown"),
    Column("reason", Text, comment="why it is in this state, in the words of the other side where there are any"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("message_id", Text),
    Column("sent_sha256", String(64), comment="SHA-256 of the bytes that were handed over"),
    Column("queued_at", Timestamp, nullable=False, comment="also the Date of the mail"),
    Column("not_before", Timestamp, comment="when the next attempt may be made"),
    Column("claimed_by", String(64), comment="token of the process that is sending it"),
    Column("claimed_at", Timestamp),
    Column("handed_over_at", Timestamp, comment="set right before the step after which it may have arrived"),
    Column("settled_at", Timestamp, comment="when it became sent, failed or unknown"),
    Column("decided_by", Text, comment="who decided about an unknown or failed one"),
    Column("decided_at", Timestamp),
    UniqueConstraint("slot", "channel", "recipient_id"),
    UniqueConstraint("slot", "channel", "address_key"),
    Index("ix_deliveries_state", "state", "not_before"),
)

refusals = Table(
    "delivery_refusals",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of issue, channel, recipient and code"),
    Column("issue_id", Id, nullable=False, index=True),
    Column("channel", String(80), nullable=False, comment="empty where the whole issue is held back"),
    Column("recipient_id", String(60), nullable=False, comment="empty where the whole issue or channel is held back"),
    Column("code", String(24), nullable=False),
    Column("reason", Text, nullable=False),
    Column("first_at", Timestamp, nullable=False),
    Column("last_at", Timestamp, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("issue_id", Id, nullable=False, index=True),
    Column("number", Integer, nullable=False, comment="order within the issue, from 1"),
    Column("event", String(12), nullable=False, comment="requested, approved, rejected or expired"),
    Column("content_sha256", String(64), nullable=False, comment="what the person had before them"),
    Column("by", Text, nullable=False),
    Column("at", Timestamp, nullable=False),
    Column("via", String(20), nullable=False, comment="command, airflow or clock"),
    Column("expires_at", Timestamp, comment="of a request: when silence becomes a rejection"),
    Column("note", Text),
    UniqueConstraint("issue_id", "number"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("address_key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Timestamp, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False, comment="alerts or reminders"),
    Column("owner", String(80), nullable=False, comment="the party reminded; operators for alerts"),
    Column("period", DatePrefix, nullable=False, comment="the day it speaks of"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("tlp", String(8), comment="null for what is not about sources"),
    Column("recipient_ids", Text, nullable=False, comment="ids separated by spaces"),
    Column("created_at", Timestamp, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of kind and subject: one row per thing that needs attention"),
    Column("kind", String(24), nullable=False),
    Column("subject", Text, nullable=False, comment="the task, brief, source or table that it is about"),
    Column("what", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("link", Text),
    Column("since", Timestamp, nullable=False, comment="when the trouble began"),
    Column("last_at", Timestamp, nullable=False),
    Column("count", Integer, nullable=False, comment="how often it was raised since it began"),
    Column("is_open", Boolean, nullable=False),
    Column("told_at", Timestamp, comment="when a digest last spoke of it"),
    Column("digest_id", Id, comment="the digest that last spoke of it"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Id, primary_key=True, comment="content id of record, owner, kind and due date: nobody is reminded twice"),
    Column("record_id", Id, nullable=False, index=True),
    Column("owner", String(80), nullable=False),
    Column("kind", String(8), nullable=False, comment="due or overdue"),
    Column("due", DatePrefix, nullable=False),
    Column("digest_id", Id, nullable=False),
    Column("reminded_on", DatePrefix, nullable=False),
)
