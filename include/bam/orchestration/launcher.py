"""The embedded Airflow: its components as children that are watched, restarted when they die, and stopped to the last one.

`airflow standalone` leaves its children behind on SIGTERM and never restarts a scheduler that died. Here every component has a
session of its own, so that whatever it started can be found and ended, and the launcher looks at each of them twice a second.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from bam.orchestration.client import AirflowClient, AirflowError
from bam.orchestration.home import AirflowHome, airflow_environment
from bam.orchestration.processes import Session, end_sessions, last_line
from bam.settings import Settings

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "bam.orchestration.component")
"""What a component is started with, before its own arguments."""

PREFERRED_PORT = 8080
START_SECONDS = 180
"""How long a start may take before it counts as failed; 10-20 s are usual on two cores."""

GRACE_SECONDS = 8
"""How long components may take to stop by themselves before they are killed."""

API_GRACE_SECONDS = 1
"""The same for the API server: it keeps nothing, but waits for every browser that has a connection open."""

WATCH_SECONDS = 0.5
HEALTH_SECONDS = 5
HEALTH_LOOKS = 6
"""So many looks in a row find no sign of life before a scheduler is started again, beside the half minute of Airflow's own."""

MAX_RESTARTS = 5
RESTART_WINDOW_SECONDS = 300
"""A component that dies more than MAX_RESTARTS times within this window has a fault that restarting doesn't mend."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RunningAirflow:
    """Where a launcher's Airflow listens (`http://127.0.0.1:8080`), and the launcher's process id."""

    address: str
    pid: int


@dataclass(slots=True)
class Component:
    """One Airflow process: its name, its arguments, and the process while there is one, with when it started (monotonic)."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    deaths: deque[float] = field(default_factory=deque)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None


