"""The counting ledger: every sum is counted or left out for a reason, and nothing is added twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.records.factories import claim

from bam.model.claims import Claim
from bam.model.records import LedgerEntry, Total
from bam.records.build import build_records
from bam.records.ledger import check_ledger, count, totals


def ledger(*claims: Claim) -> list[LedgerEntry]:
    return count(build_records(claims))


def by_name(entries: list[LedgerEntry]) -> dict[str, Total]:
    return {total.total: total for total in totals(entries, "USD")}


def test_a_sum_to_several_recipients_is_never_added_in_full_to_each() -> None:
    found = by_name(ledger(claim("funding", "a", amount=5e6, recipients=["TJ", "KG"])))
    for recipient in ("TJ", "KG"):
        total = found[f"stage=committed;recipient={recipient}"]
        assert (total.counted, total.excluded_by_reason) == (0, (("recipient_share_unknown", 1, 5e6),))
    assert found["stage=committed;recipient=several"].amount_counted == 5e6


def test_shares_that_the_parts_tell_are_counted_and_the_total_is_not() -> None:
    found = by_name(ledger(
        claim("funding", "a", amount=10e6, donors=["DE", "NL"], at=0),
        claim("funding", "a", amount=6e6, donors=["DE"], part_of=10e6, at=50),
        claim("funding", "a", amount=4e6, donors=["NL"], part_of=10e6, at=90),
    ))  # fmt: skip
    assert found["stage=committed"].amount_counted == 10e6
    assert found["stage=committed;donor=DE"].amount_counted == 6e6
    assert found["stage=committed;donor=NL"].amount_counted == 4e6
    assert found["stage=committed;donor=several"].excluded_by_reason == (("counted_by_parts", 1, 10e6),)


def test_reasons() -> None:
    entries = ledger(
        claim("funding", "a", amount=1.8e9, stage="disbursed", is_cumulative=True),
        claim("funding", "b", amount=2.5e6, stage="disbursed", donors=["FI"], is_cancelled=True),
        claim("funding", "c", amount=0.0, stage="disbursed", donors=["SE"]),
        claim("funding", "d", amount=3.3e6, stage="pledged", donors=["CH"]),
        claim("funding", "e", amount=7.7e6, stage="disbursed", donors=["IT"], currency="TJS"),
    )
    reasons = {reason: number for reason, number, _ in by_name(entries)["stage=disbursed"].excluded_by_reason}
    assert reasons == {"cumulative": 1, "cancelled": 1, "no_amount": 1, "pledge": 1, "no_rate": 1}


def test_no_rate_is_no_zero() -> None:
    (record,) = build_records([claim("funding", "a", amount=7.7e6, currency="TJS")])
    assert record.conversion is None
    assert "no_rate" in record.flags


AMOUNTS = st.floats(0, 1e10, allow_nan=False).map(lambda value: round(value, 2))
CLAIMS = st.lists(
    st.builds(
        lambda number, amount, currency, stage, donors, recipients, cumulative: claim(
            "funding", f"doc{number}", amount=amount, currency=currency, stage=stage, donors=donors, recipients=recipients,
            is_cumulative=cumulative, at=number,
        ),
        st.integers(0, 5), AMOUNTS, st.sampled_from(["USD", "EUR", "TJS"]),
        st.sampled_from(["planned", "pledged", "committed", "disbursed"]),
        st.lists(st.sampled_from(["US", "EU", "a;b=c"]), max_size=2, unique=True),
        st.lists(st.sampled_from(["TJ", "KG"]), max_size=2, unique=True),
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(CLAIMS)
def test_counted_and_excluded_are_what_was_seen(claims: list[Claim]) -> None:
    records = build_records(claims)
    assert check_ledger(records, count(records), "USD") == []


def test_a_tampered_ledger_is_found() -> None:
    records = build_records([claim("funding", "a", amount=5e6), claim("funding", "b", amount=7e6, donors=["JP"])])
    entries = count(records)
    assert check_ledger(records, entries[1:], "USD")
    assert check_ledger(records, [*entries, entries[0]], "USD")
