"""`bam outbox`: see what became of each delivery, decide what nobody else can, and keep the suppression list."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable

import click

from bam.model.errors import BamError

_STATES = ("waiting", "sending", "sent", "failed", "unknown")


@click.group("outbox")
def command() -> None:
    """What became of each delivery, and what only a person can decide.

    \b
    waiting   not delivered yet; tried again by itself
    sending   a process is at it
    sent      the other side took it
    failed    refused for good, or given up
    unknown   handed over, and the answer got lost: ask the reader, then decide
    """


@command.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Only these states; may be repeated.")
@click.option("--issue", metavar="ID", help="Only this issue or digest.")
@click.option("--limit", default=50, show_default=True, help="The newest so many.")
def list_deliveries(states: tuple[str, ...], issue: str | None, limit: int) -> None:
    """Deliveries, newest last, then what is held back and what waits for approval."""
    from bam.cli.surroundings import command_context
    from bam.store.approvals import read_open_requests
    from bam.store.delivery import count_states, read_deliveries, read_refusals

    with command_context() as context, context.store.read() as connection:
        rows = read_deliveries(connection, states=states, parcel_id=issue, limit=limit)
        counts = count_states(connection)
        refusals = [] if states else read_refusals(connection, issue, is_current=True, limit=limit)
        requests = [] if states else read_open_requests(connection)
    _table(
        ("id", "state", "to", "over", "tries", "what", "why"),
        ((row.id, row.state, row.recipient_id, row.channel, str(row.attempts), row.title, row.reason or "") for row in rows),
    )
    for refusal, last_at in refusals:
        who = refusal.recipient_id or "everybody"
        click.echo(f"held back from {who}: {refusal.issue_id} ({last_at[:16]} UTC): {refusal.reason}")
    for request in requests:
        click.echo(f"waits for approval until {(request.expires_at or '')[:16]} UTC: bam approve {request.issue_id}")
    click.echo("In all: " + (", ".join(f"{counts[state]} {state}" for state in _STATES if state in counts) or "nothing"))


@command.command("decide")
@click.argument("delivery_id", metavar="ID")
@click.argument("decision", type=click.Choice(["sent", "resend"]))
@click.option("--by", default=getpass.getuser, show_default="your login", help="Who decides.")
def decide_one(delivery_id: str, decision: str, by: str) -> None:
    """Decide about a delivery that is unknown or failed.

    `sent`: the reader has it. `resend`: send it again, with the same Message-ID, at the next `bam outbox send` or run. The first
    letters of the id are enough.
    """
    from bam.cli.surroundings import command_context
    from bam.store.delivery import decide, find_ids, read_delivery

    with command_context() as context, context.store.write() as connection:
        found = find_ids(connection, delivery_id)
        if len(found) != 1:
            what = "no delivery has" if not found else f"{len(found)} deliveries have"
            raise BamError(f"{what} an id that begins with {delivery_id!r}", remedy="See `bam outbox list`.")
        if not decide(connection, found[0], "sent" if decision == "sent" else "waiting", by, context.timestamp()):
            row = read_delivery(connection, found[0])
            assert row is not None
            raise BamError(
                f"the delivery to {row.recipient_id} is {row.state}",
                where=found[0],
                remedy="Only unknown and failed ones can be decided.",
            )
    click.echo(f"{found[0]}: {'sent' if decision == 'sent' else 'waiting to be sent again'}")


@command.command("send")
@click.option("--now", "at_once", is_flag=True, help="Don't wait for the pauses between attempts.")
def send_waiting(at_once: bool) -> None:
    """Attempt everything that waits. The exit code is 1 while something still waits or needs a decision."""
    from bam.cli.surroundings import command_context
    from bam.pipeline.deliver import deliver_waiting

    with command_context() as context:
        reports = deliver_waiting(context, at_once=at_once)
    for report in reports:
        click.echo("\n".join(report.lines()))
    if not reports:
        click.echo("Nothing waits.")
    sys.exit(1 if any(report.is_waiting or report.needs_a_person for report in reports) else 0)


@command.command("suppress")
@click.argument("address")
@click.option("--reason", required=True, help="Why: unsubscribed, bounced, left.")
@click.option("--by", default=getpass.getuser, show_default="your login", help="Who says so.")
def suppress_address(address: str, reason: str, by: str) -> None:
    """Send no more mail to an address, in whatever list it stands."""
    from bam.cli.surroundings import command_context
    from bam.portfolio.recipients import address_key
    from bam.store.delivery import suppress

    with command_context() as context, context.store.write() as connection:
        is_new = suppress(connection, address_key(address), reason, by, context.timestamp())
    click.echo(f"{address} gets no more mail." if is_new else f"{address} was on the list already.")


@command.command("allow")
@click.argument("address")
def allow_address(address: str) -> None:
    """Take an address off the suppression list."""
    from bam.cli.surroundings import command_context
    from bam.portfolio.recipients import address_key
    from bam.store.delivery import unsuppress

    with command_context() as context, context.store.write() as connection:
        was_there = unsuppress(connection, address_key(address))
    click.echo(f"{address} gets mail again." if was_there else f"{address} was not on the list.")


@command.command("suppressed")
def list_suppressed() -> None:
    """The suppression list."""
    from bam.cli.surroundings import command_context
    from bam.store.delivery import read_suppressions

    with command_context() as context, context.store.read() as connection:
        found = read_suppressions(connection)
    for address, reason in found.items():
        click.echo(f"{address}: {reason}")
    if not found:
        click.echo("Nobody is on the list.")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Columns in line; the last one runs on."""
    listed = list(rows)
    if not listed:
        return
    widths = [max(len(row[column]) for row in [heads, *listed]) for column in range(len(heads) - 1)]
    for row in [heads, *listed]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]).rstrip())
