"""Sums of money in their written forms."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.extraction.conftest import document

from bam.extraction.annotate import Annotated, annotate
from bam.extraction.annotate.numbers import parse_digits
from bam.extraction.resources import Resources
from bam.model.text import Block, BlockKind

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


def test_the_sides_of_a_change_with_one_currency_are_no_range(read: Read) -> None:
    first = read("Trade rose from USD 3 million to 4 million.").money[0]
    assert (first.amount, first.amount_min, first.is_change) == (3_000_000, None, True)


def test_currencies_behind_each_of_two_numbers(read: Read) -> None:
    assert [money.amount for money in read("It cost 300 EUR 400 EUR in all.").money] == [300, 400]


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
    ("written", "amount", "currency"),
    [
        ("N$ 5 million", 5_000_000, "NAD"),
        ("RD$ 94 million", 94_000_000, "DOP"),
        ("A$5m", 5_000_000, "AUD"),
        ("$A6.9 million", 6_900_000, "AUD"),
        ("C$300,000", 300_000, "CAD"),
        ("$NZ 2 million", 2_000_000, "NZD"),
        ("HK$ 3 million", 3_000_000, "HKD"),
        ("S$400,000", 400_000, "SGD"),
        ("F$ 2 million", 2_000_000, "FJD"),
        ("BZ$1.2 million", 1_200_000, "BZD"),
        ("EC$ 5 million", 5_000_000, "XCD"),
        ("TT$3m", 3_000_000, "TTD"),
        ("SBD$ 4m", 4_000_000, "SBD"),
        ("R$ 4 million", 4_000_000, "BRL"),
        ("11 million maloti", 11_000_000, "LSL"),
        ("3 million emalangeni", 3_000_000, "SZL"),
        ("4 million afghanis", 4_000_000, "AFN"),
        ("9 million meticais", 9_000_000, "MZN"),
        ("5 million dalasis", 5_000_000, "GMD"),
        ("6 million ouguiyas", 6_000_000, "MRU"),
        ("5 million denars", 5_000_000, "MKD"),
        ("6 million kuna", 6_000_000, "HRK"),
        ("3 million lek", 3_000_000, "ALL"),
        ("5 million kip", 5_000_000, "LAK"),
        ("8 million rand", 8_000_000, "ZAR"),
        ("SDR 39 million", 39_000_000, "XDR"),
        ("12 million special drawing rights", 12_000_000, "XDR"),
        ("UA 7.5 million", 7_500_000, "XUA"),
        ("7.5 million units of account", 7_500_000, "XUA"),
        ("ECU 5 million", 5_000_000, "XEU"),
        ("3 million deutschmarks", 3_000_000, "DEM"),
        ("DEM 5 million", 5_000_000, "DEM"),
        ("4 million French francs", 4_000_000, "FRF"),
        ("500 million lire", 500_000_000, "ITL"),
        ("420,000 convertible marks", 420_000, "BAM"),
        ("500,000 United States dollars", 500_000, "USD"),
        ("3 million Kenya shillings", 3_000_000, "KES"),
        ("5 million Trinidad and Tobago dollars", 5_000_000, "TTD"),
        ("Euro 274,098", 274_098, "EUR"),
        ("Frw 29.7 billion", 29_700_000_000, "RWF"),
        ("MEUR 2.5", 2_500_000, "EUR"),
        ("2.5 M€", 2_500_000, "EUR"),
        ("BAM 510,000", 510_000, "BAM"),
        ("5 million pounds of aid", 5_000_000, "GBP"),
    ],
)
def test_currencies_of_the_world(read: Read, written: str, amount: float, currency: str) -> None:
    found = read(f"They paid {written} for the school.").money
    assert [(money.amount, money.currency, money.origin) for money in found] == [(amount, currency, "written")]


@pytest.mark.parametrize(
    ("text", "currencies"),
    [
        ("The rupees came: 3 million rupees.", ["INR"]),
        ("In Pakistan the customs paid Rs 90 million.\nRs. 40 lakh more came later.", ["PKR", "PKR"]),
        ("Sri Lanka paid 30 million rupees, Mauritius 3 million rupees.", ["LKR", "MUR"]),
        ("Jordan paid two million dinars. Tunisia gave 5 million dinars.", ["JOD", "TND"]),
        ("The posts lie in Mali. They cost 6 billion francs.", ["XOF"]),
        ("In Cameroon they cost 6 billion CFA francs.", ["XAF"]),
        ("Lebanon paid 10 million pounds.", ["LBP"]),
        ("British aid to Egypt came to 5 million pounds.", ["GBP"]),
        ("Sweden paid 4 million crowns, the Czech Republic 5 million crowns.", ["SEK", "CZK"]),
        ("Saudi Arabia gave 5 million riyals. Yemen gave 6 million riyals.", ["SAR", "YER"]),
        ("They held 12 million Ugandan shillings and spent 4 million shillings.", ["UGX", "UGX"]),
        ("Lesotho added M11 million of its own.", ["LSL"]),
        ("Zambia paid K5 million.", ["ZMW"]),
        ("Papua New Guinea paid K5 million.", ["PGK"]),
        ("Uzbekistan paid 4 million soum and Kyrgyzstan 3 million som.", ["UZS", "KGS"]),
        ("Of A$3.6 million there are still left some $900,000.\nGoods worth US$40 million were seized.", ["AUD", "AUD", "USD"]),
    ],
)
def test_the_countries_of_the_text_tell_whose_currency_a_shared_name_means(read: Read, text: str, currencies: list[str]) -> None:
    assert [money.currency for money in read(text).money] == currencies


@pytest.mark.parametrize(
    "text",
    [
        "M16 rifles, the K9 unit, the G20, road E40 and N1 were shown.",
        "SOS 5 villages, SAR 24 officers, COP26 and TRY 5 times.",
        "They seized 300 pounds of cocaine and 2,000 pounds of heroin.",
        "Of the 5,000 won in all, 20 real officers took 300.",
        "Amount (in million EUR)",
    ],
)
def test_signs_and_codes_that_are_other_things(read: Read, text: str) -> None:
    assert read(text).money == ()


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("A grant of 400 million yen, about 3.4 million US dollars, was signed.", [None, 0]),
        ("It cost 400 million yen (about USD 3.4 million).", [None, 0]),
        ("It cost EUR 2 million, or 2.3 million dollars, in all.", [None, 0]),
        ("It cost £1.6m ($2m) in all.", [None, 0]),
        ("It cost EUR 1 million (USD 1.1 million, GBP 0.9 million).", [None, 0, 0]),
        ("It got EUR 5 million, about 3 million dollars from Japan and £2 million.", [None, None, None]),
        ("It cost EUR 1 million (another USD 2 million is due).", [None, None]),
    ],
)
def test_one_sum_in_two_currencies(read: Read, text: str, same_as: list[int | None]) -> None:
    assert [money.same_as for money in read(text).money] == same_as


def test_a_sum_carries_its_own_currency_on_and_not_that_of_its_equivalent(read: Read) -> None:
    found = read("The Union gave EUR 20 million (13 billion CFA francs). The estimate had been 23 million.").money
    assert [(money.amount, money.currency) for money in found][-1] == (23_000_000, "EUR")


@pytest.mark.parametrize(
    "written",
    ["several million dollars", "tens of millions of euros", "several hundred thousand pounds", "a multi-million-dollar gift"],
)
def test_magnitudes_without_a_number_are_no_sums(read: Read, written: str) -> None:
    assert read(f"Norway paid {written} for the school.").money == ()


def test_a_sum_ends_with_its_line(read: Read) -> None:
    found = read("Budget: 500,000 EUR\n12 officers were trained at a cost of\nUSD\n40 posts were built").money
    assert [(money.amount, money.currency) for money in found] == [(500_000, "EUR")]


_GROUPS = {
    "spaces and decimal comma": (" ", ","),
    "narrow spaces and decimal point": ("\u202f", "."),
    "thin spaces and decimal comma": ("\u2009", ","),
    "hard spaces and decimal comma": ("\xa0", ","),
    "commas and decimal point": (",", "."),
    "points and decimal comma": (".", ","),
    "apostrophes and decimal point": ("'", "."),
}


@given(
    cents=st.integers(min_value=100_000, max_value=10**14),
    marks=st.sampled_from(sorted(_GROUPS)),
    template=st.sampled_from(["EUR {}", "{} EUR", "€{}", "{} euros", "€ {}", "{} €"]),
    has_cents=st.booleans(),
)
def test_an_amount_in_any_written_form_is_read_back(read: Read, cents: int, marks: str, template: str, has_cents: bool) -> None:
    group, decimal = _GROUPS[marks]
    whole, rest = divmod(cents, 100)
    written = f"{whole:,}".replace(",", group) + (f"{decimal}{rest:02}" if has_cents else "")
    (money,) = read(f"They paid {template.format(written)} for it.").money
    assert (money.amount, money.currency) == (cents / 100 if has_cents else whole, "EUR")


@given(
    tenths=st.integers(min_value=10, max_value=9999),
    mark=st.sampled_from(".,"),
    size=st.sampled_from([("million", 10**6), ("mln", 10**6), ("m", 10**6), ("bn", 10**9), ("k", 10**3), ("crore", 10**7)]),
    code=st.sampled_from(["USD", "EUR", "NAD", "PKR", "XDR", "KZT"]),
)
def test_an_amount_with_a_magnitude_is_read_back(read: Read, tenths: int, mark: str, size: tuple[str, int], code: str) -> None:
    (money,) = read(f"They paid {code} {tenths // 10}{mark}{tenths % 10} {size[0]} for it.").money
    assert (money.amount, money.currency) == (tenths * size[1] / 10, code)


_PLAIN = ("the", "officers", "of", "all", "12", "posts", "on", "3", "May", "2014", ",", "1,200", "try", "won", "a", "top", "-")


@given(st.lists(st.sampled_from(_PLAIN)))
def test_text_without_currencies_has_no_sums(read: Read, words: list[str]) -> None:
    assert read(" ".join(words)).money == ()


@pytest.mark.parametrize("piece", ["thousand ", "one and a ", "half of a ", "$ ", "Rs 5 ", "EUR 2 million (", "1 000 ", "A$ "])
def test_reading_takes_time_linear_in_the_text(resources: Resources, piece: str) -> None:
    calls = [_calls_for(piece * count, resources) for count in (200, 800)]
    assert calls[1] < 6 * calls[0]


def _calls_for(text: str, resources: Resources) -> int:
    """How many Python calls reading the numbers and sums of a text takes: unlike time, the same on every machine."""
    count = 0

    def tally(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    converted = document(text)
    sys.setprofile(tally)
    try:
        annotate(converted, resources, "2014-03-05")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("head", "cell", "amount", "currency"),
    [
        ("USD thousand", "1,250", 1_250_000, "USD"),
        ("in million EUR", "2.5", 2_500_000, "EUR"),
        ("Budget (€ m)", "6,7", 6_700_000, "EUR"),
        ("US$ '000", "410", 410_000, "USD"),
        ("EUR million", "1.250", 1_250_000, "EUR"),
        ("Cost, USD", "410,000 (estimate)", 410_000, "USD"),
        ("Cost, USD", "about 90,000", 90_000, "USD"),
        ("Amount (SDR million)", "39", 39_000_000, "XDR"),
        ("N$ million", "12", 12_000_000, "NAD"),
    ],
)
def test_the_head_of_a_column_names_currency_and_magnitude(
    resources: Resources, head: str, cell: str, amount: float, currency: str
) -> None:
    rows = f"Item | {head}", f"Fence | {cell}"
    blocks = (
        Block(BlockKind.TABLE_ROW, 0, len(rows[0]), table=1, header_row=True),
        Block(BlockKind.TABLE_ROW, len(rows[0]) + 1, len("\n".join(rows)), table=1),
    )
    converted = replace(document("\n".join(rows)), blocks=blocks)
    found = annotate(converted, resources, "2014-03-05").money
    assert [(money.amount, money.currency, money.origin) for money in found] == [(amount, currency, "table")]
