"""A word that was given outside Airflow reaches the runs there that wait for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bam.delivery.approval import Decision
from bam.orchestration.client import AirflowClient

ASKED_KEY = "asked"
"""XCom with what a task asks about: the SHA-256 of the content by the issue's id."""

OPTIONS: dict[Decision, str] = {"approved": "Approve", "rejected": "Reject"}
"""What Airflow's approval offers."""

Decided = Callable[[Mapping[str, str]], Decision | None]
"""What people have said about all of these contents (SHA-256 by issue); None while one is open or they differ."""


def pass_on(client: AirflowClient, dag_id: str, decided: Decided) -> int:
    """Answer the waiting tasks of a DAG whose issues are all decided; how many there were.

    Raises:
        AirflowError: Airflow doesn't take it.
    """
    passed_on = 0
    for task in client.waiting_tasks(dag_id):
        asked = client.told(task, ASKED_KEY)
        decision = decided(asked) if isinstance(asked, dict) and asked else None
        if decision is not None:
            client.answer(task, OPTIONS[decision])
            passed_on += 1
    return passed_on
