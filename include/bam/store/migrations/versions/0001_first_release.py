"""The first released schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:  # noqa: PLR0915 - one statement per table
    op.create_table(
        "alerts",
        sa.Column(
            "id",
            sa.String(length=40),
            nullable=False,
            comment="content id of kind and subject: one row per thing that needs attention",
        ),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="the task, brief, source or table that it is about"),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("since", sa.String(length=32), nullable=False, comment="when the trouble began"),
        sa.Column("last_at", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False, comment="how often it was raised since it began"),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.String(length=32), nullable=True, comment="when a digest last spoke of it"),
        sa.Column("digest_id", sa.String(length=40), nullable=True, comment="the digest that last spoke of it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("issue_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="order within the issue, from 1"),
        sa.Column("event", sa.String(length=12), nullable=False, comment="requested, approved, rejected or expired"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="what the person had before them"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False, comment="command, airflow or clock"),
        sa.Column("expires_at", sa.String(length=32), nullable=True, comment="of a request: when silence becomes a rejection"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_approvals_issue_id_number")),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "check_runs",
        sa.Column("id", sa.String(length=80), nullable=False, comment="phase and time; also the name of its folder of Data Docs"),
        sa.Column("phase", sa.String(length=8), nullable=False, comment="intake, tables or full"),
        sa.Column("ran_at", sa.String(length=32), nullable=False),
        sa.Column("is_publishable", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("critical", sa.Integer(), nullable=False, comment="failed checks of that severity"),
        sa.Column("warning", sa.Integer(), nullable=False),
        sa.Column("info", sa.Integer(), nullable=False),
        sa.Column("has_data_docs", sa.Boolean(), nullable=False, comment="whether the folder data_docs/ID is still kept"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_runs")),
    )
    with op.batch_alter_table("check_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_runs_ran_at"), ["ran_at"], unique=False)

    op.create_table(
        "correction_states",
        sa.Column("correction_id", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the correction as it was read"),
        sa.Column("state", sa.String(length=8), nullable=False, comment="applied or stale"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it is stale; empty where it is applied"),
        sa.Column("decision_id", sa.String(length=40), nullable=True, comment="the decision that applies it"),
        sa.Column("checked_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_correction_states")),
    )
    op.create_table(
        "crowded_blocks",
        sa.Column(
            "block",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="a block of so many claims that it brings nobody together",
        ),
        sa.PrimaryKeyConstraint("block", name=op.f("pk_crowded_blocks")),
    )
    op.create_table(
        "deliveries",
        sa.Column(
            "id",
            sa.String(length=40),
            nullable=False,
            comment="content id of slot, channel and recipient; also the start of the Message-ID",
        ),
        sa.Column("parcel_id", sa.String(length=40), nullable=False, comment="the issue or digest that is delivered"),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="issue or digest"),
        sa.Column("title", sa.Text(), nullable=False, comment="of the issue or digest, for people"),
        sa.Column(
            "slot", sa.String(length=40), nullable=False, comment="the news that a recipient gets once: brief, edition and period"
        ),
        sa.Column("channel", sa.String(length=80), nullable=False, comment="mail, or kind and id of a publication (feed:public)"),
        sa.Column("recipient_id", sa.String(length=60), nullable=False),
        sa.Column(
            "address_key",
            sa.Text(),
            nullable=False,
            comment="mailbox or place without regard to case: nobody gets it twice under two ids",
        ),
        sa.Column("state", sa.String(length=8), nullable=False, comment="waiting, sending, sent, failed or unknown"),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="why it is in this state, in the words of the other side where there are any",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("sent_sha256", sa.String(length=64), nullable=True, comment="SHA-256 of the bytes that were handed over"),
        sa.Column("queued_at", sa.String(length=32), nullable=False, comment="also the Date of the mail"),
        sa.Column("not_before", sa.String(length=32), nullable=True, comment="when the next attempt may be made"),
        sa.Column("claimed_by", sa.String(length=64), nullable=True, comment="token of the process that is sending it"),
        sa.Column("claimed_at", sa.String(length=32), nullable=True),
        sa.Column(
            "handed_over_at",
            sa.String(length=32),
            nullable=True,
            comment="set right before the step after which it may have arrived",
        ),
        sa.Column("settled_at", sa.String(length=32), nullable=True, comment="when it became sent, failed or unknown"),
        sa.Column("decided_by", sa.Text(), nullable=True, comment="who decided about an unknown or failed one"),
        sa.Column("decided_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("slot", "channel", "address_key", name=op.f("uq_deliveries_slot_channel_address_key")),
        sa.UniqueConstraint("slot", "channel", "recipient_id", name=op.f("uq_deliveries_slot_channel_recipient_id")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_parcel_id"), ["parcel_id"], unique=False)
        batch_op.create_index("ix_deliveries_state", ["state", "not_before"], unique=False)

    op.create_table(
        "delivery_refusals",
        sa.Column("id", sa.String(length=40), nullable=False, comment="content id of issue, channel, recipient and code"),
        sa.Column("issue_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False, comment="empty where the whole issue is held back"),
        sa.Column(
            "recipient_id", sa.String(length=60), nullable=False, comment="empty where the whole issue or channel is held back"
        ),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_at", sa.String(length=32), nullable=False),
        sa.Column("last_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_refusals")),
    )
    with op.batch_alter_table("delivery_refusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_refusals_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "digests",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="alerts or reminders"),
        sa.Column("owner", sa.String(length=80), nullable=False, comment="the party reminded; operators for alerts"),
        sa.Column("period", sa.String(length=10), nullable=False, comment="the day it speaks of"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("tlp", sa.String(length=8), nullable=True, comment="null for what is not about sources"),
        sa.Column("recipient_ids", sa.Text(), nullable=False, comment="ids separated by spaces"),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=40), nullable=False, comment="content id of the address"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("officiality", sa.String(length=20), nullable=False),
        sa.Column("tlp", sa.String(length=20), nullable=False),
        sa.Column("first_seen_at", sa.String(length=32), nullable=False),
        sa.Column(
            "vanished_at",
            sa.String(length=32),
            nullable=True,
            comment="when the address stopped answering with the document (404, 410)",
        ),
        sa.Column(
            "copy_group", sa.String(length=40), nullable=False, comment="id of the document that near copies are grouped under"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("address", name=op.f("uq_documents_address")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_copy_group"), ["copy_group"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_source_id"), ["source_id"], unique=False)

    op.create_table(
        "issues",
        sa.Column("id", sa.String(length=40), nullable=False, comment="content id of brief, edition, period and context"),
        sa.Column("brief_id", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=200), nullable=False, comment="language and countries (ru-TJ)"),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False, comment="2014-03, 2014-Q1 or 2014"),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False, comment="of the publication that it is made from"),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the period within its year"),
        sa.Column(
            "context", sa.Text(), nullable=False, comment="the whole context as canonical JSON; text, because every byte counts"
        ),
        sa.Column("context_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False, comment="rendered"),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
    )
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.create_index("ix_issues_brief", ["brief_id", "edition", "period"], unique=False)

    op.create_table(
        "judgements",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("left_key", sa.String(length=40), nullable=False, comment="claim key, the smaller one"),
        sa.Column("right_key", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False, comment="same or different"),
        sa.Column("judged_by", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False, comment="judgements that one command made share it"),
        sa.Column("undone_at", sa.String(length=32), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("is_built", sa.Boolean(), nullable=False, comment="whether the records know its present state"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    with op.batch_alter_table("judgements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgements_act"), ["act"], unique=False)
        batch_op.create_index(batch_op.f("ix_judgements_left_key"), ["left_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_judgements_right_key"), ["right_key"], unique=False)

    op.create_table(
        "publications",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="from 1, in order of publication"),
        sa.Column("published_at", sa.String(length=32), nullable=False, comment="the record clock of everything in it"),
        sa.Column("builder", sa.String(length=120), nullable=False, comment="rules, currency and rates that made it"),
        sa.Column("claim_count", sa.Integer(), nullable=False, comment="claims that changed"),
        sa.Column("added", sa.Integer(), nullable=False, comment="records"),
        sa.Column("modified", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_publications")),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publications_published_at"), ["published_at"], unique=False)

    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(length=40), nullable=False, comment="content id of kind, row, check and the time of entry"),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="claim or version"),
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("check_name", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="what was seen and what the check protects"),
        sa.Column("run_id", sa.String(length=80), nullable=False),
        sa.Column("entered_at", sa.String(length=32), nullable=False),
        sa.Column("released_at", sa.String(length=32), nullable=True, comment="null while the row is kept out"),
        sa.Column("released_because", sa.Text(), nullable=True, comment="passes, superseded, or the decision of a person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.create_index("ix_quarantine_open", ["released_at", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_quarantine_row_id"), ["row_id"], unique=False)

    op.create_table(
        "reminders",
        sa.Column(
            "id",
            sa.String(length=40),
            nullable=False,
            comment="content id of record, owner, kind and due date: nobody is reminded twice",
        ),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="due or overdue"),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("digest_id", sa.String(length=40), nullable=False),
        sa.Column("reminded_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_record_id"), ["record_id"], unique=False)

    op.create_table(
        "review_decisions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="order of the decisions, from 1"),
        sa.Column(
            "subject_id", sa.String(length=40), nullable=False, comment="the fact that is decided on: the claim first reviewed"
        ),
        sa.Column("claim_id", sa.String(length=40), nullable=False, comment="the claim that the person had before them"),
        sa.Column("action", sa.String(length=8), nullable=False, comment="accept, reject, edit, merge, confirm or undo"),
        sa.Column(
            "refers_to",
            sa.String(length=40),
            nullable=True,
            comment="of confirm and undo: the decision that is confirmed or taken back",
        ),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "needs_second", sa.Boolean(), nullable=False, comment="whether it counts only after another person confirmed it"
        ),
        sa.Column(
            "values",
            JSON,
            nullable=True,
            comment="of accept and edit: the values that stand from then on",
        ),
        sa.Column(
            "published_on",
            sa.String(length=10),
            nullable=True,
            comment="of accept and edit: the date of publication that stands from then on",
        ),
        sa.Column(
            "details",
            JSON,
            nullable=False,
            comment="changed fields, the merged claim and its judgement",
        ),
        sa.Column("origin", sa.Text(), nullable=False, comment="review, or the correction that it comes from"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decisions")),
        sa.UniqueConstraint("position", name=op.f("uq_review_decisions_position")),
    )
    with op.batch_alter_table("review_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_decisions_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "source_days",
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False, comment="ISO day (UTC) of recording"),
        sa.Column("version_count", sa.Integer(), nullable=False, comment="checked document versions of that day"),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_source_days")),
    )
    op.create_table(
        "source_states",
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("attempted_at", sa.String(length=32), nullable=True, comment="start of the last visit"),
        sa.Column("succeeded_at", sa.String(length=32), nullable=True, comment="end of the last visit that worked"),
        sa.Column("new_at", sa.String(length=32), nullable=True, comment="last visit that gave a new document or version"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="visits in a row that failed"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why the last visit failed; null where it worked"),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_states")),
    )
    op.create_table(
        "suppressions",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "addresses",
        sa.Column("id", sa.String(length=40), nullable=False, comment="content id of source and address"),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column(
            "address", sa.Text(), nullable=False, comment="where it is fetched from: an address of the web, a file, a mail"
        ),
        sa.Column(
            "document_id", sa.String(length=40), nullable=True, comment="the document that it gave; null while it gave none"
        ),
        sa.Column("raw_sha256", sa.String(length=64), nullable=True, comment="archived bytes of the last answer"),
        sa.Column("etag", sa.Text(), nullable=True, comment="validators of the last answer that was read in full"),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.String(length=32), nullable=False),
        sa.Column("checked_at", sa.String(length=32), nullable=True, comment="last visit, whatever came of it"),
        sa.Column(
            "answered_at",
            sa.String(length=32),
            nullable=True,
            comment="last visit that gave the content, or said that it is the same",
        ),
        sa.Column(
            "next_visit_at", sa.String(length=32), nullable=True, comment="not before then (Retry-After, or the next revisit)"
        ),
        sa.Column(
            "outcome", sa.String(length=16), nullable=False, comment="new, changed, same, vanished, later, refused or failed"
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, comment="in a row"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_addresses_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
    )
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.create_index("ix_addresses_document", ["document_id"], unique=False)
        batch_op.create_index("ix_addresses_source", ["source_id", "next_visit_at"], unique=False)

    op.create_table(
        "aliases",
        sa.Column("id", sa.String(length=40), nullable=False, comment="content id of the address"),
        sa.Column("address", sa.Text(), nullable=False, comment="another address of a document: where it moved from, or to"),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_aliases_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aliases")),
    )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aliases_document_id"), ["document_id"], unique=False)

    op.create_table(
        "check_results",
        sa.Column("run_id", sa.String(length=80), nullable=False),
        sa.Column("check_name", sa.String(length=80), nullable=False, comment="suite and name (claims.currency_is_iso_4217)"),
        sa.Column("suite", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("is_success", sa.Boolean(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("failing_count", sa.Integer(), nullable=False),
        sa.Column(
            "failing",
            JSON,
            nullable=False,
            comment="[row id, what was seen] of the failing rows, at most 200",
        ),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["check_runs.id"], name=op.f("fk_check_results_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "check_name", name=op.f("pk_check_results")),
    )
    with op.batch_alter_table("check_results", schema=None) as batch_op:
        batch_op.create_index("ix_check_results_check_name", ["check_name", "run_id"], unique=False)

    op.create_table(
        "copy_links",
        sa.Column("first_id", sa.String(length=40), nullable=False, comment="the smaller of both ids"),
        sa.Column("second_id", sa.String(length=40), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False, comment="share of common word sequences, 0 to 1"),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["documents.id"], name=op.f("fk_copy_links_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["documents.id"], name=op.f("fk_copy_links_second_id")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_copy_links")),
    )
    with op.batch_alter_table("copy_links", schema=None) as batch_op:
        batch_op.create_index("ix_copy_links_second_id", ["second_id"], unique=False)

    op.create_table(
        "figures",
        sa.Column("table_name", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="dimensions and their values, in the order of the table's columns"),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column(
            "measures",
            JSON,
            nullable=False,
            comment="integers: counts and hundredths",
        ),
        sa.ForeignKeyConstraint(["since"], ["publications.number"], name=op.f("fk_figures_since")),
        sa.PrimaryKeyConstraint("table_name", "period", "key", "since", name=op.f("pk_figures")),
    )
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.create_index("ix_figures_period", ["period", "until"], unique=False)
        batch_op.create_index(batch_op.f("ix_figures_until"), ["until"], unique=False)

    op.create_table(
        "ledger_entries",
        sa.Column("total", sa.Text(), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="null where it is counted"),
        sa.Column("cents", sa.BigInteger(), nullable=False, comment="hundredths of the original currency"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "common_cents", sa.BigInteger(), nullable=True, comment="hundredths of the common currency; null without a rate"
        ),
        sa.Column("common_min_cents", sa.BigInteger(), nullable=True),
        sa.Column("common_max_cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["since"], ["publications.number"], name=op.f("fk_ledger_entries_since")),
        sa.PrimaryKeyConstraint("total", "record_id", "since", name=op.f("pk_ledger_entries")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entries_record", ["record_id", "until"], unique=False)
        batch_op.create_index("ix_ledger_entries_total", ["total", "until"], unique=False)

    op.create_table(
        "record_changes",
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False, comment="ADD, MOD or DEL"),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("claim_ids", JSON, nullable=False),
        sa.ForeignKeyConstraint(["publication"], ["publications.number"], name=op.f("fk_record_changes_publication")),
        sa.PrimaryKeyConstraint("publication", "record_id", name=op.f("pk_record_changes")),
    )
    op.create_table(
        "record_names",
        sa.Column("old_id", sa.String(length=40), nullable=False, comment="an id that a record had"),
        sa.Column("new_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["since"], ["publications.number"], name=op.f("fk_record_names_since")),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_record_names")),
    )
    with op.batch_alter_table("record_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_names_new_id"), ["new_id"], unique=False)

    op.create_table(
        "record_versions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("table_name", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False, comment="first claim of the region that it was built in"),
        sa.Column("first_known_on", sa.String(length=10), nullable=False, comment="day by which its first claim could be known"),
        sa.Column("last_known_on", sa.String(length=10), nullable=False),
        sa.Column(
            "weakness",
            sa.Float(),
            nullable=False,
            comment="how much it needs a person, without its witnesses; orders the review",
        ),
        sa.Column(
            "body",
            JSON,
            nullable=False,
            comment="the record, see bam.model.record_json",
        ),
        sa.ForeignKeyConstraint(["since"], ["publications.number"], name=op.f("fk_record_versions_since")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_record_versions")),
    )
    with op.batch_alter_table("record_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_versions_region"), ["region"], unique=False)
        batch_op.create_index("ix_record_versions_standing", ["until", "table_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_versions_until"), ["until"], unique=False)
        batch_op.create_index("ix_record_versions_weakness", ["until", "weakness"], unique=False)

    op.create_table(
        "restatements",
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("old", sa.Float(), nullable=True, comment="null where there was no such figure"),
        sa.Column("new", sa.Float(), nullable=True),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("record_ids", JSON, nullable=False),
        sa.Column("claim_ids", JSON, nullable=False),
        sa.ForeignKeyConstraint(["publication"], ["publications.number"], name=op.f("fk_restatements_publication")),
        sa.PrimaryKeyConstraint("publication", "table_name", "period", "key", "measure", name=op.f("pk_restatements")),
    )
    op.create_table(
        "review_subjects",
        sa.Column("id", sa.String(length=40), nullable=False, comment="the claim first reviewed"),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("table_name", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_review_subjects_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_subjects")),
    )
    with op.batch_alter_table("review_subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_subjects_document_id"), ["document_id"], unique=False)

    op.create_table(
        "signature_bands",
        sa.Column("band", sa.BigInteger(), nullable=False, comment="hash of the band's number and its part of the signature"),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signature_bands_document_id")),
        sa.PrimaryKeyConstraint("band", "document_id", name=op.f("pk_signature_bands")),
    )
    with op.batch_alter_table("signature_bands", schema=None) as batch_op:
        batch_op.create_index("ix_signature_bands_document_id", ["document_id"], unique=False)

    op.create_table(
        "signatures",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.String(length=40), nullable=False, comment="the version whose text was signed"),
        sa.Column("minhash", sa.LargeBinary(), nullable=False, comment="little-endian 32-bit values"),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signatures_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_signatures")),
    )
    op.create_table(
        "totals",
        sa.Column("total", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("is_common", sa.Boolean(), nullable=False, comment="whether all sums are converted to that currency"),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column(
            "body",
            JSON,
            nullable=False,
            comment="numbers and hundredths, counted and excluded by reason",
        ),
        sa.ForeignKeyConstraint(["since"], ["publications.number"], name=op.f("fk_totals_since")),
        sa.PrimaryKeyConstraint("total", "currency", "is_common", "since", name=op.f("pk_totals")),
    )
    with op.batch_alter_table("totals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_totals_until"), ["until"], unique=False)

    op.create_table(
        "versions",
        sa.Column("id", sa.String(length=40), nullable=False, comment="content id of the document and its text"),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first text seen at the address"),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False, comment="key of the archived bytes"),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("converter", sa.String(length=80), nullable=False),
        sa.Column(
            "status",
            sa.String(length=24),
            nullable=False,
            comment="converted, structured (its claims came with it), quarantined or waiting_language",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it is quarantined or waiting"),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_on", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column(
            "origins",
            JSON,
            nullable=False,
            comment="where each metadata field was found",
        ),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column(
            "superseded_at", sa.String(length=32), nullable=True, comment="when a newer version of the document was recorded"
        ),
        sa.Column(
            "checked_at", sa.String(length=32), nullable=True, comment="when the checks first saw it and no critical one named it"
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_versions_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_versions_document_id_number")),
    )
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.create_index("ix_versions_pending", ["status", "superseded_at"], unique=False)
        batch_op.create_index(
            "ix_versions_unchecked",
            ["id"],
            unique=False,
            sqlite_where=sa.text("checked_at IS NULL"),
            postgresql_where=sa.text("checked_at IS NULL"),
        )

    op.create_table(
        "claims",
        sa.Column(
            "id",
            sa.String(length=40),
            nullable=False,
            comment="content id of version, extractor, table, values and main evidence",
        ),
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("table_name", sa.String(length=16), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("extractor", sa.String(length=40), nullable=False),
        sa.Column("published_on", sa.String(length=10), nullable=True),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column(
            "closed_at",
            sa.String(length=32),
            nullable=True,
            comment="when it was superseded, quarantined or rejected; null while it stands",
        ),
        sa.Column(
            "closed_because", sa.String(length=24), nullable=True, comment="superseded, quarantined, rejected or re_extracted"
        ),
        sa.Column("closed_by", sa.Text(), nullable=True, comment="the version, extractor or person that closed it"),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column(
            "built_as",
            sa.String(length=8),
            server_default="new",
            nullable=False,
            comment="what the records know of it: new (nothing, or not its present form), open or closed",
        ),
        sa.Column(
            "checked_at", sa.String(length=32), nullable=True, comment="when the checks first saw it and no critical one named it"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_claims_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index("ix_claims_built_as", ["built_as", "closed_at"], unique=False)
        batch_op.create_index("ix_claims_open", ["closed_at", "table_name"], unique=False)
        batch_op.create_index(
            "ix_claims_unchecked",
            ["id"],
            unique=False,
            sqlite_where=sa.text("checked_at IS NULL"),
            postgresql_where=sa.text("checked_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_claims_version_id"), ["version_id"], unique=False)

    op.create_table(
        "extractions",
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("extractor", sa.String(length=40), nullable=False, comment="name and version"),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False, comment="extracted or failed"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_extractions_version_id")),
        sa.PrimaryKeyConstraint("version_id", "extractor", name=op.f("pk_extractions")),
    )
    with op.batch_alter_table("extractions", schema=None) as batch_op:
        batch_op.create_index("ix_extractions_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "version_texts",
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="canonical text: every offset refers to it"),
        sa.Column("blocks", JSON, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_version_texts_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_version_texts")),
    )
    op.create_table(
        "claim_blocks",
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False, comment="hash of a blocking key"),
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_blocks_claim_id")),
        sa.PrimaryKeyConstraint("block", "claim_id", name=op.f("pk_claim_blocks")),
    )
    with op.batch_alter_table("claim_blocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_blocks_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "past_closures",
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.String(length=32), nullable=False, comment="when it was opened again"),
        sa.Column("closed_because", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_past_closures_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "closed_at", "opened_at", name=op.f("pk_past_closures")),
    )
    with op.batch_alter_table("past_closures", schema=None) as batch_op:
        batch_op.create_index("ix_past_closures_closed_at", ["closed_at", "opened_at"], unique=False)

    op.create_table(
        "record_claims",
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False, comment="first claim of the region that it was built in"),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_record_claims_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_record_claims")),
    )
    with op.batch_alter_table("record_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_claims_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_claims_region"), ["region"], unique=False)

    op.create_table(
        "review_claims",
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column(
            "is_reviewers", sa.Boolean(), nullable=False, comment="whether it carries a person's values, not the extractor's"
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_review_claims_claim_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["review_subjects.id"], name=op.f("fk_review_claims_subject_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_review_claims")),
    )
    with op.batch_alter_table("review_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_claims_subject_id"), ["subject_id"], unique=False)
