"""Several processes at the same outbox, some of them killed: each recipient still gets one copy."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from bam.delivery.channels.base import Assignment, HandOver, Outcome, Result
from bam.delivery.issue import parcel_of
from bam.delivery.outbox import LEASE, Dispatch, post
from bam.delivery.plan import Place
from bam.store.delivery import read_deliveries
from bam.store.engine import Store

from .conftest import NOON, make_issue

READERS = 60
FORK = multiprocessing.get_context("fork")


class Ledger:
    """A channel whose copies are lines of a file that all processes append to. `pause` makes processes meet."""

    id = "mail"
    is_repeatable = False

    def __init__(self, path: Path, pause_seconds: float = 0.0) -> None:
        self._path, self._pause_seconds = path, pause_seconds

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        time.sleep(self._pause_seconds)
        hand_over()
        with self._path.open("a") as file:
            file.write(f"{assignment.recipient_id}\n")
        time.sleep(self._pause_seconds)
        return Outcome(Result.SENT, "250 ok")

    def close(self) -> None:
        pass

    def copies(self) -> Counter[str]:
        return Counter(self._path.read_text().splitlines()) if self._path.exists() else Counter()


def run(database_url: str, copies: Path, name: str, now: dt.datetime, pause_seconds: float) -> None:
    store = Store.open(database_url)
    places = [Place("mail", f"r{number:02}", f"r{number}@example.org") for number in range(READERS)]
    random.Random(name).shuffle(places)
    dispatch = Dispatch(store, lambda: now, name, dt.timedelta(hours=48))
    post(dispatch, {"mail": Ledger(copies, pause_seconds)}, parcel_of(make_issue()), places)
    store.engine.dispose()


def states(database_url: str) -> dict[str, str]:
    store = Store.open(database_url)
    with store.read() as connection:
        found = {row.recipient_id: row.state for row in read_deliveries(connection)}
    store.engine.dispose()
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bam.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


def test_four_processes_send_one_copy_each(database_url: str, tmp_path: Path) -> None:
    Store.open(database_url).engine.dispose()
    copies = tmp_path / "copies"
    processes = [FORK.Process(target=run, args=(database_url, copies, f"p{number}", NOON, 0.002)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0] * 4
    assert Ledger(copies).copies() == Counter({f"r{number:02}": 1 for number in range(READERS)})
    assert set(states(database_url).values()) == {"sent"}


def test_killed_processes_lose_nobody_and_repeat_nobody(database_url: str, tmp_path: Path) -> None:
    Store.open(database_url).engine.dispose()
    copies, now, dice = tmp_path / "copies", NOON, random.Random(8)
    for number in range(8):
        process = FORK.Process(target=run, args=(database_url, copies, f"k{number}", now, 0.01))
        process.start()
        time.sleep(dice.uniform(0.1, 0.4))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(60)
        now += 2 * LEASE
    run(database_url, copies, "last", now + 2 * LEASE, 0)

    counted, ended = Ledger(copies).copies(), states(database_url)
    assert len(ended) == READERS
    assert set(ended.values()) <= {"sent", "unknown"}
    assert max(counted.values()) == 1
    assert {reader for reader, state in ended.items() if state == "sent"} <= set(counted)
    assert set(ended) - set(counted) <= {reader for reader, state in ended.items() if state == "unknown"}
