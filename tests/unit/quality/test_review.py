"""Reviews in the store: what is decided holds, is remembered, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bam.model.claims import FundingValues, Stage, WorkshopValues
from bam.quality.review.actions import Hand, ReviewError, accept, confirm, edit, merge, reject, undo
from bam.quality.review.facts import REVIEWER

TEXT = (
    "The embassy gave 2 million dollars for scanners. It also paid 300,000 dollars for radios. A course for 14 officers was held."
)
GRANT = (FundingValues(2e6, "USD", Stage.DISBURSED, ("US",), ("TJ",)), "gave 2 million dollars for scanners")
RADIOS = (FundingValues(3e5, "USD", Stage.DISBURSED, ("US",), ("TJ",)), "paid 300,000 dollars for radios")
COURSE = (WorkshopValues("course", participants=14), "A course for 14 officers was held.")
MISREAD = (replace(GRANT[0], amount=2.0), GRANT[1])


@pytest.fixture
def claims(desk: Any) -> list[str]:
    """The three claims of a page: grant, radios, course."""
    return list(desk.extract(desk.publish(TEXT), [GRANT, RADIOS, COURSE]))


def _amounts(desk: Any) -> list[float]:
    return sorted(claim.values.amount for claim in desk.standing() if isinstance(claim.values, FundingValues))


def test_rejected_claim_leaves_and_does_not_come_back(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        reject(connection, claims[1], desk.hand())

    assert _amounts(desk) == [2e6]
    assert desk.state(claims[1]).closed_because == "rejected"

    version = desk.state(claims[0]).claim.version_id
    desk.extract(version, [GRANT, RADIOS, COURSE], "rules 2")
    assert _amounts(desk) == [2e6]

    desk.extract(desk.publish("Corrected on Monday. " + TEXT), [GRANT, RADIOS, COURSE], "rules 2")
    assert _amounts(desk) == [2e6]


def test_rejection_spares_another_sum_in_the_same_sentence(desk: Any) -> None:
    text = "Trade grew to 50 million dollars while aid of 3 million dollars was paid."
    trade = (FundingValues(5e7, "USD", Stage.DISBURSED), text)
    aid = (FundingValues(3e6, "USD", Stage.DISBURSED), text)
    version = desk.publish(text)
    (trade_id,) = desk.extract(version, [trade])
    with desk.store.write() as connection:
        reject(connection, trade_id, desk.hand())

    desk.extract(version, [trade, aid], "rules 2")

    assert _amounts(desk) == [3e6]


def test_edited_value_survives_another_extraction_and_another_version(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        edit(connection, claims[0], {"amount": 2.5e6}, desk.hand())
    assert _amounts(desk) == [3e5, 2.5e6]
    (edited,) = [claim for claim in desk.standing() if claim.is_reviewed]
    assert edited.extractor == REVIEWER
    assert edited.evidence == desk.state(claims[0]).claim.evidence

    version = desk.state(claims[0]).claim.version_id
    desk.extract(version, [MISREAD, RADIOS], "rules 2")
    assert _amounts(desk) == [3e5, 2.5e6]

    desk.extract(desk.publish("Updated. " + TEXT), [GRANT, RADIOS], "rules 2")
    assert _amounts(desk) == [3e5, 2.5e6]


def test_accepted_value_survives_a_misreading(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        accept(connection, claims[0], desk.hand())
    assert [claim.id for claim in desk.standing() if claim.is_reviewed] == [claims[0]]

    desk.extract(desk.state(claims[0]).claim.version_id, [MISREAD, RADIOS], "rules 2")

    assert _amounts(desk) == [3e5, 2e6]
    assert [claim.values.amount for claim in desk.standing() if claim.is_reviewed] == [2e6]


def test_accepted_claim_that_a_new_extractor_overlooks_stays(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        accept(connection, claims[0], desk.hand())

    desk.extract(desk.state(claims[0]).claim.version_id, [], "rules 2")

    assert _amounts(desk) == [2e6]


def test_reviewed_value_goes_with_its_sentence(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        edit(connection, claims[0], {"amount": 2.5e6}, desk.hand())

    desk.extract(desk.publish("The embassy has withdrawn its announcement."), [])

    assert desk.standing() == []


def test_undo_gives_back_what_was_before(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        edit(connection, claims[0], {"amount": 2.5e6}, desk.hand())
        reject(connection, claims[0], desk.hand(reason="not assistance"))
    assert _amounts(desk) == [3e5]

    with desk.store.write() as connection:
        undo(connection, claims[0], desk.hand(reason="it is assistance after all"))
    assert _amounts(desk) == [3e5, 2.5e6]

    with desk.store.write() as connection:
        undo(connection, claims[0], desk.hand(reason="the annex was another one"))
    assert _amounts(desk) == [3e5, 2e6]
    assert not any(claim.is_reviewed for claim in desk.standing())

    with desk.store.write() as connection, pytest.raises(ReviewError, match="nobody has decided on it"):
        undo(connection, claims[0], desk.hand())


def test_undone_rejection_does_not_revive_a_superseded_version(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        reject(connection, claims[1], desk.hand())
    newer = desk.extract(desk.publish(TEXT + " More follows."), [GRANT, RADIOS])

    with desk.store.write() as connection:
        undo(connection, claims[1], desk.hand())

    assert {claim.id for claim in desk.standing()} == set(newer)
    assert desk.state(claims[1]).closed_because == "superseded"


def test_two_person_rule_waits_for_another_person(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        decision = reject(connection, claims[1], desk.hand("Verifier", needs_second=True))
    assert _amounts(desk) == [3e5, 2e6]

    with desk.store.write() as connection, pytest.raises(ReviewError, match="Verifier made this decision"):
        confirm(connection, decision.id, desk.hand("Verifier"))

    with desk.store.write() as connection:
        confirm(connection, decision.id, desk.hand("Controller"))
    assert _amounts(desk) == [2e6]

    with desk.store.write() as connection, pytest.raises(ReviewError, match="doesn't wait"):
        confirm(connection, decision.id, desk.hand("Controller"))


def test_figures_as_recorded_before_a_decision_do_not_change(desk: Any, claims: list[str]) -> None:
    from bam.store.claims import standing_claims

    before = desk.now()
    with desk.store.write() as connection:
        reject(connection, claims[1], desk.hand())
    rejected = desk.now()
    with desk.store.write() as connection:
        undo(connection, claims[1], desk.hand())
    after = desk.now()

    with desk.store.read() as connection:
        then = {
            moment: {claim.id for claim in standing_claims(connection, recorded_by=moment)}
            for moment in (before, rejected, after)
        }
    assert then == {before: set(claims), rejected: {claims[0], claims[2]}, after: set(claims)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, "funding has no field 'colour'"),
        ({"stage": "granted"}, "stage='granted' doesn't fit"),
        ({"amount": "much"}, "amount='much' doesn't fit"),
        ({"amount": "nan"}, "a number must be finite"),
        ({"date": "in May"}, "date='in May' is no date"),
        ({"published_on": "2026-13"}, "published_on='2026-13' is no date"),
        ({"amount": 2e6}, "nothing would change"),
    ],
)
def test_edit_refuses_what_does_not_fit(desk: Any, claims: list[str], changes: dict[str, Any], message: str) -> None:
    with desk.store.write() as connection, pytest.raises(ReviewError, match=message):
        edit(connection, claims[0], changes, desk.hand())


def test_merge_refuses_other_tables_and_itself(desk: Any, claims: list[str]) -> None:
    with desk.store.write() as connection:
        with pytest.raises(ReviewError, match="can't be merged with a workshops claim"):
            merge(connection, claims[0], claims[2], desk.hand())
        with pytest.raises(ReviewError, match="the claim is in no record"):
            merge(connection, claims[0], claims[1], desk.hand())
        with pytest.raises(ReviewError, match="merged with itself"):
            merge(connection, claims[0], claims[0], desk.hand())


def test_decisions_need_a_name_and_a_reason(desk: Any) -> None:
    with pytest.raises(ReviewError, match="nobody is named"):
        Hand("  ", desk.now(), "why")
    with pytest.raises(ReviewError, match="no reason is given"):
        Hand("A. Analyst", desk.now(), "")


def test_unknown_ids_are_named(desk: Any) -> None:
    with desk.store.write() as connection:
        with pytest.raises(ReviewError, match=r"clm-x: there is no claim of that id"):
            accept(connection, "clm-x", desk.hand())
        with pytest.raises(ReviewError, match=r"rev-x: there is no decision of that id"):
            confirm(connection, "rev-x", desk.hand())
