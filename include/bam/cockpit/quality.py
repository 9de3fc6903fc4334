"""Quality: what the checks found over time, what fails now in words, what is held, and Great Expectations' own pages."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from sqlalchemy import Connection, select

from bam.cockpit.curves import Curve, curve
from bam.cockpit.files import file_below
from bam.cockpit.visit import VisitDep, found_or_404
from bam.quality.report import CheckResult, Severity
from bam.quality.runs import latest_report
from bam.quality.suites import CHECKS, SUITES
from bam.store.browse import unread_versions
from bam.store.quality import VERSION, RunRow, latest_runs, read_held, read_results, read_runs, read_trend
from bam.store.schema.quality import check_runs

router = APIRouter()

RUNS = 30
MOST_HELD = 50
DOCS_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}
"""Great Expectations styles its tables inline; scripts, pictures and forms stay out."""


@dataclass(frozen=True, slots=True)
class SuiteLine:
    """A suite with its present results: how many checks passed, and the names of those that didn't."""

    title: str
    checks: int
    passed: int
    failed: tuple[CheckResult, ...]


@router.get("/quality", response_class=HTMLResponse)
def quality_page(visit: VisitDep) -> HTMLResponse:
    """How the data is now, and how it was."""
    with visit.context.store.read() as connection:
        report = latest_report(connection)
        runs = read_runs(connection, RUNS)
        failed = [(result, _trend(connection, result.check)) for result in report.failed()]
        values = {
            "now_runs": latest_runs(connection),
            "held": read_held(connection, kind=VERSION)[-MOST_HELD:],
            "unread": unread_versions(connection, MOST_HELD),
        }
    by_suite = {suite.frame: [r for r in report.results if r.suite == suite.frame] for suite in SUITES}
    return visit.page(
        "quality.html",
        "quality",
        "Quality",
        counts=report.counts(),
        is_publishable=report.is_publishable,
        failed=failed,
        runs=runs,
        course=_course(runs),
        severities=[str(severity) for severity in Severity],
        suites=[
            SuiteLine(suite.title, len(found), sum(r.success for r in found), tuple(r for r in found if not r.success))
            for suite in SUITES
            if (found := by_suite[suite.frame])
        ],
        **values,
    )


@router.get("/quality/runs/{run_id}", response_class=HTMLResponse)
def run_page(visit: VisitDep, run_id: str) -> HTMLResponse:
    """One run of the checks: every result, the failing ones first."""
    with visit.context.store.read() as connection:
        row = connection.execute(select(check_runs).where(check_runs.c.id == run_id)).first()
        run = RunRow(**found_or_404(row, f"The run {run_id}")._mapping)
        results = read_results(connection, run.id)
    return visit.page(
        "check_run.html",
        "quality",
        f"Checks of {run.ran_at[:16].replace('T', ' ')}",
        run=run,
        results=sorted(results, key=lambda result: (result.is_success, result.check_name)),
        protects={name: check.protects for name, (_, check) in CHECKS.items()},
    )


@router.get("/quality/docs/{name:path}")
def data_docs(visit: VisitDep, name: str) -> FileResponse:
    """A page of the Data Docs in BAM_HOME."""
    path, media_type = file_below(visit.context.settings.home / "data_docs", name or "index.html")
    return FileResponse(path, media_type=media_type, headers=DOCS_HEADERS)


def _trend(connection: Connection, check: str) -> Curve | None:
    rows = read_trend(connection, check, RUNS)
    told = "failing rows of the latest runs: " + ", ".join(str(failing) for _, _, failing in rows)
    return curve([failing for _, _, failing in rows], told)


def _course(runs: list[RunRow]) -> Curve | None:
    """How many checks failed in the runs, oldest first."""
    failed = [run.critical + run.warning + run.info for run in reversed(runs)]
    return curve(failed, "failed checks of the latest runs: " + ", ".join(map(str, failed)))
