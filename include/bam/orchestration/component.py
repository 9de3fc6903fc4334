"""One Airflow component as our launcher or a container starts it: `python -m bam.orchestration.component scheduler ...`."""

from __future__ import annotations

import ctypes
import importlib
import pkgutil
import signal
import sys

_PR_SET_PDEATHSIG = 1

FORKING = ("scheduler", "celery")
"""Components that fork the processes in which tasks run: the scheduler with its LocalExecutor, and Celery's workers."""

STEPS = "bam.pipeline"
"""The package whose modules tasks call."""

WARM_MODULES = (
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "bam.orchestration.steps",
    "pandas",
    "great_expectations",
    "matplotlib.figure",
    "weasyprint",
)
"""Imported by these before they fork, with all of `STEPS`, so that no task pays for them (2-8 s each)."""


def main() -> None:
    """Tie this process to its parent and become the Airflow component that the arguments name."""
    _end_with_parent()
    if sys.argv[1] in FORKING:
        for module in WARM_MODULES:
            importlib.import_module(module)
        for step in pkgutil.iter_modules(importlib.import_module(STEPS).__path__, f"{STEPS}."):
            importlib.import_module(step.name)
    sys.argv[0] = "airflow"
    airflow = importlib.import_module("airflow.__main__")
    airflow.main()


def _end_with_parent() -> None:
    """Have Linux send SIGTERM when the launcher dies without stopping us; elsewhere its next start cleans up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    main()
