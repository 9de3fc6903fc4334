"""`bam backfill`: make the runs of past periods through Airflow."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bam.model.dates import first_day, last_day
from bam.settings import read_settings

if TYPE_CHECKING:
    from bam.orchestration.backfill import Reprocess
    from bam.orchestration.client import AirflowClient, RunState


@click.command()
@click.argument("dag_id", metavar="DAG")
@click.option("--from", "first", required=True, metavar="DAY", help="First day or month of the periods: 2014-01-01 or 2014-01.")
@click.option("--to", "last", required=True, metavar="DAY", help="Last day or month of the periods, included.")
@click.option(
    "--reprocess",
    type=click.Choice(["none", "failed", "completed"]),
    default="none",
    show_default=True,
    help="Which runs that are there already are made again.",
)
@click.option("--deliver", is_flag=True, help="Mail the briefs, too; without it they are only rendered.")
@click.option("--parallel", type=click.IntRange(1, 16), default=2, show_default=True, help="How many runs go on at a time.")
def command(dag_id: str, first: str, last: str, reprocess: Reprocess, deliver: bool, parallel: int) -> None:
    """Make the runs of past periods through Airflow, and wait until they are done.

    \b
    bam backfill brief_monthly --from 2014-01 --to 2014-12
    bam backfill ingest --from 2014-03-01 --to 2014-03-31

    Runs that are there already are left alone unless --reprocess says otherwise. The exit code is 1 if any run failed.
    """
    from bam.orchestration import backfill
    from bam.orchestration.remote import connect

    wanted = backfill.Backfill(
        dag_id=dag_id,
        first=_day(first, first_day, "--from"),
        last=_day(last, last_day, "--to"),
        reprocess=reprocess,
        conf={"deliver": True} if deliver else {},
        parallel=parallel,
    )
    with connect(read_settings(), os.environ) as client:
        dates = backfill.start(client, wanted)
        if not dates:
            click.echo(f"{dag_id}: nothing to do; the runs of that time are there (see --reprocess), or it has not ended.")
            return
        runs = _watched(client, dag_id, dates)
    click.echo(f"{dag_id}: {backfill.sentence(runs)}")
    failed = [run for run in runs if run.state == "failed"]
    for run in failed:
        click.echo(f"  {run.run_id}: {run.note or 'its tasks’ logs tell why'}", err=True)
    sys.exit(1 if failed else 0)


def _watched(client: AirflowClient, dag_id: str, dates: list[str]) -> list[RunState]:
    """Wait for the end of the backfill under a progress bar."""
    from bam.orchestration import backfill

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(dag_id, total=len(dates))

        def show(runs: Sequence[RunState]) -> None:
            progress.update(bar, completed=sum(run.is_finished for run in runs))

        return backfill.follow(client, dag_id, dates, show)


def _day(value: str, edge: Callable[[str], date], option: str) -> date:
    """The day that an ISO date prefix starts or ends with."""
    try:
        return edge(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no day or month; write 2014-03-01 or 2014-03.", param_hint=option) from error
