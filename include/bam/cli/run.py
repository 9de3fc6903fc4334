"""`bam run`: the whole way once, from the sources to the mails, with or without Airflow."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bam.settings import read_settings

if TYPE_CHECKING:
    from bam.cli.board import Board
    from bam.orchestration.client import AirflowClient
    from bam.orchestration.summary import RoundSummary
    from bam.pipeline.context import RunContext
    from bam.portfolio.load import Portfolio


@click.command()
@click.option("--airflow", "through_airflow", is_flag=True, help="Go through the real DAGs in an Airflow that is started for it.")
@click.option("--period", metavar="PERIOD", help="2014-03, 2014-Q1 or 2014; by default the latest that has data, for each brief.")
@click.option("--brief", "briefs", multiple=True, metavar="ID", help="Only this brief; may be repeated.  [default: all]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of Airflow; 8080 or any free one by default.")
def command(through_airflow: bool, period: str | None, briefs: tuple[str, ...], port: int | None) -> None:
    """Do the main job once: read the sources, extract, update and check the tables, render the briefs, deliver them.

    Run again at once, it adds nothing: no document, no claim, no mail. With --airflow the same is done by the DAGs: an Airflow
    is started and stopped again, or the one that `bam up` keeps running is used. The exit code is 1 if anything failed.
    """
    summary = _through_airflow(period, briefs, port) if through_airflow else _directly(period, briefs)
    click.echo("")
    for line in summary.lines(read_settings()):
        click.echo(line)
    sys.exit(1 if summary.failures else 0)


def _directly(period: str | None, briefs: tuple[str, ...]) -> RoundSummary:
    """The round by direct calls."""
    from bam.cli.surroundings import command_context
    from bam.orchestration.summary import RoundSummary
    from bam.pipeline.round import run_directly
    from bam.pipeline.status import read_status

    with command_context() as context:
        wanted = _wanted(context.portfolio, briefs)
        before = read_status(context)
        report = run_directly(context, wanted, period, lambda line: click.echo(line, err=True))
        return RoundSummary(before, read_status(context), report.briefs, report.failures)


def _through_airflow(period: str | None, briefs: tuple[str, ...], port: int | None) -> RoundSummary:
    """The round through the DAGs, in the Airflow that runs for this BAM_HOME or in one that is started for it."""
    from bam.cli.board import Board
    from bam.orchestration.launcher import Launcher, running_airflow, stop_signals
    from bam.orchestration.remote import connect
    from bam.pipeline.context import open_context

    settings = read_settings()
    board = Board()
    with open_context(settings) as context:
        wanted = _wanted(context.portfolio, briefs)
        if running_airflow(settings):
            board.tell("Using the Airflow that is running already")
            with connect(settings, os.environ) as client:
                return _round(context, client, wanted, period, board, own=False)
        with (
            stop_signals(),
            Launcher(settings, port=port, schedules=False, tell=board.tell) as airflow,
            airflow.client() as client,
        ):
            return _round(context, client, wanted, period, board, own=True)


def _round(
    context: RunContext, client: AirflowClient, briefs: Sequence[str], period: str | None, board: Board, *, own: bool
) -> RoundSummary:
    from bam.orchestration.chain import run_round
    from bam.orchestration.summary import RoundSummary
    from bam.pipeline.status import read_status

    before = read_status(context)
    with board.shown():
        done = run_round(client, briefs, {"period": period} if period else {}, own=own, watch=board.show)
    said = {
        run.dag_id: (client.run(run.dag_id, run.run_id).note or "").splitlines()
        for run in done.runs
        if run.dag_id.startswith("brief_")
    }
    for run in done.waiting_for_people:
        said[run.dag_id] = [*said.get(run.dag_id, []), "waits for approval: answer in Airflow (`make up`), or with `bam approve`"]
    for dag_id in done.switched_off:
        said[dag_id] = [f"{dag_id} is switched off in the Airflow that is running; switch it on there"]
    failures = [client.last_error(run, task) or f"{run.dag_id}.{task.task_id} failed" for run, task in done.failed_tasks]
    return RoundSummary(before, read_status(context), said, failures)


def _wanted(portfolio: Portfolio, briefs: Sequence[str]) -> list[str]:
    """The ids of the briefs that are asked for, all without any. Raises ConfigurationError for an unknown one."""
    return [portfolio.brief(brief_id).id for brief_id in briefs] or [brief.id for brief in portfolio.briefs]
