"""Constant prices: sums of different years in money of one year, and what is left out where there is no price level."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.records.factories import claim
from tests.unit.records.test_ledger import AMOUNTS, CLAIMS

from bam.model.claims import Claim
from bam.model.errors import BamError, ConfigurationError
from bam.portfolio.yaml_files import read_model
from bam.records.build import build_records
from bam.records.constant_prices import BasePrices, ConstantAmount, PriceLevelsFile, at_constant_prices, prices_of
from bam.records.ledger import check_ledger, count, totals

TODAY = dt.date(2026, 11, 22)
YEARS = st.integers(1970, 2025)


def prices(base_year: int = 2020, on: dt.date = TODAY) -> BasePrices:
    return prices_of(base_year, "USD", on)


def amount_of(base_year: int = 2020, published: str | None = "2014-03-05", **values: object) -> ConstantAmount | None:
    (record,) = build_records([claim("funding", "a", published, **values)])
    return prices(base_year).amount_of(record)


def test_a_sum_comes_with_what_made_it() -> None:
    found = amount_of(amount=1e6, amount_min=9e5, amount_max=1.1e6, date="2014-02-10")
    assert found is not None
    # The annual means of 2014 and 2020 are 236.736 and 258.811.
    assert (found.amount, found.amount_min, found.amount_max) == (1_093_247.3, 983_922.57, 1_202_572.03)
    assert (found.unit, found.factor, found.price_year, found.base_year) == ("USD_2020", 1.0932473, 2014, 2020)
    assert found.source.endswith("U.S. Bureau of Labor Statistics")


def test_another_currency_is_converted_at_its_own_date_first() -> None:
    found = amount_of(published="2014-04-01", amount=100.0, currency="EUR", date="2014-03-28")
    assert found is not None
    assert found.amount == round(137.59 * 1.0932473, 2)


@pytest.mark.parametrize(
    ("date", "published", "year"),
    [("2012", "2014-03-05", 2012), (None, "2014-03", 2014), ("2019", "2014-03-05", 2014), ("2014-01-01", "2014-03-05", 2014)],
    ids=["event", "publication", "plan", "rate of the year before"],
)
def test_the_price_year_is_that_of_the_rate(date: str | None, published: str, year: int) -> None:
    found = amount_of(published=published, date=date)
    assert found is not None
    assert found.price_year == year


@pytest.mark.parametrize(
    ("published", "values"),
    [
        ("2026-03-05", {"date": "2026-03"}),
        ("2014-03-05", {"date": "1969"}),
        (None, {}),
        ("2014-03-05", {"currency": "TJS"}),
    ],
    ids=["running year", "before the series", "undated", "no rate"],
)
def test_without_a_price_level_there_is_no_sum(published: str | None, values: dict[str, object]) -> None:
    assert amount_of(published=published, **values) is None


def test_a_workshop_has_no_sum() -> None:
    (record,) = build_records([claim("workshops", "a", start="2014-03-03")])
    assert prices().amount_of(record) is None


@given(YEARS, AMOUNTS)
def test_at_the_prices_of_its_own_year_a_sum_is_itself(year: int, amount: float) -> None:
    found = amount_of(year, amount=amount, date=str(year), published=f"{year}-12-31")
    assert found is not None
    assert (found.amount, found.factor) == (amount, 1.0)


@given(YEARS, YEARS, YEARS)
def test_base_years_agree_with_each_other(year: int, first: int, second: int) -> None:
    there, back = prices(first).factor(year), prices(second).factor(year)
    between = prices(second).factor(first)
    assert there is not None
    assert back is not None
    assert between is not None
    assert math.isclose(there * between, back, rel_tol=1e-6)


DATED_CLAIMS = st.tuples(CLAIMS, st.lists(st.sampled_from(["1969", "2003", "2014-03", "2026"]), min_size=12, max_size=12)).map(
    lambda drawn: [
        claim("funding", f"doc{number}", f"{date[:4]}-12-31", amount=one.values.amount, currency=one.values.currency,
              stage=one.values.stage, donors=one.values.donors, recipients=one.values.recipients, date=date, at=number)
        for number, (one, date) in enumerate(zip(drawn[0], drawn[1], strict=False))
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(DATED_CLAIMS, YEARS)
def test_counted_and_excluded_are_what_was_seen_at_constant_prices(claims: list[Claim], base_year: int) -> None:
    records = build_records(claims)
    entries = count(records)
    amounts = {record.id: prices(base_year).amount_of(record) for record in records}
    constant = at_constant_prices(entries, amounts)
    assert check_ledger(records, constant, "USD") == []
    seen = {(one.total, one.currency): one.seen for one in totals(entries, "USD")}
    assert {(one.total, one.currency): one.seen for one in totals(constant, "USD")} == seen


@settings(max_examples=60, deadline=None)
@given(DATED_CLAIMS, YEARS)
def test_a_total_is_the_sum_of_its_converted_sums(claims: list[Claim], base_year: int) -> None:
    records = build_records(claims)
    amounts = {record.id: prices(base_year).amount_of(record) for record in records}
    constant = at_constant_prices(count(records), amounts)
    for total in totals(constant, "USD"):
        counted = [amounts[entry.record_id] for entry in constant if entry.total == total.total and entry.is_counted]
        assert total.amount_counted == sum(round(one.amount * 100) for one in counted if one is not None) / 100


def test_what_was_excluded_keeps_its_reason() -> None:
    records = build_records([
        claim("funding", "a", amount=5e6, date="1969"),
        claim("funding", "b", amount=9e6, date="1969", is_cumulative=True, donors=["JP"]),
        claim("funding", "c", amount=7e6, currency="TJS", donors=["CH"]),
    ])  # fmt: skip
    constant = at_constant_prices(count(records), {record.id: prices().amount_of(record) for record in records})
    total = next(total for total in totals(constant, "USD") if total.total == "stage=committed")
    assert (total.counted, total.amount_seen) == (0, 0.0)
    assert {reason: number for reason, number, _ in total.excluded_by_reason} == {
        "no_price_level": 1,
        "cumulative": 1,
        "no_rate": 1,
    }


@pytest.mark.parametrize(
    ("base_year", "currency", "on", "message"),
    [
        (
            2026,
            "USD",
            TODAY,
            "the mean price level of 2026 wasn't known on 2026-11-22, or isn't kept. Name a year from 1970 to 2025.",
        ),
        (2020, "USD", dt.date(2021, 1, 31), "Name a year from 1970 to 2019."),
        (2020, "USD", dt.date(1960, 1, 1), "Ask as of a later day."),
        (2020, "EUR", TODAY, "there is no series of prices in EUR (only in USD). Add one to "),
    ],
)
def test_base_years_that_cannot_be_are_refused(base_year: int, currency: str, on: dt.date, message: str) -> None:
    with pytest.raises(BamError) as refused:
        prices_of(base_year, currency, on)
    assert message in str(refused.value)


def test_the_mean_of_a_year_is_known_from_the_next_february_on() -> None:
    assert max(prices(2010, dt.date(2014, 1, 31)).annual_means) == 2012
    assert max(prices(2010, dt.date(2014, 2, 1)).annual_means) == 2013


@pytest.mark.parametrize(
    ("means", "fault"),
    [
        ("{2014: 236.7, 2016: 240.0}", "years are missing between the first and the last: 2015"),
        ("{2014: 0}", "Input should be greater than 0 (got 0)"),
        ("{}", "no year is given"),
    ],
)
def test_a_faulty_series_is_named(tmp_path: Path, means: str, fault: str) -> None:
    path = tmp_path / "price_levels.yml"
    path.write_text(f"series:\n  USD:\n    name: index\n    publisher: office\n    annual_means: {means}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_model(path, PriceLevelsFile)
    assert f"{path}, key series.USD.annual_means" in str(refused.value)
    assert fault in str(refused.value)


def test_the_kept_series_rises_and_falls_as_prices_did() -> None:
    """Prices fell in one year only since 1970, and never rose by a sixth: a slip of the pen would show."""
    means = prices().annual_means
    changes = {year: means[year] / means[year - 1] for year in means if year - 1 in means}
    assert [year for year, change in changes.items() if change < 1] == [2009]
    assert max(changes.values()) < 1.15
