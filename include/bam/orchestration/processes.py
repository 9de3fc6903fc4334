"""Finding and ending processes by the session that they were started in."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_OURS = ("airflow", "bam.orchestration")


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was started here: the process id of its leader, and when that began (seconds since 1970)."""

    leader: int
    began: float

    @classmethod
    def of(cls, pid: int) -> Session:
        """The session of a leader that runs now."""
        return cls(pid, psutil.Process(pid).create_time())

    def is_left_over(self) -> bool:
        """Whether processes of this very session still run, although its number may have gone to somebody else meanwhile.

        A number isn't given away while anybody is in its session: so a leader that began at another time is a stranger, and
        members without a leader are ours, if they are Airflow's at all (the machine may have been started anew).
        """
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(self.leader).create_time() != self.began:
                return False
        return any(_is_airflow(member) for member in session_members([self.leader]))


def _is_airflow(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any(name in " ".join(process.cmdline()) for name in _OURS)
    return False


def session_members(sessions: list[int]) -> list[psutil.Process]:
    """Living processes of these sessions; a task's process changes its group but stays in the session of its scheduler."""
    members = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError, psutil.Error):
            if os.getsid(process.pid) in sessions and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members


def end_sessions(sessions: list[int], grace_seconds: float) -> None:
    """SIGTERM to every process of the sessions, and SIGKILL to those that are still there after the grace."""
    if not sessions:
        return
    for number, patience in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, 5.0)):
        for process in session_members(sessions):
            with suppress(psutil.Error):
                process.send_signal(number)
        deadline = time.monotonic() + patience
        while session_members(sessions):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        else:
            return


def last_line(path: Path) -> str:
    """The last line of a log that says something."""
    with suppress(OSError):
        lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        if lines:
            return lines[-1][:300]
    return "its log is empty"
