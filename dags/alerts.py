"""Tell operators what needs a person: one digest instead of a mail for everything.

**What does it do?** Every half hour it looks at the outbox, at approvals, at silent sources and at the quarantine, and mails the
operators of `include/portfolio/recipients.yml` one digest of what is new, and once a day again of what is still open. Failed
tasks and late briefs are noted by the tasks themselves and told in the same digest.

**What if it fails?** Nobody is told by mail; the last line of the log says why, mostly that no mail server answers. Alerts stay
open and come with the next digest.

**Can I clear it?** Yes, each alert is told once.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from bam.orchestration import plan, steps


@dag(
    schedule=plan.moments(plan.HALF_HOURLY),
    start_date=plan.FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=plan.DEFAULT_ARGS,
    tags=["operators"],
    doc_md=__doc__,
)
def alerts() -> None:
    @task
    def tell_operators() -> dict[str, Any]:
        """Look what needs a person and mail the digest that is due."""
        return steps.tell_operators()

    tell_operators()


alerts()
