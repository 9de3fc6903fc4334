"""Databases are made, upgraded with every row, or refused with a clear line."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy import Column, MetaData, insert, inspect, select, text

from bam.cli.db import command
from bam.model.errors import StoreError
from bam.store import migrate
from bam.store.engine import Store
from bam.store.migrations import HEAD
from bam.store.schema import metadata

NUMBER = f"{int(HEAD) + 1:04d}"
NEXT = f'''"""A column more, for the test."""

import sqlalchemy as sa
from alembic import op

revision = "{NUMBER}"
down_revision = "{HEAD}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents") as batch:
        batch.add_column(sa.Column("remark", sa.Text()))
'''


def connect(tmp_path: Path) -> Store:
    return Store.connect(f"sqlite:///{tmp_path / 'bam.sqlite'}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without tables, of either kind."""
    if request.param == "sqlite":
        yield connect(tmp_path)
        return
    store = Store.connect(request.getfixturevalue("postgres_url"))
    yield store
    store.engine.dispose()


def by_migrations(store: Store, revision: str = HEAD) -> None:
    """Make a database step by step, as one that was there at the first release."""
    from alembic import command as alembic_command

    with store.write() as connection:
        alembic_command.upgrade(migrate.alembic_config(connection, migrate.MIGRATIONS), revision)


def test_the_migrations_and_the_schema_agree(empty: Store) -> None:
    by_migrations(empty)
    with empty.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_new_database_is_made_at_once_and_stamped(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")
    with store.read() as connection:
        assert migrate.schema_version(connection) == HEAD
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())


def test_the_head_is_the_last_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_upgrade_keeps_every_row(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder)
    (folder / "versions" / f"{NUMBER}_next.py").write_text(NEXT, encoding="utf-8")
    store = connect(tmp_path)
    by_migrations(store)
    row = "INSERT INTO documents VALUES ('doc-1', 'a', 's', 'media', 'clear', '2026', NULL, 'doc-1')"
    with store.write() as connection:
        connection.execute(text(row))
    with store.write() as connection:
        assert migrate.upgrade(connection, folder, NUMBER) == HEAD
    with store.read() as connection:
        assert migrate.schema_version(connection) == NUMBER
        assert connection.execute(text("SELECT id, remark FROM documents")).all() == [("doc-1", None)]


def test_every_row_of_every_table_of_the_first_release_is_kept(empty: Store) -> None:
    by_migrations(empty, "0001")
    before: dict[str, list[dict[str, Any]]] = {}
    with empty.write() as connection:
        first = MetaData()
        first.reflect(connection)
        for table in first.sorted_tables:
            if table.name != "alembic_version":
                before[table.name] = [{each.name: a_value(each, number) for each in table.columns} for number in (1, 2)]
                connection.execute(insert(table), before[table.name])
    assert len(before) > 30
    with empty.write() as connection:
        assert migrate.upgrade(connection) == "0001"
    with empty.read() as connection:
        for name, rows in before.items():
            after = connection.execute(select(metadata.tables[name])).mappings().all()
            kept = [{column: row[column] for column in rows[0] if column in row} for row in after]
            assert sorted(kept, key=repr) == sorted(rows, key=repr), name
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def a_value(column: Column[Any], number: int) -> Any:
    """A value for a column; the same one in every column of a kind, so that keys of other tables are met."""
    kind = column.type.python_type
    return {bool: True, int: number, float: number / 2, bytes: b"%d" % number, dict: {"n": number}}.get(kind, str(number))


def test_rows_of_keys_alone_are_kept_once_in_new_and_in_upgraded_databases(tmp_path: Path) -> None:
    upgraded = connect(tmp_path)
    by_migrations(upgraded)
    for store in (upgraded, Store.open(f"sqlite:///{tmp_path / 'new.sqlite'}")):
        with store.read() as connection:
            for table, indexes in (("signature_bands", []), ("claim_blocks", ["ix_claim_blocks_claim_id"])):
                query = text("SELECT sql FROM sqlite_master WHERE name = :table")
                assert "WITHOUT ROWID" in connection.execute(query, {"table": table}).scalar_one()
                assert [index["name"] for index in inspect(connection).get_indexes(table)] == indexes


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'bam.sqlite'}"
    with Store.open(address).write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="has the schema 9999, which is newer than this version knows") as caught:
        Store.open(address)
    assert "Install the version that wrote it" in str(caught.value)


def test_tables_without_a_revision_are_refused(tmp_path: Path) -> None:
    store = connect(tmp_path)
    with store.write() as connection:
        metadata.create_all(connection)
    with pytest.raises(StoreError, match="made by a version that was never released"):
        Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")


def test_opening_a_current_database_is_quick(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'bam.sqlite'}"
    Store.open(address)
    start = time.process_time()
    for _ in range(20):
        Store.open(address)
    assert (time.process_time() - start) / 20 < 0.05


def test_the_command(tmp_path: Path) -> None:
    runner = CliRunner(env={"BAM_HOME": str(tmp_path)})
    assert "it was new" in runner.invoke(command, ["upgrade"]).output
    assert f"has the schema {HEAD} already" in runner.invoke(command, ["upgrade"]).output
    assert runner.invoke(command, ["status"]).output == f"database {HEAD}, this version {HEAD}\n"
