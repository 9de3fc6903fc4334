"""The `bam` command. Each sub-command is a module of this package and is imported only when it is called."""

from __future__ import annotations

import importlib
import logging
import sys

import click

from bam import __version__
from bam.model.errors import BamError

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("bam.cli.run", "The whole way once: ingest, extract, update, briefs, delivery."),
    "ingest": ("bam.cli.ingest", "Read documents from files, folders or a source of the portfolio."),
    "sources": ("bam.cli.sources", "How the sources are; try one out, add one."),
    "doc": ("bam.cli.doc", "A document's text, its versions and what changed between them."),
    "archive": ("bam.cli.archive", "Verify the archived bytes of all documents."),
    "extract": ("bam.cli.extract", "Print the facts of files as JSON lines; touches no database."),
    "reprocess": ("bam.cli.reprocess", "Read the archive again as we read today; show, keep or take back the difference."),
    "explain": ("bam.cli.explain", "Why each fact of a file was taken, and what was passed over."),
    "update": ("bam.cli.update", "Extract what is pending, build records, check them, publish the tables."),
    "check": ("bam.cli.check", "Run the quality checks and print what they found."),
    "queue": ("bam.cli.queue", "What needs a person, weakest first."),
    "review": ("bam.cli.review", "Accept, reject, edit or merge what is doubtful; take it back."),
    "verify": ("bam.cli.verify", "Follow all that is stored back to archived bytes."),
    "totals": ("bam.cli.totals", "What was given, promised and planned, and what no total counts."),
    "ledger": ("bam.cli.ledger", "Which sum is counted where and why not; check that all add up."),
    "record": ("bam.cli.record", "Show, merge, split a record, or take that back."),
    "diff": ("bam.cli.diff", "Which records changed between two times, and why."),
    "indicators": ("bam.cli.indicators", "The four indicator tables as text, CSV or JSON."),
    "brief": ("bam.cli.brief", "Render a brief for a period as PDF."),
    "verify-brief": ("bam.cli.verify_brief", "Check every figure of a brief against claims, quotes and archived bytes."),
    "pdf-check": ("bam.cli.pdf_check", "Check whether a PDF can be read by everybody (PDF/UA-1)."),
    "approve": ("bam.cli.approve", "Approve an issue before it is sent, or list what waits for approval."),
    "deliver": ("bam.cli.deliver", "Send an issue to everybody who gets it and hasn't got it."),
    "outbox": ("bam.cli.outbox", "What became of each delivery, and what only a person can decide."),
    "followups": ("bam.cli.followups", "Remind owners of commitments that are due soon or overdue."),
    "status": ("bam.cli.status", "What is stored, what is pending, what needs attention."),
    "backfill": ("bam.cli.backfill", "Make the runs of past periods through Airflow."),
    "db": ("bam.cli.db", "Bring the database to the schema of this version, or see which one it has."),
    "doctor": ("bam.cli.doctor", "Check the installation and say what to do for each fault."),
    "init-stack": ("bam.cli.init_stack", "Prepare the databases of the production stack (docker-compose.yml)."),
    "up": ("bam.cli.up", "The Airflow UI with our DAGs, on this machine."),
}
"""Name of a command: its module and the line that `bam --help` shows (so that help imports nothing)."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called: `bam --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bam")
@click.option("--verbose", "-v", is_flag=True, help="Log what each step does to standard error, tracebacks included.")
def bam(verbose: bool) -> None:
    """Border Assistance Monitor: reads documents, takes out who pays for what, and makes briefs that can be checked.

    \b
    The way of the data:  ingest -> extract -> update (records, checks, tables) -> brief -> deliver
    To see all of it at once on the sample documents:  make run
    """
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )


def main() -> None:
    """Entry point: user errors become one line on standard error and exit code 1 (2 for wrong usage)."""
    try:
        bam(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BamError as error:
        logging.getLogger(__name__).debug("the command failed", exc_info=True)
        click.echo(f"bam: {error}", err=True)
        sys.exit(1)
