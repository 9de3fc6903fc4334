"""Sums of money in their written forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import Annotated
from bam.extraction.annotate.numbers import parse_digits

Read = Callable[..., Annotated]


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("US$ 2.5m", 2_500_000, "USD"),
        ("EUR 36.6 million", 36_600_000, "EUR"),
        ("€ 6,7 million", 6_700_000, "EUR"),
        ("2.5 mln euros", 2_500_000, "EUR"),
        ("USD45-million", 45_000_000, "USD"),
        ("GBP 400k", 400_000, "GBP"),
        ("¥ 1.2 billion", 1_200_000_000, "JPY"),
        ("half a million dollars", 500_000, "USD"),
        ("two and a half million pounds", 2_500_000, "GBP"),
        ("a quarter of a million euros", 250_000, "EUR"),
        ("5,4 Mio. EUR", 5_400_000, "EUR"),
        ("3.5 m pounds", 3_500_000, "GBP"),
        ("€ 900 000", 900_000, "EUR"),
        ("30 000 Canadian dollars", 30_000, "CAD"),
        ("CAN$330,000", 330_000, "CAD"),
        ("2.250.000 euros", 2_250_000, "EUR"),
        ("CHF 1'200'000", 1_200_000, "CHF"),
        ("4 million Swiss francs", 4_000_000, "CHF"),
        ("300 million som", 300_000_000, "KGS"),
        ("7 million Kazakh tenge", 7_000_000, "KZT"),
        ("NOK 6 million", 6_000_000, "NOK"),
        ("$6.1M", 6_100_000, "USD"),
        ("US-$ 500,000", 500_000, "USD"),
        ("US$\xa088,781", 88_781, "USD"),
        ("12 million Kenyan shillings", 12_000_000, "KES"),
        ("Sh173 million", 173_000_000, "KES"),
        ("N90 million", 90_000_000, "NGN"),
        ("Rs. 600 crore", 6_000_000_000, "INR"),
        ("Rs 1,25,00,000", 12_500_000, "INR"),
        ("2 413 500,00 EUR", 2_413_500, "EUR"),
        ("2\u202f413\u202f500,50 EUR", 2_413_500.5, "EUR"),
        ("EUR 36\u2009600.5", 36_600.5, "EUR"),
        ("EUR 300.000,50", 300_000.5, "EUR"),
        ("2½ million euros", 2_500_000, "EUR"),
        ("½ million pounds", 500_000, "GBP"),
        ("one-and-a-half million euros", 1_500_000, "EUR"),
        ("a million and a half dollars", 1_500_000, "USD"),
        ("a half-million dollars", 500_000, "USD"),
        ("three quarters of a million dollars", 750_000, "USD"),
        ("two point seven five million dollars", 2_750_000, "USD"),
        ("two thousand million yen", 2_000_000_000, "JPY"),
        ("3 thousand million yen", 3_000_000_000, "JPY"),
        ("1.5 mrd. EUR", 1_500_000_000, "EUR"),
        ("the million dollars", 1_000_000, "USD"),
    ],
)
def test_written_forms(read: Read, written: str, amount: float, currency: str) -> None:
    found = read(f"Norway paid {written} for the school.").money
    assert [(money.amount, money.currency) for money in found] == [(amount, currency)]
    assert found[0].origin == "written"


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("between $3 and 4 million", 3e6, 4e6),
        ("between €20 and €25 million", 20e6, 25e6),
        ("USD 35-36 million", 35e6, 36e6),
        ("2 million to 3 million dollars", 2e6, 3e6),
        ("10 to 12 million euros", 10e6, 12e6),
    ],
)
def test_a_range_keeps_its_bounds_and_takes_the_middle(read: Read, written: str, low: float, high: float) -> None:
    (money,) = read(f"It will cost {written} in all.").money
    assert (money.amount_min, money.amount_max, money.amount) == (low, high, (low + high) / 2)
    assert money.is_approximate


def test_words_before_a_sum_say_how_exact_it_is(read: Read) -> None:
    found = read("They gave more than $1 million, nearly EUR 2 million, about £3 million and GBP 4 million.").money
    assert [money.bound for money in found] == ["more", "less", "about", "exact"]


def test_a_sum_in_brackets_in_another_currency_is_the_same_money(read: Read) -> None:
    first, second = read("A grant of EUR 1 million (about USD 1.1 million) was signed.").money
    assert (first.same_as, second.same_as) == (None, first.index)


def test_the_two_sides_of_a_change_are_no_range(read: Read) -> None:
    found = read("Trade rose from $300 million to $750 million.").money
    assert [money.is_change for money in found] == [True, True]


def test_a_bare_number_behind_a_sum_carries_its_currency(read: Read) -> None:
    found = read("The Union bore 2,250,000 euros of the budget and the Ministry another 430,000.").money
    assert [(money.amount, money.currency, money.origin) for money in found] == [
        (2_250_000, "EUR", "written"),
        (430_000, "EUR", "carried"),
    ]


def test_numbers_of_things_are_no_sums(read: Read) -> None:
    found = read("For 5 million dollars they moved 430,000 tonnes, 1,200 officers and 65,000 litres in 2014.").money
    assert len(found) == 1


def test_a_declaration_changes_what_a_bare_dollar_is(read: Read) -> None:
    found = read("All dollars in this text are Canadian.\nThe course cost $5,000 and the X-ray US$70,000.").money
    assert [(money.currency, money.origin) for money in found] == [("CAD", "declared"), ("USD", "written")]


@pytest.mark.parametrize(
    ("written", "has_magnitude", "value"),
    [
        ("1,200", False, 1200),
        ("6,7", True, 6.7),
        ("1.234", True, 1.234),
        ("65.000", False, 65000),
        ("1,234.56", False, 1234.56),
        ("1.234,56", False, 1234.56),
        ("30.04.2012", False, None),
        ("1,2,3", False, None),
        ("12,50,000", False, 1_250_000),
        ("1,25,00,000.50", False, 12_500_000.5),
        ("12.50.000", False, None),
    ],
)
def test_group_and_decimal_marks(written: str, has_magnitude: bool, value: float | None) -> None:
    assert parse_digits(written, has_magnitude=has_magnitude) == value


def test_a_decimal_before_and_shares_the_magnitude(read: Read) -> None:
    found = read("They were modernised for 13.6 and 5.9 million euros.").money
    assert [(money.amount, money.currency) for money in found] == [(13_600_000, "EUR"), (5_900_000, "EUR")]


@pytest.mark.parametrize(
    "written",
    ["several million dollars", "tens of millions of euros", "several hundred thousand pounds", "a multi-million-dollar gift"],
)
def test_magnitudes_without_a_number_are_no_sums(read: Read, written: str) -> None:
    assert read(f"Norway paid {written} for the school.").money == ()


def test_a_sum_ends_with_its_line(read: Read) -> None:
    found = read("Budget: 500,000 EUR\n12 officers were trained at a cost of\nUSD\n40 posts were built").money
    assert [(money.amount, money.currency) for money in found] == [(500_000, "EUR")]
