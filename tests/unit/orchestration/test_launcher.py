"""The launcher's own promises, with small processes in the place of Airflow's components."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from bam.orchestration import launcher as module
from bam.orchestration.client import AirflowClient, AirflowError
from bam.orchestration.home import AirflowHome
from bam.orchestration.launcher import Component, Launcher, running_airflow, stop_signals
from bam.orchestration.processes import Session, end_sessions, session_members
from bam.settings import Settings, read_settings

# A component with a helper in a process group of its own.
COMPONENT = "import subprocess, sys, time; subprocess.Popen(['sleep', '60'], process_group=0); time.sleep(60)"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"BAM_HOME": str(tmp_path / "home")})


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def launcher(settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Launcher:
    """A launcher whose components are COMPONENT and that is healthy as soon as they run."""

    def start(self: Launcher) -> None:
        self._components = [Component("api-server", ()), Component("scheduler", ())]
        for component in self._components:
            self._spawn(component)

    monkeypatch.setattr(module, "migrate", lambda *_: None)
    monkeypatch.setattr(Launcher, "_start", start)
    monkeypatch.setattr(AirflowClient, "health", lambda _: None)
    monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", COMPONENT))
    monkeypatch.setattr(module, "WATCH_SECONDS", 0.05)
    return Launcher(settings, port=None, schedules=False, tell=said.append)


def _sessions(settings: Settings) -> list[int]:
    return [noted["leader"] for noted in json.loads(AirflowHome.of(settings).lock.read_text())["sessions"]]


def _wait_for(condition: object, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_leaving_it_ends_every_process(launcher: Launcher, settings: Settings) -> None:
    with launcher:
        sessions = _sessions(settings)
        _wait_for(lambda: len(session_members(sessions)) == 4)
    assert session_members(sessions) == []
    assert running_airflow(settings) is None


def test_a_second_one_is_told_where_the_first_is(launcher: Launcher, settings: Settings) -> None:
    assert running_airflow(settings) is None
    with launcher:
        running = running_airflow(settings)
        assert running is not None
        assert (running.address, running.pid) == (launcher.address, os.getpid())
        second = Launcher(settings, port=None, schedules=False, tell=print)
        with pytest.raises(AirflowError, match=rf"running already at {launcher.address} \(process {os.getpid()}\)"):
            second.__enter__()
        assert len(session_members(_sessions(settings))) >= 2


def test_a_component_that_dies_is_started_again_and_leaves_nothing_behind(
    launcher: Launcher, settings: Settings, said: list[str]
) -> None:
    with launcher:
        first = _sessions(settings)
        _wait_for(lambda: len(session_members(first)) == 4)
        os.kill(first[1], signal.SIGKILL)
        _wait_for(lambda: not launcher._components[1].is_alive)
        launcher.watch()
        second = _sessions(settings)
        assert said[-1] == "The scheduler died; starting it again"
        assert second[0] == first[0]
        assert second[1] != first[1]
        assert session_members([first[1]]) == []


@pytest.mark.parametrize("seconds_ago", [0, 3600])
def test_a_scheduler_without_a_heartbeat_is_started_again_unless_it_is_starting(
    launcher: Launcher, said: list[str], monkeypatch: pytest.MonkeyPatch, seconds_ago: float
) -> None:
    with launcher:
        monkeypatch.setattr(AirflowClient, "health", lambda _: {"scheduler": {"status": "unhealthy"}})
        scheduler = launcher._components[1]
        scheduler.started -= seconds_ago
        first = scheduler.process
        for _ in range(module.HEALTH_LOOKS - 1):
            launcher._check_health()
        assert scheduler.process is first
        launcher._check_health()
        assert (scheduler.process is first) == (seconds_ago == 0)
        assert ("The scheduler gives no sign of life; starting it again" in said) == (seconds_ago > 0)


def test_a_component_that_dies_again_and_again_is_given_up(
    launcher: Launcher, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with launcher, pytest.raises(AirflowError, match="the scheduler of Airflow died 6 times in 5 minutes"):
        sessions = _sessions(settings)
        monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", "raise SystemExit(1)"))
        os.kill(sessions[1], signal.SIGKILL)
        for _ in range(200):
            launcher.watch()
    assert session_members(sessions) == []


def test_what_a_killed_launcher_left_is_ended_at_the_next_start(launcher: Launcher, settings: Settings) -> None:
    home = AirflowHome.of(settings)
    home.prepare()
    left = subprocess.Popen([sys.executable, "-c", COMPONENT, "airflow scheduler"], start_new_session=True)
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        sessions = [asdict(Session.of(process.pid)) for process in (left, stranger)]
        home.lock.write_text(json.dumps({"address": "http://127.0.0.1:1", "pid": 1, "sessions": sessions}))
        assert running_airflow(settings) is None
        with launcher:
            assert left.wait(timeout=5) is not None
            assert session_members([left.pid]) == []
            assert stranger.poll() is None
    finally:
        end_sessions([left.pid, stranger.pid], grace_seconds=1)
        stranger.wait(timeout=5)


def test_a_start_that_fails_stops_what_it_had_started(
    launcher: Launcher, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    def start(self: Launcher) -> None:
        self._components = [Component("scheduler", ())]
        self._spawn(self._components[0])
        started.extend(_sessions(settings))
        raise self._failure(self._components[0], "stopped while starting")

    monkeypatch.setattr(Launcher, "_start", start)
    with pytest.raises(AirflowError, match=r"scheduler\.log: the scheduler of Airflow stopped while starting: its log is empty"):
        launcher.__enter__()
    assert session_members(started) == []
    assert running_airflow(settings) is None


def test_a_stop_signal_ends_as_ctrl_c_does() -> None:
    previous = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), stop_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)
    assert signal.getsignal(signal.SIGTERM) == previous


def test_a_port_is_found_when_the_usual_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(module, "PREFERRED_PORT", taken.getsockname()[1])
        assert module._free_port() not in (0, taken.getsockname()[1])
