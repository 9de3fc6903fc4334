"""The annotated corpus as one portfolio: what must hold, and totals that were checked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.records.factories import CORPUS, gold_claims

from bam.model.claims import FundingValues, Stage, Table
from bam.model.records import Record
from bam.records.build import build_records
from bam.records.ledger import count, exclusion, totals

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not (CORPUS / "dev").is_dir(), reason="the annotated corpus isn't on this machine"),
]

EXPECTED = yaml.safe_load((Path(__file__).parent / "dev_totals.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return build_records(gold_claims("dev"))


def funding(records: list[Record], amount: float, currency: str = "USD") -> list[tuple[Record, FundingValues]]:
    found = ((record, record.values) for record in records if isinstance(record.values, FundingValues))
    return [(record, values) for record, values in found if values.amount == amount and values.currency == currency]


def test_the_two_prices_of_the_bridge_are_one_record_with_a_range(records: list[Record]) -> None:
    ((_, values),) = [
        (record, values)
        for amount in (35e6, 36e6)
        for record, values in funding(records, amount)
        if "bridge" in (values.purpose or "")
    ]
    assert (values.amount_min, values.amount_max) == (35e6, 36e6)


def test_the_centre_is_part_of_the_programme(records: list[Record]) -> None:
    ((centre, values),) = funding(records, 10e6)
    programme = next(record for record in records if record.id == centre.part_of)
    assert isinstance(programme.values, FundingValues)
    assert programme.values.amount == 50e6
    assert len(centre.claim_ids) == 2
    assert values.stage == "planned"


def test_background_sums_are_counted_nowhere(records: list[Record]) -> None:
    background = [record for record in records if isinstance(record.values, FundingValues) and record.values.is_cumulative]
    assert {values.amount for values in (record.values for record in background) if isinstance(values, FundingValues)} == {
        63e6, 196e6, 300e6, 1.8e9, 3.2e9,
    }  # fmt: skip
    ids = {record.id for record in background}
    assert not [entry for entry in count(records) if entry.record_id in ids and entry.is_counted]


def stated(records: list[Record], stage: str) -> dict[str, list[tuple[Any, ...]]]:
    """The sums of a stage as the hand-checked file lists them, without its explanations."""
    documents = {claim.id: claim.witness.document_id.removeprefix("doc-") for claim in gold_claims("dev")}
    found: dict[str, list[tuple[Any, ...]]] = {"counted": [], "excluded": []}
    for record in records:
        if isinstance(record.values, FundingValues) and record.values.stage == stage:
            reason = exclusion(record)
            names = tuple(sorted({documents[claim_id] for claim_id in record.claim_ids}))
            sum_ = (record.values.currency, record.values.amount, names)
            found["excluded" if reason else "counted"].append((*sum_, reason) if reason else sum_)
    return {kind: sorted(rows) for kind, rows in found.items()}


@pytest.mark.parametrize("stage", list(Stage))
def test_each_sum_is_counted_or_left_out_as_checked_by_hand(records: list[Record], stage: str) -> None:
    expected = {
        kind: sorted(
            (row["currency"], row["amount"], tuple(row["documents"]), *([row["reason"]] if "reason" in row else []))
            for row in EXPECTED[stage][kind]
        )
        for kind in ("counted", "excluded")
    }
    assert stated(records, stage) == expected
    assert all(row["why"] for row in EXPECTED[stage]["counted"])


def test_totals_by_stage(records: list[Record]) -> None:
    found = {(total.total, total.currency): total.amount_counted for total in totals(count(records)) if ";" not in total.total}
    counted = {key: amount for key, amount in found.items() if amount}
    assert counted == {
        (f"stage={stage}", currency): amount
        for stage, amounts in EXPECTED["totals"].items()
        for currency, amount in amounts.items()
    }


@pytest.mark.parametrize("stage", list(Stage))
def test_the_hand_made_totals_add_up(stage: str) -> None:
    sums: dict[str, float] = {}
    for row in EXPECTED[stage]["counted"]:
        sums[row["currency"]] = sums.get(row["currency"], 0) + row["amount"]
    assert sums == EXPECTED["totals"][stage]


def test_every_table_has_records(records: list[Record]) -> None:
    assert {record.table for record in records} == set(Table)
