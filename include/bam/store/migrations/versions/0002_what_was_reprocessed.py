"""What a reprocessing changed, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "reprocessed_versions",
        sa.Column("run_id", sa.String(length=40), nullable=False, comment="content id of one reprocessing"),
        sa.Column("version_id", sa.String(length=40), nullable=False, comment="the version that was read again"),
        sa.Column("new_version_id", sa.String(length=40), nullable=False, comment="the same, or one with the text as it is now"),
        sa.Column("extractor", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("closed_claims", JSON, nullable=False, comment="ids of the claims that it closed"),
        sa.Column("opened_claims", JSON, nullable=False, comment="ids of the claims that it brought"),
        sa.Column("undone_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["new_version_id"], ["versions.id"], name=op.f("fk_reprocessed_versions_new_version_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_reprocessed_versions_version_id")),
        sa.PrimaryKeyConstraint("run_id", "version_id", name=op.f("pk_reprocessed_versions")),
    )
    with op.batch_alter_table("reprocessed_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reprocessed_versions_undone_at"), ["undone_at"], unique=False)
