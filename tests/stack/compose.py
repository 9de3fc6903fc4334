"""The production stack as a test starts it: our Dockerfile and docker-compose.yml, with docker or podman."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
NAME = "bam-stack-test"
IMAGE = "border-assistance-monitor:local"


def find_engine() -> tuple[list[str], list[str]] | None:
    """The commands of the container engine and of its compose; None where a machine has neither."""
    if (
        shutil.which("docker")
        and subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    ):
        return ["docker"], ["docker", "compose"]
    if shutil.which("podman") and shutil.which("podman-compose"):
        return ["podman"], ["podman-compose"]
    return None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], seconds: float, what: str | Callable[[], str]) -> None:
    """Wait until it holds; fails after so many seconds, and says what did not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what if isinstance(what, str) else what()}"
        time.sleep(1)


@dataclass(frozen=True, slots=True)
class Stack:
    """The services of docker-compose.yml, under a project name of their own.

    `data` holds the folders `portfolio` and `generated` that the services read; `settings` are what .env would hold.
    """

    engine: list[str]
    compose: list[str]
    data: Path
    settings: dict[str, str]

    @classmethod
    def prepare(cls, engine: list[str], compose: list[str], data: Path, workers: int) -> Stack:
        """Choose passwords, keys and ports; nothing is started."""
        settings = {
            "POSTGRES_PASSWORD": secrets.token_hex(12),
            "AIRFLOW_JWT_SECRET": secrets.token_urlsafe(48),
            "AIRFLOW_API_SECRET_KEY": secrets.token_urlsafe(48),
            "AIRFLOW_FERNET_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "AIRFLOW_ADMIN_PASSWORD": secrets.token_hex(12),
            "AIRFLOW_PORT": str(free_port()),
            "STACK_POSTGRES_PORT": str(free_port()),
            "STACK_DATA": str(data),
            "AIRFLOW_WORKERS": str(workers),
            "WORKER_CONCURRENCY": "2",
            "BAM_SMTP_URL": "",
        }
        return cls(engine, compose, data, settings)

    @property
    def address(self) -> str:
        """Of Airflow's API."""
        return f"http://127.0.0.1:{self.settings['AIRFLOW_PORT']}"

    def database_url(self, name: str) -> str:
        """Of a database of the stack, from outside of it."""
        return (
            f"postgresql://airflow:{self.settings['POSTGRES_PASSWORD']}@127.0.0.1:{self.settings['STACK_POSTGRES_PORT']}/{name}"
        )

    def build(self) -> None:
        """Build our image. The build reaches package registries the way that this machine does."""
        subprocess.run(
            [*self.engine, "build", "--network", "host", "--tag", f"localhost/{IMAGE}", "--tag", IMAGE, str(PROJECT)],
            check=True,
            capture_output=True,
        )

    def image_bytes(self) -> int:
        """Size of our image with its base."""
        return int(self._engine("image", "inspect", "--format", "{{.Size}}", IMAGE).stdout)

    def up(self, services: Sequence[str]) -> None:
        """Start these services and no others."""
        self._compose("up", "--detach", "--no-deps", "--no-build", *services)

    def containers(self, service: str) -> list[str]:
        """Names of the containers of a service that run."""
        label = f"label=com.docker.compose.service={service}"
        project = f"label=com.docker.compose.project={NAME}"
        done = self._engine("ps", "--filter", label, "--filter", project, "--format", "{{.Names}}")
        return sorted(done.stdout.split())

    def is_healthy(self, service: str) -> bool:
        """Whether the health check that docker-compose.yml declares for the service passes in all its containers."""
        declared = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"][service]["healthcheck"]["test"]
        words = ["sh", "-c", declared.replace("$$", "$")] if isinstance(declared, str) else declared[1:]
        names = self.containers(service)
        return bool(names) and all(self._engine("exec", name, *words, check=False).returncode == 0 for name in names)

    def exit_code(self, service: str) -> int:
        """Wait until the only container of a service has ended."""
        (name,) = self._engine(
            "ps", "--all", "--filter", f"label=com.docker.compose.service={service}", "--format", "{{.Names}}"
        ).stdout.split()
        return int(self._engine("wait", name).stdout.strip())

    def kill(self, container: str) -> None:
        """End a container at once, without a chance to tidy up."""
        self._engine("kill", "--signal", "KILL", container)

    def logs(self, service: str) -> str:
        """The last lines of each container of a service."""
        label = f"label=com.docker.compose.service={service}"
        names = self._engine("ps", "--all", "--filter", label, "--format", "{{.Names}}").stdout.split()
        done = [self._engine("logs", "--tail", "30", name, check=False) for name in names]
        return "\n".join(one.stdout + one.stderr for one in done)

    def down(self) -> None:
        """Stop everything and remove what it kept."""
        self._compose("down", "--volumes", check=False)

    def host(self, container: str) -> str:
        """What a container calls itself."""
        return self._engine("inspect", "--format", "{{.Config.Hostname}}", container).stdout.strip()

    def user(self, container: str) -> str:
        """Who the processes of a container run as."""
        return self._engine("exec", container, "id", "-u").stdout.strip()

    def _compose(self, *arguments: str, check: bool = True) -> None:
        files = ["-f", str(PROJECT / "docker-compose.yml"), "-f", str(PROJECT / "tests/stack/override.yml")]
        command = [*self.compose, "-p", NAME, *files, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | self.settings, check=False)
        assert done.returncode == 0 or not check, done.stdout + done.stderr

    def _engine(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.engine, *arguments], capture_output=True, text=True, check=check)
