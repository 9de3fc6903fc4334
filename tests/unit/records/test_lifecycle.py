"""Events of facilities, what silence suggests, and what became of promises."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.unit.records.factories import claim

from bam.model.claims import Claim
from bam.model.records import Record
from bam.records.build import build_records
from bam.records.lifecycle import infer_from_silence
from bam.records.promises import with_overdue


def crossing(document: str, published: str, status: str, date: str | None = None) -> Claim:
    return claim("facilities", document, published, name="Langar crossing", type="border_crossing", country="TJ", place="Langar",
                 status=status, status_date=date, funders=["JP"])  # fmt: skip


def test_a_facility_goes_from_planned_to_operational() -> None:
    (record,) = build_records(
        [
            crossing("c", "2017-06-30", "operational", "2017-06-29"),
            crossing("a", "2015-03-03", "planned"),
            crossing("b", "2016-04-01", "under_construction", "2016-03"),
        ]
    )
    assert [(event.status, event.date) for event in record.events] == [
        ("planned", "2015-03-03"), ("under_construction", "2016-03"), ("operational", "2017-06-29"),
    ]  # fmt: skip
    assert record.state == "operational"
    choice = record.choice("status")
    assert choice is not None
    assert choice.rule == "lifecycle"


def test_an_impossible_step_is_kept_flagged_and_moves_nothing() -> None:
    (record,) = build_records(
        [crossing("a", "2016-04-01", "under_construction", "2016-03-01"), crossing("b", "2016-04-20", "planned", "2016-04-19")]
    )
    assert [event.is_legal for event in record.events] == [True, False]
    assert record.state == "under_construction"
    assert "illegal_transition" in record.flags


@pytest.mark.parametrize(("on", "state"), [("2017-03-02", "planned"), ("2017-03-03", "suspended"), ("2019-03-03", "cancelled")])
def test_silence_suggests_a_state_and_says_so(on: str, state: str) -> None:
    (record,) = build_records([crossing("a", "2015-03-03", "planned")])
    seen = infer_from_silence(record, dt.date.fromisoformat(on))
    assert seen.state == state
    assert seen.state_is_inferred == (state != "planned")
    assert ("inferred_state" in seen.flags) == (state != "planned")


def promise(**values: object) -> Claim:
    return claim(
        "follow_ups", "conclusions", "2010-08-08", conference="Third Foreign Ministers' Meeting", conference_date="2010-08-07",
        parties=["JP"], **({"commitment": "open a kennel for narcotics dogs at Khorog", "due": "2011-03-31"} | values),
    )  # fmt: skip


def follow_up(*claims: Claim) -> Record:
    return next(record for record in build_records(claims) if record.table == "follow_ups")


def kennel(published: str, opened: str) -> Claim:
    return claim(
        "facilities", "gazette", published, name="kennel for narcotics dogs", type="other", country="TJ", place="Khorugh",
        status="operational", status_date=opened, funders=["JP"],
    )  # fmt: skip


def test_a_later_report_of_the_promised_thing_raises_the_score_with_its_claim() -> None:
    opened = kennel("2011-02-20", "2011-02-18")
    record = follow_up(promise(), opened)
    assert (record.score, record.score_claim_id) == ("+1", opened.id)
    assert not with_overdue(record, dt.date(2012, 1, 1)).is_overdue


def test_an_earlier_report_says_nothing() -> None:
    assert follow_up(promise(), kennel("2009-02-20", "2009-02-18")).score == "NE"


def test_an_event_before_the_conference_says_nothing_however_late_it_is_told() -> None:
    assert follow_up(promise(), kennel("2011-02-20", "2009-02-18")).score == "NE"


def test_a_due_date_that_passes_in_silence_is_overdue_and_never_failed() -> None:
    record = follow_up(promise())
    assert record.score == "NE"
    assert not with_overdue(record, dt.date(2011, 3, 31)).is_overdue
    late = with_overdue(record, dt.date(2011, 4, 10))
    assert (late.is_overdue, late.overdue_days, late.score) == (True, 10, "NE")


@pytest.mark.parametrize(("status", "score"), [("done", "+1"), ("ongoing", "0"), ("dropped", "-1"), ("open", "NE")])
def test_what_the_document_itself_says(status: str, score: str) -> None:
    assert follow_up(promise(status=status)).score == score


def test_the_promised_conference_was_held() -> None:
    held = claim(
        "follow_ups", "report", "2011-03-20", conference="Economic Forum of Silk Road Ministries", conference_date="2011-03-15",
        commitment="exchange statistics every year", parties=["KZ"],
    )  # fmt: skip
    record = next(
        one
        for one in build_records([promise(commitment="convene an economic forum of Silk Road ministries"), held])
        if one.claim_ids != (held.id,)
    )
    assert (record.score, record.score_claim_id) == ("+1", held.id)
