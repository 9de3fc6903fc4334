"""Pages of the published tables say the same as the whole tables, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.unit.records.factories import claim
from tests.unit.records.stored import World

from bam.cockpit.past import figures_of, records_of
from bam.indicators.figures import contributions
from bam.model.claims import Table
from bam.store.browse import (
    RECORD_ORDERS,
    FigureQuery,
    RecordQuery,
    browse_figures,
    browse_records,
    dimension_keys,
    figures_of_keys,
    records_with_values,
)
from bam.store.engine import Store

ALL = 1000


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A few published things of each table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield _filled(World(Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")))
        return
    store = Store.open(request.getfixturevalue("postgres_url"))
    yield _filled(World(store))
    store.engine.dispose()


def _filled(world: World) -> World:
    funding = {"currency": "USD", "recipients": ["TJ"], "stage": "disbursed"}
    world.add(
        [
            claim("funding", "a", amount=2e6, donors=["US"], purpose="radios", date="2014-03-02", **funding),
            claim("funding", "b", amount=5e6, donors=["EU"], purpose="scanners", date="2014-07-02", **funding),
            claim("funding", "c", amount=1e5, donors=["JP", "US"], purpose="boats", date="2015-01-02", **funding),
            claim("facilities", "d", name="Post at Panj", type="border_post", country="TJ", status="planned", status_date="2013"),
            claim(
                "facilities", "e", name="Kennel at Osh", type="other", country="KG", status="operational", status_date="2014-05"
            ),
            claim(
                "follow_ups",
                "f",
                conference="Forum; Osh = second  day",
                commitment="share maps",
                conference_date="2014-05-01",
                parties=["KG"],
                status="open",
            ),
        ]
    )
    world.update()
    return world


@pytest.mark.parametrize("order", RECORD_ORDERS)
@pytest.mark.parametrize("is_descending", [True, False])
def test_records_are_cut_from_the_whole_list(world: World, order: str, is_descending: bool) -> None:
    query = RecordQuery(Table.FUNDING, order=order, is_descending=is_descending)
    whole = records_of(world.snapshot(), query, 0, ALL)
    with world.store.read() as connection:
        pages = [browse_records(connection, query, offset=offset, limit=2) for offset in (0, 2)]
    assert {page.total for page in pages} == {whole.total} == {3}
    found = [line.record.id for page in pages for line in page.rows]
    assert sorted(found) == sorted(line.record.id for line in whole.rows)
    if order in ("title", "amount"):
        assert found == [line.record.id for line in whole.rows]


def test_words_and_days_narrow_the_list(world: World) -> None:
    with world.store.read() as connection:
        found = browse_records(connection, RecordQuery(words="PANJ post"), offset=0, limit=ALL)
        assert [line.title for line in found.rows] == ["Post at Panj (TJ)"]
        assert browse_records(connection, RecordQuery(words="%"), offset=0, limit=ALL).total == 0
        assert browse_records(connection, RecordQuery(known_to="2014-03-04"), offset=0, limit=ALL).total == 0
        assert browse_records(connection, RecordQuery(), offset=0, limit=ALL, number=0).total == 0


QUERIES = [
    FigureQuery(Table.FUNDING),
    FigureQuery(Table.FUNDING, cadence="yearly", order=1),
    FigureQuery(Table.FUNDING, cadence="quarterly", order=1, is_descending=False),
    FigureQuery(Table.FUNDING, cadence="monthly"),
    FigureQuery(Table.FUNDING, period="2014-Q1"),
    FigureQuery(Table.FUNDING, dimensions={"donor": "US"}),
    FigureQuery(Table.FUNDING, dimensions={"donor": "U"}),
    FigureQuery(Table.FACILITIES, parts={"type": "POST"}),
    FigureQuery(Table.FOLLOW_UPS, parts={"conference": "osh : sec"}),
    FigureQuery(Table.FOLLOW_UPS, parts={"conference": ";party"}),
    FigureQuery(Table.FOLLOW_UPS, parts={"conference": ".*"}),
]


@pytest.mark.parametrize("query", QUERIES)
def test_figures_are_those_of_the_snapshot(world: World, query: FigureQuery) -> None:
    whole = figures_of(world.snapshot().figures, query, 0, ALL)
    with world.store.read() as connection:
        found = browse_figures(connection, query, offset=0, limit=ALL)
        assert found.total == whole.total
        assert sorted(found.rows) == sorted(whole.rows)
        if isinstance(query.order, int):
            assert [amounts[query.order] for _, amounts in found.rows] == [amounts[query.order] for _, amounts in whole.rows]
        cut = browse_figures(connection, query, offset=1, limit=1)
        assert (cut.rows, cut.total) == (found.rows[1:2], found.total)


def test_keys_lead_to_all_their_periods(world: World) -> None:
    with world.store.read() as connection:
        keys = dimension_keys(connection, Table.FACILITIES)
        found = dict(figures_of_keys(connection, Table.FACILITIES, keys))
    everything = {(cell.table, cell.period, cell.key): amounts for cell, amounts in world.snapshot().figures.items()}
    assert found == {place: amounts for place, amounts in everything.items() if place[0] == "facilities"}


def test_the_records_behind_a_figure_are_found_by_their_values(world: World) -> None:
    with world.store.read() as connection:
        for record in world.records():
            for cell in contributions(record):
                dimensions = cell.dimensions
                fields = {
                    "funding": {"stage": "stage"},
                    "facilities": {"type": "type"},
                    "follow_ups": {"conference": "conference"},
                }
                values = {field: dimensions[name] for name, field in fields[str(record.table)].items()}
                found = {one.id for one, _ in records_with_values(connection, record.table, values)}
                assert record.id in found
        (us,) = [one for one, _ in records_with_values(connection, Table.FUNDING, {"donors": "US"})]
        assert us.values == replace(us.values, donors=("US",))  # type: ignore[call-arg]


def test_sums_are_looked_up_record_by_record(tmp_path: Path) -> None:
    statements: list[tuple[str, object]] = []
    store = Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")
    with store.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *call: statements.append((call[2], call[3])))
        browse_records(connection, RecordQuery(Table.FUNDING, order="amount"), offset=0, limit=25)
        (asked,) = [statement for statement in statements if "ledger_entries" in statement[0]]
        plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked[0], asked[1])]  # type: ignore[arg-type]
    assert [step for step in plan if "ledger_entries" in step and "record_id=?" in step], plan
