"""Indexes by which a large store finds the few rows that an update asks for."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_record_versions_until", table_name="record_versions")
    op.drop_index("ix_record_versions_region", table_name="record_versions")
    op.drop_index("ix_figures_until", table_name="figures")
    op.create_index("ix_record_versions_id", "record_versions", ["id", "until"])
    op.create_index("ix_record_versions_region", "record_versions", ["region", "until"])
