"""Briefs: issues by period, each with its PDF, what its figures rest on, approval and deliveries."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bam.briefs.model import BriefContext
from bam.cockpit.pages import part
from bam.cockpit.pdf_pages import page_count, page_picture
from bam.cockpit.titles import issue_title
from bam.cockpit.visit import FormDep, Visit, VisitDep, found_or_404
from bam.model.errors import BamError
from bam.pipeline.approve import answer, common_decision, show
from bam.pipeline.brief import issue_paths, read_context, read_pdf
from bam.pipeline.context import RunContext
from bam.pipeline.deliver import deliver_issue
from bam.store.approvals import ApprovalEvent, latest_events, read_approval_events
from bam.store.briefs import IssueRow, read_issue, read_issues
from bam.store.delivery import count_states, count_states_by_parcel, decide, read_deliveries, read_delivery, read_refusals
from bam.store.records import resolve_record_id

log = logging.getLogger(__name__)

router = APIRouter()

MOST_DELIVERIES = 200
STATES = ("waiting", "sending", "sent", "failed", "unknown")
FIXED = {"Cache-Control": "private, max-age=86400, immutable"}
"""What is named by its content never changes."""


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue in the list: its last approval event (None where nobody was asked) and its deliveries by state."""

    issue: IssueRow
    title: str
    approval: ApprovalEvent | None
    deliveries: dict[str, int]


@router.get("/briefs", response_class=HTMLResponse)
def briefs_page(visit: VisitDep, brief: Annotated[str, Query(max_length=60)] = "") -> HTMLResponse:
    """All issues, newest period first."""
    context = visit.context
    with context.store.read() as connection:
        issues = read_issues(connection, brief or None)
        approvals, deliveries = latest_events(connection), count_states_by_parcel(connection)
        counts = count_states(connection)
        unknown = read_deliveries(connection, states=("unknown",), limit=MOST_DELIVERIES)
    periods: dict[str, list[IssueLine]] = defaultdict(list)
    for issue in sorted(issues, key=lambda issue: (issue.as_of, issue.created_at), reverse=True):
        title = issue_title(context.portfolio, issue)
        periods[issue.period].append(IssueLine(issue, title, approvals.get(issue.id), deliveries.get(issue.id, {})))
    return visit.page(
        "briefs.html",
        "briefs",
        "Briefs",
        periods=periods,
        briefs=context.portfolio.briefs,
        brief=brief,
        counts=counts,
        states=STATES,
        unknown=unknown,
    )


@router.get("/briefs/deliveries", response_class=HTMLResponse)
def deliveries_page(visit: VisitDep, state: Literal["", "waiting", "sending", "sent", "failed", "unknown"] = "") -> HTMLResponse:
    """What became of each delivery, newest first."""
    with visit.context.store.read() as connection:
        rows = read_deliveries(connection, states=(state,) if state else (), limit=MOST_DELIVERIES)[::-1]
        counts = count_states(connection)
    return visit.page("deliveries.html", "briefs", "Deliveries", rows=rows, counts=counts, state=state, states=STATES)


@router.post("/briefs/deliveries/{delivery_id}/decide")
def decide_delivery(visit: VisitDep, form: FormDep, delivery_id: str) -> RedirectResponse:
    """A person's word on a delivery that is unknown or failed: it arrived, or it is sent again."""
    decision = form.get("decision")
    if decision not in ("sent", "resend"):
        raise HTTPException(422, "Say whether it arrived or is to be sent again.")
    context = visit.context
    with context.store.write() as connection:
        row = found_or_404(read_delivery(connection, delivery_id), f"The delivery {delivery_id}")
        state = "sent" if decision == "sent" else "waiting"
        if not decide(connection, delivery_id, state, visit.visitor.name, context.timestamp()):
            raise BamError(
                f"the delivery to {row.recipient_id} is {row.state}", remedy="Only unknown and failed ones can be decided."
            )
    return visit.to("briefs/deliveries", state=form.get("back", ""))


@router.get("/briefs/{issue_id}", response_class=HTMLResponse)
def issue_page(visit: VisitDep, issue_id: str) -> HTMLResponse:
    """One issue: its PDF, its figures, approval and deliveries."""
    context = visit.context
    issue = _issue(visit, issue_id)
    content = read_context(context, issue.id)
    brief = next((brief for brief in context.portfolio.briefs if brief.id == issue.brief_id), None)
    request = show(context, issue.id) if brief is not None and brief.approval else None
    with context.store.read() as connection:
        values = {
            "events": read_approval_events(connection, issue.id),
            "deliveries": read_deliveries(connection, parcel_id=issue.id),
            "refusals": read_refusals(connection, issue.id, is_current=True),
        }
    return visit.page(
        "issue.html",
        "briefs",
        issue_title(context.portfolio, issue),
        issue=issue,
        content=content,
        pages=page_count(read_pdf(context, issue.id)),
        file_name=issue_paths(context, issue)[0].name,
        request=request,
        **values,
    )


