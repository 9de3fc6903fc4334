"""Everything that was started in a session is found and ended, whatever it did to its process group or its signals."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil

from bam.orchestration.processes import Session, end_sessions, last_line, session_members

# A parent that ignores SIGTERM, with a child in a process group of its own, as Airflow's tasks are.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
print("ready", flush=True)
time.sleep(60)
"""


def _start(code: str, **options: object) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,  # type: ignore[call-overload]
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_session_is_ended_to_the_last_process() -> None:
    process = _start(STUBBORN)
    members = session_members([process.pid])
    assert len(members) == 2
    end_sessions([process.pid], grace_seconds=0.3)
    process.wait(timeout=5)
    assert session_members([process.pid]) == []
    assert not any(member.is_running() and member.status() != psutil.STATUS_ZOMBIE for member in members)


def test_a_session_that_stops_by_itself_is_not_waited_for() -> None:
    process = _start("import time; print('ready', flush=True); time.sleep(60)")
    start = time.monotonic()
    end_sessions([process.pid], grace_seconds=10)
    process.wait(timeout=5)
    assert time.monotonic() - start < 3


def test_no_session_is_no_work() -> None:
    end_sessions([], grace_seconds=10)


def test_what_is_left_of_a_session_is_told_from_strangers() -> None:
    # The child stays when its parent is killed, as the workers of a scheduler do.
    # It says that it is ready by itself: a process has no command line yet while it is being started.
    program = "import time; print('ready', flush=True); time.sleep(60)"
    worker = f'subprocess.Popen([sys.executable, "-c", {program!r}, "airflow worker"])'
    process = _start(f"import subprocess, sys, time; {worker}; time.sleep(60)")
    session = Session.of(process.pid)
    assert session.is_left_over()
    assert not Session(process.pid, session.began - 1).is_left_over()
    process.kill()
    process.wait(timeout=5)
    assert session.is_left_over()
    end_sessions([process.pid], grace_seconds=2)
    assert not session.is_left_over()


def test_processes_that_are_not_airflows_are_never_ours() -> None:
    process = _start("import time; print('ready', flush=True); time.sleep(60)")
    try:
        assert not Session.of(process.pid).is_left_over()
    finally:
        end_sessions([process.pid], grace_seconds=2)
        process.wait(timeout=5)


def test_the_last_line_of_a_log_is_the_last_that_says_something(tmp_path: Path) -> None:
    log = tmp_path / "scheduler.log"
    assert last_line(log) == "its log is empty"
    log.write_text("first\nOSError: disk full\n\n  \n", encoding="utf-8")
    assert last_line(log) == "OSError: disk full"
