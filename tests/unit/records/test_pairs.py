"""The labelled set: reports that speak of the same thing and reports that don't, over the four tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.records.factories import claim

from bam.model.claims import Claim, Table
from bam.records.blocking import blocking_keys
from bam.records.prepare import prepare
from bam.records.scoring import SAME_AT, pair_features, score

FOLDER = Path(__file__).parent / "pairs"
HELD_OUT = Path(__file__).parent / "pairs_held_out"


@dataclass(frozen=True)
class Pair:
    """Two reports of a family, and whether they are of one thing."""

    table: Table
    family: str
    left: Claim
    right: Claim
    is_same: bool

    def features(self) -> str:
        """The features with their points, for the message of a failing test."""
        return ", ".join(f"{f.name} {f.points:+g} ({f.detail})" for f in pair_features(prepare(self.left), prepare(self.right)))


def read_pairs(folder: Path = FOLDER) -> list[Pair]:
    """All pairs of reports within the families."""
    found = []
    for table in Table:
        for family in yaml.safe_load((folder / f"{table}.yml").read_text(encoding="utf-8")):
            reports = [
                (number, _report(table, family["family"], number, place, report))
                for number, thing in enumerate(family["things"])
                for place, report in enumerate(thing)
            ]
            for (one, left), (other, right) in combinations(reports, 2):
                found.append(Pair(table, family["family"], left, right, one == other))
    return found


def _report(table: Table, family: str, number: int, place: int, report: dict[str, Any]) -> Claim:
    values = dict(report)
    document = f"{family}: {values.pop('doc')}"
    made = {"published": str(values.pop("published")), "officiality": values.pop("officiality", "media")}
    for name in ("amount", "amount_min", "amount_max"):
        if name in values:
            values[name] = float(values[name])  # YAML reads 3.0e6 as text
    if table is not Table.FUNDING:
        values.setdefault("quote", " ".join(str(value) for value in report.values()))
    return claim(table, document, **made, at=100 * number + 10 * place, **values)


def decided_same(pair: Pair) -> bool:
    """Whether record building would take the two for one thing, seen by themselves."""
    left, right = prepare(pair.left), prepare(pair.right)
    meets = bool(blocking_keys(left) & blocking_keys(right))
    return meets and score(pair_features(left, right)) >= SAME_AT


def rates(pairs: list[Pair]) -> tuple[float, float]:
    """Precision and recall of `decided_same`."""
    outcome = Counter((pair.is_same, decided_same(pair)) for pair in pairs)
    found, right = outcome[True, True] + outcome[False, True], outcome[True, True]
    return right / found, right / (right + outcome[True, False])


PAIRS = read_pairs()


def test_the_set_is_large_enough_over_the_four_tables() -> None:
    assert len(PAIRS) >= 150
    for table in Table:
        labels = Counter(pair.is_same for pair in PAIRS if pair.table is table)
        assert min(labels.values()) >= 8, f"{table}: {labels}"


def test_precision_and_recall() -> None:
    precision, recall = rates(PAIRS)
    assert precision >= 0.98
    assert recall >= 0.90


@pytest.mark.parametrize("table", list(Table))
def test_no_table_falls_behind(table: Table) -> None:
    precision, recall = rates([pair for pair in PAIRS if pair.table is table])
    assert precision >= 0.95
    assert recall >= 0.80


def test_the_held_out_set() -> None:
    precision, recall = rates(read_pairs(HELD_OUT))
    assert precision >= 0.98
    assert recall >= 0.90
