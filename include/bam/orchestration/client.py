"""Airflow's REST API, as far as we use it: logged in, retried while Airflow's database is busy, errors as one clear line."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from bam.model.errors import BamError

ATTEMPTS = 8
"""Tries of a request that Airflow couldn't serve just then (its SQLite was locked, it was starting): about 20 s in all."""

FINISHED_RUN_STATES = frozenset({"success", "failed"})


FAULT_ATTEMPTS = 4
"""Tries of a request that Airflow answered with status 500: on SQLite it doesn't always say that a lock was the fault. Its API
server writes its log of actions in the loop that serves all requests, so that it may wait for itself, five seconds long.
"""


BACKFILL_ATTEMPTS = 100
"""The same for a backfill: Airflow makes its runs one by one and takes all back if the database is written to in a wrong moment.
With two years beside busy tasks one try in twenty gets through; a try takes less than a second.
"""


class AirflowError(BamError):
    """Airflow can't be started, doesn't answer, or refuses what we ask."""


class AirflowFault(AirflowError):
    """Airflow failed inside (HTTP 500)."""


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task instance: `map_index` is -1 where the task isn't mapped, `state` is empty before it is scheduled."""

    task_id: str
    map_index: int
    state: str
    try_number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RunState:
    """One DAG run as it stands now."""

    dag_id: str
    run_id: str
    state: str
    note: str | None = None
    tasks: tuple[TaskState, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.state in FINISHED_RUN_STATES

    def state_of(self, task_id: str) -> str | None:
        """The state of one of its tasks; None where it has none of that name, or hasn't scheduled it yet."""
        return next((task.state for task in self.tasks if task.task_id == task_id), None)


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task that waits under Required Actions for a person's answer."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int


@dataclass(frozen=True, slots=True)
class AssetEvent:
    """An asset was updated; `started` are the DAG runs (DAG id, run id) that this set off so far."""

    asset: str
    started: tuple[tuple[str, str], ...]


class AirflowClient:
    """Requests to one Airflow as one user.

    Args:
        address: base address of the API server, such as `http://127.0.0.1:8080`.
        user: login name of Airflow's auth manager.
        password: its password; it is sent once for a token.
    """

    def __init__(self, address: str, user: str, password: str) -> None:
        self.address = address.rstrip("/")
        self._login = {"username": user, "password": password}
        self._http = httpx.Client(base_url=self.address, timeout=30, trust_env=False)
        self._token: str | None = None

    def __enter__(self) -> AirflowClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        self._http.close()

    def health(self) -> Mapping[str, Any] | None:
        """What the components say of themselves; None while the API server doesn't answer."""
        try:
            response = self._http.get("/api/v2/monitor/health", timeout=5)
        except httpx.HTTPError:
            return None
        return response.json() if response.is_success else None

    def warm_up(self) -> None:
        """Have Airflow build the API that its tasks talk to. Nothing is wrong if it can't yet."""
        try:
            self._http.get("/execution/health", timeout=60)
        except httpx.HTTPError:
            return

    def dag_ids(self) -> set[str]:
        """Ids of the DAGs that Airflow has parsed and can run."""
        return {dag["dag_id"] for dag in self._get("/dags", limit=1000)["dags"] if not dag.get("is_stale")}

    def import_errors(self) -> list[tuple[str, str]]:
        """DAG files that can't be parsed: file name and the last line of the traceback."""
        errors = self._get("/importErrors", limit=100)["import_errors"]
        return [(error["filename"], error["stack_trace"].strip().splitlines()[-1]) for error in errors]

    def is_paused(self, dag_id: str) -> bool:
        """Whether the DAG's runs are held. Raises AirflowError if there is no such DAG."""
        return bool(self._get(f"/dags/{quote(dag_id)}")["is_paused"])

    def pause(self, dag_id: str, paused: bool) -> None:
        """Hold the DAG's runs, or let them go."""
        self._request("PATCH", f"/dags/{quote(dag_id)}", json={"is_paused": paused})

    def trigger(self, dag_id: str, conf: Mapping[str, object]) -> str:
        """Ask for a run now, outside the DAG's schedule, and return its id."""
        # The id is ours, so that a second request for a run that was made after all is refused and no second run is made.
        run_id = f"manual__{datetime.now(UTC).isoformat()}-{secrets.token_hex(4)}"
        body = {"dag_run_id": run_id, "logical_date": None, "conf": dict(conf)}
        self._request("POST", f"/dags/{quote(dag_id)}/dagRuns", json=body, made_before=httpx.codes.CONFLICT)
        return run_id

    def run(self, dag_id: str, run_id: str) -> RunState:
        """The run with its tasks."""
        path = f"/dags/{quote(dag_id)}/dagRuns/{quote(run_id, safe='')}"
        run = self._get(path)
        tasks = self._get(f"{path}/taskInstances", limit=1000)["task_instances"]
        return RunState(dag_id, run_id, run["state"], run["note"], tuple(_task_state(task) for task in tasks))

    def unfinished(self, dag_id: str) -> list[RunState]:
        """The DAG's runs that are queued or going on, with their tasks."""
        runs = self._get(f"/dags/{quote(dag_id)}/dagRuns", state=["queued", "running"], limit=100)["dag_runs"]
        return [self.run(dag_id, run["dag_run_id"]) for run in runs]

    def asset_events(self, dag_id: str, run_id: str) -> list[AssetEvent] | None:
        """The asset updates that a run has made; None while Airflow can't tell."""
        try:
            events = self._get("/assets/events", source_dag_id=dag_id, source_run_id=run_id, limit=1000)["asset_events"]
        except AirflowFault:
            # Airflow 3.3 answers 500 here for as long as a run that an event has set off hasn't started.
            return None
        return [AssetEvent(e["name"], tuple((run["dag_id"], run["run_id"]) for run in e["created_dagruns"])) for e in events]

    def last_error(self, run: RunState, task: TaskState) -> str:
        """The last line that a failed task wrote for people; empty if it wrote none."""
        path = f"/dags/{quote(run.dag_id)}/dagRuns/{quote(run.run_id, safe='')}/taskInstances/{quote(task.task_id)}"
        lines = self._get(f"{path}/logs/{task.try_number}", map_index=task.map_index, full_content=True)["content"]
        plain = [line["event"] for line in lines if isinstance(line, dict) and str(line.get("logger", "")).startswith("bam.")]
        return str(plain[-1]) if plain else ""

    def waiting_tasks(self, dag_id: str) -> list[WaitingTask]:
        """The DAG's tasks that wait for a person's answer."""
        path = f"/dags/{quote(dag_id)}/dagRuns/~/hitlDetails"
        details = self._get(path, response_received=False, state=["awaiting_input"], limit=100)["hitl_details"]
        tasks = [detail["task_instance"] for detail in details]
        return [WaitingTask(task["dag_id"], task["dag_run_id"], task["task_id"], task["map_index"]) for task in tasks]

    def told(self, task: WaitingTask, key: str) -> Any:
        """What a task left for others under that key (its XCom)."""
        return self._get(f"{_path_of(task)}/xcomEntries/{quote(key)}", map_index=task.map_index)["value"]

    def answer(self, task: WaitingTask, option: str) -> None:
        """Choose one of the options that a waiting task offers. One that somebody has answered meanwhile stays as it is."""
        path = f"{_path_of(task)}/{task.map_index}/hitlDetails"
        self._request("PATCH", path, json={"chosen_options": [option], "params_input": {}}, made_before=httpx.codes.CONFLICT)

    def backfill_dates(self, body: Mapping[str, object]) -> list[str]:
        """The logical dates for which such a backfill would make runs. `body` is that of `create_backfill`."""
        planned = self._request("POST", "/backfills/dry_run", json=body)["backfills"]
        return [str(run["logical_date"]) for run in planned]

    def create_backfill(self, body: Mapping[str, object]) -> None:
        """Ask for a backfill (Airflow's `BackfillPostBody`). After a fault Airflow is asked whether it was made nevertheless."""
        for attempt in range(FAULT_ATTEMPTS):
            try:
                self._request("POST", "/backfills", json=body, repeat=False, attempts=BACKFILL_ATTEMPTS, longest_pause=0.5)
                return
            except AirflowFault:
                if self.active_backfills(str(body["dag_id"])):
                    return
                if attempt + 1 == FAULT_ATTEMPTS:
                    raise

    def active_backfills(self, dag_id: str) -> list[tuple[str, str]]:
        """First and last logical date of the DAG's backfills that aren't done."""
        backfills = self._get("/backfills", dag_id=dag_id, limit=100)["backfills"]
        return [(backfill["from_date"], backfill["to_date"]) for backfill in backfills if backfill["completed_at"] is None]

    def runs_between(self, dag_id: str, first: str, last: str) -> dict[str, RunState]:
        """The runs whose logical dates are from `first` to `last`, by logical date and without their tasks."""
        runs: dict[str, RunState] = {}
        seen = 0
        while True:
            page = self._get(
                f"/dags/{quote(dag_id)}/dagRuns", logical_date_gte=first, logical_date_lte=last, limit=100, offset=seen
            )
            found = page["dag_runs"]
            seen += len(found)
            runs |= {run["logical_date"]: RunState(dag_id, run["dag_run_id"], run["state"], run["note"]) for run in found}
            if not found or seen >= page["total_entries"]:
                return runs

    def _get(self, path: str, **query: object) -> Any:
        return self._request("GET", path, params={key: value for key, value in query.items() if value is not None})

    def _request(
        self,
        method: str,
        path: str,
        *,
        repeat: bool = True,
        made_before: int | None = None,
        attempts: int = ATTEMPTS,
        longest_pause: float = 4,
        **arguments: Any,
    ) -> Any:
        """One request below /api/v2. What is safe to repeat is tried again for as long as Airflow is busy; a request that
        makes something only when Airflow says that it has made nothing (503, or its database was locked). `made_before` is the
        status by which Airflow refuses to make the same again: after a fault it means that the first request got through.
        """
        for attempt in range(attempts):
            pause = min(0.25 * 2 ** min(attempt, 4), longest_pause)
            try:
                response = self._http.request(
                    method, f"/api/v2{path}", headers={"Authorization": f"Bearer {self._valid_token()}"}, **arguments
                )
            except httpx.ConnectError as error:
                fault = str(error)
            except httpx.HTTPError as error:
                if not repeat:
                    raise self._refused(method, path, str(error)) from error
                fault = str(error)
            else:
                if response.is_success:
                    return response.json() if response.content else None
                if attempt and response.status_code == made_before:
                    return None
                fault = _detail(response)
                if response.status_code == httpx.codes.UNAUTHORIZED and attempt == 0:
                    self._token = None
                    continue
                is_fault = response.status_code == httpx.codes.INTERNAL_SERVER_ERROR and "locked" not in response.text
                if is_fault and (not repeat or method == "GET" or attempt >= FAULT_ATTEMPTS):
                    raise AirflowFault(f"Airflow failed at {method} {path}", where=self.address, remedy="See api-server.log.")
                if response.status_code < 500 and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    break
            time.sleep(pause)
        raise self._refused(method, path, fault)

    def _refused(self, method: str, path: str, fault: str) -> AirflowError:
        return AirflowError(f"Airflow doesn't do {method} {path}: {fault}", where=self.address, remedy="Its logs tell more.")

    def _valid_token(self) -> str:
        if self._token is None:
            response = self._http.post("/auth/token", json=self._login)
            if not response.is_success:
                raise AirflowError(
                    f"Airflow refuses the login of {self._login['username']!r}",
                    where=self.address,
                    remedy="Check user and password (BAM_AIRFLOW_USER, BAM_AIRFLOW_PASSWORD).",
                )
            self._token = str(response.json()["access_token"])
        return self._token


def _path_of(task: WaitingTask) -> str:
    return f"/dags/{quote(task.dag_id)}/dagRuns/{quote(task.run_id, safe='')}/taskInstances/{quote(task.task_id)}"


def _task_state(task: Mapping[str, Any]) -> TaskState:
    return TaskState(task["task_id"], task["map_index"], task["state"] or "", task["try_number"], float(task["duration"] or 0))


def _detail(response: httpx.Response) -> str:
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = response.text
    if isinstance(detail, list):
        detail = "; ".join(str(fault.get("msg", fault)) if isinstance(fault, dict) else str(fault) for fault in detail)
    return f"{response.status_code} {str(detail)[:300]}"
