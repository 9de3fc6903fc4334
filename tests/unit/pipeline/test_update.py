"""Updates: what is published, what the gate stops, and what happens when two run at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.records.factories import CORPUS, claim, gold_claims
from tests.unit.records.stored import World

from bam.model.errors import GateClosedError
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.gate import TableChecks
from bam.pipeline.publishing import publish
from bam.pipeline.staging import Batch, Staged, stage
from bam.pipeline.update import UpdateReport, update
from bam.quality.report import CheckReport, CheckResult, FailingRow, Severity
from bam.records.judging import find_record, merge_records, split_record, undo
from bam.settings import read_settings
from bam.store.publications import read_publications

NOW = dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC)


def passing(*_: object) -> CheckReport:
    return CheckReport()


class Passing:
    """A gate that lets everything out."""

    def __init__(self, context: RunContext) -> None:
        self.context = context

    def look(self, batch: Batch) -> None:
        pass

    def verdict(self, staged: Staged) -> CheckReport:
        return CheckReport()


class Closed(Passing):
    """A gate that lets nothing out."""

    def verdict(self, staged: Staged) -> CheckReport:
        return failing()


def failing(*_: object) -> CheckReport:
    rows = (FailingRow("rec-1", "amount=1e15"),)
    return CheckReport((CheckResult("records", "records.amount", "x", Severity.CRITICAL, False, "Sums are plausible.", 1, rows),))


@pytest.fixture
def context(tmp_path: Path) -> RunContext:
    return open_context(read_settings({"BAM_HOME": str(tmp_path)}), now=lambda: NOW)


def run(context: RunContext, *, rebuild: bool = False) -> UpdateReport:
    return update(context, intake=passing, gate=Passing, rebuild=rebuild)


def test_an_update_says_what_it_did(context: RunContext) -> None:
    World(context.store).add([claim("funding", "a"), claim("facilities", "a")])
    report = run(context)
    assert report.publication is not None
    assert report.sentence == (
        "Publication 1: 2 changed claims made 2 new records, changed 0 and removed 0; 0 figures of past periods were restated."
    )
    assert run(context).sentence == "Nothing has changed since the last publication."


def test_a_closed_gate_writes_nothing_and_the_next_run_publishes(context: RunContext) -> None:
    world = World(context.store)
    world.add([claim("funding", "a")])
    run(context)
    before = world.records()
    world.add([claim("funding", "b", amount=7e6)])
    with pytest.raises(GateClosedError, match="othing was published"):
        update(context, intake=passing, gate=Closed)
    assert world.records() == before
    assert run(context).added == 1


def test_a_fault_at_the_intake_stops_the_update(context: RunContext) -> None:
    World(context.store).add([claim("funding", "a")])
    with pytest.raises(GateClosedError):
        update(context, intake=failing, gate=Passing)
    with context.store.read() as connection:
        assert read_publications(connection) == []


def stage_of(context: RunContext) -> Staged:
    with context.store.read() as connection:
        return stage(connection, "USD")


def test_two_updates_at_once_lose_nothing(context: RunContext) -> None:
    world = World(context.store)
    world.add([claim("funding", "a")])

    class Meanwhile(Passing):
        def verdict(self, staged: Staged) -> CheckReport:
            if staged.previous is None:
                other = stage_of(context)
                with context.store.write() as connection:
                    publish(connection, other, context.timestamp())
                world.add([claim("funding", "b", amount=7e6)])
            return CheckReport()

    report = update(context, intake=passing, gate=Meanwhile)
    assert report.publication is not None
    assert report.publication.number == 2
    assert len(world.records()) == 2


def test_claims_that_come_while_the_tables_are_written_stay_pending(context: RunContext) -> None:
    world = World(context.store)
    world.add([claim("funding", "a")])
    staged = stage_of(context)
    world.add([claim("funding", "b", amount=7e6)])
    with context.store.write() as connection:
        publish(connection, staged, context.timestamp())
    assert len(world.records()) == 1
    assert run(context).added == 1
    assert len(world.records()) == 2


def test_the_record_clock_never_goes_back(context: RunContext) -> None:
    world = World(context.store)
    world.add([claim("funding", "a")])
    run(context)
    world.add([claim("funding", "b", amount=7e6)])
    slow = replace(context, now=lambda: NOW - dt.timedelta(hours=1))
    run(slow)
    with context.store.read() as connection:
        times = [publication.published_at for publication in read_publications(connection)]
    assert times == sorted(times)


def test_merge_split_and_undo_hold_from_the_next_update(context: RunContext) -> None:
    world = World(context.store)
    world.add([claim("funding", "a", amount=3e6, donors=["JP"]), claim("funding", "b", amount=9e6, donors=["DE"])])
    run(context)
    left, right = world.records()
    with context.store.write() as connection:
        merge_records(connection, left, right, by="R. Analyst", at=context.timestamp(), reason="one programme")
    assert run(context).figures["removed"] == 1
    (merged,) = world.records()
    with context.store.write() as connection:
        # The id that went still leads to the record that took it over.
        gone = ({left.id, right.id} - {merged.id}).pop()
        assert find_record(connection, gone).record == merged
        undo(connection, merged.id, by="R. Analyst", at=context.timestamp())
    run(context)
    assert {record.id for record in world.records()} == {left.id, right.id}


def test_a_split_is_remembered_when_a_new_document_would_join_the_claims(context: RunContext) -> None:
    world = World(context.store)
    world.add(claim("funding", name, amount=4_321_000, donors=["JP"], recipients=["TJ"]) for name in ("a", "b"))
    run(context)
    (record,) = world.records()
    with context.store.write() as connection:
        split_record(connection, record, record.claim_ids[1:], by="R. Analyst", at=context.timestamp(), reason="two tranches")
    run(context)
    assert len(world.records()) == 2
    world.add([claim("funding", "c", amount=4_321_000, donors=["JP"], recipients=["TJ"])])
    run(context)
    assert len(world.records()) == 2


@pytest.mark.corpus
@pytest.mark.skipif(not (CORPUS / "dev").is_dir(), reason="the annotated corpus isn't on this machine")
def test_the_checks_let_the_corpus_through(context: RunContext) -> None:
    World(context.store).add(gold_claims("dev"))
    report = update(context, intake=passing, gate=TableChecks)
    assert report.publication is not None
    assert report.checks.passed_count > 10
