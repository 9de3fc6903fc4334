"""Bands of signatures are kept in the order of their key alone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_signature_bands_document_id", table_name="signature_bands")
    if op.get_bind().dialect.name == "sqlite":
        _without_row_ids()
    else:
        # What an earlier migration let the column hold was not told there; SQLite keeps no comments.
        op.alter_column(
            "extractions",
            "status",
            existing_type=sa.String(length=24),
            existing_nullable=False,
            existing_comment="extracted or failed",
            comment="extracted, failed, or undone (what it gave was taken back)",
        )


def _without_row_ids() -> None:
    """Make the table anew; rows come in the order in which they will lie."""
    made = op.create_table(
        "signature_bands_in_order",
        sa.Column("band", sa.BigInteger(), nullable=False, comment="hash of the band's number and its part of the signature"),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signature_bands_document_id")),
        sa.PrimaryKeyConstraint("band", "document_id", name=op.f("pk_signature_bands")),
        sqlite_with_rowid=False,
    )
    former = sa.table("signature_bands", sa.column("band"), sa.column("document_id"))
    rows = sa.select(former).order_by(former.c.band, former.c.document_id)
    op.execute(sa.insert(made).from_select(["band", "document_id"], rows))
    op.drop_table("signature_bands")
    op.rename_table("signature_bands_in_order", "signature_bands")
