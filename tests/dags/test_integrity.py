"""The DAG files as a whole: they parse, cheaply, and each DAG tells who owns it, what it does and what happens when it fails."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bam.portfolio.briefs import BriefsFile
from bam.portfolio.yaml_files import read_model

PROJECT = Path(__file__).parents[2]
DAGS = PROJECT / "dags"
BRIEFS = read_model(PROJECT / "include" / "portfolio" / "briefs.yml", BriefsFile).briefs

EXPECTED = {"ingest", "extract", "indicators", "alerts", "reminders", "maintenance"} | {f"brief_{brief.id}" for brief in BRIEFS}
QUESTIONS = ("**What does it do?**", "**What if it fails?**", "**Can I clear it?**")
HEAVY = ("pandas", "numpy", "great_expectations", "spacy", "weasyprint", "trafilatura", "matplotlib", "lxml")
PARSE_BUDGET_SECONDS = 0.3

_PARSE = """
import json, sys, time, airflow.sdk
from airflow.sdk import DAG, dag, task, Asset
files, heavy = sys.argv[1].split(","), sys.argv[2].split(",")
start = time.process_time()
for path in files:
    exec(compile(open(path).read(), path, "exec"), {"__name__": "dag_file", "__doc__": ""})
print(json.dumps({"seconds": time.process_time() - start, "imported": [name for name in heavy if name in sys.modules]}))
"""


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(DAGS)


@pytest.fixture(scope="module")
def tasks(bag: Any) -> list[Any]:
    return [task for dag in bag.dags.values() for task in dag.tasks]


def _task_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(DAGS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("task" in ast.unparse(d) for d in node.decorator_list):
                yield f"{path.name}:{node.name}", node


def test_every_file_parses_into_the_dags_that_are_expected(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == EXPECTED


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_every_dag_answers_the_questions_of_an_operator(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    assert all(question in dag.doc_md for question in QUESTIONS)
    assert dag.tags
    assert not dag.catchup


def test_every_task_has_an_owner_retries_a_callback_and_a_sentence(tasks: list[Any]) -> None:
    from airflow.providers.standard.operators.empty import EmptyOperator

    from bam.orchestration.failures import task_failed
    from bam.orchestration.plan import OWNER

    for task in tasks:
        arguments = task.partial_kwargs if hasattr(task, "partial_kwargs") else {}

        def value(name: str, task: Any = task, arguments: Any = arguments) -> Any:
            return arguments.get(name, getattr(task, name, None))

        assert value("owner") == OWNER, task
        assert value("retries") == 3, task
        assert value("retry_exponential_backoff") == 2.0, task
        callbacks = value("on_failure_callback")
        assert callbacks in (task_failed, [task_failed]), task
        assert isinstance(task, EmptyOperator) or value("doc_md"), task


def test_tasks_are_one_line_each() -> None:
    functions = dict(_task_functions())
    assert len(functions) >= 8
    for name, node in functions.items():
        docstring, *body = node.body
        assert isinstance(docstring, ast.Expr), f"{name} has no docstring"
        assert len(body) == 1, f"{name} does more than one thing"
        assert ast.unparse(body[0]).startswith("return steps."), f"{name} does something of its own"


def test_assets_connect_the_steps(bag: Any) -> None:
    def outlets(dag_id: str) -> set[str]:
        return {asset.name for task in bag.dags[dag_id].tasks for asset in task.outlets}

    def triggers(dag_id: str) -> set[str]:
        return {asset.name for asset in bag.dags[dag_id].timetable.asset_condition.objects}

    assert outlets("ingest") == triggers("extract") == {"documents"}
    assert outlets("extract") == triggers("indicators") == {"claims"}
    for brief in BRIEFS:
        render = bag.dags[f"brief_{brief.id}"].get_task("render")
        assert {asset.name for asset in render.inlets} == outlets("indicators") == {"indicators"}


def test_briefs_are_off_until_switched_on_and_have_intervals_for_backfills(bag: Any) -> None:
    for brief in BRIEFS:
        dag = bag.dags[f"brief_{brief.id}"]
        assert dag.is_paused_upon_creation is True
        assert type(dag.timetable).__name__ == "CronDataIntervalTimetable"
        assert set(dag.params) == {"period", "as_of", "deliver"}
        assert dag.params["deliver"] is None
        assert dag.has_task("approve") == brief.approval


@pytest.mark.parametrize("schedules", ["on", "off"])
def test_parsing_costs_little_and_imports_nothing_heavy(schedules: str, tmp_path: Path) -> None:
    environment = os.environ | {"BAM_SCHEDULES": schedules, "AIRFLOW_HOME": str(tmp_path)}
    files = ",".join(str(path) for path in sorted(DAGS.glob("*.py")))
    runs = [_measure(files, environment) for _ in range(2)]
    assert all(run["imported"] == [] for run in runs)
    # The better of two, because the first one may have to compile the modules.
    assert min(run["seconds"] for run in runs) <= PARSE_BUDGET_SECONDS


def _measure(files: str, environment: dict[str, str]) -> Any:
    process = subprocess.run(
        [sys.executable, "-c", _PARSE, files, ",".join(HEAVY)], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(process.stdout.splitlines()[-1])


def test_a_wrong_portfolio_is_one_clear_line(tmp_path: Path) -> None:
    from bam.model.errors import ConfigurationError
    from bam.orchestration import plan

    (tmp_path / "sources.yml").write_text("sources:\n  - id: x\n    knid: folder\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ConfigurationError, match=r"sources\.yml") as fault:
        patch.setenv("BAM_PORTFOLIO", str(tmp_path))
        plan.source_ids()
    assert "\n" not in str(fault.value)


def test_without_schedules_only_assets_start_a_dag(tmp_path: Path) -> None:
    script = (
        "from airflow.dag_processing.dagbag import DagBag; import json, sys;"
        "print(json.dumps({i: type(d.timetable).__name__ for i, d in DagBag(sys.argv[1]).dags.items()}))"
    )
    environment = os.environ | {"BAM_SCHEDULES": "off", "AIRFLOW_HOME": str(tmp_path)}
    process = subprocess.run([sys.executable, "-c", script, DAGS], env=environment, capture_output=True, text=True, check=True)
    timetables = json.loads(process.stdout.splitlines()[-1])
    by_assets = {"extract": "AssetTriggeredTimetable", "indicators": "AssetTriggeredTimetable"}
    assert timetables == {dag_id: by_assets.get(dag_id, "NullTimetable") for dag_id in EXPECTED}
