"""The operators' page lists every DAG and every task, as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bam.orchestration.dag_list import dag_table, with_table

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "operators.md"


@pytest.fixture(scope="module")
def dags() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(PROJECT / "dags").dags


def test_the_list_of_dags_is_the_one_of_the_files(dags: Any) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_table(text, dag_table(dags)) == text, "run: python -m bam.orchestration.dag_list"


def test_every_task_has_its_remedy(dags: Any) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for dag in dags.values():
        name = "brief_…" if dag.dag_id.startswith("brief_") else dag.dag_id
        missing = [task.task_id for task in dag.tasks if f"| `{name}.{task.task_id}` |" not in text]
        assert missing == [], f"{dag.dag_id}: tell in docs/operators.md what to do when these fail"
