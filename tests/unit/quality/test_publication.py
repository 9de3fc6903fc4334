"""From a faulty document to the next publication: the last good tables stay until the cause is gone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from bam.documents.archive import Archive, Origin
from bam.model.claims import FundingValues, Stage, Table
from bam.model.errors import GateClosedError
from bam.pipeline.context import RunContext, Silent
from bam.pipeline.update import update
from bam.quality.everything import check_everything
from bam.quality.queue import build_queue, waiting_decisions
from bam.quality.review.actions import accept, edit, merge, reject, undo
from bam.quality.review.names import chosen_claims, claim_of_field, claims_of
from bam.quality.review.view import view_claim
from bam.quality.verification import verify_store
from bam.settings import Settings
from bam.store.publications import latest_publication
from bam.store.records import read_records

TEXT = "The embassy gave 2 million dollars for scanners on 5 October 2026."
GRANT = (FundingValues(2e6, "USD", Stage.DISBURSED, ("US",), ("TJ",), date="2026-10-05"), "gave 2 million dollars for scanners")
SECOND = "The mission paid 300,000 dollars for radios in Khatlon."
RADIOS = (FundingValues(3e5, "USD", Stage.DISBURSED, ("JP",), ("TJ",)), "paid 300,000 dollars for radios")
RADIOS_ADDRESS = "https://example.org/radios"


@pytest.fixture
def context(desk: Any, tmp_path: Path) -> RunContext:
    """The desk's store with surroundings for an update."""
    settings = Settings(tmp_path, "", "", tmp_path, tmp_path, tmp_path)
    archive = Archive.open(str(tmp_path / "archive"))
    return RunContext(
        settings, desk.bench().portfolio, desk.store, archive, lambda: dt.datetime.fromisoformat(desk.now()), Silent()
    )


def _read(context: RunContext, desk: Any, text: str, facts: Any, address: str = "https://example.org/news") -> list[str]:
    sha256 = context.archive.put(text.encode(), Origin(address, desk.now(), "embassy"))
    claims: list[str] = desk.extract(desk.publish(text, address), facts)
    assert sha256 in desk.archive
    return claims


def _amounts(context: RunContext) -> list[float]:
    with context.store.read() as connection:
        return sorted(one.record.values.amount for one in read_records(connection))  # type: ignore[union-attr]


def _publications(context: RunContext) -> int:
    with context.store.read() as connection:
        last = latest_publication(connection)
    return 0 if last is None else last.number


def test_critical_fault_leaves_the_tables_until_it_is_put_right(context: RunContext, desk: Any) -> None:
    _read(context, desk, TEXT, [GRANT])
    update(context)
    assert (_publications(context), _amounts(context)) == (1, [2e6])

    (claim,) = _read(context, desk, SECOND, [RADIOS], RADIOS_ADDRESS)
    desk.spoil(claim, evidence=[{"start": 0, "end": 10, "quote": "The consul", "page": None}])
    with pytest.raises(GateClosedError, match=rf"Nothing was published.*{claim}.*doesn't say 'The consul'.*bam review reject"):
        update(context)
    assert (_publications(context), _amounts(context)) == (1, [2e6])

    with context.store.write() as connection:
        reject(connection, claim, desk.hand(reason="invented"))
    update(context)
    assert _amounts(context) == [2e6]

    _read(context, desk, SECOND + " It was late.", [RADIOS], RADIOS_ADDRESS + "/2")
    update(context)
    assert _amounts(context) == [3e5, 2e6]


def test_warning_lets_the_tables_out_without_the_claim(context: RunContext, desk: Any) -> None:
    future = (FundingValues(3e5, "USD", Stage.DISBURSED, ("JP",), ("TJ",), date="2027-05"), RADIOS[1])
    _read(context, desk, TEXT, [GRANT])
    (late,) = _read(context, desk, SECOND, [future], RADIOS_ADDRESS)

    report = update(context)

    assert report.checks.counts()["warning"] == 1
    assert _amounts(context) == [2e6]
    with context.store.read() as connection:
        queue = build_queue(connection)
    assert [(item.kind, item.id) for item in queue[:1]] == [("claim", late)]
    assert queue[1].kind == "record"
    assert [item.weakness for item in queue] == sorted((item.weakness for item in queue), reverse=True)


