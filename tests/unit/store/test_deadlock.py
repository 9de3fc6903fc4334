"""What PostgreSQL's deadlocks look like to the user: a real one is made."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bam.model.errors import StoreError
from bam.store.engine import Store

ADDRESS = "postgresql+psycopg://postgres@127.0.0.1:5432"
NAME = f"bam_deadlock_{os.getpid()}"


@pytest.fixture
def store() -> Iterator[Store]:
    engine = create_engine(f"{ADDRESS}/postgres", isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {NAME}"))
    except OperationalError:
        pytest.skip("no PostgreSQL answers at 127.0.0.1:5432")
    found = Store.connect(f"{ADDRESS}/{NAME}")
    yield found
    found.engine.dispose()
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
    engine.dispose()


@pytest.mark.postgres
def test_a_deadlock_is_told_as_one_and_the_other_transaction_is_kept(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("CREATE TABLE counter (name TEXT PRIMARY KEY, n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES ('a', 0), ('b', 0)"))
    both_hold_one = threading.Barrier(2, timeout=20)
    told: list[str] = []

    def add(first: str, second: str) -> None:
        try:
            with store.write() as connection:
                connection.execute(text("UPDATE counter SET n = n + 1 WHERE name = :name"), {"name": first})
                both_hold_one.wait()
                connection.execute(text("UPDATE counter SET n = n + 1 WHERE name = :name"), {"name": second})
        except StoreError as error:
            told.append(str(error))

    threads = [threading.Thread(target=add, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (line,) = told
    assert "two transactions waited for each other" in line
    assert "Run it again" in line
    assert "\n" not in line
    with store.read() as connection:
        assert connection.execute(text("SELECT n FROM counter ORDER BY name")).scalars().all() == [1, 1]
