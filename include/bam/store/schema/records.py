"""Publications, records, judgements, the ledger, totals, figures and restatements.

Rows that change carry the number of the publication that brought them (`since`) and of the one that replaced or removed them
(`until`, null while they stand): the tables as published at any time are the rows with since <= number < until.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from bam.store.schema.base import Id, Json, Timestamp, metadata

publications = Table(
    "publications",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False, comment="from 1, in order of publication"),
    Column("published_at", Timestamp, nullable=False, index=True, comment="the record clock of everything in it"),
    Column("builder", String(120), nullable=False, comment="rules, currency and rates that made it"),
    Column("claim_count", Integer, nullable=False, comment="claims that changed"),
    Column("added", Integer, nullable=False, comment="records"),
    Column("modified", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
)

record_versions = Table(
    "record_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("since", Integer, ForeignKey("publications.number"), primary_key=True),
    Column("until", Integer),
    Column("table_name", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("region", Id, nullable=False, comment="first claim of the region that it was built in"),
    Column("first_known_on", String(10), nullable=False, comment="day by which its first claim could be known"),
    Column("last_known_on", String(10), nullable=False),
    Column("weakness", Float, nullable=False, comment="how much it needs a person, without its witnesses; orders the review"),
    Column("body", Json, nullable=False, comment="the record, see bam.model.record_json"),
    Index("ix_record_versions_standing", "until", "table_name"),
    # With `until` in them, so that no database looks through all that stands for the few that are asked for.
    Index("ix_record_versions_id", "id", "until"),
    Index("ix_record_versions_region", "region", "until"),
    Index("ix_record_versions_weakness", "until", "weakness"),
)

record_claims = Table(
    "record_claims",
    metadata,
    Column("claim_id", Id, ForeignKey("claims.id"), primary_key=True),
    Column("record_id", Id, nullable=False, index=True),
    Column("region", Id, nullable=False, index=True, comment="first claim of the region that it was built in"),
)

claim_blocks = Table(
    "claim_blocks",
    metadata,
    Column("block", BigInteger, primary_key=True, autoincrement=False, comment="hash of a blocking key"),
    Column("claim_id", Id, ForeignKey("claims.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

crowded_blocks = Table(
    "crowded_blocks",
    metadata,
    Column(
        "block",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="a block of so many claims that it brings nobody together",
    ),
)

record_names = Table(
    "record_names",
    metadata,
    Column("old_id", Id, primary_key=True, comment="an id that a record had"),
    Column("new_id", Id, nullable=False, index=True),
    Column("since", Integer, ForeignKey("publications.number"), nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Id, primary_key=True),
    Column("left_key", Id, nullable=False, index=True, comment="claim key, the smaller one"),
    Column("right_key", Id, nullable=False, index=True),
    Column("verdict", String(10), nullable=False, comment="same or different"),
    Column("judged_by", Text, nullable=False),
    Column("judged_at", Timestamp, nullable=False),
    Column("reason", Text, nullable=False),
    Column("act", Id, nullable=False, index=True, comment="judgements that one command made share it"),
    Column("undone_at", Timestamp),
    Column("undone_by", Text),
    Column("is_built", Boolean, nullable=False, default=False, comment="whether the records know its present state"),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("total", Text, primary_key=True),
    Column("record_id", Id, primary_key=True),
    Column("since", Integer, ForeignKey("publications.number"), primary_key=True),
    Column("until", Integer),
    Column("reason", String(40), comment="null where it is counted"),
    Column("cents", BigInteger, nullable=False, comment="hundredths of the original currency"),
    Column("currency", String(3), nullable=False),
    Column("common_cents", BigInteger, comment="hundredths of the common currency; null without a rate"),
    Column("common_min_cents", BigInteger),
    Column("common_max_cents", BigInteger),
    Index("ix_ledger_entries_record", "record_id", "until"),
    Index("ix_ledger_entries_total", "total", "until"),
)

totals = Table(
    "totals",
    metadata,
    Column("total", Text, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("is_common", Boolean, primary_key=True, comment="whether all sums are converted to that currency"),
    Column("since", Integer, ForeignKey("publications.number"), primary_key=True),
    Column("until", Integer, index=True),
    Column("body", Json, nullable=False, comment="numbers and hundredths, counted and excluded by reason"),
)

figures = Table(
    "figures",
    metadata,
    Column("table_name", String(16), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("key", Text, primary_key=True, comment="dimensions and their values, in the order of the table's columns"),
    Column("since", Integer, ForeignKey("publications.number"), primary_key=True),
    Column("until", Integer),
    Column("measures", Json, nullable=False, comment="integers: counts and hundredths"),
    Index("ix_figures_period", "period", "until"),
)

restatements = Table(
    "restatements",
    metadata,
    Column("publication", Integer, ForeignKey("publications.number"), primary_key=True),
    Column("table_name", String(16), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("measure", String(60), primary_key=True),
    Column("old", Float, comment="null where there was no such figure"),
    Column("new", Float),
    Column("cause", String(24), nullable=False),
    Column("record_ids", Json, nullable=False),
    Column("claim_ids", Json, nullable=False),
)

record_changes = Table(
    "record_changes",
    metadata,
    Column("publication", Integer, ForeignKey("publications.number"), primary_key=True),
    Column("record_id", Id, primary_key=True),
    Column("kind", String(4), nullable=False, comment="ADD, MOD or DEL"),
    Column("cause", String(24), nullable=False),
    Column("claim_ids", Json, nullable=False),
)
