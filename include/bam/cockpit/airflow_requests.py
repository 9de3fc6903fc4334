"""Tasks that wait under Airflow's Required Actions for a word that was given here: they get it, too, and end."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from bam.cockpit.visitor import Visitor
from bam.orchestration.answers import ASKED_KEY, OPTIONS, Decided


class Requests(Protocol):
    """Where the pages answer what tasks ask."""

    def settle(self, dag_id: str, decided: Decided, by: Visitor) -> int:
        """Answer the waiting tasks of that DAG whose issues are all decided; how many there were."""


class AirflowRequests:
    """Answers in Airflow's own tables, as its page of Required Actions does; the scheduler then ends the tasks."""

    def settle(self, dag_id: str, decided: Decided, by: Visitor) -> int:
        """See `Requests`."""
        from airflow.models.taskinstance import TaskInstance
        from airflow.utils.session import create_session
        from airflow.utils.state import TaskInstanceState
        from sqlalchemy import select

        waiting = select(TaskInstance.id).where(
            TaskInstance.dag_id == dag_id, TaskInstance.state == TaskInstanceState.AWAITING_INPUT
        )
        with create_session() as session:
            task_ids = session.scalars(waiting).all()
        settled = 0
        for task_id in task_ids:
            with create_session() as session:
                settled += _settle_one(session, task_id, decided, by)
        return settled


def _settle_one(session: Any, task_id: Any, decided: Decided, by: Visitor) -> bool:
    """Answer one task unless somebody has; Airflow's own order of locks, the task first, keeps two answers apart."""
    from airflow.models.hitl import HITLDetail, HITLUser
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.trigger import handle_event_submit
    from airflow.triggers.base import TriggerEvent
    from airflow.utils.state import TaskInstanceState
    from sqlalchemy import select

    task = session.get(TaskInstance, task_id, with_for_update={"of": TaskInstance})
    request = session.scalar(select(HITLDetail).where(HITLDetail.ti_id == task_id).with_for_update(of=HITLDetail))
    if task is None or task.state != TaskInstanceState.AWAITING_INPUT or request is None or request.response_received:
        return False
    asked = _asked(session, task)
    decision = decided(asked) if asked else None
    if decision is None:
        return False
    request.responded_at = dt.datetime.now(dt.UTC)
    request.responded_by = HITLUser(id=by.id, name=by.name)
    request.chosen_options = [OPTIONS[decision]]
    event = TriggerEvent(request.as_resume_event_payload())  # type: ignore[no-untyped-call]
    handle_event_submit(event, task_instance=task, session=session)
    return True


def _asked(session: Any, task: Any) -> dict[str, str]:
    """What the task asks about: SHA-256 of the content by the issue's id."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    row = session.scalar(
        select(XComModel).where(
            XComModel.dag_id == task.dag_id,
            XComModel.run_id == task.run_id,
            XComModel.task_id == task.task_id,
            XComModel.map_index == task.map_index,
            XComModel.key == ASKED_KEY,
        )
    )
    told = XComModel.deserialize_value(row) if row is not None else None
    return told if isinstance(told, dict) else {}