def test_decisions_reach_the_tables(context: RunContext, desk: Any) -> None:
    (grant,) = _read(context, desk, TEXT, [GRANT])
    update(context)

    with context.store.write() as connection:
        edit(connection, grant, {"amount": 2.5e6}, desk.hand())
    update(context)
    assert _amounts(context) == [2.5e6]

    with context.store.write() as connection:
        undo(connection, grant, desk.hand())
    update(context)
    assert _amounts(context) == [2e6]

    with context.store.write() as connection:
        reject(connection, grant, desk.hand())
    update(context)
    assert _amounts(context) == []
    assert verify_store(context.store, context.archive.read).faults == ()


def test_merge_makes_one_record_and_undo_two(context: RunContext, desk: Any) -> None:
    (grant,) = _read(context, desk, TEXT, [GRANT])
    (radios,) = _read(context, desk, SECOND, [RADIOS], RADIOS_ADDRESS)
    update(context)

    with context.store.write() as connection:
        merge(connection, grant, radios, desk.hand())
    update(context)
    assert len(_amounts(context)) == 1

    with context.store.write() as connection:
        undo(connection, grant, desk.hand())
    update(context)
    assert _amounts(context) == [3e5, 2e6]


def test_merge_waits_for_the_second_person(context: RunContext, desk: Any) -> None:
    (grant,) = _read(context, desk, TEXT, [GRANT])
    (radios,) = _read(context, desk, SECOND, [RADIOS], RADIOS_ADDRESS)
    update(context)

    with context.store.write() as connection:
        decision = merge(connection, grant, radios, desk.hand("Ana", needs_second=True))
        assert [each.id for each in waiting_decisions(connection)] == [decision.id]
    update(context)
    assert len(_amounts(context)) == 2

    from bam.quality.review.actions import confirm

    with context.store.write() as connection:
        confirm(connection, decision.id, desk.hand("Ben"))
        assert waiting_decisions(connection) == []
    update(context)
    assert len(_amounts(context)) == 1


def test_reviewed_records_leave_the_queue(context: RunContext, desk: Any) -> None:
    (grant,) = _read(context, desk, TEXT, [GRANT])
    update(context)
    with context.store.write() as connection:
        (item,) = build_queue(connection)
        assert claims_of(connection, item.id) == (grant,)
        assert chosen_claims(connection, item.id[:9]) == (grant,)
        assert claim_of_field(connection, item.id, "amount") == grant
        accept(connection, grant, desk.hand())

    update(context)

    with context.store.read() as connection:
        assert build_queue(connection) == []


def test_a_short_queue_is_the_beginning_of_the_long_one(context: RunContext, desk: Any) -> None:
    future = (FundingValues(3e5, "USD", Stage.DISBURSED, ("JP",), ("TJ",), date="2027-05"), RADIOS[1])
    _read(context, desk, f"{TEXT} {SECOND}", [GRANT, RADIOS])
    _read(context, desk, SECOND, [future], RADIOS_ADDRESS)
    update(context)
    with context.store.read() as connection:
        whole = build_queue(connection)
        assert len(whole) == 3
        assert [build_queue(connection, limit=limit) for limit in (1, 2)] == [whole[:1], whole[:2]]
        assert build_queue(connection, table=Table.FUNDING) == whole
        assert build_queue(connection, table=Table.WORKSHOPS) == []


def test_view_shows_the_sentence_and_the_neighbours(context: RunContext, desk: Any) -> None:
    grant, radios = _read(context, desk, f"{TEXT} {SECOND}", [GRANT, RADIOS])
    update(context)
    with context.store.write() as connection:
        accept(connection, grant, desk.hand())

    with context.store.read() as connection:
        view = view_claim(connection, grant)
        assert view_claim(connection, "clm-none") is None

    assert view is not None
    (passage,) = view.passages
    assert passage.before + passage.quote + passage.after == f"{TEXT} {SECOND}"
    assert [each.claim.id for each in view.neighbours] == [radios]
    assert view.record_id is not None
    assert [(each.action, each.decided_by) for each in view.history] == [("accept", "A. Analyst")]


def test_full_check_of_an_honest_store_finds_nothing(context: RunContext, desk: Any) -> None:
    _read(context, desk, TEXT, [GRANT])
    _read(context, desk, SECOND, [RADIOS], RADIOS_ADDRESS)
    update(context)

    from bam.pipeline.gate import bench_of

    report = check_everything(bench_of(context))

    assert [result.sentence for result in report.failed() if result.severity != "info"] == []
    assert {result.suite for result in report.results if result.row_count} >= {"records", "ledger", "totals", "indicators"}
