"""Answers given elsewhere go to the waiting tasks whose issues are all decided, and to no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bam.delivery.approval import Decision
from bam.orchestration.answers import OPTIONS, pass_on
from bam.orchestration.client import WaitingTask

ASKED: dict[str, Any] = {"run-1": {"iss-1": "aa"}, "run-2": {"iss-2": "bb"}, "run-3": {}, "run-4": None}


class FakeAirflow:
    """Tasks that wait, by run, and the answers that they got."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}

    def waiting_tasks(self, dag_id: str) -> list[WaitingTask]:
        return [WaitingTask(dag_id, run_id, "approve", -1) for run_id in ASKED]

    def told(self, task: WaitingTask, key: str) -> Any:
        assert key == "asked"
        return ASKED[task.run_id]

    def answer(self, task: WaitingTask, option: str) -> None:
        self.answers[task.run_id] = option


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_only_what_is_decided_is_answered(decision: Decision) -> None:
    airflow = FakeAirflow()

    def decided(asked: Mapping[str, str]) -> Decision | None:
        assert asked
        return decision if "iss-2" in asked else None

    assert pass_on(airflow, "brief_monthly", decided) == 1  # type: ignore[arg-type]
    assert airflow.answers == {"run-2": OPTIONS[decision]}


def test_the_options_are_those_that_airflow_offers() -> None:
    from airflow.providers.standard.operators.hitl import ApprovalOperator

    assert list(OPTIONS.values()) == [ApprovalOperator.APPROVE, ApprovalOperator.REJECT]
