"""Corrections as data: in force while they fit, named as stale when they don't, taken back when they are removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bam.model.claims import FundingValues, Stage
from bam.model.errors import ConfigurationError
from bam.portfolio.corrections import Correction, read_corrections
from bam.quality.queue import stale_corrections
from bam.quality.review.actions import reject
from bam.store.reviews import read_correction_states, read_decisions

TEXT = "The centre cost 8 thousand dollars, or 8.1 million with its fence. The road cost 3 million dollars."
CENTRE = (
    FundingValues(8000.0, "USD", Stage.DISBURSED, ("US",)),
    "The centre cost 8 thousand dollars, or 8.1 million with its fence",
)
ROAD = (FundingValues(3e6, "USD", Stage.DISBURSED, ("US",)), "The road cost 3 million dollars")


def _correction(**other: Any) -> Correction:
    data: dict[str, Any] = {
        "id": "centre-cost",
        "document": "https://example.org/news",
        "table": "funding",
        "quote": "centre  cost 8",
        "changes": [{"field": "amount", "expected": 8000, "corrected": 8e6}],
        "reason": "the page lost a word",
        "author": "A. Analyst",
        "date": "2026-11-02",
    }
    return Correction.model_validate(data | other)


@pytest.fixture
def claims(desk: Any) -> list[str]:
    desk.corrections = (_correction(),)
    return list(desk.extract(desk.publish(TEXT), [CENTRE, ROAD]))


def _amounts(desk: Any) -> list[float]:
    return sorted(claim.values.amount for claim in desk.standing())


def _state(desk: Any) -> tuple[str, str]:
    with desk.store.read() as connection:
        row = read_correction_states(connection)["centre-cost"]
    return row.state, row.reason


def test_correction_is_applied_and_the_extractors_claim_is_kept(desk: Any, claims: list[str]) -> None:
    desk.intake()

    assert _amounts(desk) == [3e6, 8e6]
    assert _state(desk) == ("applied", "")
    assert desk.state(claims[0]).claim.values.amount == 8000
    (corrected,) = [claim for claim in desk.standing() if claim.is_reviewed]
    assert corrected.reasons[0].text == "A. Analyst: the page lost a word"


def test_applying_twice_adds_nothing(desk: Any, claims: list[str]) -> None:
    desk.intake()
    with desk.store.read() as connection:
        before = read_decisions(connection)
    standing = desk.standing()

    desk.intake()

    with desk.store.read() as connection:
        assert read_decisions(connection) == before
    assert desk.standing() == standing


def test_correction_is_applied_again_after_a_rebuild_of_the_extraction(desk: Any, claims: list[str]) -> None:
    desk.intake()

    desk.extract(desk.state(claims[0]).claim.version_id, [CENTRE, ROAD], "rules 2")
    desk.intake()

    assert _amounts(desk) == [3e6, 8e6]
    assert _state(desk)[0] == "applied"


def test_correction_whose_expectation_fails_is_stale_and_left_out(desk: Any, claims: list[str]) -> None:
    desk.intake()

    learned = (replace(CENTRE[0], amount=8.1e6), CENTRE[1])
    desk.extract(desk.state(claims[0]).claim.version_id, [learned, ROAD], "rules 2")
    desk.intake()

    assert _amounts(desk) == [3e6, 8.1e6]
    assert _state(desk) == ("stale", "amount is 8100000.0, expected 8000")
    with desk.store.read() as connection:
        assert stale_corrections(connection) == [("centre-cost", "amount is 8100000.0, expected 8000")]


def test_removed_correction_is_taken_back(desk: Any, claims: list[str]) -> None:
    desk.intake()

    desk.corrections = ()
    desk.intake()

    assert _amounts(desk) == [8000.0, 3e6]
    with desk.store.read() as connection:
        assert [row.action for row in read_decisions(connection)] == ["edit", "undo"]
        assert read_correction_states(connection) == {}


def test_changed_correction_replaces_itself(desk: Any, claims: list[str]) -> None:
    desk.intake()

    desk.corrections = (_correction(changes=[{"field": "amount", "expected": 8000, "corrected": 8.2e6}]),)
    desk.intake()

    assert _amounts(desk) == [3e6, 8.2e6]


def test_word_of_a_person_counts_more(desk: Any, claims: list[str]) -> None:
    desk.intake()
    with desk.store.write() as connection:
        reject(connection, claims[0], desk.hand("B. Chief"))

    desk.intake()

    assert _amounts(desk) == [3e6]
    state, reason = _state(desk)
    assert state == "stale"
    assert reason.startswith("B. Chief decided otherwise on 2026-11-02")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"document": "https://example.org/other"}, "no document has the address https://example.org/other"),
        ({"quote": "the tunnel"}, "no funding claim of the document has 'the tunnel' in its quote"),
        ({"table": "workshops", "changes": [{"field": "topic", "expected": "a", "corrected": "b"}]}, "no workshops claim"),
        (
            {"quote": "cost", "changes": [{"field": "currency", "expected": "USD", "corrected": "CAD"}]},
            "2 claims have 'cost' in their quotes",
        ),
        ({"changes": [{"field": "amount", "expected": 8000, "corrected": "much"}]}, "amount='much' doesn't fit"),
        ({"changes": [{"field": "date", "expected": None, "corrected": "May"}]}, "date='May' is no date"),
    ],
)
def test_stale_reasons(desk: Any, claims: list[str], other: dict[str, Any], reason: str) -> None:
    desk.corrections = (_correction(**other),)

    desk.intake()

    assert _state(desk)[0] == "stale"
    assert reason in _state(desk)[1]
    assert _amounts(desk) == [8000.0, 3e6]


def test_files_are_read_in_order_and_faults_are_named(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "missing") == ()
    entry = (
        "  - {id: one, document: d, table: funding, quote: abc, reason: because, author: A, date: 2026-11-02,\n"
        "     changes: [{field: amount, expected: 1, corrected: 2}]}\n"
    )
    (tmp_path / "a.yml").write_text("corrections:\n" + entry, encoding="utf-8")
    assert [correction.id for correction in read_corrections(tmp_path)] == ["one"]

    (tmp_path / "b.yml").write_text("corrections:\n" + entry, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"b\.yml: two corrections have the id 'one'"):
        read_corrections(tmp_path)

    (tmp_path / "b.yml").write_text("corrections:\n" + entry.replace("amount", "colour"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"b\.yml, key corrections\.0\.changes.*funding has no field 'colour'"):
        read_corrections(tmp_path)

    (tmp_path / "b.yml").write_text("corrections:\n" + entry.replace("corrected: 2", "corrected: 1"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="expected and corrected are the same"):
        read_corrections(tmp_path)
