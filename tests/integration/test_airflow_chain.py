"""The chain in a real Airflow on SQLite, in a folder of its own, with one round over the samples done.

`bam up` is the Airflow that operators know: with schedules, and watched by its launcher. `bam run --airflow` finds it there. It
is started once for all tests of this module, and again after a test that stopped it; no test needs another one before it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil
import pytest

from bam.orchestration.chain import follow
from bam.orchestration.client import AirflowClient, RunState
from bam.orchestration.home import AirflowHome
from bam.orchestration.launcher import running_airflow
from bam.orchestration.processes import session_members
from bam.pipeline.context import open_context
from bam.pipeline.status import Status, read_status
from bam.settings import Settings, read_settings
from bam.store.approvals import ApprovalEvent, read_approval_events
from bam.store.briefs import read_issues

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow"), pytest.mark.timeout(480)]

START_SECONDS = 150
BAM = Path(sys.executable).with_name("bam")
ROUND = ("run", "--airflow", "--period", "2014-11", "--brief", "monthly")


@dataclass
class Monitor:
    """A running `bam up` with what tests ask of it."""

    settings: Settings
    environment: dict[str, str]
    output: Path
    process: subprocess.Popen[str] = field(init=False)
    client: AirflowClient = field(init=False)
    was_paused: bool = field(init=False)
    first_round: subprocess.CompletedProcess[str] = field(init=False)

    def start(self) -> None:
        """Start `bam up` and wait until it says that it is ready."""
        with self.output.open("w") as stream:
            self.process = subprocess.Popen(
                [BAM, "up", "--port", str(_free_port())],
                env=self.environment,
                stdout=stream,
                stderr=subprocess.STDOUT,
                text=True,
            )
        _wait_until(lambda: "Ctrl-C stops it" in self.output.read_text() or self.process.poll() is not None, START_SECONDS)
        assert self.process.poll() is None, self.output.read_text()
        running = running_airflow(self.settings)
        assert running is not None
        self.client = AirflowClient(running.address, "admin", AirflowHome.of(self.settings).password("admin"))

    def stop(self) -> int:
        """Stop it as an operator does; its exit code."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def bam(self, *arguments: str, timeout: float = 200) -> subprocess.CompletedProcess[str]:
        """Run a command of ours beside it."""
        return subprocess.run(
            [BAM, *arguments], env=self.environment, capture_output=True, text=True, timeout=timeout, check=False
        )

    def status(self) -> Status:
        with open_context(self.settings) as context:
            return read_status(context)

    def mails(self) -> list[Path]:
        """Mails with a brief; operators may get digests at any time."""
        return sorted(path for path in self.settings.outbox.rglob("*.eml") if "-alerts-" not in path.name)

    def sessions(self) -> dict[str, int]:
        """Process ids of the components by name."""
        found = {}
        for process in psutil.Process(self.process.pid).children():
            command = " ".join(process.cmdline())
            name = re.search(r"api.server|scheduler|dag-processor|triggerer", command)
            if name:
                found[name[0].replace("_", "-")] = process.pid
        return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    """The Airflow, after its first round."""
    folder = tmp_path_factory.mktemp("airflow-chain")
    environment = {**os.environ, "BAM_HOME": str(folder / "home"), "PYTHONUNBUFFERED": "1"}
    environment.pop("AIRFLOW_HOME", None)
    monitor = Monitor(read_settings(environment), environment, folder / "up.log")
    monitor.start()
    try:
        # In an Airflow that somebody else keeps running, the DAGs of briefs are off until they are switched on there.
        monitor.was_paused = monitor.client.is_paused("brief_monthly")
        monitor.client.pause("brief_monthly", False)
        monitor.client.pause("brief_quarterly", False)
        monitor.first_round = monitor.bam(*ROUND)
        yield monitor
    finally:
        if monitor.process.poll() is None:
            monitor.stop()


@pytest.fixture
def monitor(installed: Monitor) -> Monitor:
    """The same, running."""
    if installed.process.poll() is not None:
        installed.start()
    return installed


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until(condition: object, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.2)


def test_the_chain_makes_a_brief_from_the_samples(monitor: Monitor) -> None:
    assert monitor.was_paused
    done = monitor.first_round
    assert done.returncode == 0, done.stdout + done.stderr
    status = monitor.status()
    assert status.documents >= 16
    assert all(count > 0 for count in status.records.values())
    assert status.is_publishable
    (pdf,) = monitor.settings.briefs.rglob("monthly-2014-11-en-*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert str(pdf) in done.stdout
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in monitor.mails()]
    attached = [part for mail in mails for part in mail.iter_attachments() if "2014-11" in (part.get_filename() or "")]
    assert attached
    assert {part.get_content_type() for part in attached} == {"application/pdf"}


def test_the_same_again_adds_nothing(monitor: Monitor) -> None:
    before, mails = monitor.status(), monitor.mails()
    done = monitor.bam(*ROUND)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was added: no document, no claim, no mail." in done.stdout
    after = monitor.status()
    assert (after.documents, after.claims, after.records) == (before.documents, before.claims, before.records)
    assert monitor.mails() == mails


