"""`bam doctor`: is everything here that the monitor needs, and what to do about what isn't?"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click
from rich.console import Console

from bam.settings import read_settings

_MARKS = {"ok": "[green]ok     [/]", "warning": "[yellow]warning[/]", "fault": "[red]fault  [/]"}


@click.command()
def command() -> None:
    """Check the installation: libraries, fonts, portfolio, database, archive, disk, clock, mail, Airflow.

    Changes nothing, apart from making the database where there is none. The exit code is 1 if there is a fault.
    """
    from bam.orchestration.diagnosis import State, diagnose

    console = Console(highlight=False, soft_wrap=True)
    faults = 0
    for finding in diagnose(read_settings(), os.environ, datetime.now(UTC)):
        console.print(f"{_MARKS[finding.state]} {finding.subject:<10}", end=" ")
        console.print(finding.what, markup=False)
        if finding.remedy:
            console.print(" " * 19 + finding.remedy, markup=False)
        faults += finding.state is State.FAULT
    if faults:
        console.print(f"\n{faults} {'fault' if faults == 1 else 'faults'}: do what the lines below them say.")
    sys.exit(1 if faults else 0)
