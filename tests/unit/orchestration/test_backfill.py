"""A backfill asks once, waits for an earlier one that is only not noticed yet, and follows its own runs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import pytest

from bam.orchestration import backfill
from bam.orchestration.backfill import Backfill
from bam.orchestration.client import AirflowClient, AirflowError, RunState

WANTED = Backfill("brief_monthly", date(2014, 1, 1), date(2014, 3, 31), "none", {"deliver": True}, parallel=2)
DATES = ["2014-01-01T07:00:00Z", "2014-02-01T07:00:00Z"]


@dataclass
class FakeAirflow:
    """An Airflow whose runs advance one state with each look."""

    address: str = "http://airflow.test"
    paused: bool = False
    dates: list[str] = field(default_factory=lambda: list(DATES))
    active: list[list[tuple[str, str]]] = field(default_factory=list)
    states: list[str] = field(default_factory=lambda: ["queued", "running", "success"])
    created: list[Mapping[str, Any]] = field(default_factory=list)
    looks: int = 0
    fault: AirflowError | None = None

    def dag_ids(self) -> set[str]:
        return {"brief_monthly", "ingest"}

    def is_paused(self, _: str) -> bool:
        return self.paused

    def backfill_dates(self, _: Mapping[str, Any]) -> list[str]:
        return self.dates

    def pause(self, _: str, paused: bool) -> None:
        self.paused = paused

    def create_backfill(self, body: Mapping[str, Any]) -> None:
        assert self.paused, "the scheduler would take up runs that Airflow may take back"
        if self.fault:
            raise self.fault
        self.created.append(body)

    def active_backfills(self, _: str) -> list[tuple[str, str]]:
        return self.active.pop(0) if self.active else []

    def runs_between(self, dag_id: str, first: str, last: str) -> dict[str, RunState]:
        state = self.states[min(self.looks, len(self.states) - 1)]
        self.looks += 1
        everything = [*DATES, "2014-03-01T07:00:00Z"]
        return {moment: RunState(dag_id, moment, state) for moment in everything if first <= moment <= last}


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> FakeAirflow:
    monkeypatch.setattr(backfill, "POLL_SECONDS", 0)
    return FakeAirflow()


def _start(airflow: FakeAirflow, wanted: Backfill = WANTED) -> list[str]:
    return backfill.start(cast(AirflowClient, airflow), wanted)


def test_whole_days_are_asked_for(airflow: FakeAirflow) -> None:
    assert _start(airflow) == DATES
    (body,) = airflow.created
    assert (body["from_date"], body["to_date"]) == ("2014-01-01T00:00:00+00:00", "2014-03-31T23:59:59+00:00")
    assert (body["reprocess_behavior"], body["dag_run_conf"], body["max_active_runs"]) == ("none", {"deliver": True}, 2)


@pytest.mark.parametrize("fault", [None, AirflowError("no")])
def test_the_scheduler_is_kept_off_only_while_the_runs_are_made(airflow: FakeAirflow, fault: AirflowError | None) -> None:
    airflow.fault = fault
    with nullcontext() if fault is None else pytest.raises(AirflowError):
        _start(airflow)
    assert airflow.paused is False


def test_where_nothing_is_to_do_nothing_is_asked_for(airflow: FakeAirflow) -> None:
    airflow.dates = []
    assert _start(airflow) == []
    assert airflow.created == []


def test_only_its_own_runs_are_followed(airflow: FakeAirflow) -> None:
    seen: list[set[str]] = []
    runs = backfill.follow(
        cast(AirflowClient, airflow), "brief_monthly", DATES, lambda runs: seen.append({run.state for run in runs})
    )
    assert [run.run_id for run in runs] == DATES
    assert seen == [{"queued"}, {"running"}, {"success"}]
    assert backfill.sentence(runs) == "2 success"


def test_an_end_that_airflow_has_not_noticed_is_waited_for(airflow: FakeAirflow) -> None:
    airflow.active = [[(DATES[0], DATES[1])], [(DATES[0], DATES[1])]]
    airflow.states = ["success"]
    assert _start(airflow) == DATES
    assert airflow.active == []


def test_a_backfill_that_goes_on_is_not_disturbed(airflow: FakeAirflow) -> None:
    airflow.active = [[(DATES[0], DATES[1])]]
    with pytest.raises(AirflowError, match=r"a backfill of brief_monthly is going on \(2 runs to come\)"):
        _start(airflow)
    assert airflow.created == []


def test_a_dag_that_is_off_or_unknown_is_refused(airflow: FakeAirflow) -> None:
    airflow.paused = True
    with pytest.raises(AirflowError, match="brief_monthly is switched off"):
        _start(airflow)
    with pytest.raises(AirflowError, match=r"no DAG is called 'brief_daily' \(known: brief_monthly, ingest\)"):
        _start(airflow, Backfill("brief_daily", WANTED.first, WANTED.last, "none", {}, 1))
