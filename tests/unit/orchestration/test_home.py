"""The folder and the environment of the embedded Airflow."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest

from bam.orchestration.home import USERS, AirflowHome, airflow_environment
from bam.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"BAM_HOME": str(tmp_path / "home"), "BAM_SMTP_URL": ""})


def test_secrets_are_made_once_and_readable_by_the_owner_only(settings: Settings) -> None:
    home = AirflowHome.of(settings)
    home.prepare()
    first = {path: path.read_bytes() for path in (home.passwords, home.keys)}
    home.prepare()
    assert {path: path.read_bytes() for path in first} == first
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in first)
    assert len({home.password(user) for user in USERS}) == len(USERS)
    keys = json.loads(home.keys.read_text())
    assert len(base64.urlsafe_b64decode(keys["fernet"])) == 32
    assert len(keys["jwt"]) >= 64


def test_places_are_ours_and_tuning_is_the_callers(settings: Settings) -> None:
    home = AirflowHome.of(settings)
    home.prepare()
    inherited = {
        "PATH": "/bin",
        "AIRFLOW_HOME": "/elsewhere",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://elsewhere",
        "AIRFLOW__CORE__PARALLELISM": "16",
    }
    environment = airflow_environment(home, settings, port=8090, schedules=False, inherited=inherited)
    assert environment["AIRFLOW_HOME"] == str(home.folder)
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{home.database}"
    assert environment["AIRFLOW__CORE__PARALLELISM"] == "16"
    assert environment["PATH"] == "/bin"
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8090/execution/"
    assert environment["BAM_SCHEDULES"] == "off"
    assert (Path(environment["AIRFLOW__CORE__DAGS_FOLDER"]) / "ingest.py").is_file()


def test_every_component_reads_the_settings_of_the_launcher(settings: Settings) -> None:
    home = AirflowHome.of(settings)
    home.prepare()
    environment = airflow_environment(home, settings, port=1, schedules=True, inherited={"BAM_SMTP_URL": "smtp://mail.test"})
    assert read_settings(environment) == read_settings({"BAM_HOME": str(settings.home), "BAM_SMTP_URL": "smtp://mail.test"})
