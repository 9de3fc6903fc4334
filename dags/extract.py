"""Take the facts out of every document version that the extractor hasn't read yet.

**What does it do?** Runs when the asset `documents` was updated. It looks for versions that wait, cuts them into batches, and
extracts the batches side by side: more workers mean more documents an hour. Each claim keeps the sentence that says so. When at
least one batch came through, the asset `claims` is updated, and `indicators` starts.

**What if it fails?** A document that can't be extracted is noted with its reason and stops no other, so a batch only fails with
the machine or the database under it. It is tried again three times; what it had stored stays, and the rest is still pending.

**Can I clear it?** Yes: a version that was extracted isn't extracted again by the same extractor. Triggering the DAG by hand
works off whatever is pending, and after an upgrade of the extractor everything is.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import TriggerRule, dag, task

from bam.orchestration import plan, steps


@dag(
    schedule=[plan.DOCUMENTS],
    start_date=plan.FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=plan.DEFAULT_ARGS,
    tags=["claims"],
    doc_md=__doc__,
)
def extract() -> None:
    @task
    def find_pending() -> list[list[str]]:
        """Ids of the versions that wait, in batches."""
        return steps.find_pending()

    @task(doc_md="Extract one batch and store its claims. Clearing it extracts what of the batch still waits.")
    def extract_batch(version_ids: list[str]) -> dict[str, Any]:
        """Extract one batch and store its claims."""
        return steps.extract_batch(version_ids)

    @task(outlets=[plan.CLAIMS], trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def announce(reports: list[dict[str, Any]]) -> dict[str, Any]:
        """Add up what the batches gave and update the asset `claims`."""
        return steps.announce_claims(reports)

    reports = extract_batch.expand(version_ids=find_pending())
    announce(reports)
    # A leaf that fails with any batch: without it the run would be green although one of its batches is red.
    every_batch = EmptyOperator(task_id="every_batch", trigger_rule=TriggerRule.NONE_FAILED, on_success_callback=None)
    reports >> every_batch


extract()
