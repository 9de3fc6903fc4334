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


def table_of(result: Result) -> str:
    """What is printed above the sentence that explains it."""
    return result.output.partition("USD_2009 is")[0]


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


def test_totals_at_constant_prices_say_what_made_them(world: World) -> None:
    output = run(world, "totals", "--constant-prices", "2020").output
    # First reported in July 2010: the annual means of 2010 and 2020 are 218.056 and 258.811.
    assert "42,728,454 (41,541,552 to 42,728,454)" in output
    assert "USD_2020 is USD at the prices of 2020: US consumer price index" in output
    found = json.loads(run(world, "totals", "--constant-prices", "2020", "--json").output)
    assert (found["constant_prices"]["unit"], found["constant_prices"]["annual_means"]["2010"]) == ("USD_2020", 218.056)
    assert {total["currency"] for total in found["totals"]} == {"USD_2020"}
    assert "constant_prices" not in json.loads(run(world, "totals", "--json").output)


def test_constant_prices_follow_the_clocks(world: World) -> None:
    assert "no_price_level 1" in run(world, "totals", "--constant-prices", "2009", "--as-of", "2011-01-31").output
    assert "no_price_level" not in table_of(run(world, "totals", "--constant-prices", "2009", "--as-of", "2011-02-01"))
    refused = run(world, "totals", "--constant-prices", "2020", "--as-of", "2011-01-01").exception
    assert isinstance(refused, BamError)
    assert "wasn't known on 2011-01-01, or isn't kept. Name a year from 1970 to 2009." in str(refused)


def test_a_record_shows_factor_and_year_of_its_constant_price(world: World) -> None:
    record = next(one for one in world.records() if one.table == "funding")
    output = run(world, "record", "show", record.id, "--constant-prices", "2020").output
    assert "USD_2020 42,728,454.00, 1.1869 times the sum at the prices of 2010, by the US consumer price index" in output
    found = json.loads(run(world, "record", "show", record.id, "--constant-prices", "2020", "--json").output)
    assert (found["constant_prices"]["factor"], found["constant_prices"]["price_year"]) == (1.1869015, 2010)
    crossing = next(one for one in world.records() if one.table == "facilities")
    assert "no sum in USD_2020" in run(world, "record", "show", crossing.id, "--constant-prices", "2020").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("totals", "--original", "--constant-prices", "2020"), "give either --original or --constant-prices"),
        (("indicators", "--table", "workshops", "--constant-prices", "2020"), "Only the table funding has prices"),
    ],
)
def test_constant_prices_of_what_has_none_are_refused(world: World, arguments: tuple[str, ...], message: str) -> None:
    result = run(world, *arguments)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_indicators_in_three_forms(world: World, form: str) -> None:
    result = run(world, "indicators", "--table", "funding", "--format", form, "--cadence", "yearly")
    assert result.exit_code == 0
    assert "36000000" in result.output


def test_everything_can_be_exported(world: World, tmp_path: Path) -> None:
    result = run(world, "indicators", "--export", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert len(list((tmp_path / "out").glob("*.csv"))) == 11


def test_an_export_at_constant_prices_only_adds(world: World, tmp_path: Path) -> None:
    run(world, "indicators", "--export", str(tmp_path / "plain"))
    run(world, "indicators", "--export", str(tmp_path / "constant"), "--constant-prices", "2020")
    added = {path.name for path in (tmp_path / "constant").iterdir()} - {path.name for path in (tmp_path / "plain").iterdir()}
    assert added == {"ledger_usd_2020.csv", "totals_usd_2020.csv"}
    for plain in (tmp_path / "plain").iterdir():
        lines = zip(plain.read_text().splitlines(), (tmp_path / "constant" / plain.name).read_text().splitlines(), strict=True)
        assert all(longer.startswith(short) for short, longer in lines), plain.name


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
