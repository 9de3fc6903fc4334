"""Delivery by a real Airflow: who gets a brief gets it once, and only after the word of a person where one is asked for."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select, update
from tests.integration.airflow_monitor import Monitor, assert_one_mail_each, wait_until

from bam.orchestration.chain import follow
from bam.orchestration.client import RunState
from bam.orchestration.home import AirflowHome
from bam.pipeline.context import open_context
from bam.store.approvals import ApprovalEvent, read_approval_events
from bam.store.briefs import read_issues
from bam.store.schema.briefs import issues

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow"), pytest.mark.timeout(480)]


def test_two_runs_at_once_for_one_period_send_one_mail_each(monitor: Monitor) -> None:
    runs = [("brief_flash", monitor.client.trigger("brief_flash", {"period": "2015-12"})) for _ in range(2)]
    # The one that finds mails in the other's hands waits until they are sent.
    wait_until(lambda: all(monitor.client.run(*run).is_finished for run in runs), 300)
    assert [monitor.client.run(*run).state for run in runs] == ["success", "success"]
    assert_one_mail_each(monitor, "2015-12")


def test_a_cleared_delivery_sends_nothing_again(monitor: Monitor) -> None:
    run = ("brief_flash", monitor.client.trigger("brief_flash", {"period": "2015-11"}))
    follow(monitor.client, [run], lambda _: None)
    before = {path: path.read_bytes() for path in monitor.mails("2015-11")}
    cleared = _request(
        monitor,
        "admin",
        "POST",
        "/api/v2/dags/brief_flash/clearTaskInstances",
        {"dry_run": False, "dag_run_id": run[1], "task_ids": ["deliver"], "only_failed": False, "reset_dag_runs": True},
    )
    assert [task["task_id"] for task in cleared.json()["task_instances"]] == ["deliver"]
    wait_until(lambda: not monitor.client.run(*run).is_finished, 30)
    (ended,) = follow(monitor.client, [run], lambda _: None)
    assert next(task for task in ended.tasks if task.task_id == "deliver").try_number == 2
    assert {path: path.read_bytes() for path in monitor.mails("2015-11")} == before
    assert_one_mail_each(monitor, "2015-11")


def test_a_brief_that_needs_approval_waits_for_it_and_then_goes_out(monitor: Monitor) -> None:
    run = _ask(monitor, "2014-12")
    assert not monitor.mails("2014-12")
    assert _answer(monitor, "viewer", run, "Approve").status_code == httpx.codes.FORBIDDEN
    assert _answer(monitor, "operator", run, "Approve").is_success
    (ended,) = follow(monitor.client, [(run.dag_id, run.run_id)], lambda _: None)
    assert {task.task_id: task.state for task in ended.tasks} == dict.fromkeys(
        ("render", "gate", "approve", "deliver"), "success"
    )
    assert monitor.mails("2014-12")
    assert [(event.event, event.by, event.via) for event in _approvals(monitor, "2014-12")] == [
        ("requested", "bam", "clock"),
        ("approved", "operator", "airflow"),
    ]


def test_a_brief_that_is_rejected_on_our_page_ends_its_run_and_is_not_sent(monitor: Monitor) -> None:
    run = _ask(monitor, "2014-09")
    with open_context(monitor.settings) as context, context.store.read() as connection:
        (issue,) = read_issues(connection, "asked", "2014-09")
    page = _request(monitor, "operator", "GET", f"/monitor/briefs/{issue.id}").text
    form = {"token": re.findall(r'name="token" value="([^"]+)"', page)[0], "decision": "rejected", "note": "wrong map"}
    assert (
        _request(monitor, "operator", "POST", f"/monitor/briefs/{issue.id}/answer", form=form).status_code
        == httpx.codes.SEE_OTHER
    )
    wait_until(lambda: monitor.client.run(run.dag_id, run.run_id).is_finished, 90)
    ended = monitor.client.run(run.dag_id, run.run_id)
    assert (ended.state_of("approve"), ended.state_of("deliver")) == ("success", "skipped")
    assert not monitor.mails("2014-09")
    assert [(event.event, event.by) for event in _approvals(monitor, "2014-09")] == [
        ("requested", "bam"),
        ("rejected", "operator"),
    ]


def test_the_word_of_the_command_reaches_the_run_that_waits(monitor: Monitor) -> None:
    run = _ask(monitor, "2014-10")
    with open_context(monitor.settings) as context, context.store.read() as connection:
        (issue,) = read_issues(connection, "asked", "2014-10")
    done = monitor.bam("approve", issue.id, "--by", "A. Desk")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The run that waited for it in Airflow goes on." in done.stdout
    (ended,) = follow(monitor.client, [(run.dag_id, run.run_id)], lambda _: None)
    assert (ended.state_of("approve"), ended.state_of("deliver")) == ("success", "success")
    assert_one_mail_each(monitor, "2014-10")
    assert [(event.event, event.by, event.via) for event in _approvals(monitor, "2014-10")] == [
        ("requested", "bam", "clock"),
        ("approved", "A. Desk", "command"),
    ]


def test_silence_is_a_no(monitor: Monitor) -> None:
    monitor.client.pause("brief_hurried", False)
    run = ("brief_hurried", monitor.client.trigger("brief_hurried", {"period": "2014-11"}))
    wait_until(lambda: monitor.client.run(*run).is_finished, 180)
    assert monitor.client.run(*run).state_of("deliver") == "skipped"
    with open_context(monitor.settings) as context, context.store.read() as connection:
        (issue,) = read_issues(connection, "hurried", "2014-11")
    monitor.bam("deliver", issue.id)
    assert not monitor.mails("hurried")
    with open_context(monitor.settings) as context, context.store.read() as connection:
        assert [event.event for event in read_approval_events(connection, issue.id)] == ["requested", "expired"]


def test_an_issue_that_was_edited_after_its_approval_was_asked_for_is_not_sent(monitor: Monitor) -> None:
    run = _ask(monitor, "2014-06")
    with open_context(monitor.settings) as context, context.store.write() as connection:
        (issue,) = read_issues(connection, "asked", "2014-06")
        written = connection.execute(select(issues.c.context).where(issues.c.id == issue.id)).scalar_one()
        edited = written.replace("2014", "2041")
        assert edited != written
        connection.execute(update(issues).where(issues.c.id == issue.id).values(context=edited))
    assert _answer(monitor, "operator", run, "Approve").is_success
    wait_until(
        lambda: monitor.client.run(run.dag_id, run.run_id).state_of("deliver") in ("up_for_retry", "failed", "success"), 90
    )
    assert monitor.client.run(run.dag_id, run.run_id).state_of("deliver") != "success"
    assert not monitor.mails("2014-06")


def _ask(monitor: Monitor, period: str) -> RunState:
    """Trigger the brief that asks of that period and wait until it waits for a person."""
    run_id = monitor.client.trigger("brief_asked", {"period": period})
    (run,) = follow(monitor.client, [("brief_asked", run_id)], lambda _: None)
    assert run.state_of("approve") == "awaiting_input", run
    return run


def _answer(monitor: Monitor, user: str, run: RunState, option: str) -> httpx.Response:
    """Answer under Required Actions as that user."""
    path = f"/api/v2/dags/{run.dag_id}/dagRuns/{quote(run.run_id, safe='')}/taskInstances/approve/-1/hitlDetails"
    return _request(monitor, user, "PATCH", path, {"chosen_options": [option], "params_input": {}})


def _request(
    monitor: Monitor, user: str, method: str, path: str, body: object = None, form: dict[str, str] | None = None
) -> httpx.Response:
    """One request to Airflow as that user."""
    password = AirflowHome.of(monitor.settings).password(user)
    login = httpx.post(f"{monitor.client.address}/auth/token", json={"username": user, "password": password})
    headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
    return httpx.request(method, monitor.client.address + path, json=body, data=form, headers=headers, timeout=60)


def _approvals(monitor: Monitor, period: str) -> list[ApprovalEvent]:
    """The ledger of the only issue of the brief that asks for that period."""
    with open_context(monitor.settings) as context, context.store.read() as connection:
        (issue,) = read_issues(connection, "asked", period)
        return read_approval_events(connection, issue.id)
