"""Overview: how the sources are, what ran last, what the checks say, which briefs come next, and what waits for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from bam.cockpit.airflow_runs import DagLine
from bam.cockpit.pages import since
from bam.cockpit.titles import issue_title
from bam.cockpit.visit import Visit, VisitDep
from bam.model.periods import Cadence, Period, period_of
from bam.pipeline.context import RunContext
from bam.pipeline.source_health import SourceHealth, source_health
from bam.quality.queue import QueueItem, build_queue, stale_corrections, waiting_decisions
from bam.store import counts
from bam.store.approvals import read_open_requests
from bam.store.briefs import IssueRow, read_issue, read_issues
from bam.store.delivery import count_states
from bam.store.publications import latest_publication
from bam.store.quality import RunRow, latest_runs

router = APIRouter()

MORNING = dt.time(7, tzinfo=dt.UTC)
"""When a brief comes on the first day after its period; see `bam.orchestration.plan.BRIEF_CRONS`."""

WEAKEST = 3

_DELIVERIES = ("delivery", "deliveries")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with a plain sentence about how it is; `tone` is `good`, `warning` or `off`."""

    health: SourceHealth
    sentence: str
    tone: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: how many, what in singular and plural, why, and the page to go to."""

    count: int
    forms: tuple[str, str]
    why: str
    path: str
    tone: str = "warning"

    @property
    def what(self) -> str:
        """What waits, without the number."""
        return f"{self.forms[self.count != 1]} {self.why}"


@dataclass(frozen=True, slots=True)
class NextBrief:
    """A brief, the period that it will report on next, when, and its last issue."""

    brief_id: str
    title: str
    audience: str
    cadence: str
    needs_approval: bool
    period: str
    due_at: str
    last: IssueRow | None
    is_paused: bool | None


@router.get("/", response_class=HTMLResponse)
def overview(visit: VisitDep) -> HTMLResponse:
    """Everything at a glance."""
    context = visit.context
    lines = visit.desk.runs.latest(_ours(context) & visit.visitor.dag_ids())
    with context.store.read() as connection:
        issues = read_issues(connection)
        waits, weakest = _waiting(connection)
        values = {
            "publication": latest_publication(connection),
            "checks": latest_runs(connection),
            "waits": waits,
            "weakest": weakest,
            "documents": counts.document_count(connection),
            "claims": counts.standing_claims(connection),
            "records": counts.published_records(connection),
            "next_briefs": _next_briefs(context, issues, lines),
            "requests": [
                (request, issue_title(context.portfolio, issue))
                for request in read_open_requests(connection)
                if (issue := read_issue(connection, request.issue_id)) is not None
            ],
        }
    runs = [line for line in lines if line.run_id is not None]
    return visit.page(
        "overview.html",
        "overview",
        "Overview",
        sources=_sources(visit),
        runs=sorted(runs, key=lambda line: line.started_at or "", reverse=True),
        verdict=_verdict(values["checks"]),  # type: ignore[arg-type]
        since=since,
        **values,
    )


def _ours(context: RunContext) -> frozenset[str]:
    steps = ("ingest", "extract", "indicators", "alerts", "reminders", "maintenance")
    return frozenset((*steps, *(f"brief_{brief.id}" for brief in context.portfolio.briefs)))


def _sources(visit: Visit) -> list[SourceLine]:
    now = visit.context.now()
    return [SourceLine(health, *_said(health, now)) for health in source_health(visit.context)]


def _said(health: SourceHealth, now: dt.datetime) -> tuple[str, str]:
    """A plain sentence for each source, and its tone."""
    if not health.is_enabled:
        return f"{health.source_id} is switched off.", "off"
    if health.attention is not None:
        return health.attention, "warning"
    news = f"its last news came {since(health.new_at, now)}" if health.new_at else "it has given nothing yet"
    return f"{health.source_id} works: read {since(health.succeeded_at, now)}, {news}.", "good"


def _verdict(runs: list[RunRow]) -> tuple[str, str]:
    """What the last checks say in one sentence, and its tone."""
    if not runs:
        return "No check has run yet.", "off"
    critical, warning = sum(run.critical for run in runs), sum(run.warning for run in runs)
    if critical:
        return f"{_number(critical, 'critical check')} failed: the last good tables stay, and no brief leaves.", "critical"
    if warning:
        return f"The tables are published; {_number(warning, 'check')} gave a warning that briefs print.", "warning"
    return "All checks passed that stop or warn.", "good"


def _waiting(connection: Connection) -> tuple[list[Waiting], list[QueueItem]]:
    quarantined = counts.quarantined_rows(connection)
    deliveries = count_states(connection)
    versions = counts.standing_versions(connection)
    found = [
        Waiting(len(read_open_requests(connection)), ("issue waits", "issues wait"), "for approval", "briefs"),
        Waiting(deliveries.get("unknown", 0), _DELIVERIES, "may or may not have arrived", "briefs/deliveries?state=unknown"),
        Waiting(deliveries.get("failed", 0), _DELIVERIES, "failed", "briefs/deliveries?state=failed", "critical"),
        Waiting(quarantined.get("claim", 0), ("claim is", "claims are"), "in quarantine", "review"),
        Waiting(quarantined.get("version", 0), ("document is", "documents are"), "held by checks", "quality"),
        Waiting(versions.get("quarantined", 0), ("document", "documents"), "couldn't be read", "quality"),
        Waiting(len(waiting_decisions(connection)), ("decision waits", "decisions wait"), "for a second person", "review"),
        Waiting(len(stale_corrections(connection)), ("correction is", "corrections are"), "stale", "review"),
    ]
    return [each for each in found if each.count], build_queue(connection, limit=WEAKEST)


def _next_briefs(context: RunContext, issues: list[IssueRow], lines: list[DagLine]) -> list[NextBrief]:
    now = context.now()
    paused = {line.dag_id: line.is_paused for line in lines}
    found = []
    for brief in context.portfolio.briefs:
        period = next_period(now, Cadence(brief.cadence))
        own = [issue for issue in issues if issue.brief_id == brief.id]
        found.append(
            NextBrief(
                brief_id=brief.id,
                title=brief.title.en,
                audience=brief.audience.en,
                cadence=brief.cadence,
                needs_approval=brief.approval,
                period=period.name,
                due_at=due_at(period).isoformat(),
                last=max(own, key=lambda issue: (issue.as_of, issue.created_at), default=None),
                is_paused=paused.get(f"brief_{brief.id}"),
            )
        )
    return found


def next_period(now: dt.datetime, cadence: Cadence) -> Period:
    """The period whose brief comes next: the one that goes on, or the last where its morning hasn't come yet."""
    current = period_of(now.date(), cadence)
    return current.previous if now < due_at(current.previous) else current


def due_at(period: Period) -> dt.datetime:
    """When the brief of a period is made."""
    return dt.datetime.combine(period.shifted(1).first_day, MORNING)


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
