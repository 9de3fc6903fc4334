"""One Airflow component as a child of our launcher: `python -m bam.orchestration.component scheduler ...`."""

from __future__ import annotations

import ctypes
import importlib
import signal
import sys

_PR_SET_PDEATHSIG = 1

WARM_MODULES = (
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "bam.orchestration.steps",
    "pandas",
    "great_expectations",
    "matplotlib.figure",
    "weasyprint",
)
"""Imported by the scheduler before it forks its workers, so that no task pays for them again (2-7 s each)."""


def main() -> None:
    """Tie this process to its launcher and become the Airflow component that the arguments name."""
    _end_with_parent()
    if sys.argv[1] == "scheduler":
        for module in WARM_MODULES:
            importlib.import_module(module)
    sys.argv[0] = "airflow"
    airflow = importlib.import_module("airflow.__main__")
    airflow.main()


def _end_with_parent() -> None:
    """Have Linux send SIGTERM when the launcher dies without stopping us; elsewhere its next start cleans up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    main()
