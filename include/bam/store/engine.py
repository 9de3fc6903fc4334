"""Opening the store: one engine per process, SQLite made safe for several writers, faults turned into one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from bam.model.errors import ConfigurationError, StoreError
from bam.store.migrate import schema_version, upgrade
from bam.store.migrations import HEAD

SQLITE_BUSY_SECONDS = 30

SQLITE_CACHE_MB = 64
"""Pages that a connection keeps: the two megabytes that SQLite takes by itself are too few for the indexes of a large store."""


class Store:
    """The database behind everything. Use `read()` for queries and `write()` for one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, database_url: str) -> Store:
        """Open the database; a new one gets its tables, an older one is upgraded.

        Raises:
            ConfigurationError: the address is no SQLAlchemy address.
            StoreError: the database can't be reached, is locked, or is newer than this version.
        """
        store = cls.connect(database_url)
        with store.read() as connection:
            is_current = schema_version(connection) == HEAD
        if not is_current:
            with store.write() as connection:
                upgrade(connection)
        return store

    @classmethod
    def connect(cls, database_url: str) -> Store:
        """Connect as `open` does, whatever schema the database has. Raises ConfigurationError."""
        try:
            url = make_url(_with_driver(database_url))
            if url.get_backend_name() == "postgresql":
                # Whatever the server thinks that it holds: without it, a server set up as SQL_ASCII answers in bytes.
                url = url.update_query_dict({"client_encoding": "utf8"})
            engine = create_engine(url, pool_pre_ping=True)
        except (ArgumentError, NoSuchModuleError) as error:
            raise ConfigurationError(
                f"not a database address ({error})",
                where="BAM_DATABASE_URL",
                remedy="Use sqlite:///path or postgresql://user@host/name.",
            ) from error
        if url.get_backend_name() == "sqlite":
            if url.database and url.database != ":memory:":
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        return cls(engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries; nothing that it does is kept."""
        with self._clear_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or none. On SQLite it takes the write lock at its start."""
        with self._clear_errors(), self.engine.connect().execution_options(bam_write=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        where = self.engine.url.render_as_string(hide_password=True)
        try:
            yield
        except OperationalError as error:
            if "deadlock" in str(error.orig):
                raise StoreError(
                    "two transactions waited for each other, and the database ended this one",
                    where=where,
                    remedy="Run it again; nothing of it was kept, and nothing was lost.",
                ) from error
            if "locked" in str(error.orig):
                raise StoreError(
                    "the database is locked by another process",
                    where=where,
                    remedy="Wait until the other run has ended, or stop it, and try again; nothing was lost.",
                ) from error
            raise StoreError(
                f"the database can't be used ({error.orig})", where=where, remedy="Check BAM_DATABASE_URL and that it is running."
            ) from error
        except DBAPIError as error:
            if "not a database" in str(error.orig) or "malformed" in str(error.orig):
                raise StoreError(
                    "the file is no SQLite database or is damaged",
                    where=where,
                    remedy="Move it away and run again, or restore it.",
                ) from error
            raise


def _with_driver(database_url: str) -> str:
    """`postgresql://` means psycopg 3 here, whatever SQLAlchemy's default driver is."""
    for scheme in ("postgresql://", "postgres://"):
        if database_url.startswith(scheme):
            return "postgresql+psycopg://" + database_url.removeprefix(scheme)
    return database_url


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling starts writes late and can then fail at once; we begin transactions ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA cache_size = {-SQLITE_CACHE_MB * 1024}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("bam_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
