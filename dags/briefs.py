"""Render the brief of a period, look whether it may go, and deliver it once to each of its readers.

**What does it do?** One DAG per brief of `include/portfolio/briefs.yml`. On the first morning after its period it renders the
PDF from what was published by the end of the period, passes the gate (checks, sources, figures), waits for a person's word where
the brief asks for approval, and puts the issue into the outbox, from which every reader gets it once. Runs that are triggered by
hand take the parameters `period` (`2014-03`, `2014-Q1`, `2014`; without it the latest one that has data), `as_of` and `deliver`.
A new brief is switched off until somebody switches it on here: nobody is mailed because Airflow was started.

**What if it fails?** A closed gate fails `gate`, and nothing is sent; the last line of its log says which check, source or figure
it was and what to do. A mail that couldn't be handed over is tried again by the task's retries; a reader who got it gets no
second copy.

**Can I clear it?** Yes, all of it: rendering gives the same bytes, and the outbox knows who has which issue. Backfilled runs
render but never mail, unless the backfill was asked for with `deliver` set to true (`bam backfill brief_... --deliver`).
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Asset, Param, dag, task

from bam.orchestration import plan, steps
from bam.orchestration.approval import BriefApproval
from bam.portfolio.briefs import Brief


def brief_dag(brief: Brief) -> DAG:
    """The DAG of one brief."""

    @dag(
        dag_id=f"brief_{brief.id}",
        description=f"{brief.title.en} {brief.audience.en}",
        schedule=plan.intervals(plan.BRIEF_CRONS[brief.cadence]),
        start_date=plan.FIRST_DAY,
        catchup=False,
        max_active_runs=4,
        is_paused_upon_creation=True,
        default_args=plan.DEFAULT_ARGS,
        tags=["brief", brief.cadence],
        deadline=plan.deadline(brief),
        params={
            "period": Param(None, type=["null", "string"], description="2014-03, 2014-Q1 or 2014; empty: that of the run"),
            "as_of": Param(None, type=["null", "string"], format="date", description="what was published by this day"),
            "deliver": Param(None, type=["null", "boolean"], description="empty: yes, but not in backfills"),
        },
        doc_md=__doc__,
    )
    def run() -> None:
        @task(inlets=[plan.INDICATORS], outlets=[Asset(f"brief_{brief.id}", f"x-bam://briefs/{brief.id}")])
        def render() -> dict[str, Any]:
            """Make the issue of the period in every edition that somebody gets."""
            return steps.render(brief.id)

        @task.short_circuit
        def gate(made: dict[str, Any]) -> list[str]:
            """Fail if an issue's figures may not leave; skip what follows if nobody asked for it to be sent."""
            return steps.gate(made["issue_ids"])

        @task
        def deliver(issue_ids: list[str]) -> dict[str, Any]:
            """Send the issues to whoever hasn't got them."""
            return steps.deliver(issue_ids)

        ready = gate(render())
        sent = deliver(ready)
        if brief.approval:
            approve = BriefApproval(
                task_id="approve",
                issue_ids=ready,
                title=brief.title.en,
                hours=brief.approval_hours,
                doc_md=BriefApproval.__doc__,
            )
            ready >> approve >> sent

    return run()


for _brief in plan.briefs():
    brief_dag(_brief)
