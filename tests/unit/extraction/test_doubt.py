"""A document in which nothing is sure reports no assistance, and says what it would have been."""

from __future__ import annotations

import pytest
from tests.unit.extraction.conftest import document

from bam.extraction import engine
from bam.extraction.doubt import OTHER_SUBJECT, doubt_about
from bam.extraction.registry import Found
from bam.extraction.resources import Resources
from bam.model.claims import Evidence, Fact, FundingValues, Stage, Table

TEXT = "The fair sold melons for 3 million dollars."


def _facts(*confidences: float) -> tuple[Fact, ...]:
    values = FundingValues(3e6, "USD", Stage.DISBURSED, (), ())
    return tuple(Fact(Table.FUNDING, values, (Evidence(0, len(TEXT), TEXT),), confidence) for confidence in confidences)


@pytest.mark.parametrize(
    ("confidences", "is_in_doubt"),
    [
        ((), False),
        ((0.79, 0.6, 0.6, 0.6), True),
        ((0.8, 0.6, 0.6, 0.6), False),
        ((0.87, 0.6, 0.6), True),
        ((0.88,), False),
    ],
)
def test_one_sure_fact_or_many_likely_ones_are_needed(confidences: tuple[float, ...], is_in_doubt: bool) -> None:
    assert (doubt_about(_facts(*confidences), 1.0) is not None) is is_in_doubt


def test_sure_facts_of_a_document_about_something_else_are_not_taken() -> None:
    assert doubt_about(_facts(0.99, 0.99), OTHER_SUBJECT) is None
    assert "about something else" in str(doubt_about(_facts(0.99, 0.99), OTHER_SUBJECT - 0.01))


@pytest.mark.parametrize(("confidence", "taken"), [(0.85, 0), (0.95, 1)])
def test_what_is_not_taken_is_told(resources: Resources, monkeypatch: pytest.MonkeyPatch, confidence: float, taken: int) -> None:
    found = Found(_facts(confidence), ())
    monkeypatch.setattr(engine, "finders", lambda: [(Table.FUNDING, lambda *_: found)])
    extraction = engine.extract(document(TEXT), resources)
    assert len(extraction.facts) == taken
    told = [(item.reason, item.start, item.end) for item in extraction.passed_over]
    assert told == ([] if taken else [("nothing_sure", 0, len(TEXT))])
