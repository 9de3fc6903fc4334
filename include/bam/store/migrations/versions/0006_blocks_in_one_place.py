"""Blocks of claims are kept in the order of their key alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _without_row_ids()


def _without_row_ids() -> None:
    """Make the table anew; rows come in the order in which they will lie."""
    made = op.create_table(
        "claim_blocks_in_order",
        sa.Column("block", sa.BigInteger(), nullable=False, autoincrement=False, comment="hash of a blocking key"),
        sa.Column("claim_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_blocks_claim_id")),
        sa.PrimaryKeyConstraint("block", "claim_id", name=op.f("pk_claim_blocks")),
        sqlite_with_rowid=False,
    )
    former = sa.table("claim_blocks", sa.column("block"), sa.column("claim_id"))
    op.execute(sa.insert(made).from_select(["block", "claim_id"], sa.select(former).order_by(former.c.block, former.c.claim_id)))
    op.drop_table("claim_blocks")
    op.rename_table("claim_blocks_in_order", "claim_blocks")
    op.create_index("ix_claim_blocks_claim_id", "claim_blocks", ["claim_id"])
