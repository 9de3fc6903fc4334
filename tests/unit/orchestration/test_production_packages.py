"""The packages of the production stack fit together: what its services import at their start can be imported."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "airflow.providers.celery.executors.celery_executor_utils",
        "airflow.providers.celery.cli.celery_command",
        "airflow.providers.fab.auth_manager.fab_auth_manager",
        "s3fs",  # an archive in an object store
    ],
)
def test_services_find_what_they_import(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
