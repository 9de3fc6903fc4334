"""What PostgreSQL's deadlocks look like to the user: a real one is made."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bam.model.errors import StoreError
from bam.store.engine import Store


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    found = Store.connect(postgres_url)
    yield found
    found.engine.dispose()


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
