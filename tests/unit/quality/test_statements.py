"""Numbers are read again from the quotes: what stands there passes in every written form, what doesn't is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bam.extraction import Resources, load_resources
from bam.model.claims import Claim, Evidence, FollowUpValues, FundingValues, Stage, Table, Witness, WorkshopValues
from bam.quality.statements import unknown_conference, unstated_value, words_of

PORTFOLIO = Path(__file__).parents[3] / "include" / "portfolio"


@pytest.fixture(scope="module")
def resources() -> Resources:
    return load_resources(PORTFOLIO)


def _claim(values: Any, text: str, quote: str | None = None) -> Claim:
    quote = quote or text
    start = text.index(quote)
    witness = Witness("d", "d", "s", None, "media", "clear", None, "a")
    evidence = (Evidence(start, start + len(quote), quote),)
    return Claim("c", "v", Table.FUNDING, values, evidence, 0.9, "rules", None, "2026-11-02T00:00:00.000000+00:00", witness)


@pytest.mark.parametrize(
    ("quote", "amount"),
    [
        ("a grant of US$ 2.5m", 2.5e6),
        ("EUR 36.6 million", 36.6e6),
        ("€ 6,7 million", 6.7e6),
        ("1 200 000 somoni", 1.2e6),
        ("half a million dollars", 5e5),
        ("two and a half million euros", 2.5e6),
        ("USD 1,234,567", 1_234_567),
        ("Training | 8.2 | EUR", 8.2e6),
        ('<value currency="USD">2500000</value>', 2.5e6),
    ],
)
def test_sum_in_its_quote_passes(resources: Resources, quote: str, amount: float) -> None:
    assert unstated_value(_claim(FundingValues(amount, "USD", Stage.PLEDGED), quote), quote, resources) is None
    thousandfold = FundingValues(amount * 1000, "USD", Stage.PLEDGED)
    if " | " not in quote:
        assert unstated_value(_claim(thousandfold, quote), quote, resources) is not None


def test_both_ends_of_a_range_must_stand(resources: Resources) -> None:
    quote = "between $3 and 4 million"
    stated = FundingValues(3.5e6, "USD", Stage.PLANNED, amount_min=3e6, amount_max=4e6)
    invented = FundingValues(4e6, "USD", Stage.PLANNED, amount_min=3e6, amount_max=5e6)

    assert unstated_value(_claim(stated, quote), quote, resources) is None
    assert unstated_value(_claim(invented, quote), quote, resources) == "amount=5,000,000, which the quotes don't say"


def test_people_are_looked_for_around_the_quote_and_added_up(resources: Resources) -> None:
    text = "Twelve Afghan and 14 Tajik officers came. They attended a course on the search of lorries."
    quote = "attended a course on the search of lorries"

    def fault(participants: int) -> str | None:
        return unstated_value(_claim(WorkshopValues("search", participants=participants), text, quote), text, resources)

    assert fault(12) is None
    assert fault(26) is None
    assert fault(27) == "participants=27, which the text around the quotes doesn't say"


def test_conference_must_be_named_by_its_document() -> None:
    text = words_of("Dushanbe hosted the third steering committee of the programme. It was agreed to publish a map.")

    def fault(conference: str) -> str | None:
        return unknown_conference(_claim(FollowUpValues(conference, "publish a map"), "publish a map"), text)

    assert fault("Third Steering Committee of the Programme") is None
    assert fault("Dushanbe committee") is None
    assert fault("Ninth Samarkand summit") == "Ninth Samarkand summit"
