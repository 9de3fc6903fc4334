"""Funding: sums said twice, what a sum hangs on, which stage a clause says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import Annotated
from bam.extraction.context import context_of
from bam.extraction.resources import Resources
from bam.extraction.tables.funding.features import document_features, relations, stage_features
from bam.extraction.tables.funding.parties import weighed
from bam.extraction.tables.funding.sums import sums_of
from bam.extraction.tables.funding.words import FundingWords

Read = Callable[..., Annotated]


@pytest.fixture
def words(resources: Resources) -> FundingWords:
    """The words of the table."""
    return resources.words(FundingWords)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Japan gave 215 million yen, or roughly $5 million, for the post.", [215e6]),
        ("Japan gave 310 million yen and the EU 2 million euros.", [310e6, 2e6]),
    ],
)
def test_a_sum_said_in_two_currencies_is_one(
    read: Read, resources: Resources, words: FundingWords, text: str, amounts: list[float]
) -> None:
    assert [found.main.amount for found in sums_of(context_of(read(text), resources), words)] == amounts


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Japan signed a grant of 3 million dollars.", "of=grant"),
        ("Japan donated 3 million dollars to the service.", "object~donate"),
        ("They opened a $3 million project.", "noun=project"),
    ],
)
def test_what_a_sum_hangs_on(read: Read, resources: Resources, words: FundingWords, text: str, sign: str) -> None:
    context = context_of(read(text), resources)
    assert sign in relations(context, context.annotated.money[0], words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Japan plans to give 3 million dollars.", "open"),
        ("Japan pledged 3 million dollars.", "promised"),
        ("Japan will give 3 million dollars.", "ahead"),
        ("Japan approved 3 million dollars.", "bound"),
        ("Japan paid 3 million dollars.", "done"),
    ],
)
def test_the_stage_that_a_clause_says(read: Read, resources: Resources, words: FundingWords, text: str, said: str) -> None:
    context = context_of(read(text), resources)
    features = stage_features(context, context.annotated.money[0], words, document_features(context, words), None)
    assert features.get(f"clause.said={said}")


def test_parties_are_weighed_against_their_rivals(read: Read, resources: Resources) -> None:
    context = context_of(read("Japan gave 3 million dollars to Georgia and Kenya."), resources)
    around = {candidate.codes[0]: features for candidate, features in weighed(context, context.annotated.money[0], None)}
    assert around["GE"].get("here=True&rivals=1/1")
    assert around["JP"].get("here=True&rivals=2/0")
