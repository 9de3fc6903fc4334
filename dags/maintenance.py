"""Look after what is stored: verify the evidence and the archive, tidy the database, drop what nobody needs any more.

**What does it do?** Once a week it reads back every archived document and compares it with its SHA-256, checks that each quote
still stands where its claim says, lets the database tidy itself, and removes logs and check reports that are older than their
time.

**What if it fails?** Something stored is damaged: the last line of the log names the document or claim, and
`bam archive verify` and `bam verify` list them all. Nothing is repaired by itself; restore the file from a backup. Briefs that
rest on damaged evidence are stopped by their own gate.

**Can I clear it?** Yes, it changes no figure.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from bam.orchestration import plan, steps


@dag(
    schedule=plan.moments(plan.WEEKLY),
    start_date=plan.FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=plan.DEFAULT_ARGS,
    tags=["maintenance", "weekly"],
    doc_md=__doc__,
)
def maintenance() -> None:
    @task
    def verify() -> dict[str, Any]:
        """Read back the archive and compare every quote with its text."""
        return steps.verify_store()

    @task(trigger_rule="all_done")
    def tidy() -> dict[str, Any]:
        """Let the database tidy itself and remove what is older than its time."""
        return steps.tidy()

    verify() >> tidy()


maintenance()
