"""A real Airflow on SQLite that is kept running by `bam up`, with one round over the samples done.

`bam up` is the Airflow that operators know: with schedules, and watched by its launcher. `bam run --airflow` finds it there.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import psutil

from bam.orchestration.client import AirflowClient
from bam.orchestration.home import AirflowHome
from bam.orchestration.launcher import running_airflow
from bam.pipeline.context import open_context
from bam.pipeline.status import Status, read_status
from bam.settings import Settings, read_settings

START_SECONDS = 150
INCLUDE = Path(__file__).resolve().parents[2] / "include"
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
        wait_until(lambda: "Ctrl-C stops it" in self.output.read_text() or self.process.poll() is not None, START_SECONDS)
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

    def mails(self, period: str = "") -> list[Path]:
        """Mails with a brief, of one period where it is given; operators may get digests at any time."""
        found = (path for path in self.settings.outbox.rglob("*.eml") if "-alerts-" not in path.name)
        return sorted(path for path in found if period in path.name)

    def kill_scheduler(self) -> int:
        """Kill it without a word; its process id. The launcher is to start another."""
        process_id = self.sessions()["scheduler"]
        os.kill(process_id, signal.SIGKILL)
        return process_id

    def sessions(self) -> dict[str, int]:
        """Process ids of the components by name."""
        found = {}
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
                command = " ".join(process.cmdline())
                name = re.search(r"api.server|scheduler|dag-processor|triggerer", command)
                if name:
                    found[name[0].replace("_", "-")] = process.pid
        return found


OUR_BRIEFS = """
  - id: hurried
    title: {en: Hurried brief, ru: Срочный обзор}
    audience: {en: for tests, ru: для проверки}
    cadence: monthly
    sections: [headlines, key_figures, sources]
    approval: true
    approval_hours: 0.002
    recipients: [coordinators]
  - id: asked
    title: {en: Brief for approval, ru: Обзор для утверждения}
    audience: {en: for tests, ru: для проверки}
    cadence: monthly
    sections: [headlines, key_figures, sources]
    approval: true
    recipients: [coordinators]
"""
"""A brief whose approvers have seven seconds, and one whose approvers have time; both are quickly made."""


def start_monitor(folder: Path, round_seconds: float = 200) -> Monitor:
    """Start it in that folder, with our portfolio and two briefs more, and do the first round; brief DAGs are switched on, as
    somebody would in the UI. The round may take `round_seconds`.
    """
    shutil.copytree(INCLUDE / "portfolio", folder / "include" / "portfolio")
    (folder / "include" / "samples").symlink_to(INCLUDE / "samples")
    with (folder / "include" / "portfolio" / "briefs.yml").open("a", encoding="utf-8") as briefs:
        briefs.write(OUR_BRIEFS)
    environment = {
        **os.environ,
        "BAM_HOME": str(folder / "home"),
        "BAM_PORTFOLIO": str(folder / "include" / "portfolio"),
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("AIRFLOW_HOME", None)
    monitor = Monitor(read_settings(environment), environment, folder / "up.log")
    monitor.start()
    try:
        monitor.was_paused = monitor.client.is_paused("brief_monthly")
        for brief in ("brief_monthly", "brief_flash", "brief_asked"):
            monitor.client.pause(brief, False)
        monitor.first_round = monitor.bam(*ROUND, timeout=round_seconds)
    except BaseException:
        monitor.stop()
        raise
    return monitor


def assert_one_mail_each(monitor: Monitor, period: str) -> None:
    """Somebody has got the brief of that period, and nobody twice."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in monitor.mails(period)]
    assert mails
    assert set(Counter(mail["To"] for mail in mails).values()) == {1}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], seconds: float) -> None:
    """Wait until it holds; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.2)
