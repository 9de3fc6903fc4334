"""Migrations of the store, made with Alembic: one file in `versions/` per released change of `bam.store.schema`.

A new database is made from the schema at once and stamped with `HEAD`; an older one is brought there step by step. A test holds
that both ways lead to the same tables. docs/decisions/0032-migrations.md says how a change of the schema gets its file.
"""

HEAD = "0006"
"""The revision that `bam.store.schema` describes."""
