"""What a DAG run has brought: its issue, or the documents that it read. Airflow links here from each run."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from bam.cockpit.pages import part
from bam.cockpit.titles import issue_title
from bam.cockpit.visit import VisitDep, found_or_404
from bam.store.briefs import read_issue
from bam.store.browse import publications_between, versions_between, versions_extracted_between

router = APIRouter()

MOST = 200


@router.get("/runs/{dag_id}/{run_id:path}", response_class=HTMLResponse)
def run_result(visit: VisitDep, dag_id: str, run_id: str) -> Response:
    """To the only issue of a run of a brief; else a list of what came in or changed while it ran."""
    if dag_id not in visit.visitor.dag_ids():
        raise HTTPException(403, "Your account may not see this DAG.")
    run = found_or_404(visit.desk.runs.run(dag_id, run_id), "The run")
    if len(run.issue_ids) == 1:
        return visit.to(f"briefs/{part(run.issue_ids[0])}")
    context = visit.context
    with context.store.read() as connection:
        issues = [issue for issue_id in run.issue_ids if (issue := read_issue(connection, issue_id)) is not None]
        start, end = run.started_at, run.ended_at
        versions, publications = [], []
        if start is not None and dag_id == "ingest":
            versions = versions_between(connection, start, end, MOST)
        elif start is not None and dag_id == "extract":
            versions = versions_extracted_between(connection, start, end, MOST)
        elif start is not None and dag_id == "indicators":
            publications = publications_between(connection, start, end)
    return visit.page(
        "run.html",
        "overview",
        f"Run of {dag_id}",
        run=run,
        issues=[(issue, issue_title(context.portfolio, issue)) for issue in issues],
        versions=versions,
        publications=publications,
    )
