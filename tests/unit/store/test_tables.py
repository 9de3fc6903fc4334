"""Figures by their places: as many as are asked for, whatever fits into one question."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event, insert

from bam.store.engine import Store
from bam.store.schema.records import figures, publications
from bam.store.tables import read_figures, replace_figures

PLACES = [("funding", f"{2000 + number // 12}-{number % 12 + 1:02d}", f"stage=pledged;donor={number}") for number in range(240)]
PUBLICATION = {"published_at": "2026-11-01", "builder": "tests", "claim_count": 0, "added": 0, "modified": 0, "removed": 0}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")
    with store.write() as connection:
        for number in (1, 2):
            connection.execute(insert(publications).values(number=number, **PUBLICATION))
        replace_figures(connection, 1, {place: (number,) for number, place in enumerate(PLACES)})
        replace_figures(connection, 2, {PLACES[7]: (700,), PLACES[8]: None})
    return store


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 240])
def test_figures_at_so_many_places(store: Store, number: int) -> None:
    asked = [*PLACES[:number], ("funding", "1999", "stage=pledged;donor=0")]
    expected = {place: (value,) for value, place in enumerate(PLACES[:number])}
    if number > 8:
        expected[PLACES[7]] = (700,)
        del expected[PLACES[8]]
    with store.read() as connection:
        assert dict(read_figures(connection, asked)) == expected
        assert set(dict(read_figures(connection, asked, number=1))) == set(PLACES[:number])


def test_figures_are_looked_up_place_by_place(store: Store) -> None:
    statements: list[tuple[str, object]] = []
    with store.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *call: statements.append((call[2], call[3])))
        list(read_figures(connection, PLACES[:3]))
        (asked,) = [statement for statement in statements if "wanted" in statement[0]]
        plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked[0], asked[1])]  # type: ignore[arg-type]
    assert [step for step in plan if f"SEARCH {figures.name}" in step and "key=?" in step], plan
