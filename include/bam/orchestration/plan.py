"""What the DAG files need to know when they are parsed: ids from the portfolio, schedules, assets, the defaults of every task.

Airflow parses the folder every half minute, so this imports nothing heavier than YAML and pydantic beside `airflow.sdk`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import (  # type: ignore[attr-defined]  # its stub is behind
    Asset,
    AssetOrTimeSchedule,
    CronDataIntervalTimetable,
    CronTriggerTimetable,
    DeadlineAlert,
    DeadlineReference,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    SyncCallback,
)

from bam.model.errors import BamError, FetchError, StoreError
from bam.orchestration.failures import DeliveryWaitsError, deadline_missed, task_failed, task_succeeded
from bam.portfolio.briefs import Brief, BriefsFile
from bam.portfolio.sources import SourcesFile
from bam.portfolio.yaml_files import read_model
from bam.settings import read_settings

OWNER = "operations"

FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)
"""Start date of all DAGs: no document that we know of is older, so any period can be backfilled."""

DOCUMENTS = Asset("documents", "x-bam://documents")
CLAIMS = Asset("claims", "x-bam://claims")
INDICATORS = Asset("indicators", "x-bam://indicators")

DAILY = "0 5 * * *"
MORNING = "30 6 * * *"
HALF_HOURLY = "*/30 * * * *"
OFFICE_HOUR = "0 8 * * *"
WEEKLY = "0 3 * * 0"
BRIEF_CRONS = {"monthly": "0 7 1 * *", "quarterly": "0 7 1 1,4,7,10 *", "yearly": "0 7 1 1 *"}
"""A brief's run comes on the first morning after its period, when that morning's documents have been read (05:00) and the
tables updated (06:30, all in UTC). Its data interval starts in the period that it reports on."""

DEFAULT_ARGS: dict[str, Any] = {
    "owner": OWNER,
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=30),
    # What passes by itself is tried again. A wrong key, a closed gate, an unknown period need a person: waiting would hide that.
    "retry_policy": ExceptionRetryPolicy(
        [
            RetryRule(exception=[FetchError, StoreError, DeliveryWaitsError], action=RetryAction.RETRY),
            RetryRule(exception=BamError, action=RetryAction.FAIL),
        ]
    ),
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": task_failed,
    "on_success_callback": task_succeeded,
}


def schedules_are_on() -> bool:
    """Whether DAGs follow the clock. `BAM_SCHEDULES=off` leaves them to be triggered: one round, nothing on its own."""
    return os.environ.get("BAM_SCHEDULES", "on") != "off"


def intervals(cron: str) -> CronDataIntervalTimetable | None:
    """A schedule whose runs have the interval between two cron times (UTC), or None where schedules are off. When the DAG is
    switched on, the run of the last interval comes at once.
    """
    return CronDataIntervalTimetable(cron, timezone="UTC") if schedules_are_on() else None


def moments(cron: str) -> CronTriggerTimetable | None:
    """A schedule of moments (UTC) without intervals, or None where schedules are off. The first run comes at the next of them."""
    return CronTriggerTimetable(cron, timezone="UTC") if schedules_are_on() else None


def on_claims_and_by_the_clock(cron: str) -> AssetOrTimeSchedule | list[Asset]:
    """A schedule that follows the asset `claims` and, where schedules are on, the clock too."""
    if not schedules_are_on():
        return [CLAIMS]
    return AssetOrTimeSchedule(timetable=CronTriggerTimetable(cron, timezone="UTC"), assets=[CLAIMS])


def deadline(brief: Brief) -> DeadlineAlert:
    """Operators are told when a run of the brief isn't done so many hours after it was due."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=brief.due_hours),
        callback=SyncCallback(deadline_missed, kwargs={"brief_id": brief.id, "due_hours": brief.due_hours}),
    )


def source_ids() -> list[str]:
    """Ids of the sources that are read, in the order of `sources.yml`. Raises ConfigurationError for a wrong file."""
    file = read_model(read_settings().portfolio / "sources.yml", SourcesFile)
    return [source.id for source in file.sources if source.enabled]


def briefs() -> tuple[Brief, ...]:
    """The briefs of `briefs.yml`; none where there is no such file. Raises ConfigurationError for a wrong file."""
    path = read_settings().portfolio / "briefs.yml"
    return read_model(path, BriefsFile).briefs if path.is_file() else ()
