"""Bringing a database to the schema of this version: made new, upgraded step by step, or refused where it is newer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select, text

from bam.model.errors import StoreError
from bam.store.migrations import HEAD
from bam.store.schema import metadata

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

_version_table = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
_UPGRADE_LOCK = 0x62616D01
"""Key of the advisory lock under which PostgreSQL is upgraded; any number that nothing else here takes."""


def schema_version(connection: Connection) -> str | None:
    """The revision that the database is at; None for one without tables of ours.

    Raises:
        StoreError: it has tables but no revision: a version made it that was never released.
    """
    names = inspect(connection).get_table_names()
    if _version_table.name in names:
        return connection.execute(select(_version_table.c.version_num)).scalar()
    if set(names) & set(metadata.tables):
        raise StoreError(
            "the database was made by a version that was never released",
            where=_where(connection),
            remedy="Move it away and run again; documents are read anew from the archive's sources.",
        )
    return None


def upgrade(connection: Connection, folder: Path = MIGRATIONS, head: str = HEAD) -> str | None:
    """Bring the database to `head`, in the caller's write transaction; gives the revision that it was at.

    Raises:
        StoreError: it is newer than this version, or was never released.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
    before = schema_version(connection)
    if before == head:
        return before
    if before is None:
        metadata.create_all(connection)
        _version_table.create(connection)
        connection.execute(insert(_version_table).values(version_num=head))
        return None
    config = alembic_config(connection, folder)
    _refuse_unknown(connection, config, before)
    from alembic import command

    command.upgrade(config, head)
    return before


def _refuse_unknown(connection: Connection, config: Any, revision: str) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(config).get_revision(revision)
    except CommandError as error:
        raise StoreError(
            f"the database has the schema {revision}, which is newer than this version knows ({HEAD})",
            where=_where(connection),
            remedy="Install the version that wrote it, or use another database.",
        ) from error


def alembic_config(connection: Connection, folder: Path) -> Any:
    """Alembic's configuration for migrations in that folder, run on that connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _where(connection: Connection) -> str:
    return connection.engine.url.render_as_string(hide_password=True)
