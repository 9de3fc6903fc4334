"""Records from claims: what becomes one, what stays apart, and that nothing depends on order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.records.factories import CORPUS, claim, gold_claims

from bam.model.claims import Claim, FundingValues, Table
from bam.model.records import Judgement, Record, Verdict
from bam.records.build import build_records
from bam.records.identity import claim_keys

BRIDGE_2010 = claim(
    "funding", "weekly", "2010-07", amount=35e6, stage="disbursed", donors=["US"], recipients=["TJ"],
    quote="the Americans paid for the $35 million Panj bridge",
)  # fmt: skip
BRIDGE_2013 = claim(
    "funding", "almanac", "2013-03-05", amount=36e6, stage="disbursed", donors=["US"], recipients=["TJ", "AF"], date="2007",
    quote="a bridge at Nizhny Pyandzh, for which Washington spent $36 million, was opened in 2007",
)  # fmt: skip


def build(*claims: Claim, judgements: tuple[Judgement, ...] = ()) -> list[Record]:
    return build_records(claims, judgements)


def judge(left: Claim, right: Claim, verdict: Verdict, at: str = "2026-11-02T00:00:00.000000+00:00") -> Judgement:
    keys = claim_keys([left, right])
    first, second = sorted((keys[left.id], keys[right.id]))
    return Judgement(f"jud-{verdict}-{at}", first, second, verdict, "R. Analyst", at, "tests")


def test_two_prices_of_one_bridge_are_one_record_with_a_range() -> None:
    (record,) = build(BRIDGE_2010, BRIDGE_2013)
    assert isinstance(record.values, FundingValues)
    assert (record.values.amount_min, record.values.amount_max) == (35e6, 36e6)
    assert record.values.amount == 36e6
    choice = record.choice("amount")
    assert choice is not None
    assert (choice.rule, choice.alternatives) == ("newer", ((35e6, BRIDGE_2010.id),))
    assert record.witness_count == 2
    assert "amounts_differ" in record.flags


def test_an_official_figure_stands_before_a_newer_one() -> None:
    official = claim("funding", "embassy", "2009", officiality="official", amount=35e6, stage="disbursed", donors=["US"],
                     recipients=["TJ"], quote="The Panj bridge cost $35 million")  # fmt: skip
    (record,) = build(official, BRIDGE_2013)
    choice = record.choice("amount")
    assert choice is not None
    assert (choice.value, choice.rule) == (35e6, "official")


def test_a_near_copy_is_no_second_witness() -> None:
    first = claim("funding", "agency", amount=4_250_000, donors=["JP"], recipients=["KG"])
    copy = claim("funding", "portal", copy_of="agency", amount=4_250_000, donors=["JP"], recipients=["KG"])
    (record,) = build(first, copy)
    assert record.witness_count == 1
    assert record.confidence == 0.9
    assert "one_source" in record.flags


def test_exact_figures_that_differ_are_two_sums() -> None:
    assert len(build(
        claim("funding", "a", amount=84_814, donors=["JP"], recipients=["TJ"], programme="GGP"),
        claim("funding", "b", amount=84_400, donors=["JP"], recipients=["TJ"], programme="GGP"),
    )) == 2  # fmt: skip


def test_a_part_belongs_to_its_total() -> None:
    total = claim("funding", "a", amount=50e6, donors=["US"], at=0)
    part = claim("funding", "a", amount=10e6, donors=["US"], recipients=["TJ"], stage="planned", part_of=50e6, at=100)
    records = {record.values.amount: record for record in build(part, total)}  # type: ignore[union-attr]
    assert records[10e6].part_of == records[50e6].id
    assert records[50e6].part_of is None


def test_a_part_without_its_total_says_so() -> None:
    (record,) = build(claim("funding", "a", amount=10e6, part_of=50e6))
    assert record.part_of is None
    assert "total_unknown" in record.flags


def test_a_word_of_a_person_overrides_the_score_and_is_reversible() -> None:
    apart = judge(BRIDGE_2010, BRIDGE_2013, Verdict.DIFFERENT)
    assert len(build(BRIDGE_2010, BRIDGE_2013, judgements=(apart,))) == 2
    assert len(build(BRIDGE_2010, BRIDGE_2013)) == 1
    other = claim("funding", "c", amount=2_000, donors=["NO"])
    together = judge(BRIDGE_2010, other, Verdict.SAME)
    (record,) = build(BRIDGE_2010, other, judgements=(together,))
    assert [link.by for link in record.links] == ["judgement"]


def test_the_newer_of_two_words_counts() -> None:
    older = judge(BRIDGE_2010, BRIDGE_2013, Verdict.SAME, at="2026-11-01T00:00:00.000000+00:00")
    newer = judge(BRIDGE_2010, BRIDGE_2013, Verdict.DIFFERENT, at="2026-11-03T00:00:00.000000+00:00")
    assert len(build(BRIDGE_2010, BRIDGE_2013, judgements=(newer, older))) == 2


def test_a_record_keeps_its_id_when_later_documents_come() -> None:
    (before,) = build(BRIDGE_2010)
    (after,) = build(BRIDGE_2013, BRIDGE_2010)
    assert before.id == after.id


def test_a_record_keeps_its_id_when_a_newer_extractor_says_the_same() -> None:
    (before,) = build(BRIDGE_2010)
    again = claim("funding", "weekly", "2010-07", amount=35e6, stage="disbursed", donors=["US"], recipients=["TJ"],
                  quote="the $35 million Panj bridge", extractor="tests/2", confidence=0.95)  # fmt: skip
    assert again.id != BRIDGE_2010.id
    assert build(again)[0].id == before.id


def test_two_equal_sums_of_one_document_are_two_records() -> None:
    records = build(
        claim("funding", "a", amount=100_000, recipients=["KG"], purpose="radios for Batken", at=0, quote="radios"),
        claim("funding", "a", amount=100_000, recipients=["KG"], purpose="kennels in Naryn", at=90, quote="kennels"),
    )
    assert len({record.id for record in records}) == 2


def test_the_bridge_by_any_spelling_is_one_facility() -> None:
    records = build(
        claim("facilities", "a", name="Panj bridge", type="bridge", country="TJ", place="Panj", funders=["US"]),
        claim("facilities", "b", name="Nizhny Pyandzh bridge", type="bridge", country="TJ", place="Pyandzh", funders=["US"]),
        claim("facilities", "c", name="bridge", type="bridge", country="TJ", place="Nizhnii Pyanj", funders=["US"]),
    )
    assert len(records) == 1


@pytest.mark.corpus
@pytest.mark.skipif(not (CORPUS / "dev").is_dir(), reason="the annotated corpus isn't on this machine")
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_of_claims_changes_nothing(seed: int) -> None:
    claims = gold_claims("dev")
    shuffled = random.Random(seed).sample(claims, len(claims))
    assert build_records(shuffled) == build_records(claims)


@pytest.mark.parametrize("table", list(Table))
def test_no_claims_make_no_records(table: Table) -> None:
    assert build_records([]) == []
    assert len(build(claim(table, "alone"))) == 1