@router.get("/briefs/{issue_id}/pdf")
def issue_pdf(visit: VisitDep, issue_id: str, download: bool = False) -> Response:
    """The PDF as it was issued, to look at or to keep."""
    issue = _issue(visit, issue_id)
    name = issue_paths(visit.context, issue)[0].name
    kind = "attachment" if download else "inline"
    headers = {"Content-Disposition": f'{kind}; filename="{name}"', "Content-Security-Policy": "frame-ancestors 'self'"}
    return Response(read_pdf(visit.context, issue.id), media_type="application/pdf", headers=headers | FIXED)


@router.get("/briefs/{issue_id}/pages/{number}.png")
def issue_picture(visit: VisitDep, issue_id: str, number: int) -> Response:
    """A page of the PDF as a picture."""
    issue = _issue(visit, issue_id)
    picture = page_picture(read_pdf(visit.context, issue.id), issue.pdf_sha256, number)
    return Response(picture, media_type="image/png", headers=FIXED)


@router.get("/briefs/{issue_id}/figures/{figure_id}", response_class=HTMLResponse)
def issue_figure(visit: VisitDep, issue_id: str, figure_id: str) -> HTMLResponse:
    """What a printed figure rests on: its records, and the sentences that say so."""
    issue = _issue(visit, issue_id)
    content = read_context(visit.context, issue.id)
    figure = next((one for one in content.figures if one.id == figure_id), None)
    figure = found_or_404(figure, f"The figure {figure_id}")
    titles = _titles(content)
    with visit.context.store.read() as connection:
        records = [(resolve_record_id(connection, one), titles.get(one, one)) for one in figure.record_ids]
    testimonies = {one.claim_id: one for one in content.material.testimonies}
    return visit.page(
        "issue_figure.html",
        "briefs",
        figure.text,
        issue=issue,
        heading=issue_title(visit.context.portfolio, issue),
        figure=figure,
        records=records,
        testimonies=[testimonies[one] for one in figure.claim_ids if one in testimonies],
    )


@router.post("/briefs/{issue_id}/answer")
def answer_request(visit: VisitDep, form: FormDep, tasks: BackgroundTasks, issue_id: str) -> RedirectResponse:
    """A person's word on what they had before them; an approved issue is sent at once, and runs that wait for the word end."""
    decision = form.get("decision")
    if decision not in ("approved", "rejected"):
        raise HTTPException(422, "Approve it or reject it.")
    context = visit.context
    issue = _issue(visit, issue_id)
    answer(
        context,
        issue.id,
        decision,  # type: ignore[arg-type]
        by=visit.visitor.name,
        via="airflow",
        content_sha256=form.get("content") or None,
        note=form.get("note", "").strip() or None,
    )
    tasks.add_task(settle, visit, f"brief_{issue.brief_id}")
    if decision == "approved":
        tasks.add_task(send, context, issue.id)
    return visit.to(f"briefs/{part(issue.id)}")


def settle(visit: Visit, dag_id: str) -> None:
    """Give the word to tasks that wait for it. If Airflow doesn't take it, they go on waiting: nothing is sent twice."""
    try:
        count = visit.desk.requests.settle(dag_id, partial(common_decision, visit.context), visit.visitor)
    except Exception:
        log.exception("Tasks of %s that wait for an answer don't get it", dag_id)
        return
    log.info("%d waiting tasks of %s answered", count, dag_id)


def send(context: RunContext, issue_id: str) -> None:
    """Send an issue to whoever hasn't got it, after the answer to the browser; the issue's page shows what becomes of it."""
    from bam.orchestration.mail import mail_server

    try:
        report = deliver_issue(context, issue_id, mail_server=mail_server())
    except BamError:
        log.exception("%s can't be delivered", issue_id)
        return
    log.info("%s", report.sentence)


def _issue(visit: Visit, issue_id: str) -> IssueRow:
    with visit.context.store.read() as connection:
        return found_or_404(read_issue(connection, issue_id), f"The issue {issue_id}")


def _titles(content: BriefContext) -> dict[str, str]:
    from bam.records.titles import record_title

    return {record.id: record_title(record) for record in content.material.records}
