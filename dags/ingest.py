"""Read what is new at every source: discover, fetch, archive the bytes, convert them to text.

**What does it do?** Once a day, one mapped task per enabled source of `include/portfolio/sources.yml`. Each task asks its source
what is there, archives every byte before anything reads it, and stores new documents and new versions of known ones. When a
source has been read, the asset `documents` is updated, and `extract` starts on what came in; a slow source holds up nobody.

**What if it fails?** A source that can't be read fails its own task only; the task's last log line says why. It is tried again
three times, waiting longer each time. What was stored before the failure stays. `bam sources status` shows how long a source
has been silent.

**Can I clear it?** Yes, at any time: documents and versions are known by their content, so that reading a source again adds
only what isn't there. A backfill reads feeds, page lists and sitemaps for the days of its data interval.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from bam.orchestration import plan, steps


@dag(
    schedule=plan.intervals(plan.DAILY),
    start_date=plan.FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=plan.DEFAULT_ARGS,
    tags=["documents", "daily"],
    doc_md=__doc__,
)
def ingest() -> None:
    @task(
        outlets=[plan.DOCUMENTS],
        map_index_template="{{ source }}",
        max_active_tis_per_dagrun=8,
        doc_md="Discover, fetch, archive and convert what is new at one source. Clearing it reads that source again.",
    )
    def read_source(source_id: str) -> dict[str, Any]:
        """Discover, fetch, archive and convert what is new at one source."""
        return steps.read_source(source_id)

    read_source.expand(source_id=plan.source_ids())


ingest()
