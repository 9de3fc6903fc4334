"""`bam approve`: a person's word before a brief is sent."""

from __future__ import annotations

import getpass
import os
from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bam.pipeline.context import RunContext


@click.command()
@click.argument("issue_id", metavar="[ISSUE]", required=False)
@click.option("--reject", is_flag=True, help="Say no: it is not sent.")
@click.option("--note", help="Why; kept with the decision.")
@click.option("--by", default=getpass.getuser, show_default="your login", help="Who decides.")
def command(issue_id: str | None, reject: bool, note: str | None, by: str) -> None:
    """Approve an issue of a brief that asks for it, or list what waits.

    The word holds for exactly what the issue holds now: title, label, figures, PDF and mail. If any of it changes, it is asked
    for again. The first letters of the issue's id are enough. A run that waits for the word in Airflow gets it and goes on;
    otherwise send it: bam deliver ISSUE.
    """
    from bam.cli.surroundings import command_context
    from bam.pipeline.approve import answer, open_requests

    with command_context() as context:
        if issue_id is None:
            requests = open_requests(context)
            for request in requests:
                click.echo(f"{request.issue_id}  {request.title}: {request.sentence}\n  {request.pdf_path}")
            if not requests:
                click.echo("Nothing waits for approval.")
            return
        found = answer(context, issue_id, "rejected" if reject else "approved", by=by, via="command", note=note)
        passed_on = _pass_on(context, found.issue_id)
    click.echo(f"{found.title} ({found.issue_id}): {found.sentence}.")
    click.echo(f"Content {found.content_sha256[:16]}, {found.pdf_path}")
    if passed_on:
        click.echo("The run that waited for it in Airflow goes on.")


def _pass_on(context: RunContext, issue_id: str) -> int:
    """Tell the Airflow that belongs to us, if there is one. If it doesn't take the word, its run goes on waiting."""
    from bam.orchestration.answers import pass_on
    from bam.orchestration.client import AirflowError
    from bam.orchestration.launcher import running_airflow
    from bam.orchestration.remote import connect
    from bam.pipeline.approve import common_decision
    from bam.pipeline.deliver import load_issue

    if not os.environ.get("BAM_AIRFLOW_URL") and running_airflow(context.settings) is None:
        return 0
    try:
        with connect(context.settings, os.environ) as client:
            return pass_on(client, f"brief_{load_issue(context, issue_id).brief.id}", partial(common_decision, context))
    except AirflowError as error:
        click.echo(f"bam: {error} The word is kept; answer Airflow's Required Actions, too.", err=True)
        return 0
