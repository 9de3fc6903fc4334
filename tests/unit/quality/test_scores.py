"""Triangulation, completeness and weakness are what docs/analysts.md says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bam.model.claims import Claim, FollowUpValues, FundingValues, Stage, Table, Witness
from bam.model.records import Choice, Record
from bam.quality.scores import (
    KEY_FIELDS,
    MOST_TRIANGULATION,
    completeness,
    missing_fields,
    triangulation,
    weakness_of_held,
    weakness_of_record,
)

FULL = FundingValues(1e6, "USD", Stage.COMMITTED, ("US",), ("TJ",), "EXBS", "scanners", "2026-10-01")


def _claim(claim_id: str, officiality: str, publisher: str) -> Claim:
    witness = Witness(claim_id, claim_id, publisher, publisher, officiality, "clear", None, "a")
    return Claim(claim_id, "v", Table.FUNDING, FULL, (), 0.9, "rules", None, "2026-11-02T00:00:00.000000+00:00", witness)


OFFICIAL, PAPER, OTHER_PAPER = _claim("a", "official", "Embassy"), _claim("b", "media", "Daily"), _claim("c", "media", "Weekly")
RECORD = Record("rec-1", Table.FUNDING, FULL, (), ("a",), 1, None, None, 0.9)


@pytest.mark.parametrize(
    ("witnesses", "claims", "points"),
    [
        (1, [PAPER], 4 + 1),
        (1, [OFFICIAL], 4 + 1 + 2),
        (2, [PAPER, OTHER_PAPER], 8 + 1 + 2),
        (2, [OFFICIAL, PAPER], 8 + 2 + 2 + 2),
        (5, [OFFICIAL, PAPER, replace(PAPER, witness=replace(PAPER.witness, officiality="think_tank"))], 12 + 3 + 2 + 2),
        (3, [_claim(kind, kind, kind) for kind in ("official", "multilateral", "media", "think_tank")], MOST_TRIANGULATION),
    ],
)
def test_triangulation(witnesses: int, claims: list[Claim], points: int) -> None:
    assert triangulation(witnesses, claims) == points


def test_completeness_counts_key_fields() -> None:
    assert completeness(Table.FUNDING, FULL) == 9
    assert completeness(Table.FUNDING, replace(FULL, donors=(), date=None)) == 6
    assert missing_fields(Table.FUNDING, replace(FULL, donors=(), date=None)) == ("donors", "date")
    assert completeness(Table.FOLLOW_UPS, FollowUpValues("summit", "build")) == 3


def test_key_fields_exist() -> None:
    from bam.model.claims import VALUES_BY_TABLE

    for table, names in KEY_FIELDS.items():
        assert set(names) <= set(VALUES_BY_TABLE[table].__dataclass_fields__)


def test_weakness_adds_up_and_tells_why() -> None:
    strong = weakness_of_record(replace(RECORD, witness_count=2, confidence=1.0), [OFFICIAL, PAPER])
    assert (strong.score, strong.reasons) == (0.0, ())

    weak = weakness_of_record(replace(RECORD, confidence=0.5, values=replace(FULL, donors=())), [PAPER])
    assert weak.score == pytest.approx(10 + 5 + 12.5 + 15 / 8, abs=0.05)
    assert weak.reasons == ("confidence 0.50", "one source", "no official source", "missing: donors")


@pytest.mark.parametrize(
    ("change", "points", "reason"),
    [
        ({"choices": (Choice("amount", 1e6, "newest", "a", ((2e6, "b"),)),)}, 15, "sources differ: amount"),
        ({"flags": ("illegal_transition",)}, 10, "an impossible step in its history"),
        ({"repeat_of": "rec-2"}, 10, "may repeat rec-2"),
    ],
)
def test_what_adds_to_weakness(change: dict[str, Any], points: float, reason: str) -> None:
    before, after = weakness_of_record(RECORD, [OFFICIAL]), weakness_of_record(replace(RECORD, **change), [OFFICIAL])

    assert after.score - before.score == pytest.approx(points)
    assert reason in after.reasons


def test_quarantine_comes_before_any_doubt() -> None:
    worst = replace(
        RECORD,
        confidence=0.0,
        values=replace(FULL, donors=(), recipients=(), date=None, programme=None, purpose=None),
        flags=("illegal_transition",),
    )

    assert weakness_of_held(PAPER, [("critical", "x")]).score > weakness_of_record(worst, [PAPER]).score
    assert weakness_of_held(PAPER, [("warning", "x")]).score > weakness_of_record(replace(RECORD, confidence=0.3), [PAPER]).score