class Launcher:
    """Starts, watches and stops the embedded Airflow of one BAM_HOME. Use it as a context manager; leaving it stops everything.

    Args:
        settings: whose Airflow it is.
        port: where to listen on 127.0.0.1; None takes PREFERRED_PORT or, where that is taken, any free one.
        schedules: whether DAGs run by the clock (`bam up`) or only when asked for (`bam run --airflow`).
        tell: takes lines for people.
    """

    def __init__(self, settings: Settings, *, port: int | None, schedules: bool, tell: Tell) -> None:
        self.home = AirflowHome.of(settings)
        self._settings, self._wanted_port, self._schedules, self._tell = settings, port, schedules, tell
        self._lock: IO[str] | None = None
        self._environment: dict[str, str] = {}
        self._components: list[Component] = []
        self._next_health_check = 0.0
        self._unhealthy_checks = 0
        self.port = 0

    @property
    def address(self) -> str:
        """Where the UI and the API are."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> AirflowClient:
        """A client that is logged in as admin."""
        return AirflowClient(self.address, "admin", self.home.password("admin"))

    def __enter__(self) -> Launcher:
        self.home.prepare()
        self._lock = _take_lock(self.home)
        try:
            _end_leftovers(self.home)
            self.port = self._wanted_port or _free_port()
            self._environment = airflow_environment(
                self.home, self._settings, port=self.port, schedules=self._schedules, inherited=os.environ
            )
            _write_state(self._lock, {"address": self.address, "pid": os.getpid()})
            migrate(self.home, self._environment, self._tell)
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        self._tell(f"Starting Airflow on {self.address}")
        self._components = [
            Component("api-server", ("api-server",)),
            Component("scheduler", ("scheduler", "--skip-serve-logs")),
            Component("dag-processor", ("dag-processor",)),
        ]
        if self._schedules:
            self._components.append(Component("triggerer", ("triggerer", "--skip-serve-logs")))
        for component in self._components:
            self._spawn(component)
        self._wait_until_healthy()

    def _spawn(self, component: Component) -> None:
        with (self.home.logs / f"{component.name}.log").open("ab") as output:
            component.process = subprocess.Popen(
                [*COMMAND, *component.arguments],
                env=self._environment,
                cwd=self.home.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        component.started = time.monotonic()
        assert self._lock is not None
        alive = [Session.of(c.process.pid) for c in self._components if c.process and c.is_alive]
        sessions = [asdict(session) for session in alive]
        _write_state(self._lock, {"address": self.address, "pid": os.getpid(), "sessions": sessions})

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        warmed = False
        with self.client() as client:
            while time.monotonic() < deadline:
                for component in self._components:
                    if not component.is_alive:
                        raise self._failure(component, "stopped while starting")
                health = client.health()
                if health and not warmed:
                    # The API that tasks talk to builds itself at its first request, which takes seconds: let that be now.
                    client.warm_up()
                    warmed = True
                if warmed and _is_healthy(health, {"scheduler", "dag_processor"}):
                    return
                time.sleep(0.2)
        raise self._failure(self._components[0], f"didn't answer within {START_SECONDS} s")

    def _failure(self, component: Component, what: str) -> AirflowError:
        path = self.home.logs / f"{component.name}.log"
        return AirflowError(
            f"the {component.name} of Airflow {what}: {last_line(path)}",
            where=str(path),
            remedy="Read this log; `bam doctor` may help.",
        )

    def watch(self) -> None:
        """One look at the components: restart what died or hangs. Call it again and again while Airflow is wanted.

        Raises:
            AirflowError: a component died again and again.
        """
        for component in self._components:
            if not component.is_alive:
                self._restart(component, "died")
        if time.monotonic() >= self._next_health_check:
            self._next_health_check = time.monotonic() + HEALTH_SECONDS
            self._check_health()
        time.sleep(WATCH_SECONDS)

    def _check_health(self) -> None:
        """Restart a scheduler that runs but has stopped its heartbeat. Busy moments don't count, and neither does its start:
        it imports a good deal first, and whoever kills it for that never gets one on a busy machine.
        """
        with self.client() as client:
            health = client.health()
        scheduler = next(c for c in self._components if c.name == "scheduler")
        is_starting = time.monotonic() < scheduler.started + START_SECONDS
        is_well = health is None or is_starting or _is_healthy(health, {"scheduler"})
        self._unhealthy_checks = 0 if is_well else self._unhealthy_checks + 1
        if self._unhealthy_checks >= HEALTH_LOOKS:
            self._unhealthy_checks = 0
            self._restart(scheduler, "gives no sign of life")

    def _restart(self, component: Component, what: str) -> None:
        now = time.monotonic()
        component.deaths.append(now)
        while component.deaths[0] < now - RESTART_WINDOW_SECONDS:
            component.deaths.popleft()
        if len(component.deaths) > MAX_RESTARTS:
            raise self._failure(component, f"died {len(component.deaths)} times in {RESTART_WINDOW_SECONDS // 60} minutes")
        self._tell(f"The {component.name} {what}; starting it again")
        if component.process:
            end_sessions([component.process.pid], GRACE_SECONDS)
            component.process.wait()
        self._spawn(component)

    def stop(self) -> None:
        """End every process that any component started, undisturbed by a second Ctrl-C."""
        with _signals_ignored():
            if self._components:
                self._tell("Stopping Airflow")
            self._stop_components()
            if self._lock:
                self._lock.truncate(0)
                self._lock.close()
                self._lock = None

    def _stop_components(self) -> None:
        # The API server goes last: tasks report their end to it.
        workers = [c for c in self._components if c.name != "api-server"]
        servers = [c for c in self._components if c.name == "api-server"]
        for group, grace in ((workers, GRACE_SECONDS), (servers, API_GRACE_SECONDS)):
            end_sessions([c.process.pid for c in group if c.process], grace)
            for component in group:
                if component.process:
                    component.process.wait()
        self._components = []


def running_airflow(settings: Settings) -> RunningAirflow | None:
    """The Airflow that a launcher keeps running for these settings now, if any."""
    path = AirflowHome.of(settings).lock
    with suppress(FileNotFoundError), path.open("r+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            state = _read_state(lock)
            return RunningAirflow(str(state.get("address", "an address that isn't known yet")), int(state.get("pid", 0)))
    return None


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into KeyboardInterrupt, so that every way to end a launcher runs its clean stop."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    previous = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def _signals_ignored() -> Iterator[None]:
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def migrate(home: AirflowHome, environment: Mapping[str, str], tell: Tell) -> None:
    """Make or upgrade Airflow's own database, once per installed version of Airflow.

    Raises:
        AirflowError: the migration failed; the line names its log.
    """
    from importlib.metadata import version

    mark, wanted = home.folder / "migrated", version("apache-airflow-core")
    if home.database.exists() and mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    tell("Preparing Airflow's database")
    output = home.logs / "migration.log"
    with output.open("wb") as stream:
        code = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code:
        raise AirflowError(
            f"Airflow's database couldn't be prepared: {last_line(output)}",
            where=str(output),
            remedy=f"Read this log; removing {home.database} makes a new one (the history of runs is lost, no data of ours).",
        )
    mark.write_text(wanted, encoding="utf-8")


def _take_lock(home: AirflowHome) -> IO[str]:
    lock = home.lock.open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        state = _read_state(lock)
        lock.close()
        raise AirflowError(
            f"Airflow is running already at {state.get('address', 'an unknown address')} (process {state.get('pid', '?')})",
            where=str(home.folder),
            remedy="Use it, or stop it with Ctrl-C in its window, or choose another BAM_HOME.",
        ) from None
    return lock


def _read_state(lock: IO[str]) -> dict[str, Any]:
    lock.seek(0)
    with suppress(json.JSONDecodeError):
        state = json.loads(lock.read() or "{}")
        if isinstance(state, dict):
            return state
    return {}


def _write_state(lock: IO[str], state: Mapping[str, object]) -> None:
    lock.seek(0)
    lock.truncate(0)
    lock.write(json.dumps(state))
    lock.flush()


def _end_leftovers(home: AirflowHome) -> None:
    """End what a launcher that was killed has left running."""
    with home.lock.open("r", encoding="utf-8") as lock:
        sessions = [Session(**noted) for noted in _read_state(lock).get("sessions", [])]
    left = [session.leader for session in sessions if session.is_left_over()]
    if left:
        log.info("ending what an earlier launcher has left running: sessions %s", left)
        end_sessions(left, GRACE_SECONDS)


def _is_healthy(health: Mapping[str, Any] | None, names: set[str]) -> bool:
    return health is not None and all((health.get(name) or {}).get("status") == "healthy" for name in names)


def _free_port() -> int:
    """PREFERRED_PORT, or any that is free."""
    for port in (PREFERRED_PORT, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise AirflowError("no port is free on 127.0.0.1", remedy="Give one with --port.")
