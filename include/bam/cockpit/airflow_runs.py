"""DAG runs as the pages show them, read from Airflow's own tables. The server that serves the pages has them at hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class DagLine:
    """A DAG of ours and its latest run: `state` is None before the first one. Times are ISO 8601 in UTC."""

    dag_id: str
    is_paused: bool
    run_id: str | None
    state: str | None
    started_at: str | None
    ended_at: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run: when it went, and the ids of the issues that it made (empty where it makes none)."""

    dag_id: str
    run_id: str
    state: str
    started_at: str | None
    ended_at: str | None
    note: str | None
    issue_ids: tuple[str, ...]


class Runs(Protocol):
    """Where the pages ask for DAG runs."""

    def latest(self, dag_ids: Collection[str]) -> list[DagLine]:
        """These DAGs, by id, each with its latest run."""

    def run(self, dag_id: str, run_id: str) -> RunFacts | None:
        """One run; None where there is none."""


class AirflowRuns:
    """Reads Airflow's tables; writes nothing."""

    def latest(self, dag_ids: Collection[str]) -> list[DagLine]:
        """See `Runs`."""
        from airflow.models.dag import DagModel
        from airflow.models.dagrun import DagRun
        from airflow.utils.session import create_session
        from sqlalchemy import func, select

        newest = (
            select(func.max(DagRun.id).label("id")).where(DagRun.dag_id.in_(dag_ids)).group_by(DagRun.dag_id).scalar_subquery()
        )
        with create_session() as session:
            runs = {run.dag_id: run for run in session.scalars(select(DagRun).where(DagRun.id.in_(newest)))}
            dags = session.scalars(select(DagModel).where(DagModel.dag_id.in_(dag_ids)).order_by(DagModel.dag_id))
            return [_line(dag, runs.get(dag.dag_id)) for dag in dags]

    def run(self, dag_id: str, run_id: str) -> RunFacts | None:
        """See `Runs`."""
        from airflow.models.dagrun import DagRun
        from airflow.models.xcom import XCOM_RETURN_KEY, XComModel
        from airflow.utils.session import create_session
        from sqlalchemy import select

        made = select(XComModel).where(
            XComModel.dag_id == dag_id,
            XComModel.run_id == run_id,
            XComModel.task_id == "render",
            XComModel.key == XCOM_RETURN_KEY,
        )
        with create_session() as session:
            run = session.scalar(select(DagRun).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id))
            if run is None:
                return None
            row = session.scalar(made)
            told = XComModel.deserialize_value(row) if row is not None else None
            issue_ids = tuple(told.get("issue_ids", ())) if isinstance(told, dict) else ()
            return RunFacts(dag_id, run_id, str(run.state), _time(run.start_date), _time(run.end_date), run.note, issue_ids)


def _line(dag: Any, run: Any) -> DagLine:
    if run is None:
        return DagLine(dag.dag_id, bool(dag.is_paused), None, None, None, None, None)
    return DagLine(
        dag.dag_id, bool(dag.is_paused), run.run_id, str(run.state), _time(run.start_date), _time(run.end_date), run.note
    )


def _time(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat(timespec="microseconds")
