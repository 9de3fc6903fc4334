"""What is said when a task fails or a brief is late: one line to act on, in the log, the note of the run and an alert."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from bam.model.errors import BamError
from bam.orchestration.metrics import send_duration
from bam.settings import read_settings

log = logging.getLogger(__name__)

NOTE_KEY = "note"
"""XCom under which a task leaves its sentence for the note of its run."""


class DeliveryWaitsError(BamError):
    """Not everybody has got a parcel; the outbox knows who hasn't, and another try goes on from there."""


def task_failed(context: Mapping[str, Any]) -> None:
    """Failure callback of every task: log the plain line, leave it for the run's note, tell the operators."""
    task_instance = context["ti"]
    line = explain(task_instance.task_id, task_instance.try_number, context.get("exception"))
    task_instance.xcom_push(NOTE_KEY, line)
    remedy = "Look at its log; when the cause is gone, clear the task."
    _alert("task", _subject(task_instance), line, remedy, link=getattr(task_instance, "log_url", None))
    _send_duration(task_instance, "failed")
    log.error(line)  # after everything else: who opens the log looks at its end


def task_succeeded(context: Mapping[str, Any]) -> None:
    """Success callback of every task: an alert about it is over."""
    from bam.delivery.alerts import end_alert
    from bam.store.digests import read_alerts
    from bam.store.engine import Store

    subject = _subject(context["ti"])
    _send_duration(context["ti"], "success")
    try:
        store = Store.open(read_settings().database_url)
        with store.read() as connection:
            is_open = any(alert.subject == subject for alert in read_alerts(connection, kind="task"))
        if is_open:
            with store.write() as connection:
                end_alert(connection, "task", subject, datetime.now(UTC))
        store.engine.dispose()
    except BamError:
        log.exception("The alert could not be ended")


def deadline_missed(brief_id: str, due_hours: int, **arguments: Any) -> None:
    """Called by Airflow when a brief isn't out by its hour."""
    run = (arguments.get("context") or {}).get("dag_run", {})
    run_id = run.get("dag_run_id") or run.get("run_id") or ""
    line = f"The run {run_id} of brief_{brief_id} isn't done after {due_hours} hours."
    log.error(line)
    remedy = "See in Airflow which task it waits for: a check, an approval, a mail server."
    _alert("deadline", f"brief_{brief_id} {run_id}", line, remedy)


def explain(task_id: str, try_number: int, error: object) -> str:
    """What happened and what to do, from the exception that ended a task."""
    tries = "" if try_number <= 1 else f" after {try_number} tries"
    if isinstance(error, BamError):
        return f"{task_id} failed{tries}: {error}"
    if error is None:
        return f"{task_id} was ended from outside{tries}. Clear the task to run it again; it goes on where it stopped."
    return (
        f"{task_id} failed{tries}: {type(error).__name__}: {error}. This is a fault of the program, not of the data: "
        "the traceback above tells where. Clearing the task runs it again and loses nothing."
    )


def _subject(task_instance: Any) -> str:
    """A task as operators know it: `ingest.read_source[2]`."""
    index = task_instance.map_index
    mapped = "" if index is None or index < 0 else f"[{index}]"
    return f"{task_instance.dag_id}.{task_instance.task_id}{mapped}"


def _send_duration(task_instance: Any, outcome: str) -> None:
    """Note how long this try took, up to now: Airflow writes its end when the callbacks are done."""
    started = getattr(task_instance, "start_date", None)
    if started is not None:
        seconds = (datetime.now(UTC) - started).total_seconds()
        send_duration(task_instance.dag_id, task_instance.task_id, outcome, seconds)


def _alert(kind: Literal["task", "deadline"], subject: str, what: str, remedy: str, link: str | None = None) -> None:
    """Keep an alert and tell it, if a digest is due. What fails here must not hide what the alert is about."""
    from bam.delivery.alerts import Alert
    from bam.pipeline.alerts import note, tell_operators
    from bam.pipeline.context import open_context

    try:
        with open_context(read_settings()) as run:
            note(run, Alert(kind, subject, what, remedy, since=run.now(), link=link))
            tell_operators(run)
    except Exception:
        log.exception("The alert could not be kept")
