"""The annotated corpus as one portfolio: what must hold, and totals that were checked by hand."""

from __future__ import annotations

import pytest
from tests.unit.records.factories import CORPUS, gold_claims

from bam.model.claims import FundingValues, Table
from bam.model.records import Record
from bam.records.build import build_records
from bam.records.ledger import count, exclusion, totals

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not (CORPUS / "dev").is_dir(), reason="the annotated corpus isn't on this machine"),
]


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
    assert len(background) >= 4
    ids = {record.id for record in background}
    assert not [entry for entry in count(records) if entry.record_id in ids and entry.is_counted]


def test_planned_and_pledged_sums_match_the_hand_checked_lists(records: list[Record]) -> None:
    """Read off the documents one by one, parts left out: the Pentagon's USD 50 million fund for two fiscal years, the request
    of USD 24.7 million and the mine clearer; for pledges the sums of six announcements.
    """
    counted = {
        stage: sorted(
            (record.values.currency, record.values.amount)
            for record in records
            if isinstance(record.values, FundingValues) and record.values.stage == stage and exclusion(record) is None
        )
        for stage in ("planned", "pledged")
    }
    assert counted["planned"] == [("EUR", 700e3), ("USD", 1.6e6), ("USD", 24.7e6), ("USD", 50e6)]
    assert counted["pledged"] == [
        ("GBP", 4.5e6), ("GBP", 15e6), ("USD", 300e3), ("USD", 1.1e6), ("USD", 5.5e6), ("USD", 20e6),
    ]  # fmt: skip


def test_totals_by_stage(records: list[Record]) -> None:
    found = {(total.total, total.currency): total for total in totals(count(records)) if ";" not in total.total}
    assert found["stage=planned", "USD"].amount_counted == 76.3e6
    assert found["stage=pledged", "USD"].amount_counted == 26.9e6
    assert found["stage=pledged", "GBP"].amount_counted == 19.5e6


def test_every_table_has_records(records: list[Record]) -> None:
    assert {record.table for record in records} == set(Table)
