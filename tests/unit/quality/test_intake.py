"""Intake: what fails is kept out and comes back when it passes; the gate opens only when the cause is gone."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest

from bam.model.claims import FollowUpValues, FundingValues, Stage, WorkshopValues
from bam.model.errors import GateClosedError
from bam.quality.review.actions import accept, edit, reject
from bam.quality.runs import latest_report
from bam.store.claims import standing_claims
from bam.store.quality import read_quarantine_history, read_results, read_runs, read_trend

TEXT = (
    "The embassy gave 2 million dollars for scanners. It also paid 300,000 dollars for radios."
    " A course for 12 Afghan and 14 Tajik officers was held on 7 September 2026."
    " The steering committee of the border programme agreed to publish the map by March 2027."
)
GRANT = (FundingValues(2e6, "USD", Stage.DISBURSED, ("US",), ("TJ",)), "gave 2 million dollars for scanners")
RADIOS = (FundingValues(3e5, "USD", Stage.DISBURSED, ("US",), ("TJ",)), "paid 300,000 dollars for radios")
COURSE = (WorkshopValues("course", "2026-09-07", "2026-09-07", participants=26), "A course for 12 Afghan and 14 Tajik officers")
PROMISE = (
    FollowUpValues("steering committee of the border programme", "publish the map", due="2027-03"),
    "agreed to publish the map by March 2027",
)


def test_clean_documents_raise_nothing_but_information(desk: Any) -> None:
    claims = desk.extract(desk.publish(TEXT), [GRANT, RADIOS, COURSE, PROMISE])

    report = desk.intake()

    assert [result.sentence for result in report.failed() if result.severity != "info"] == []
    assert {claim.id for claim in desk.standing()} == set(claims)


def test_wrong_claim_is_quarantined_and_the_rest_goes_on(desk: Any) -> None:
    wrong = (replace(GRANT[0], currency="UDS"), GRANT[1])
    claims = desk.extract(desk.publish(TEXT), [wrong, RADIOS, COURSE])

    report = desk.intake()

    assert report.is_publishable
    assert desk.held() == {claims[0]: "claims.currency_is_iso_4217"}
    assert {claim.id for claim in desk.standing()} == set(claims[1:])
    assert desk.state(claims[0]).closed_because == "quarantined"
    with desk.store.read() as connection:
        (stay,) = read_quarantine_history(connection, claims[0])
    assert stay.reason == "currency=UDS. A sum in a currency that doesn't exist can't be converted or compared."
    assert stay.run_id.endswith("-intake")


def test_quarantined_claim_comes_back_when_it_passes(desk: Any) -> None:
    wrong = (replace(GRANT[0], currency="UDS"), GRANT[1])
    (claim,) = desk.extract(desk.publish(TEXT), [wrong])
    desk.intake()

    desk.spoil(claim, values={"amount": 2e6, "currency": "USD", "stage": "disbursed"})
    desk.intake()

    assert [each.id for each in desk.standing()] == [claim]
    with desk.store.read() as connection:
        (stay,) = read_quarantine_history(connection, claim)
        away = stay.entered_at
        assert [each.id for each in standing_claims(connection, recorded_by=away)] == []
    assert stay.released_because == "passes"


def test_later_version_ends_the_quarantine_of_the_older(desk: Any) -> None:
    wrong = (replace(GRANT[0], currency="UDS"), GRANT[1])
    (old,) = desk.extract(desk.publish(TEXT), [wrong])
    desk.intake()

    (new,) = desk.extract(desk.publish("Corrected. " + TEXT), [GRANT])
    report = desk.intake()

    assert report.is_publishable
    assert [each.id for each in desk.standing()] == [new]
    assert desk.held() == {}
    assert desk.state(old).closed_because == "superseded"


def test_newer_extractor_ends_the_quarantine_of_the_older(desk: Any) -> None:
    version = desk.publish(TEXT)
    (old,) = desk.extract(version, [(replace(GRANT[0], currency="UDS"), GRANT[1])])
    desk.intake()

    (new,) = desk.extract(version, [GRANT], "rules 2")
    desk.intake()

    assert [each.id for each in desk.standing()] == [new]
    assert desk.held() == {}
    assert desk.state(old).closed_because == "re_extracted"


def test_edit_sets_a_quarantined_claim_right(desk: Any) -> None:
    (claim,) = desk.extract(desk.publish(TEXT), [(replace(GRANT[0], currency="UDS"), GRANT[1])])
    desk.intake()

    with desk.store.write() as connection:
        edit(connection, claim, {"currency": "USD"}, desk.hand())
    report = desk.intake()

    assert report.is_publishable
    assert [each.values.currency for each in desk.standing()] == ["USD"]
    assert desk.held() == {}


def test_accepting_lets_an_implausible_sum_through_but_no_impossible_one(desk: Any) -> None:
    text = "The fund pledged 30 billion dollars. The bank gave 5 zorkmids."
    large = (FundingValues(30e9, "USD", Stage.PLEDGED), "pledged 30 billion dollars")
    odd = (FundingValues(5.0, "ZRK", Stage.DISBURSED), "gave 5 zorkmids")
    claims = desk.extract(desk.publish(text), [large, odd])
    desk.intake()
    assert set(desk.held()) == set(claims)

    with desk.store.write() as connection:
        for claim in claims:
            accept(connection, claim, desk.hand())
    desk.intake()

    assert [each.id for each in desk.standing()] == [claims[0]]
    assert desk.held() == {claims[1]: "claims.currency_is_iso_4217"}


def _shifted(desk: Any, claim: str) -> str:
    (item,) = desk.state(claim).claim.evidence
    return str(desk.spoil(claim, evidence=[{"start": item.start + 1, "end": item.end + 1, "quote": item.quote, "page": None}]))


def test_moved_evidence_closes_the_gate_until_somebody_decides(desk: Any) -> None:
    claims = desk.extract(desk.publish(TEXT), [GRANT, RADIOS])
    _shifted(desk, claims[0])

    report = desk.intake()

    assert [result.check for result in report.failed() if result.severity == "critical"] == ["claims.evidence_stands"]
    assert [each.id for each in desk.standing()] == [claims[1]]
    with pytest.raises(GateClosedError) as closed:
        report.require_publishable()
    line = str(closed.value)
    assert line.startswith(
        "Nothing was published, the last good tables stay: claims.evidence_stands failed on 1 of 2 rows: " + claims[0]
    )
    assert "stands at 12, not at 13" in line
    assert "bam review reject ID" in line
    assert "\n" not in line

    assert not desk.intake().is_publishable, "running again must not open the gate"

    with desk.store.write() as connection:
        reject(connection, claims[0], desk.hand())
    assert desk.intake().is_publishable
    assert [each.id for each in desk.standing()] == [claims[1]]


def test_damaged_archive_closes_the_gate_until_it_is_restored(desk: Any) -> None:
    claims = desk.extract(desk.publish(TEXT), [GRANT, RADIOS])
    ((sha256, raw),) = desk.archive.items()
    desk.archive[sha256] = raw.replace(b"2 million", b"9 million")

    report = desk.intake()

    failed = {result.check: result.failing_ids for result in report.failed() if result.severity == "critical"}
    version = desk.state(claims[0]).claim.version_id
    assert failed == {"documents.bytes_are_intact": (version,), "claims.evidence_stands": tuple(sorted(claims))}
    assert desk.standing() == []

    desk.archive[sha256] = raw
    assert desk.intake().is_publishable
    assert {each.id for each in desk.standing()} == set(claims)


def test_what_a_critical_check_names_is_never_forgotten(desk: Any) -> None:
    (claim,) = desk.extract(desk.publish(TEXT), [GRANT])
    desk.spoil(claim, confidence=7.0)

    assert not desk.intake().is_publishable
    assert not desk.intake().is_publishable
    desk.spoil(claim, confidence=0.7)
    assert desk.intake().is_publishable


INVENTED = [
    (replace(GRANT[0], amount=float(n) * 1e6, purpose=f"project {n}"), f"A grant of {n} million dollars was signed")
    for n in range(1, 11)
] + [(replace(GRANT[0], amount=float(n) * 1e6), GRANT[1]) for n in range(11, 21)]
"""Ten claims with quotes that the document doesn't have, ten with sums that their quotes don't have."""


def test_no_invented_claim_reaches_a_table(desk: Any) -> None:
    claims = desk.extract(desk.publish(TEXT), [RADIOS, *((values, GRANT[1]) for values, _ in INVENTED)])
    for claim, (_, quote) in zip(claims[1:], INVENTED, strict=True):
        if quote != GRANT[1]:
            desk.spoil(claim, evidence=[{"start": 12, "end": 12 + len(quote), "quote": quote, "page": None}])

    desk.intake()

    assert [each.id for each in desk.standing()] == [claims[0]]
    assert set(desk.held()) == set(claims[1:])
    assert len(set(claims[1:])) == 20


def test_promise_of_an_unknown_conference_is_kept_out(desk: Any) -> None:
    invented = (replace(PROMISE[0], conference="Ninth Samarkand summit"), PROMISE[1])
    (claim,) = desk.extract(desk.publish(TEXT), [invented])

    desk.intake()

    assert desk.held() == {claim: "claims.conference_exists"}


def test_results_are_kept_as_rows(desk: Any) -> None:
    desk.extract(desk.publish(TEXT), [(replace(GRANT[0], currency="UDS"), GRANT[1]), RADIOS])
    desk.intake()
    desk.intake()

    with desk.store.read() as connection:
        runs = read_runs(connection)
        results = {row.check_name: row for row in read_results(connection, runs[-1].id)}
        trend = read_trend(connection, "claims.currency_is_iso_4217")
        report = latest_report(connection)
    assert [run.phase for run in runs] == ["intake", "intake"]
    assert results["claims.currency_is_iso_4217"].failing_count == 1
    assert results["claims.currency_is_iso_4217"].failing[0][1] == "currency=UDS"
    assert [(rows, failing) for _, rows, failing in trend] == [(2, 1), (1, 1)]
    assert report.counts()["warning"] == 1
    assert report.failed()[0].protects.startswith("A sum in a currency")


def test_nothing_new_costs_nothing(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.extract(desk.publish(TEXT), [GRANT])
    first = desk.intake()
    monkeypatch.setattr("bam.quality.expectations.great_expectations", None)

    again = desk.intake()

    assert again.counts() == first.counts()
    with desk.store.read() as connection:
        assert len(read_runs(connection)) == 1


def test_checks_are_silent_and_offline(desk: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the checks opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    desk.extract(desk.publish(TEXT), [GRANT, RADIOS, COURSE])

    desk.intake()

    assert capfd.readouterr() == ("", "")
