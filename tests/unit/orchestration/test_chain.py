"""A round follows what assets set off, knows when nothing more will happen, and leaves other people's switches alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from bam.orchestration import chain
from bam.orchestration.client import AirflowError, AssetEvent, RunState, TaskState


def _run(dag_id: str, state: str, **tasks: str) -> RunState:
    return RunState(dag_id, f"{dag_id}-1", state, tasks=tuple(TaskState(name, -1, at, 1, 0.1) for name, at in tasks.items()))


@dataclass
class ScriptedAirflow:
    """Answers each question about a run with the next state of its script, and stays at the last."""

    scripts: Mapping[str, Sequence[RunState]]
    events: Mapping[str, list[AssetEvent] | None] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    triggered: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    switched: list[tuple[str, bool]] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    going_on: dict[str, list[RunState]] = field(default_factory=dict)

    def is_paused(self, dag_id: str) -> bool:
        return dag_id in self.paused

    def pause(self, dag_id: str, paused: bool) -> None:
        self.switched.append((dag_id, paused))

    def trigger(self, dag_id: str, conf: Mapping[str, object]) -> str:
        self.triggered.append((dag_id, conf))
        return f"{dag_id}-1"

    def run(self, dag_id: str, run_id: str) -> RunState:
        script = self.scripts[dag_id]
        index = self.asked.get(dag_id, 0)
        self.asked[dag_id] = index + 1
        return script[min(index, len(script) - 1)]

    def unfinished(self, dag_id: str) -> list[RunState]:
        return self.going_on.get(dag_id, [])

    def asset_events(self, dag_id: str, run_id: str) -> list[AssetEvent] | None:
        return self.events.get(dag_id, [])


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "POLL_SECONDS", 0)


def _cascade(**more: Sequence[RunState]) -> ScriptedAirflow:
    scripts = {
        "ingest": [_run("ingest", "queued"), _run("ingest", "running"), _run("ingest", "success")],
        "extract": [_run("extract", "running"), _run("extract", "success")],
        "indicators": [_run("indicators", "success")],
    }
    events: dict[str, list[AssetEvent] | None] = {
        "ingest": [AssetEvent("documents", (("extract", "extract-1"),))],
        "extract": [AssetEvent("claims", (("indicators", "indicators-1"),))],
        "indicators": [AssetEvent("indicators", ())],
    }
    return ScriptedAirflow(scripts | more, events)


def test_a_round_follows_the_assets_and_then_asks_for_the_briefs() -> None:
    airflow = _cascade(brief_monthly=[_run("brief_monthly", "success")])
    airflow.paused.add("brief_monthly")
    seen: list[int] = []
    done = chain.run_round(airflow, ["monthly"], {"period": "2014-03"}, own=True, watch=lambda runs: seen.append(len(runs)))
    assert [run.dag_id for run in done.runs] == ["ingest", "extract", "indicators", "brief_monthly"]
    assert airflow.triggered == [("ingest", {}), ("brief_monthly", {"period": "2014-03"})]
    assert airflow.switched == [("brief_monthly", False), ("brief_monthly", True)]
    assert seen[-1] == 4
    assert done.failed_tasks == []


def test_when_nothing_new_came_in_the_tables_are_updated_all_the_same() -> None:
    airflow = _cascade()
    airflow.events = {"ingest": [AssetEvent("documents", (("extract", "extract-1"),))], "extract": []}
    chain.run_round(airflow, [], {}, own=True, watch=lambda _: None)
    assert airflow.triggered == [("ingest", {}), ("indicators", {})]


def test_tables_that_were_not_published_make_no_brief() -> None:
    airflow = _cascade(indicators=[_run("indicators", "failed", update_tables="failed")])
    done = chain.run_round(airflow, ["monthly"], {}, own=True, watch=lambda _: None)
    assert [dag_id for dag_id, _ in airflow.triggered] == ["ingest"]
    assert [(run.dag_id, task.task_id) for run, task in done.failed_tasks] == [("indicators", "update_tables")]


def test_in_an_airflow_of_others_briefs_that_are_off_stay_off() -> None:
    airflow = _cascade(brief_flash=[_run("brief_flash", "success")])
    airflow.paused.add("brief_monthly")
    done = chain.run_round(airflow, ["monthly", "flash"], {}, own=False, watch=lambda _: None)
    assert done.switched_off == ("brief_monthly",)
    assert airflow.switched == []
    assert [dag_id for dag_id, _ in airflow.triggered] == ["ingest", "brief_flash"]


def test_a_brief_that_waits_for_a_person_is_not_asked_about_again() -> None:
    airflow = _cascade(brief_flash=[_run("brief_flash", "success")])
    waiting = _run("brief_quarterly", "running", render="success", approve="awaiting_input", deliver="")
    airflow.going_on = {"brief_quarterly": [waiting], "brief_flash": [_run("brief_flash", "running", render="running")]}
    done = chain.run_round(airflow, ["quarterly", "flash"], {}, own=True, watch=lambda _: None)
    assert [dag_id for dag_id, _ in airflow.triggered] == ["ingest", "brief_flash"]
    assert done.waiting_for_people == [waiting]


def test_a_chain_that_is_switched_off_is_refused_before_anything_is_triggered() -> None:
    airflow = _cascade()
    airflow.paused.add("extract")
    with pytest.raises(AirflowError, match="the DAG extract is switched off"):
        chain.run_round(airflow, [], {}, own=False, watch=lambda _: None)
    assert airflow.triggered == []


def test_an_event_whose_run_has_not_started_is_waited_for() -> None:
    airflow = _cascade()
    answers = iter([None, [AssetEvent("documents", ())], [AssetEvent("documents", (("extract", "extract-1"),))]])
    last: list[list[AssetEvent] | None] = [None]

    def events(dag_id: str, run_id: str) -> list[AssetEvent] | None:
        if dag_id != "ingest":
            return []
        last[0] = next(answers, last[0])
        return last[0]

    airflow.asset_events = events  # type: ignore[method-assign]
    runs = chain.follow(airflow, [("ingest", "ingest-1")], lambda _: None)
    assert [run.dag_id for run in runs] == ["ingest", "extract"]


def test_an_event_that_airflow_lost_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "LOST_EVENT_SECONDS", 0)
    airflow = _cascade()
    airflow.events = {"ingest": [AssetEvent("documents", ())], "extract": []}
    runs = chain.follow(airflow, [("ingest", "ingest-1")], lambda _: None)
    assert [(run.dag_id, run.state) for run in runs] == [("ingest", "success"), ("extract", "success")]
    assert airflow.triggered == [("extract", {})]


@pytest.mark.parametrize("state", ["up_for_retry", "awaiting_input"])
def test_a_run_that_waits_for_a_retry_or_a_person_does_not_hold_the_round(state: str) -> None:
    waiting = _run("ingest", "running", read_source="success", other=state, later="")
    airflow = ScriptedAirflow({"ingest": [waiting]})
    runs = chain.follow(airflow, [("ingest", "ingest-1")], lambda _: None)
    assert runs == [waiting]


def test_a_run_between_two_tasks_is_still_waited_for() -> None:
    between = _run("extract", "running", find_pending="success", extract_batch="")
    airflow = ScriptedAirflow({"extract": [between] * 20 + [_run("extract", "success")]})
    runs = chain.follow(airflow, [("extract", "extract-1")], lambda _: None)
    assert runs[0].state == "success"


def test_a_chain_in_which_nothing_moves_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "PATIENCE_SECONDS", 0)
    airflow = ScriptedAirflow({"ingest": [_run("ingest", "running", read_source="queued")]})
    with pytest.raises(AirflowError, match="nothing moves any more in ingest"):
        chain.follow(airflow, [("ingest", "ingest-1")], lambda _: None)
