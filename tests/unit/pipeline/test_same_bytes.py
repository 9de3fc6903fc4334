"""SQLite and PostgreSQL give the same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from tests.bench.claims import claims
from tests.unit.records.stored import World

from bam.exports.tables import export_tables
from bam.indicators.constant_prices import constant_prices
from bam.store.engine import Store

ADDRESS = "postgresql+psycopg://postgres@127.0.0.1:5432"
NAME = f"bam_records_{os.getpid()}"


@pytest.fixture
def postgres() -> Iterator[str]:
    engine = create_engine(f"{ADDRESS}/postgres", isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {NAME}"))
    except OperationalError:
        pytest.skip("no PostgreSQL answers at 127.0.0.1:5432")
    yield f"{ADDRESS}/{NAME}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
    engine.dispose()


@pytest.mark.postgres
def test_the_same_claims_give_the_same_exports(postgres: str, tmp_path: Path) -> None:
    made = list(claims(40, seed=3))
    exported = []
    for name, address in (("sqlite", f"sqlite:///{tmp_path / 'bam.sqlite'}"), ("postgres", postgres)):
        world = World(Store.open(address))
        world.add(made[:60])
        world.update()
        world.add(made[60:])
        world.close(made[:3])
        world.update()
        state = world.snapshot()
        files = export_tables(state, tmp_path / name, constant_prices(state, 2020))
        exported.append([(path.name, path.read_bytes()) for path in files])
        world.store.engine.dispose()
    assert exported[0] == exported[1]
