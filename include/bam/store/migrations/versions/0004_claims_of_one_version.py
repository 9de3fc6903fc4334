"""An index by which the open claims of one version are found in a large store."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_claims_version_id", table_name="claims")
    op.create_index("ix_claims_version_id", "claims", ["version_id", "closed_at"])
