"""The commands that ask the published tables, as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.unit.records.factories import claim
from tests.unit.records.stored import World

from bam.cli import bam
from bam.model.errors import BamError
from bam.store.engine import Store

BRIDGE = {"stage": "disbursed", "donors": ["US"], "recipients": ["TJ"], "quote": "the Panj bridge"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two reports of one bridge, published on two days, and a crossing."""
    world = World(Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}"))
    world.add([claim("funding", "weekly", "2010-07", amount=35e6, **BRIDGE), claim("facilities", "gazette", name="Langar")])
    world.update()
    world.add([claim("funding", "almanac", "2013-03-05", amount=36e6, **BRIDGE)])
    world.update()
    return world


def run(world: World, *arguments: str) -> Result:
    home = Path(str(world.store.engine.url.database)).parent
    return CliRunner(env={"BAM_HOME": str(home)}).invoke(bam, list(arguments))


def test_totals_by_both_clocks(world: World) -> None:
    def counted(*clocks: str) -> float:
        found = json.loads(run(world, "totals", "--json", *clocks).output)
        return {total["total"]: total["amount_counted"] for total in found["totals"]}.get("stage=disbursed", 0.0)

    assert counted() == 36e6
    assert counted("--as-of", "2011-01-01") == 35e6
    assert counted("--recorded-at", "2026-11-02T12:00Z") == 35e6
    assert counted("--as-of", "2010-01-01") == 0.0


def test_totals_print_ranges(world: World) -> None:
    assert "36,000,000 (35,000,000 to 36,000,000)" in run(world, "totals").output


def test_a_sound_ledger_passes_and_a_tampered_one_fails(world: World) -> None:
    assert run(world, "ledger", "--check").exit_code == 0
    with world.store.write() as connection:
        connection.exec_driver_sql("UPDATE ledger_entries SET cents = cents + 1 WHERE total = 'stage=disbursed'")
    result = run(world, "ledger", "--check")
    assert result.exit_code == 1
    assert "the stored ledger differs from the records" in result.output


def test_a_record_shows_values_sources_and_reasons(world: World) -> None:
    record = next(one for one in world.records() if one.table == "funding")
    output = run(world, "record", "show", record.id[:9]).output
    for expected in ("USD 35-36 million", "[newer,", '"the Panj bridge"', "amount +1", "publication 2: MOD, late_document"):
        assert expected in output


def test_merge_and_undo(world: World) -> None:
    first, second = (one.id for one in world.records())
    refused = run(world, "record", "merge", first, second, "--reason", "x")
    assert isinstance(refused.exception, BamError)
    assert "Only records of one table merge" in str(refused.exception)
    record = next(one for one in world.records() if one.table == "funding")
    split = run(world, "record", "split", record.id, record.claim_ids[1], "--reason", "another bridge", "--by", "R. Analyst")
    assert "1 claims leave" in split.output
    world.update()
    assert len(world.records()) == 3
    act = split.output.split("`bam record undo ")[1].split("`")[0]
    assert run(world, "record", "undo", act, "--by", "R. Analyst").exit_code == 0
    world.update()
    assert len(world.records()) == 2


def test_diff_says_what_changed_and_why(world: World) -> None:
    output = run(world, "diff", "--from", "2026-11-02", "--to", "2026-11-03").output
    assert "MOD" in output
    assert "[late_document]" in output
    assert "amount_max: - -> 36000000.0" in output


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_indicators_in_three_forms(world: World, form: str) -> None:
    result = run(world, "indicators", "--table", "funding", "--format", form, "--cadence", "yearly")
    assert result.exit_code == 0
    assert "36000000" in result.output


def test_everything_can_be_exported(world: World, tmp_path: Path) -> None:
    result = run(world, "indicators", "--export", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert len(list((tmp_path / "out").glob("*.csv"))) == 11


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("totals", "--as-of", "March"), "--as-of: 'March' is no day. Write it as 2014-03-31."),
        (("totals", "--recorded-at", "soon"), "--recorded-at: 'soon' is no time."),
        (("indicators", "--table", "funding", "--period", "2014-13"), "'2014-13' is no period."),
        (("record", "show", "rec-nothing"), "no record has the id 'rec-nothing'."),
    ],
)
def test_wrong_input_is_one_clear_line(world: World, arguments: tuple[str, ...], message: str) -> None:
    error = run(world, *arguments).exception
    assert isinstance(error, BamError)
    assert str(error).startswith(message)
