"""The client logs in once, tries again what is safe to try again, and says in one line what Airflow refuses."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from bam.orchestration import client as module
from bam.orchestration.client import AirflowClient, AirflowError, AssetEvent, RunState, TaskState, WaitingTask


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "sleep", lambda _: None)


def _client(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[AirflowClient, list[httpx.Request]]:
    """A client of an Airflow that answers like this, and the requests that it made beside the login."""
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/auth/token":
            accepted = json.loads(request.content) == {"username": "admin", "password": "right"}
            return httpx.Response(201, json={"access_token": "tok"}) if accepted else httpx.Response(401)
        requests.append(request)
        return answer(request)

    client = AirflowClient("http://airflow.test/", "admin", "right")
    client._http = httpx.Client(base_url=client.address, transport=httpx.MockTransport(handle))
    return client, requests


def test_it_logs_in_once_and_sends_the_token() -> None:
    client, requests = _client(lambda _: httpx.Response(200, json={"is_paused": False}))
    assert client.is_paused("ingest") is False
    assert client.is_paused("extract") is False
    assert [request.headers["authorization"] for request in requests] == ["Bearer tok", "Bearer tok"]


def test_a_wrong_password_is_one_line() -> None:
    client, _ = _client(lambda _: httpx.Response(200))
    client._login["password"] = "wrong"
    with pytest.raises(AirflowError, match=r"refuses the login of 'admin'\. Check user and password"):
        client.is_paused("ingest")


def test_a_token_that_has_run_out_is_renewed() -> None:
    answers = iter([httpx.Response(401), httpx.Response(200, json={"is_paused": True})])
    client, requests = _client(lambda _: next(answers))
    assert client.is_paused("ingest") is True
    assert len(requests) == 2


@pytest.mark.parametrize(
    "fault",
    [
        httpx.Response(503, json={"detail": "try later"}),
        httpx.Response(429),
        httpx.Response(500, text="(sqlite3.OperationalError) database is locked"),
    ],
)
def test_what_passes_is_tried_again_even_when_something_is_made(fault: httpx.Response) -> None:
    answers = iter([fault, fault, httpx.Response(200, json={"id": 7})])
    client, requests = _client(lambda _: next(answers))
    client.create_backfill({"dag_id": "brief_monthly"})
    assert len(requests) == 3
    assert json.loads(requests[-1].content) == {"dag_id": "brief_monthly"}


def test_a_connection_that_breaks_is_not_tried_again_when_something_may_have_been_made() -> None:
    def drop(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("timed out", request=request)

    client, requests = _client(drop)
    with pytest.raises(AirflowError, match="timed out"):
        client.create_backfill({"dag_id": "brief_monthly"})
    assert len(requests) == 1
    with pytest.raises(AirflowError, match="timed out"):
        client.is_paused("ingest")
    assert len(requests) == 1 + module.ATTEMPTS


FAULT = httpx.Response(500, json={"detail": {"reason": "Internal error", "id": "3vAtxPpH"}})
"""Airflow on SQLite after five seconds of waiting for itself: not a word of a lock."""


@pytest.mark.parametrize("second", [httpx.Response(200, json={}), httpx.Response(409, json={"detail": "it exists"})])
def test_a_run_is_asked_for_again_after_a_fault_and_made_once(second: httpx.Response) -> None:
    answers = iter([FAULT, second])
    client, requests = _client(lambda _: next(answers))
    run_id = client.trigger("ingest", {"period": "2014-03"})
    asked = [json.loads(request.content) for request in requests]
    assert asked == [{"dag_run_id": run_id, "logical_date": None, "conf": {"period": "2014-03"}}] * 2


def test_runs_have_names_of_their_own() -> None:
    client, _ = _client(lambda _: httpx.Response(200, json={}))
    assert client.trigger("ingest", {}) != client.trigger("ingest", {})


def test_a_run_that_is_there_already_is_a_refusal_at_first() -> None:
    client, _ = _client(lambda _: httpx.Response(409, json={"detail": "it exists"}))
    with pytest.raises(AirflowError, match="409 it exists"):
        client.trigger("ingest", {})


@pytest.mark.parametrize("was_made", [True, False])
def test_a_backfill_is_asked_for_again_only_if_the_fault_left_none(was_made: bool) -> None:
    posts = iter([FAULT, httpx.Response(200, json={"id": 7})])
    active = {"from_date": "2014-01-01", "to_date": "2014-02-01", "completed_at": None}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return next(posts)
        return httpx.Response(200, json={"backfills": [active] if was_made else []})

    client, requests = _client(answer)
    client.create_backfill({"dag_id": "brief_monthly"})
    assert [request.method for request in requests] == (["POST", "GET"] if was_made else ["POST", "GET", "POST"])


def test_a_backfill_has_much_patience_with_a_busy_database() -> None:
    answers = iter([httpx.Response(503, json={"detail": "locked"})] * 60 + [httpx.Response(200, json={"id": 7})])
    client, requests = _client(lambda _: next(answers))
    client.create_backfill({"dag_id": "brief_monthly"})
    assert len(requests) == 61


def test_a_backfill_that_fails_again_and_again_is_given_up() -> None:
    client, _ = _client(lambda request: FAULT if request.method == "POST" else httpx.Response(200, json={"backfills": []}))
    with pytest.raises(AirflowError, match="Airflow failed at POST /backfills"):
        client.create_backfill({"dag_id": "brief_monthly"})


def test_a_refusal_carries_what_airflow_said() -> None:
    client, _ = _client(lambda _: httpx.Response(422, json={"detail": [{"msg": "Field required"}, {"msg": "No"}]}))
    with pytest.raises(AirflowError, match="422 Field required; No"):
        client.trigger("ingest", {})


def test_a_run_comes_with_its_tasks() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/taskInstances"):
            task = {"task_id": "read_source", "map_index": 0, "state": None, "try_number": 1, "duration": None}
            return httpx.Response(200, json={"task_instances": [task]})
        assert request.url.raw_path.endswith(b"/dagRuns/manual__2026-11-22T01%3A00%3A00%2B00%3A00")
        return httpx.Response(200, json={"state": "running", "note": None})

    client, _ = _client(answer)
    run = client.run("ingest", "manual__2026-11-22T01:00:00+00:00")
    assert run == RunState("ingest", run.run_id, "running", None, (TaskState("read_source", 0, "", 1, 0.0),))
    assert not run.is_finished


def test_asset_events_that_airflow_can_not_tell_yet_are_none() -> None:
    answers = iter(
        [
            httpx.Response(500, text="Internal Server Error"),
            httpx.Response(200, json={"asset_events": [{"name": "claims", "created_dagruns": [{"dag_id": "d", "run_id": "r"}]}]}),
        ]
    )
    client, _ = _client(lambda _: next(answers))
    assert client.asset_events("extract", "r") is None
    assert client.asset_events("extract", "r") == [AssetEvent("claims", (("d", "r"),))]


def test_the_last_line_for_people_is_found_in_a_log() -> None:
    content = [
        {"event": "Task failed with exception", "logger": "task"},
        {"event": "update_tables failed: do this", "logger": "bam.orchestration.failures"},
        {"event": "::endgroup::", "logger": "task"},
        "a line without structure",
    ]
    client, _ = _client(lambda _: httpx.Response(200, json={"content": content}))
    run = RunState("indicators", "r", "failed")
    assert client.last_error(run, TaskState("update_tables", -1, "failed", 1, 1.0)) == "update_tables failed: do this"


def test_runs_are_read_page_by_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params["offset"])
        ids = range(offset, min(offset + 100, 130))
        runs = [{"dag_run_id": f"r{n}", "logical_date": f"d{n}", "state": "success", "note": None} for n in ids]
        return httpx.Response(200, json={"dag_runs": runs, "total_entries": 130})

    client, requests = _client(answer)
    assert len(client.runs_between("brief_monthly", "2014-01-01", "2014-12-31")) == 130
    assert len(requests) == 2
    assert requests[0].url.params["logical_date_gte"] == "2014-01-01"


def test_an_airflow_that_does_not_answer_has_no_health() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client, _ = _client(refuse)
    assert client.health() is None


def test_a_waiting_task_is_found_read_and_answered() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/~/hitlDetails"):
            task = {"dag_id": "brief_x", "dag_run_id": "manual__1+00:00", "task_id": "approve", "map_index": -1}
            return httpx.Response(200, json={"hitl_details": [{"task_instance": task}]})
        if request.method == "PATCH":
            return httpx.Response(200, json={"chosen_options": json.loads(request.content)["chosen_options"]})
        return httpx.Response(200, json={"key": "asked", "value": {"iss-1": "aa"}})

    client, requests = _client(answer)
    (task,) = client.waiting_tasks("brief_x")
    assert task == WaitingTask("brief_x", "manual__1+00:00", "approve", -1)
    assert client.told(task, "asked") == {"iss-1": "aa"}
    client.answer(task, "Approve")
    assert requests[0].url.params["response_received"] == "false"
    path = "/api/v2/dags/brief_x/dagRuns/manual__1%2B00%3A00/taskInstances/approve"
    assert [request.url.raw_path.decode().partition("?")[0] for request in requests[1:]] == [
        f"{path}/xcomEntries/asked",
        f"{path}/-1/hitlDetails",
    ]
