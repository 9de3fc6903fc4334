"""Build the records from the claims, check them, and publish the four indicator tables.

**What does it do?** Runs when the asset `claims` was updated, and each morning, because time alone changes things: follow-ups
become overdue, corrections are added. Claims that speak of one real thing become one record, every sum is counted or excluded
with a reason, Great Expectations checks all of it, and the tables are published together or not at all. The asset `indicators`
is updated with the figures.

**What if it fails?** If a critical check fails, the tables of the last good run stay, no brief leaves, and the last line of the
log names the check, the row and what to do: `bam check` shows all failures, `bam queue` the rows that are held. It isn't tried
again by itself, because the same data would fail again. Anything else is tried three times.

**Can I clear it?** Yes: the tables are built from the claims anew and come out the same. After a correction, clear the task or
trigger the DAG.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from bam.orchestration import plan, steps


@dag(
    schedule=plan.on_claims_and_by_the_clock(plan.MORNING),
    start_date=plan.FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=plan.DEFAULT_ARGS,
    tags=["indicators", "quality", "daily"],
    doc_md=__doc__,
)
def indicators() -> None:
    @task(inlets=[plan.CLAIMS], outlets=[plan.INDICATORS])
    def update_tables() -> dict[str, Any]:
        """Records, checks, tables: published together or not at all."""
        return steps.update_tables()

    update_tables()


indicators()
