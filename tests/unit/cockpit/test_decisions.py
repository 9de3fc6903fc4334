"""Decisions on the pages are those of the commands: they reach the tables, the ledger of approvals and the outbox."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from tests.unit.cockpit.conftest import Site

from bam.model.claims import Table
from bam.pipeline.update import update as update_tables
from bam.store.approvals import read_approval_events
from bam.store.briefs import read_issues
from bam.store.claims import read_stored_claims
from bam.store.delivery import read_deliveries, read_delivery
from bam.store.records import read_records
from bam.store.reviews import latest_decisions
from bam.store.schema.delivery import deliveries

pytestmark = pytest.mark.xdist_group("cockpit")


def facility(site: Site) -> tuple[str, str]:
    """A facility of one claim: (record, claim)."""
    with site.context.store.read() as connection:
        records = read_records(connection, table=Table.FACILITIES)
        record = next(one.record for one in records if len(one.record.claim_ids) == 1)
    return record.id, record.claim_ids[0]


def test_a_rejected_claim_leaves_the_table(site: Site) -> None:
    record, claim = facility(site)
    answer = site.post(f"review/{claim}/reject", reason="no such post")
    assert answer.status_code == 303
    page = site.get(answer.headers["location"].removeprefix("/monitor/")).text
    assert "Noted: reject by operator" in page
    update_tables(site.context)
    assert f"records/{record}" not in site.get("indicators/records?table=facilities").text
    with site.context.store.read() as connection:
        (decision,) = latest_decisions(connection, 5)
        assert (decision.decided_by, decision.reason) == ("operator", "no such post")
        assert read_stored_claims(connection, [claim])[0].closed_because == "rejected"


def test_accept_edit_and_undo(site: Site) -> None:
    record, claim = facility(site)
    assert site.post(f"review/{record}/accept", reason="seen there").status_code == 303
    edited = site.post(f"review/{claim}/edit", **{"value.place": "Panj", "value.funders": "JP, US", "reason": "the annex"})
    assert edited.status_code == 303
    with site.context.store.read() as connection:
        edit, accept = latest_decisions(connection, 2)
    assert (accept.action, edit.action) == ("accept", "edit")
    assert edit.details["changes"]["place"][1] == "Panj"
    assert edit.details["changes"]["funders"][1] == ["JP", "US"]
    assert set(edit.details["changes"]) == {"place", "funders"}
    assert site.post(f"review/decisions/{edit.id}/undo", reason="the wrong annex").status_code == 303
    with site.context.store.read() as connection:
        assert latest_decisions(connection, 1)[0].refers_to == edit.id


def test_merge_names_the_other(site: Site) -> None:
    with site.context.store.read() as connection:
        records = read_records(connection, table=Table.FACILITIES)
    first, second = records[0].record, records[1].record
    assert site.post(f"review/{first.claim_ids[0]}/merge", other=second.id, reason="one place").status_code == 303
    update_tables(site.context)
    with site.context.store.read() as connection:
        assert len(read_records(connection, table=Table.FACILITIES)) == len(records) - 1


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("reject", {"reason": " "}, "no reason is given"),
        ("edit", {"reason": "x"}, "nothing would change"),
        ("edit", {"reason": "x", "value.status_date": "soon"}, "is no date"),
        ("merge", {"reason": "x"}, "Name the claim or record"),
        ("merge", {"reason": "x", "other": "clm-nothing"}, "no claim has the id"),
    ],
)
def test_what_cannot_be_decided_is_said_and_nothing_is_kept(site: Site, path: str, fields: dict[str, str], said: str) -> None:
    _, claim = facility(site)
    answer = site.post(f"review/{claim}/{path}", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    with site.context.store.read() as connection:
        assert latest_decisions(connection, 1) == []


def test_an_approved_issue_is_sent_and_a_rejected_one_is_not(site: Site) -> None:
    with site.context.store.read() as connection:
        issue = read_issues(connection, "quarterly")[0]
    assert "Approve and send" in site.get(f"briefs/{issue.id}").text
    assert site.post(f"briefs/{issue.id}/answer", decision="rejected", note="wrong map").status_code == 303
    with site.context.store.read() as connection:
        assert [event.event for event in read_approval_events(connection, issue.id)] == ["requested", "rejected"]
        assert read_deliveries(connection, parcel_id=issue.id) == []
    assert site.post(f"briefs/{issue.id}/answer", decision="approved").status_code == 303
    with site.context.store.read() as connection:
        event = read_approval_events(connection, issue.id)[-1]
        assert (event.event, event.by, event.via) == ("approved", "operator", "airflow")
        assert {row.state for row in read_deliveries(connection, parcel_id=issue.id)} == {"sent"}
    page = site.get(f"briefs/{issue.id}").text
    assert "operator approved it" in page
    assert "Approve and send" not in page


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_a_task_that_waits_gets_the_word_too(site: Site, decision: str) -> None:
    with site.context.store.read() as connection:
        issue = read_issues(connection, "quarterly")[0]
        content = read_approval_events(connection, issue.id)[0].content_sha256
    site.requests.waiting["brief_quarterly"] = {issue.id: content}
    assert site.post(f"briefs/{issue.id}/answer", decision=decision).status_code == 303
    assert site.requests.answers == [("brief_quarterly", decision, "operator")]


@pytest.mark.parametrize("other", ["", "another issue", "another content"])
def test_a_task_that_asks_about_more_goes_on_waiting(site: Site, other: str) -> None:
    with site.context.store.read() as connection:
        issue = read_issues(connection, "quarterly")[0]
        content = read_approval_events(connection, issue.id)[0].content_sha256
    asked = {issue.id: "0" * 64 if other == "another content" else content}
    site.requests.waiting["brief_quarterly"] = asked | ({"iss-other": "1" * 64} if other == "another issue" else {})
    site.post(f"briefs/{issue.id}/answer", decision="approved")
    assert len(site.requests.answers) == (0 if other else 1)


def test_an_airflow_that_takes_no_answer_changes_no_decision(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("its tables have changed")

    monkeypatch.setattr(site.requests, "settle", broken)
    with site.context.store.read() as connection:
        issue = read_issues(connection, "quarterly")[0]
    assert site.post(f"briefs/{issue.id}/answer", decision="approved").status_code == 303
    with site.context.store.read() as connection:
        assert read_approval_events(connection, issue.id)[-1].event == "approved"
        assert {row.state for row in read_deliveries(connection, parcel_id=issue.id)} == {"sent"}


def test_an_answer_about_another_content_sends_nothing(site: Site) -> None:
    with site.context.store.read() as connection:
        issue = read_issues(connection, "quarterly")[0]
    assert site.post(f"briefs/{issue.id}/answer", decision="approved", content="0" * 64).status_code == 303
    with site.context.store.read() as connection:
        assert read_deliveries(connection, parcel_id=issue.id) == []
    assert "its content changed" in site.get(f"briefs/{issue.id}").text


def test_unknown_deliveries_are_decided(site: Site) -> None:
    with site.context.store.write() as connection:
        first, second = connection.execute(select(deliveries.c.id).limit(2)).scalars()
        connection.execute(update(deliveries).where(deliveries.c.id.in_([first, second])).values(state="unknown"))
    assert "May or may not have arrived" in site.get("briefs").text
    assert site.post(f"briefs/deliveries/{first}/decide", decision="sent").status_code == 303
    assert site.post(f"briefs/deliveries/{second}/decide", decision="resend").status_code == 303
    with site.context.store.read() as connection:
        states = [getattr(read_delivery(connection, one), "state", None) for one in (first, second)]
    assert states == ["sent", "waiting"]
    assert "Only unknown and failed ones" in site.post(f"briefs/deliveries/{first}/decide", decision="sent").text
    assert site.post(f"briefs/deliveries/{second}/decide", decision="maybe").status_code == 422
