"""A note on each DAG run with what its tasks said: the figures of a run that went well, the reason of one that failed.

Tasks can't write the note of their run, and should need no login to the API for it. They leave their sentence as an XCom with the
key `note`; the scheduler, which ends the run, collects them here. This is the only place that writes to Airflow's own tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

from bam.orchestration.failures import NOTE_KEY

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

MAX_NOTE_LENGTH = 1000
"""Airflow keeps no longer note."""


class _Listener:
    @hookimpl
    def on_dag_run_success(self, dag_run: DagRun, msg: str) -> None:
        """Note what a run that went well has done."""
        write_note(dag_run)

    @hookimpl
    def on_dag_run_failed(self, dag_run: DagRun, msg: str) -> None:
        """Note why a run failed."""
        write_note(dag_run)


class RunNotesPlugin(AirflowPlugin):
    """Found by Airflow through the entry point `airflow.plugins`."""

    name = "bam_run_notes"
    listeners = [_Listener()]  # noqa: RUF012 (Airflow's own way to declare them)


def write_note(dag_run: Any) -> None:
    """Set the run's note from the sentences of its tasks, in the order in which they were said. A person's note is kept."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    if session is None or dag_run.note:
        return
    query = (
        select(XComModel)
        .where(XComModel.dag_id == dag_run.dag_id, XComModel.run_id == dag_run.run_id, XComModel.key == NOTE_KEY)
        .order_by(XComModel.timestamp, XComModel.task_id, XComModel.map_index)
    )
    sentences = dict.fromkeys(str(XComModel.deserialize_value(row)) for row in session.scalars(query))
    note = join_sentences(list(sentences))
    if note:
        dag_run.note = note


def join_sentences(sentences: list[str]) -> str:
    """One sentence per line, as many as a note can hold, and how many more there are."""
    lines: list[str] = []
    for index, sentence in enumerate(sentences):
        rest = f"... and {len(sentences) - index} more"
        if len("\n".join([*lines, sentence])) > MAX_NOTE_LENGTH - len(rest) - 1 and index:
            return "\n".join([*lines, rest])
        lines.append(sentence[: MAX_NOTE_LENGTH - len(rest) - 1])
    return "\n".join(lines)
