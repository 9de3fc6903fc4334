import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bam.model.errors import ConfigurationError, StoreError
from bam.store import engine as engine_module
from bam.store.engine import Store


def test_missing_folders_are_made(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'deep' / 'er' / 'bam.sqlite'}")
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM documents")).scalar() == 0


def test_a_wrong_address_names_the_setting():
    with pytest.raises(ConfigurationError, match="BAM_DATABASE_URL: not a database address"):
        Store.open("no address at all")


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "bam.sqlite"
    path.write_text("These are not the tables that you are looking for. " * 100)
    with pytest.raises(StoreError, match=r"bam\.sqlite: the file is no SQLite database"):
        Store.open(f"sqlite:///{path}")


def test_a_password_never_reaches_the_message():
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://somebody:very-secret@127.0.0.1:1/none")
    assert "very-secret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_failed_transaction_leaves_nothing(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")
    with store.write() as connection:
        connection.execute(text("CREATE TABLE notes (word TEXT)"))
    with pytest.raises(RuntimeError), store.write() as connection:
        connection.execute(text("INSERT INTO notes VALUES ('kept?')"))
        raise RuntimeError("stop")
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar() == 0


def test_many_writers_wait_for_each_other(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")
    with store.write() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def add_one(_):
        with store.write() as connection:
            n = connection.execute(text("SELECT n FROM counter")).scalar()
            connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(80)))
    with store.read() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar() == 80


def test_a_locked_database_gives_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "SQLITE_BUSY_SECONDS", 0)
    url = f"sqlite:///{tmp_path / 'bam.sqlite'}"
    holder, waiter = Store.open(url), Store.open(url)
    holds, may_end = threading.Event(), threading.Event()

    def hold():
        with holder.write():
            holds.set()
            may_end.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holds.wait(10)
        with pytest.raises(StoreError, match="locked by another process") as caught, waiter.write():
            pass
        assert "\n" not in str(caught.value)
    finally:
        may_end.set()
        thread.join()