def test_every_run_has_a_note_and_every_event_its_counts(monitor: Monitor) -> None:
    (run,) = follow(monitor.client, [("indicators", monitor.client.trigger("indicators", {}))], lambda _: None)
    noted = monitor.client.run("indicators", run.run_id)
    assert noted.note is not None
    assert "Checks: " in noted.note


def test_backfilled_briefs_are_rendered_and_not_mailed(monitor: Monitor) -> None:
    mails = monitor.mails()
    done = monitor.bam("backfill", "brief_monthly", "--from", "2014-08", "--to", "2014-10")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == "brief_monthly: 3 success"
    for month in ("2014-08", "2014-09", "2014-10"):
        assert len(list(monitor.settings.briefs.rglob(f"monthly-{month}-en-*.pdf"))) == 1
    assert monitor.mails() == mails


def test_a_backfill_of_an_unknown_dag_is_one_line(monitor: Monitor) -> None:
    done = monitor.bam("backfill", "brief_daily", "--from", "2014-01", "--to", "2014-01")
    assert done.returncode == 1
    assert re.match(r"bam: \S+: no DAG is called 'brief_daily' \(known: .*brief_monthly", done.stderr)
    assert done.stderr.count("\n") == 1


def test_a_brief_that_needs_approval_waits_for_it_and_then_goes_out(monitor: Monitor) -> None:
    run = _ask(monitor, "2014-Q4")
    assert not any("2014-Q4" in path.name for path in monitor.mails())
    assert _answer(monitor, "viewer", run, "Approve").status_code == httpx.codes.FORBIDDEN
    assert _answer(monitor, "operator", run, "Approve").is_success
    (ended,) = follow(monitor.client, [(run.dag_id, run.run_id)], lambda _: None)
    assert {task.task_id: task.state for task in ended.tasks} == dict.fromkeys(
        ("render", "gate", "approve", "deliver"), "success"
    )
    assert any("2014-Q4" in path.name for path in monitor.mails())
    assert [(event.event, event.by, event.via) for event in _approvals(monitor, "2014-Q4")] == [
        ("requested", "bam", "clock"),
        ("approved", "operator", "airflow"),
    ]


def test_a_brief_that_is_rejected_is_not_sent(monitor: Monitor) -> None:
    run = _ask(monitor, "2014-Q3")
    assert _answer(monitor, "operator", run, "Reject").is_success
    (ended,) = follow(monitor.client, [(run.dag_id, run.run_id)], lambda _: None)
    assert next(task.state for task in ended.tasks if task.task_id == "deliver") == "skipped"
    assert not any("2014-Q3" in path.name for path in monitor.mails())
    assert _approvals(monitor, "2014-Q3")[-1].event == "rejected"


def _ask(monitor: Monitor, period: str) -> RunState:
    """Trigger the quarterly brief of that period and wait until it waits for a person."""
    run_id = monitor.client.trigger("brief_quarterly", {"period": period})
    (run,) = follow(monitor.client, [("brief_quarterly", run_id)], lambda _: None)
    assert next(task.state for task in run.tasks if task.task_id == "approve") == "awaiting_input", run
    return run


def _answer(monitor: Monitor, user: str, run: RunState, option: str) -> httpx.Response:
    """Answer under Required Actions as that user."""
    password = AirflowHome.of(monitor.settings).password(user)
    login = httpx.post(f"{monitor.client.address}/auth/token", json={"username": user, "password": password})
    path = f"/api/v2/dags/{run.dag_id}/dagRuns/{quote(run.run_id, safe='')}/taskInstances/approve/-1/hitlDetails"
    return httpx.patch(
        monitor.client.address + path,
        json={"chosen_options": [option], "params_input": {}},
        headers={"Authorization": f"Bearer {login.json()['access_token']}"},
        timeout=30,
    )


def _approvals(monitor: Monitor, period: str) -> list[ApprovalEvent]:
    """The ledger of the only issue of the quarterly brief for that period."""
    with open_context(monitor.settings) as context, context.store.read() as connection:
        (issue,) = [row for row in read_issues(connection) if (row.brief_id, row.period) == ("quarterly", period)]
        return read_approval_events(connection, issue.id)


def test_a_second_start_says_where_the_first_is(monitor: Monitor) -> None:
    done = monitor.bam("up")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Airflow is running already at {monitor.client.address} (process {monitor.process.pid})")


def test_a_scheduler_that_is_killed_comes_back_and_works(monitor: Monitor) -> None:
    first = monitor.sessions()["scheduler"]
    workers = session_members([first])
    assert len(workers) > 1
    os.kill(first, signal.SIGKILL)
    _wait_until(lambda: "The scheduler died; starting it again" in monitor.output.read_text(), 20)
    _wait_until(lambda: monitor.sessions().get("scheduler") not in (None, first), 20)
    assert session_members([first]) == []
    (run,) = follow(monitor.client, [("indicators", monitor.client.trigger("indicators", {}))], lambda _: None)
    assert run.state == "success"


def test_stopping_leaves_no_process_behind(monitor: Monitor) -> None:
    sessions = list(monitor.sessions().values())
    assert len(sessions) == 4
    assert len(session_members(sessions)) > 4
    assert monitor.stop() == 0
    assert session_members(sessions) == []
    assert running_airflow(monitor.settings) is None
