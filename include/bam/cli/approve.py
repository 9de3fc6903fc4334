"""`bam approve`: a person's word before a brief is sent."""

from __future__ import annotations

import getpass

import click


@click.command()
@click.argument("issue_id", metavar="[ISSUE]", required=False)
@click.option("--reject", is_flag=True, help="Say no: it is not sent.")
@click.option("--note", help="Why; kept with the decision.")
@click.option("--by", default=getpass.getuser, show_default="your login", help="Who decides.")
def command(issue_id: str | None, reject: bool, note: str | None, by: str) -> None:
    """Approve an issue of a brief that asks for it, or list what waits.

    The word holds for exactly what the issue holds now: title, label, figures, PDF and mail. If any of it changes, it is asked
    for again. The first letters of the issue's id are enough. Then send it: bam deliver ISSUE.
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
    click.echo(f"{found.title} ({found.issue_id}): {found.sentence}.")
    click.echo(f"Content {found.content_sha256[:16]}, {found.pdf_path}")
