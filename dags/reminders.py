"""Remind owners of commitments from conferences that are due soon or overdue.

**What does it do?** Every morning it looks which follow-ups are overdue, or due within the days that
`include/portfolio/recipients.yml` names, and mails each owner one digest of those that they haven't been reminded of. Like the
briefs it is switched off until somebody switches it on: nobody is mailed because Airflow was started.

**What if it fails?** The reminders that couldn't be handed over wait in the outbox; the last line of the log says why.

**Can I clear it?** Yes: nobody is reminded twice of the same commitment and date.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from bam.orchestration import plan, steps


@dag(
    schedule=plan.moments(plan.OFFICE_HOUR),
    start_date=plan.FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=True,
    default_args=plan.DEFAULT_ARGS,
    tags=["operators", "daily"],
    doc_md=__doc__,
)
def reminders() -> None:
    @task(inlets=[plan.INDICATORS])
    def remind_owners() -> dict[str, Any]:
        """Mail each owner one digest of what is due or overdue."""
        return steps.remind_owners()

    remind_owners()


reminders()
