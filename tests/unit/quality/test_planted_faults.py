"""One planted fault per check: the check that should catch it does, at its severity, and names the row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bam.model.claims import Evidence, FacilityStatus
from bam.model.identity import sha256_hex
from bam.model.records import Choice, LifecycleEvent
from bam.quality.expectations import Checker
from bam.quality.gate import run_checks
from bam.quality.report import CheckReport, CheckResult, Severity
from bam.quality.suites import SUITES

C, W, I = Severity.CRITICAL, Severity.WARNING, Severity.INFO  # noqa: E741

Plant = Callable[[Any], str]
"""Spoils the world and returns the id of the row that must be named."""


def _repeat(items: list[Any], index: int = 0) -> None:
    items.append(items[index])


def _twice(what: str, row_id: str) -> Plant:
    def plant(world: Any) -> str:
        _repeat(getattr(world, what))
        return row_id

    return plant


def _claim(claim_id: str, **changes: Any) -> Plant:
    return lambda world: world.spoil_claim(claim_id, **changes)


def _record(record_id: str, **changes: Any) -> Plant:
    return lambda world: world.spoil_record(record_id, **changes)


def _version(version_id: str, **changes: Any) -> Plant:
    return lambda world: world.spoil_version(version_id, **changes)


def _source(**changes: Any) -> Plant:
    return lambda world: world.spoil_source(**changes)


def _total(**changes: Any) -> Plant:
    return lambda world: world.spoil_total(**changes)


def _figure(**changes: Any) -> Plant:
    return lambda world: world.spoil_figure(**changes)


def _note(notes: str, claim_id: str, fault: str) -> Plant:
    def plant(world: Any) -> str:
        getattr(world, notes)[claim_id] = fault
        return claim_id

    return plant


def _orphan(world: Any) -> str:
    world.orphans.append("grant")
    return "grant"


def _twin(world: Any) -> str:
    world.claims.append(replace(world.claim("course"), id="course-again"))
    return "course-again"


def _drift(**changes: Any) -> Plant:
    def plant(world: Any) -> str:
        world.drifts[0] = replace(world.drifts[0], **changes)
        return "funding: rules 1 to rules 2"

    return plant


def _events(*steps: tuple[str, str, bool]) -> tuple[LifecycleEvent, ...]:
    return tuple(LifecycleEvent(status, date, "post", is_legal=is_legal) for status, date, is_legal in steps)


def _duplicate_record(world: Any) -> str:
    world.records.append(replace(world.records[4], id="rec-course-again"))
    return "rec-course-again"


def _unpaid(world: Any) -> str:
    return str(world.spoil_claim("post", witness=replace(world.claim("post").witness, document_id="doc-2"))).replace(
        "post", "rec-post"
    )


def _other_day(world: Any) -> str:
    promise = world.records[5]
    values = replace(promise.values, conference_date="2026-10-03", commitment="print the map")
    world.records.append(replace(promise, id="rec-promise-2", values=values))
    return "rec-promise-2"


def _unseen(world: Any) -> str:
    world.ledger = [entry for entry in world.ledger if entry.record_id != "rec-part"]
    return "rec-part"


def _entry_twice(world: Any) -> str:
    _repeat(world.ledger)
    return f"{world.ledger[0].record_id} in {world.ledger[0].total}"


def _entry(of_record: str, in_total: str, **changes: Any) -> Plant:
    return lambda world: world.spoil_entry(of_record, in_total, **changes)


def _figure_twice(world: Any) -> str:
    world.figures.append(dict(world.figures[0]))
    return "funding 2026-10 stage=committed amount_usd"


def _jump(world: Any) -> str:
    world.published["stage=committed", "USD"] = 200e6
    return "stage=committed in all, as USD"


GRANT_TOTAL = "stage=committed"

FAULTS: dict[str, tuple[Severity, Plant]] = {
    "documents.id_is_unique": (C, _twice("versions", "ver-1")),
    "documents.number_is_unique_in_document": (C, _version("ver-2", number=1)),
    "documents.bytes_are_intact": (C, _version("ver-1", damage="the archived bytes have changed")),
    "documents.raw_sha256_is_a_hash": (C, _version("ver-1", raw_sha256="d41d8cd98f00b204e9800998ecf8427e")),
    "documents.text_sha256_is_a_hash": (C, _version("ver-1", text_sha256="none")),
    "documents.source_is_in_portfolio": (I, _version("ver-1", source_id="old-embassy")),
    "documents.officiality_is_known": (C, _version("ver-1", officiality="rumour")),
    "documents.confidentiality_is_known": (C, _version("ver-1", tlp="white")),
    "documents.status_is_known": (C, _version("ver-1", status="lost", reason="?")),
    "documents.reason_is_given": (W, _version("ver-1", status="waiting_language")),
    "documents.could_be_converted": (W, _version("ver-1", status="quarantined", reason="broken PDF")),
    "documents.text_is_not_empty": (W, _version("ver-1", text_length=3)),
    "documents.text_is_stored": (C, _version("ver-1", text_length=None)),
    "documents.language_is_known": (I, _version("ver-1", language=None)),
    "documents.published_on_is_a_date": (W, _version("ver-1", published_on="5 October")),
    "documents.published_on_is_given": (I, _version("ver-1", published_on=None)),
    "documents.published_on_is_not_in_the_future": (W, _version("ver-1", published_on="2026-11-30")),
    "documents.text_is_new_in_document": (I, _version("ver-2", text_sha256=sha256_hex(b"text 1"))),
    "sources.source_is_not_silent": (W, _source(silent_days=15)),
    "sources.source_has_delivered": (I, _source(silent_days=None)),
    "sources.no_flood": (W, _source(today_count=400)),
    "sources.no_day_without_documents": (W, _source(rhythm_days=1, today_count=0, silent_days=1)),
    "extractors.claims_do_not_vanish": (W, _drift(new_count=30)),
    "extractors.claims_do_not_multiply": (W, _drift(new_count=90)),
    "claims.id_is_unique": (C, _twice("claims", "grant")),
    "claims.table_is_known": (C, _claim("grant", table="grants")),
    "claims.version_exists": (C, _orphan),
    "claims.evidence_stands": (C, _note("unfounded", "grant", "the quote stands at 101, not at 100")),
    "claims.evidence_is_given": (C, _claim("grant", evidence=())),
    "claims.extractor_is_named": (C, _claim("grant", extractor=None)),
    "claims.quote_is_short": (W, _claim("grant", evidence=(Evidence(0, 601, "x" * 601),))),
    "claims.values_stand_in_quotes": (W, _note("unstated", "grant", "amount=2e9, the quotes say 2e6")),
    "claims.said_once_in_place": (W, _twin),
    "claims.confidence_is_a_probability": (C, _claim("grant", confidence=1.4)),
    "claims.confidence_is_not_low": (I, _claim("grant", confidence=0.1)),
    "claims.dates_are_iso": (W, _claim("grant", date="1 October 2026")),
    "claims.dates_are_in_our_time": (W, _claim("promise", due="2090")),
    "claims.what_happened_is_not_in_the_future": (W, _claim("course", start="2027-09-07", end="2027-09-11")),
    "claims.what_happened_precedes_its_report": (I, _claim("course", start="2026-10-20", end="2026-10-21")),
    "claims.published_on_is_given": (I, _claim("grant", published_on=None)),
    "claims.parties_are_iso_3166": (W, _claim("grant", recipients=("TJ", "QQ"))),
    "claims.currency_is_iso_4217": (W, _claim("grant", currency="UDS")),
    "claims.stage_is_known": (C, _claim("grant", stage="granted")),
    "claims.amount_is_given": (W, _claim("goods", amount=None)),
    "claims.amount_is_positive": (W, _claim("grant", amount=-2e6)),
    "claims.amount_is_plausible": (W, _claim("grant", amount=36e6 * 1000)),
    "claims.range_contains_amount_min": (W, _claim("grant", amount_min=3e6)),
    "claims.range_contains_amount_max": (W, _claim("grant", amount_max=1e6)),
    "claims.facility_type_is_known": (C, _claim("post", type="castle")),
    "claims.facility_status_is_known": (C, _claim("post", status="open")),
    "claims.workshop_status_is_known": (C, _claim("course", status="over")),
    "claims.workshop_ends_after_its_start": (W, _claim("course", end="2026-09-01")),
    "claims.participants_are_plausible": (W, _claim("course", participants=14_000 * 2)),
    "claims.event_count_is_plausible": (W, _claim("course", count=0)),
    "claims.follow_up_status_is_known": (C, _claim("promise", status="late")),
    "claims.due_after_the_conference": (W, _claim("promise", due="2026-03")),
    "claims.conference_exists": (W, _note("unknown_conference", "promise", "Ninth summit")),
    "claims.name_is_given": (W, _claim("post", name="A")),
    "claims.name_is_not_missing": (W, _claim("course", topic=None)),
    "claims.country_is_iso_3166": (W, _claim("post", country="Tajikistan")),
    "records.id_is_unique": (C, _twice("records", "rec-grant")),
    "records.has_claims": (C, _record("rec-grant", claim_ids=())),
    "records.claims_stand": (C, _record("rec-grant", claim_ids=("grant", "rejected-claim"))),
    "records.values_are_stated": (C, _record("rec-grant", choices=(Choice("amount", 2.5e6, "newest", "grant"),))),
    "records.witnesses_are_among_claims": (C, _record("rec-grant", witness_count=3)),
    "records.has_a_witness": (C, _record("rec-grant", witness_count=0)),
    "records.confidence_is_a_probability": (C, _record("rec-grant", confidence=-0.1)),
    "records.published_in_order": (C, _record("rec-grant", first_published_on="2026-12-01")),
    "records.currency_is_iso_4217": (C, _record("rec-grant", currency="UDS")),
    "records.amount_is_positive": (C, _record("rec-grant", amount=0.0)),
    "records.range_contains_amount_min": (C, _record("rec-grant", amount_min=2.1e6)),
    "records.range_contains_amount_max": (C, _record("rec-grant", amount_max=1.9e6)),
    "records.rate_is_present": (W, _record("rec-goods", conversion=None)),
    "records.currency_has_rates": (I, _record("rec-goods", conversion=None, currency="TJS")),
    "records.rate_gives_the_amount": (C, _record("rec-goods", amount=4e5)),
    "records.is_in_the_ledger": (C, _unseen),
    "records.total_exists": (C, _record("rec-part", part_of="rec-gone")),
    "records.part_fits_its_total": (W, _record("rec-grant", part_of="rec-part")),
    "records.lifecycle_is_legal": (
        W,
        _record("rec-post", events=_events(("operational", "2025", True), ("planned", "2026-09", False))),
    ),
    "records.events_are_in_order": (
        C,
        _record("rec-post", events=_events(("operational", "2026-09", True), ("closed", "2025-01", True))),
    ),
    "records.workshop_ends_after_its_start": (W, _record("rec-course", end="2026-08")),
    "records.score_is_known": (C, _record("rec-promise", score="2")),
    "records.score_has_evidence": (C, _record("rec-promise", score="-1", score_claim_id=None)),
    "records.overdue_means_past_due": (C, _record("rec-promise", score="NE", is_overdue=True, overdue_days=4)),
    "records.conference_has_one_date": (I, _other_day),
    "records.facility_cost_is_a_funding_record": (I, _unpaid),
    "records.is_not_a_duplicate": (W, _duplicate_record),
    "records.country_is_iso_3166": (C, _record("rec-post", country="XX")),
    "records.dates_are_iso": (C, _record("rec-post", status_date="in autumn", status=FacilityStatus.PLANNED)),
    "ledger.entry_is_unique": (C, _entry_twice),
    "ledger.record_exists": (C, _entry("rec-grant", GRANT_TOTAL, record_id="rec-gone")),
    "ledger.exclusion_has_a_reason": (C, _entry("rec-part", GRANT_TOTAL, reason=None)),
    "ledger.stages_do_not_mix": (C, _entry("rec-grant", "stage=disbursed", is_counted=True, reason=None)),
    "ledger.counted_amount_is_given": (C, _entry("rec-grant", GRANT_TOTAL, amount=None)),
    "totals.counted_and_excluded_are_seen": (C, _total(seen=7)),
    "totals.amounts_add_up": (C, _total(amount_seen=1.0)),
    "totals.exclusions_are_explained": (C, _total(excluded_by_reason=())),
    "totals.entries_give_the_total": (C, _total(counted=5)),
    "totals.no_jump_in_sums": (W, _jump),
    "totals.counted_is_not_negative": (C, _total(amount_counted=-1.0)),
    "indicators.figure_is_unique": (C, _figure_twice),
    "indicators.value_is_given": (C, _figure(value=None)),
    "indicators.value_is_not_negative": (C, _figure(value=-4.0)),
    "indicators.period_is_iso": (C, _figure(period="October")),
    "indicators.records_are_behind_it": (C, _figure(record_ids=())),
    "indicators.records_exist": (C, _figure(record_ids=("rec-grant", "rec-gone"))),
}


def _run_one(world: Any, name: str) -> CheckResult:
    """The result of a single check: the whole suite would take thirty times as long."""
    frame, _, check_name = name.partition(".")
    suite = next(suite for suite in SUITES if suite.frame == frame)
    only = tuple(check for check in suite.checks if check.name == check_name)
    return Checker().run(replace(suite, checks=only), world.frames()[frame])[0]


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_caught_and_named(world: Any, name: str) -> None:
    severity, plant = FAULTS[name]
    row_id = plant(world)

    result = _run_one(world, name)

    assert not result.success
    assert result.fault is None
    assert result.severity is severity
    assert row_id in result.failing_ids
    assert row_id in result.sentence


def test_every_check_has_a_planted_fault() -> None:
    assert set(FAULTS) == {f"{suite.frame}.{check.name}" for suite in SUITES for check in suite.checks}


def test_clean_data_raises_nothing(world: Any) -> None:
    report = run_checks(world.frames())

    assert [result.sentence for result in report.failed()] == []
    assert len(report.results) == len(FAULTS)
    assert report.is_publishable


def test_many_faults_at_once_are_all_named(world: Any) -> None:
    names = [
        "claims.currency_is_iso_4217",
        "claims.workshop_ends_after_its_start",
        "claims.dates_are_in_our_time",
        "records.lifecycle_is_legal",
        "totals.exclusions_are_explained",
    ]
    rows = {name: FAULTS[name][1](world) for name in names}

    report = run_checks(world.frames())

    failed = {result.check: result.failing_ids for result in report.failed()}
    assert all(rows[name] in failed[name] for name in names)
    assert not report.is_publishable
    assert report.held_ids("claims") == {"grant", "course", "promise"}


def test_empty_frames_pass(world: Any) -> None:
    empty = {name: frame.iloc[:0] for name, frame in world.frames().items()}

    assert run_checks(empty).is_publishable
    assert isinstance(run_checks({}), CheckReport)


def test_unknown_frame_is_refused(world: Any) -> None:
    with pytest.raises(KeyError, match="no suite checks the frames grants"):
        run_checks({"grants": world.frames()["claims"]})
