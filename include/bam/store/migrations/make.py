"""`python -m bam.store.migrations.make "what changes"`: write the migration from the last revision to the present schema."""

from __future__ import annotations

import sys

from alembic import command
from sqlalchemy import create_engine

from bam.store.migrate import MIGRATIONS, alembic_config
from bam.store.migrations import HEAD


def make(message: str) -> None:
    """Write the file of the next revision. Read it, correct it, and set `HEAD` to its number."""
    with create_engine("sqlite://").connect() as connection:
        config = alembic_config(connection, MIGRATIONS)
        command.upgrade(config, HEAD)
        command.revision(config, message, autogenerate=True, rev_id=f"{int(HEAD) + 1:04d}")


if __name__ == "__main__":
    make(" ".join(sys.argv[1:]) or "change of the schema")
