"""Names across transliterations, and conversion at the rate of the day."""

from __future__ import annotations

import pytest

from bam.model.claims import FundingValues, Stage
from bam.records.features import OTHER_PLACE_AT, SAME_PLACE_AT
from bam.records.money import convert
from bam.records.names import place_likeness
from bam.records.prepare import significant_digits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Panj", "Pyandzh"), ("Nizhny Pyandzh", "Panj"), ("Khorog", "Khorugh"), ("Qaratogh", "Karatag"), ("Пяндж", "Panj"),
        ("Shahritus", "Shaartuz"), ("Ishkashim", "Eshkashem"), ("Termez", "Tirmiz"), ("Sher Khan", "Shirkhan Bandar"),
        ("Bosaso", "Boosaaso"), ("Brnjak", "Bernjak"), ("Chișinău", "Chisinau"),
    ],
)  # fmt: skip
def test_spellings_of_one_place(one: str, other: str) -> None:
    assert place_likeness(one, other) >= SAME_PLACE_AT
    assert place_likeness(one, other) == place_likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kunduz", "Kandahar"), ("Batken", "Bishkek"), ("Chakvi", "Gonio"), ("Osh", "Naryn"), ("Faizabad", "Nawabad")],
)
def test_other_places(one: str, other: str) -> None:
    assert place_likeness(one, other) < OTHER_PLACE_AT


@pytest.mark.parametrize(("amount", "digits"), [(10_000_000, 1), (36e6, 2), (9_057_333, 7), (0.42e6, 2), (0, 1)])
def test_significant_digits(amount: float, digits: int) -> None:
    assert significant_digits(amount) == digits


def euros(date: str | None = None, currency: str = "EUR") -> FundingValues:
    return FundingValues(100.0, currency, Stage.PLEDGED, date=date)


def test_the_rate_is_that_of_the_day_or_of_the_last_trading_day_before() -> None:
    sunday = convert(euros("2014-03-30"), "USD", None)
    assert sunday is not None
    assert (sunday.amount, sunday.rate_date, sunday.basis) == (137.59, "2014-03-28", "event")


def test_a_month_takes_its_mean_and_never_a_rate_after_the_publication() -> None:
    whole, early = convert(euros("2014-03"), "USD", "2014-04-02"), convert(euros("2014-03"), "USD", "2014-03-05")
    assert whole is not None
    assert early is not None
    assert whole.rate_date == "2014-03"
    assert early.rate_date == "2014-03-01/2014-03-05"


def test_a_plan_takes_the_rate_of_its_publication() -> None:
    plan = convert(euros("2019"), "USD", "2014-03-28")
    assert plan is not None
    assert (plan.rate_date, plan.basis) == ("2014-03-28", "publication")


@pytest.mark.parametrize(
    ("currency", "date"), [("TJS", "2014-03-28"), ("EUR", "1992-01-01"), ("RUB", "2023-01-05"), ("EUR", None)]
)
def test_no_rate_no_conversion(currency: str, date: str | None) -> None:
    assert convert(euros(date, currency), "USD", None) is None
