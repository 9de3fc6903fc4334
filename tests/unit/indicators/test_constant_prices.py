"""The funding table and the totals at the prices of one year, against a file that was worked out by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.unit.records.factories import claim
from tests.unit.records.stored import World

from bam.exports.tables import export_frames
from bam.indicators.constant_prices import ConstantPrices, constant_prices
from bam.indicators.text import to_csv
from bam.model.claims import Table
from bam.store.engine import Store

GOLDEN = Path(__file__).with_name("constant_prices_2020.csv")
NEPAL = {"stage": "disbursed", "recipients": ["NP"]}
CLAIMS = [
    claim("funding", "a", "2014-03-05", amount=1e6, donors=["US"], date="2014-02", purpose="scanners", **NEPAL),
    claim("funding", "b", "2014-03-07", amount=5e5, donors=["US"], date="2014-03-01", purpose="radios", **NEPAL),
    claim("funding", "c", "2020-06-01", amount=2e6, donors=["JP"], date="2020-05", purpose="a bridge", **NEPAL),
    claim("funding", "d", "2026-10-05", amount=3e6, donors=["DE"], date="2026-09", purpose="boats", **NEPAL),
    claim("funding", "e", "2014-03-09", amount=8e6, currency="NPR", donors=["CH"], date="2014", purpose="dogs", **NEPAL),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}"))
    world.add(CLAIMS)
    world.update()
    return world


def at_prices_of(world: World, base_year: int, **clocks: object) -> ConstantPrices:
    return constant_prices(world.snapshot(**clocks), base_year)


def test_the_tables_are_as_worked_out(world: World) -> None:
    constant = at_prices_of(world, 2020)
    frames = export_frames(constant.snapshot, constant)
    yearly = frames["indicators_funding"].query("cadence == 'yearly'")
    by_stage = frames["totals_usd_2020"].query("total.str.contains('disbursed')")
    assert to_csv(yearly) + "\n" + to_csv(by_stage) == GOLDEN.read_text(encoding="utf-8")


def test_rows_and_totals_are_of_the_same_sums(world: World) -> None:
    constant = at_prices_of(world, 2020)
    yearly = {cell: amounts for cell, amounts in constant.figures.items() if len(cell.period) == 4}
    (total,) = (one for one in constant.totals if one.total == "stage=disbursed")
    assert sum(amounts[0] for amounts in yearly.values()) / 100 == total.amount_counted
    left_out = {reason: number for reason, number, _ in total.excluded_by_reason}
    assert sum(amounts[3] for amounts in yearly.values()) == left_out["no_price_level"]
    assert set(constant.figures) == {cell for cell in constant.snapshot.figures if cell.table == Table.FUNDING}


def test_as_of_a_day_later_price_levels_are_unknown(world: World) -> None:
    """In March 2014 the mean of 2014 couldn't be known; in February 2015 it could."""
    early = at_prices_of(world, 2013, as_of=dt.date(2014, 3, 31))
    later = at_prices_of(world, 2013, as_of=dt.date(2015, 2, 28))
    assert set(early.amounts.values()) == {None}
    assert sum(constant is not None for constant in later.amounts.values()) == 2


def test_current_prices_stay_as_they_are(world: World) -> None:
    snapshot = world.snapshot()
    before = (snapshot.totals, snapshot.figures, snapshot.ledger)
    constant = constant_prices(snapshot, 1999)
    assert constant.totals != snapshot.totals
    assert (snapshot.totals, snapshot.figures, snapshot.ledger) == before
