"""Pages are archived at once, and read and stored some together: as many, as large and as long as may wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from tests.unit.pipeline.desk import STORY, Desk, paragraphs

from bam.pipeline import ingest_visits
from bam.pipeline.ingest_reading import Arrival


@pytest.fixture
def stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many arrivals each transaction stored; five files wait in the inbox."""
    counts: list[int] = []
    store_arrivals = ingest_visits.store_arrivals

    def spy(context: Any, source: Any, arrivals: Sequence[Arrival]) -> Any:
        counts.extend([len(arrivals)] if arrivals else [])
        return store_arrivals(context, source, arrivals)

    monkeypatch.setattr(ingest_visits, "store_arrivals", spy)
    for number in range(5):
        desk.write(f"{number}.html", paragraphs(f"Number {number}. {STORY}"))
    return counts


def test_what_waits_is_stored_together(desk: Desk, stored: list[int]) -> None:
    assert desk.ingest().documents_new == 5
    assert stored == [5]


def test_so_many_are_stored_at_once(desk: Desk, stored: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_visits, "STORED_AT_ONCE", 2)
    assert desk.ingest().documents_new == 5
    assert stored == [2, 2, 1]


def test_only_so_many_bytes_wait(desk: Desk, stored: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    one = (desk.inbox / "0.html").stat().st_size
    monkeypatch.setattr(ingest_visits, "MOST_WAITING_BYTES", 2 * one + 1)
    assert desk.ingest().documents_new == 5
    assert stored == [3, 2]


def test_what_takes_long_to_read_is_stored_in_between(desk: Desk, stored: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    read_arrival = ingest_visits.read_arrival

    def slowly(*arguments: Any) -> Arrival:
        desk.now += dt.timedelta(seconds=1.5)
        return read_arrival(*arguments)

    monkeypatch.setattr(ingest_visits, "read_arrival", slowly)
    assert desk.ingest().documents_new == 5
    assert stored == [2, 2, 1]


def test_bytes_are_archived_before_any_is_read(desk: Desk, stored: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any) -> Arrival:
        raise KeyboardInterrupt

    monkeypatch.setattr(ingest_visits, "read_arrival", stop)
    with pytest.raises(KeyboardInterrupt):
        desk.ingest()
    with desk.context as context:
        assert len(list(context.archive.names())) == 5
        assert not any(context.archive.verify())
    monkeypatch.undo()
    assert desk.ingest().documents_new == 5
