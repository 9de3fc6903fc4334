"""The folder in which the embedded Airflow lives, and the environment that makes Airflow use it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bam.settings import Settings

USERS = {"admin": "admin", "operator": "op", "viewer": "viewer"}
"""Logins of the embedded Airflow and their roles: viewers read, operators trigger and approve, admins do everything."""

DAGS_FOLDER = Path(__file__).resolve().parents[3] / "dags"

LIVE_IDLE_SECONDS = 0.5
"""How long an idle scheduler sleeps under `bam up`: a click shows within a second at a few percent of a core."""

ROUND_IDLE_SECONDS = 0.1
"""The same during `bam run --airflow`, where nobody is idle: a chain of 20 tasks takes 6-11 s instead of 20-25 s."""


@dataclass(frozen=True, slots=True)
class AirflowHome:
    """Where the embedded Airflow of one BAM_HOME keeps its database, logs, secrets and the mark of its launcher."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> AirflowHome:
        """The Airflow folder that belongs to these settings."""
        return cls(settings.home / "airflow")

    @property
    def database(self) -> Path:
        """SQLite file of Airflow's own metadata; no data of ours is in it."""
        return self.folder / "airflow.sqlite"

    @property
    def logs(self) -> Path:
        """Logs of the components (`scheduler.log`, ...); those of the tasks are in `tasks/`."""
        return self.folder / "logs"

    @property
    def passwords(self) -> Path:
        """JSON object of login and password, readable by the owner only."""
        return self.folder / "passwords.json"

    @property
    def keys(self) -> Path:
        """JSON object of the keys that sign tokens and encrypt connections, readable by the owner only."""
        return self.folder / "keys.json"

    @property
    def lock(self) -> Path:
        """File that a running launcher holds locked; it says where that launcher listens."""
        return self.folder / "launcher.json"

    def prepare(self) -> None:
        """Make the folder with its keys and passwords, keeping those that are there."""
        self.logs.mkdir(parents=True, exist_ok=True)
        _write_once(self.passwords, {user: secrets.token_urlsafe(12) for user in USERS})
        _write_once(self.keys, {"jwt": secrets.token_urlsafe(64), "session": secrets.token_urlsafe(48), "fernet": _fernet_key()})

    def password(self, user: str) -> str:
        """The password of one of `USERS`. Raises KeyError for others, OSError before `prepare`."""
        return str(json.loads(self.passwords.read_text(encoding="utf-8"))[user])


def airflow_environment(
    home: AirflowHome, settings: Settings, *, port: int, schedules: bool, inherited: Mapping[str, str]
) -> dict[str, str]:
    """The environment of every component: Airflow's settings and ours, on top of what was inherited.

    Args:
        port: where the API server listens on 127.0.0.1.
        schedules: whether DAGs run by the clock; without, they run when asked for and when their assets change.
        inherited: the caller's environment. What decides where things are is replaced, what tunes Airflow is kept.
    """
    keys = json.loads(home.keys.read_text(encoding="utf-8"))
    address = f"http://127.0.0.1:{port}"
    tuning = {
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__MP_START_METHOD": "fork",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": str(LIVE_IDLE_SECONDS if schedules else ROUND_IDLE_SECONDS),
        # A task's supervisor may notice the end of its task only at its next heartbeat, and holds a worker until then.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        # A scheduler that was killed leaves tasks behind; the next one takes them up after half a minute, not after five.
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        # Airflow's list of DAGs overlooks the owners of mapped tasks and shows this one for them.
        "AIRFLOW__OPERATORS__DEFAULT_OWNER": "operations",
        "GX_ANALYTICS_ENABLED": "False",
    }
    fixed = {
        "AIRFLOW_HOME": str(home.folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS_FOLDER),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home.passwords),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
        "AIRFLOW__API__SECRET_KEY": keys["session"],
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.database}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home.logs / "tasks"),
        "AIRFLOW__DAG_PROCESSOR__DAG_PROCESSOR_LOG_TARGET": "file",
        "BAM_HOME": str(settings.home),
        "BAM_DATABASE_URL": settings.database_url,
        "BAM_ARCHIVE_URL": settings.archive_url,
        "BAM_PORTFOLIO": str(settings.portfolio),
        "BAM_TEMPLATES": str(settings.templates),
        "BAM_SCHEDULES": "on" if schedules else "off",
    }
    return tuning | dict(inherited) | fixed


def _write_once(path: Path, content: Mapping[str, str]) -> None:
    if path.exists():
        return
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(content, indent=1), encoding="utf-8")
    partial.rename(path)


def _fernet_key() -> str:
    """32 random bytes in the form that Fernet wants: URL-safe base64 with its padding."""
    return secrets.token_urlsafe(32) + "="
