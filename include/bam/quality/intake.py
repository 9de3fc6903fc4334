"""Intake: corrections and decisions are brought in, what is new is checked, quarantine takes in what fails and lets out what
passes.

Reading and checking happen outside of transactions, so that nobody waits for the library; what the results mean is then written
from the state that the store has at that moment.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bam.model.identity import content_id
from bam.portfolio.load import Portfolio
from bam.portfolio.sources import FILES_SOURCE_ID
from bam.quality.corrections import CorrectionState, apply_corrections
from bam.quality.expectations import Checker
from bam.quality.frames import claim_frame, document_frame, extractor_frame, source_frame
from bam.quality.gate import run_checks
from bam.quality.grounding import ReadBytes
from bam.quality.material import check_context, read_activity, read_drift, read_ground, read_versions
from bam.quality.report import CheckReport, Severity
from bam.quality.review.memory import remember
from bam.quality.review.settling import settle
from bam.quality.runs import Keeper, Phase, latest_report, run_id
from bam.store.batches import in_batches
from bam.store.check_material import all_version_ids, standing_claim_ids
from bam.store.claims import read_claims
from bam.store.documents import lock_writers
from bam.store.engine import Store
from bam.store.quality import CLAIM, VERSION, Held, hold, mark_checked, read_held, read_runs, release, unchecked_ids

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

INTAKE_SUITES = ("documents", "sources", "extractors", "claims")
"""What is checked before records are built."""

CLAIMS_AT_ONCE = 20_000
"""Claims in one frame: about 100 MB with their texts; more are checked in turns."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the checks work with. `read_bytes` reads the archive, `now` is the time of the run (UTC), `folder` is where Data Docs
    go (None: nowhere), `advance` is told how many versions were read since the last call.
    """

    store: Store
    portfolio: Portfolio
    read_bytes: ReadBytes
    now: dt.datetime
    folder: Path | None = None
    advance: Callable[[int], None] = lambda done: None

    @property
    def at(self) -> str:
        """The time of the run as the store keeps it."""
        return self.now.astimezone(dt.UTC).isoformat(timespec="microseconds")

    @property
    def keeper(self) -> Keeper:
        """Where the run is kept."""
        return Keeper(self.store, self.folder, self.portfolio.about.quality.kept_runs)


def check_intake(bench: Bench) -> CheckReport:
    """Check documents and claims that no check has seen, and those in quarantine; act on the results and keep them."""
    _bring_in_decisions(bench)
    with bench.store.read() as connection:
        held, last = read_held(connection), read_runs(connection, 1, phases=("intake", "full"))
        versions = {*unchecked_ids(connection, VERSION), *(each.row_id for each in held if each.kind == VERSION)}
        claims = {*unchecked_ids(connection, CLAIM), *(each.row_id for each in held if each.kind == CLAIM)}
        is_clean = bool(last) and last[0].ran_at[:10] == bench.at[:10] and not last[0].critical and not last[0].warning
        if is_clean and not versions and not claims:
            # Nothing came in, nothing was wrong, and whether a source is silent changes by the day only.
            return CheckReport(tuple(result for result in latest_report(connection).results if result.suite in INTAKE_SUITES))
    checker = Checker()
    report = _run(bench, checker, "intake", sorted(versions), sorted(claims))
    bench.keeper.keep("intake", report, checker.outcomes, bench.now)
    return report


def check_stored(bench: Bench) -> tuple[CheckReport, Checker]:
    """Check every version and every claim that stands or is in quarantine, and act on the results. The caller adds the checks of
    the tables and keeps the run.
    """
    _bring_in_decisions(bench)
    with bench.store.read() as connection:
        held = [each.row_id for each in read_held(connection, kind=CLAIM)]
        versions, claims = all_version_ids(connection), [*standing_claim_ids(connection), *held]
    checker = Checker()
    return _run(bench, checker, "full", versions, sorted(set(claims))), checker


def check_tables(bench: Bench, frames: dict[str, pd.DataFrame]) -> CheckReport:
    """Check the frames of tables that are about to be published, and keep the results."""
    checker = Checker()
    report = run_checks(frames, checker)
    bench.keeper.keep("tables", report, checker.outcomes, bench.now)
    return report


def _bring_in_decisions(bench: Bench) -> None:
    with bench.store.write() as connection:
        lock_writers(connection)
        for outcome in apply_corrections(connection, bench.portfolio.corrections, bench.at):
            if outcome.state is CorrectionState.STALE:
                log.warning("The correction %s is stale and was left out: %s", outcome.correction_id, outcome.reason)
        versions = {*unchecked_ids(connection, VERSION)}
        claims = read_claims(connection, unchecked_ids(connection, CLAIM))
        settle(connection, [each.row_id for each in read_held(connection, kind=CLAIM)], bench.at)
        remember(connection, {*versions, *(claim.version_id for claim in claims)}, bench.at)


def _run(bench: Bench, checker: Checker, phase: Phase, version_ids: Sequence[str], claim_ids: Sequence[str]) -> CheckReport:
    context = check_context(bench.portfolio, bench.now)
    report = CheckReport()
    damage: dict[str, str] = {}
    seen: set[str] = set()
    for batch in in_batches(claim_ids, CLAIMS_AT_ONCE) if claim_ids else [()]:
        with bench.store.read() as connection:
            claims = read_claims(connection, batch)
            ground = read_ground(connection, claims, (), bench.read_bytes, bench.portfolio, bench.advance)
        damage |= ground.damage
        seen.update(claim.version_id for claim in claims)
        report = report.merged(run_checks({"claims": claim_frame(claims, context, ground.notes)}, checker))
    with bench.store.read() as connection:
        rest = read_ground(connection, (), set(version_ids) - seen, bench.read_bytes, bench.portfolio, bench.advance)
        versions = read_versions(connection, version_ids, damage | rest.damage)
        frames = {
            "documents": document_frame(versions, context, {FILES_SOURCE_ID, *(source.id for source in bench.portfolio.sources)}),
            "sources": source_frame(read_activity(connection, bench.portfolio, bench.now)),
            "extractors": extractor_frame(read_drift(connection, _last_intake(connection) if phase == "intake" else None)),
        }
    report = run_checks(frames, checker) + report
    with bench.store.write() as connection:
        _act(connection, report, version_ids, claim_ids, run_id(phase, bench.now), bench.at)
    return report


def _last_intake(connection: Connection) -> str | None:
    """When the last intake was: what was extracted since then is compared with what an older extractor had found."""
    runs = read_runs(connection, 1, phases=("intake", "full"))
    return runs[0].ran_at if runs else None


def _act(
    connection: Connection, report: CheckReport, version_ids: Sequence[str], claim_ids: Sequence[str], run: str, at: str
) -> None:
    """Write what the results mean: who enters quarantine, who leaves it, which claims stand."""
    lock_writers(connection)
    for kind, suite, row_ids in ((VERSION, "documents", version_ids), (CLAIM, "claims", claim_ids)):
        failing = {
            (row.row_id, result.check): f"{row.observed}. {result.protects}"
            for result in report.failed()
            if result.suite == suite and result.quarantines
            for row in result.failing
        }
        severity = {result.check: str(result.severity) for result in report.results}
        held = read_held(connection, kind=kind, row_ids=row_ids)
        present = {(each.row_id, each.check_name) for each in held}
        hold(
            connection,
            [
                Held(content_id("hld", kind, row_id, check, at), kind, row_id, check, severity[check], reason, run, at)
                for (row_id, check), reason in sorted(failing.items())
                if (row_id, check) not in present
            ],
        )
        passing = [each.id for each in held if (each.row_id, each.check_name) not in failing]
        release(connection, passing, at, "passes")
        # What a critical check names stays unchecked, so that the gate can't be passed by running again.
        critical = {row.row_id for each in report.failed(Severity.CRITICAL) if each.suite == suite for row in each.failing}
        mark_checked(connection, kind, set(row_ids) - critical, at)
    settle(connection, claim_ids, at)
