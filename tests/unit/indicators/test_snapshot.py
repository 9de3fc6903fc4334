"""Two clocks: what could be known by a day, what had been published by a time, and what was restated."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.unit.records.factories import CORPUS, claim, gold_claims
from tests.unit.records.stored import World

from bam.exports.tables import export_tables
from bam.indicators.snapshot import differences, restatements
from bam.indicators.verify import published_faults
from bam.model.records import ChangeKind
from bam.records.build import build_records
from bam.store.engine import Store

BRIDGE = {"stage": "committed", "donors": ["US"], "recipients": ["TJ"], "quote": "Panj bridge"}
EARLY = claim("funding", "early", "2014-03-05", amount=35e6, **BRIDGE)
LATE = claim("funding", "late", "2014-03-20", amount=36e6, **BRIDGE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}"))


def committed(world: World, **clocks: object) -> float:
    totals = {total.total: total.amount_counted for total in world.snapshot(**clocks).totals}
    return totals.get("stage=committed", 0.0)


def test_a_late_document_changes_no_figure_asked_as_of_its_earlier_record_time(world: World) -> None:
    world.add([EARLY])
    first = world.update()
    world.add([LATE])
    world.update()
    assert first is not None
    assert committed(world) == 36e6
    assert committed(world, recorded_at=first.published_at) == 35e6
    assert committed(world, as_of=dt.date(2014, 3, 10)) == 35e6
    assert committed(world, as_of=dt.date(2014, 3, 4)) == 0.0


def test_a_time_between_publications_is_that_of_the_earlier_one(world: World) -> None:
    world.add([EARLY])
    world.update()
    world.add([LATE])
    world.update()
    assert committed(world, recorded_at="2026-11-02T23:59:59.000000+00:00") == 35e6
    assert committed(world, recorded_at="2026-11-01T00:00:00.000000+00:00") == 0.0


def test_a_restatement_names_old_and_new_value_cause_and_claim(world: World) -> None:
    world.add([EARLY])
    first = world.update()
    world.add([LATE])
    world.update()
    assert first is not None
    old, new = world.snapshot(recorded_at=first.published_at), world.snapshot()
    found = {(row.period, row.measure): row for row in restatements(old, new)}
    row = found["2014-03", "amount_usd"]
    assert (row.old, row.new, row.claim_ids) == (35e6, 36e6, (LATE.id,))
    (change,) = differences(old, new).changes
    assert change.kind is ChangeKind.MOD


def test_figures_of_the_running_period_are_no_restatement(world: World) -> None:
    world.add([claim("funding", "a", "2026-11-01", amount=1e6, **BRIDGE)])
    first = world.update()
    world.add([claim("funding", "b", "2026-11-02", amount=7e6, **BRIDGE)])
    world.update()
    assert first is not None
    assert restatements(world.snapshot(recorded_at=first.published_at), world.snapshot()) == []


def test_stored_tables_are_what_the_records_make(world: World) -> None:
    world.add([EARLY, LATE])
    world.update()
    with world.store.read() as connection:
        assert published_faults(connection, world.snapshot()) == []


@pytest.mark.corpus
@pytest.mark.skipif(not (CORPUS / "dev").is_dir(), reason="the annotated corpus isn't on this machine")
@pytest.mark.parametrize("day", ["2010-12-31", "2014-05-31", "2019-06-30"])
def test_the_state_as_of_a_day_equals_a_store_that_got_no_more(world: World, day: str) -> None:
    claims = gold_claims("dev")
    world.add(claims)
    world.update()
    as_of = dt.date.fromisoformat(day)
    known = [one for one in claims if world_day(one.published_on) <= day]
    expected = [record.id for record in build_records(known)]
    assert [record.id for record in world.snapshot(as_of=as_of).records] == expected


def world_day(published: str | None) -> str:
    """The day by which a claim could be known; undated ones when the factories recorded them."""
    from bam.model.dates import last_day

    return "2026-11-01" if published is None else last_day(published).isoformat()


def test_exports_are_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    claims = [EARLY, LATE, claim("facilities", "c"), claim("workshops", "d", start="2014-03-03"), claim("follow_ups", "e")]
    written = []
    for number, order in enumerate((claims, claims[::-1], claims[2:] + claims[:2])):
        world = World(Store.open(f"sqlite:///{tmp_path / f'{number}.sqlite'}"))
        world.add(order)
        world.update()
        files = export_tables(world.snapshot(), tmp_path / str(number))
        written.append([(path.name, path.read_bytes()) for path in files])
    assert written[0] == written[1] == written[2]
