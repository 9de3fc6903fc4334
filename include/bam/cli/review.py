"""`bam review`: what people decide about claims and records."""

from __future__ import annotations

import getpass
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from bam.quality.review.actions import Hand, accept, confirm, edit, merge, reject, undo

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bam.model.claims import Claim
    from bam.quality.review.history import Decision
    from bam.quality.review.view import ClaimView

_BY = click.option(
    "--by",
    metavar="NAME",
    envvar="BAM_REVIEWER",
    default=getpass.getuser,
    help="Who decides: else BAM_REVIEWER, your login name.",
)
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept.")


@click.group()
def command() -> None:
    """Accept, reject, edit or merge what `bam queue` shows; every decision is kept and can be taken back.

    ID is a claim or a record, by any unambiguous beginning. Decisions hold from the next `bam update` on, and for whatever is
    extracted from the document later.
    """


@command.command(name="accept")
@click.argument("name", metavar="ID")
@_REASON
@_BY
def accept_command(name: str, reason: str, by: str) -> None:
    """Confirm a claim, or the claims that a record's values were chosen from."""
    from bam.quality.review.names import chosen_claims

    with _desk(by, reason) as (connection, hand):
        _tell(accept(connection, claim_id, hand) for claim_id in chosen_claims(connection, name))


@command.command(name="reject")
@click.argument("name", metavar="ID")
@_REASON
@_BY
def reject_command(name: str, reason: str, by: str) -> None:
    """Say that a claim, or each claim of a record, is no fact: it leaves the tables and doesn't come back."""
    from bam.quality.review.names import claims_of

    with _desk(by, reason) as (connection, hand):
        _tell(reject(connection, claim_id, hand) for claim_id in claims_of(connection, name))


@command.command(name="edit")
@click.argument("name", metavar="ID")
@click.option("--set", "settings", metavar="FIELD=VALUE", multiple=True, required=True, help="A new value; may be repeated.")
@_REASON
@_BY
def edit_command(name: str, settings: tuple[str, ...], reason: str, by: str) -> None:
    """Set other values: --set amount=36000000 --set donors=JP,US --set date= (nothing: not known).

    Of a record, the claim that the field was chosen from is edited.
    """
    from bam.quality.review.names import claim_of_field
    from bam.store.claims import read_claims

    with _desk(by, reason) as (connection, hand):
        changes: dict[str, dict[str, Any]] = defaultdict(dict)
        for setting in settings:
            field, equals, value = setting.partition("=")
            if not equals:
                raise click.UsageError(f"{setting!r} is not FIELD=VALUE.")
            claim = read_claims(connection, [claim_of_field(connection, name, field)])[0]
            changes[claim.id][field] = _value(claim, field, value)
        _tell(edit(connection, claim_id, values, hand) for claim_id, values in changes.items())


@command.command(name="merge")
@click.argument("name", metavar="ID")
@click.argument("other", metavar="OTHER_ID")
@_REASON
@_BY
def merge_command(name: str, other: str, reason: str, by: str) -> None:
    """Say that two claims, or records, speak of one thing."""
    from bam.quality.review.names import claims_of

    with _desk(by, reason) as (connection, hand):
        _tell([merge(connection, claims_of(connection, name)[0], claims_of(connection, other)[0], hand)])


@command.command(name="confirm")
@click.argument("name", metavar="DECISION")
@click.option("--reason", default="confirmed", metavar="TEXT", help="What was looked at; it is kept.")
@_BY
def confirm_command(name: str, reason: str, by: str) -> None:
    """The second person's word, where two are needed (see `bam queue --waiting`)."""
    from bam.quality.review.names import decision_of

    with _desk(by, reason) as (connection, hand):
        _tell([confirm(connection, decision_of(connection, name), hand)])


@command.command(name="undo")
@click.argument("name", metavar="DECISION|ID")
@_REASON
@_BY
def undo_command(name: str, reason: str, by: str) -> None:
    """Take back a decision, or the last one on a claim: what was in force before counts again."""
    from bam.quality.review.names import claims_of, decision_of

    with _desk(by, reason) as (connection, hand):
        target = decision_of(connection, name) if name.startswith("rev-") else claims_of(connection, name)[0]
        _tell([undo(connection, target, hand)])


@command.command()
@click.argument("name", metavar="ID")
def show(name: str) -> None:
    """A claim's values, its sentence in the document, what stands beside it, and what was decided."""
    from bam.cli.surroundings import command_context
    from bam.quality.review.names import claims_of
    from bam.quality.review.view import view_claim

    with command_context() as context, context.store.read() as connection:
        views = [view_claim(connection, claim_id) for claim_id in claims_of(connection, name)]
    for view in views:
        if view is not None:
            _print_view(view)


@command.command()
@click.argument("name", metavar="ID", required=False)
@click.option("--limit", "-n", default=50, show_default=True, type=click.IntRange(1), help="How many of the latest to print.")
def history(name: str | None, limit: int) -> None:
    """Who decided what, when and why: on a claim or record, or the latest decisions on anything."""
    from bam.cli.surroundings import command_context
    from bam.quality.review.names import claims_of
    from bam.store.reviews import read_decisions, subject_ids_of_claims

    with command_context() as context, context.store.read() as connection:
        subjects = None
        if name is not None:
            subjects = set(subject_ids_of_claims(connection, claims_of(connection, name)).values())
        decisions = read_decisions(connection, subjects)[-limit:]
    for row in decisions:
        target = row.refers_to or row.claim_id
        click.echo(f"{row.decided_at[:16]}  {row.id}  {row.action:<7}  {target}  {row.decided_by}: {row.reason}")
        for field, (before, after) in row.details.get("changes", {}).items():
            click.echo(f"    {field}: {before} -> {after}")
    if not decisions:
        click.echo("Nothing was decided yet.")


@contextmanager
def _desk(by: str, reason: str) -> Iterator[tuple[Connection, Hand]]:
    """A transaction and the hand that writes into it."""
    from bam.cli.surroundings import command_context

    with command_context() as context, context.store.write() as connection:
        yield connection, Hand(by, context.timestamp(), reason, context.portfolio.about.quality.two_person_review)


def _tell(decisions: Any) -> None:
    for decision in decisions:
        line = f"{decision.id}: {_WORDS[str(decision.action)](decision)}."
        if decision.needs_second:
            line += f" It counts once another person has said: bam review confirm {decision.id} --by NAME"
        click.echo(line)


_WORDS: dict[str, Callable[[Decision], str]] = {
    "accept": lambda decision: f"{decision.claim_id} is confirmed",
    "reject": lambda decision: f"{decision.claim_id} is rejected",
    "edit": lambda decision: f"{decision.claim_id} now says {_changes(decision)}",
    "merge": lambda decision: f"{decision.claim_id} and {decision.details['with']} are one thing",
    "confirm": lambda decision: f"{decision.refers_to} is confirmed and counts",
    "undo": lambda decision: f"{decision.refers_to} is taken back",
}


def _changes(decision: Decision) -> str:
    return ", ".join(f"{field}={after} (was {before})" for field, (before, after) in decision.details["changes"].items())


def _value(claim: Claim, field: str, value: str) -> Any:
    """The text of the command line as plain JSON: nothing for an empty one, a list where the field is one."""
    annotation = next((str(spec.type) for spec in fields(claim.values) if spec.name == field), "str")
    if annotation.startswith("tuple"):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value or None


def _print_view(view: ClaimView) -> None:
    claim = view.stored.claim
    state = "stands" if view.stored.closed_at is None else f"{view.stored.closed_because} by {view.stored.closed_by}"
    click.echo(f"{claim.id}  {claim.table}  {state}; confidence {claim.confidence:.2f}; {claim.extractor}")
    click.echo(f"  {claim.witness.title or claim.witness.address}")
    click.echo(
        f"  {claim.witness.publisher or claim.witness.source_id}, {claim.published_on or 'undated'}, {claim.witness.address}"
    )
    if view.record_id is not None:
        click.echo(f"  in record {view.record_id}")
    for spec in fields(claim.values):
        value = getattr(claim.values, spec.name)
        if value not in (None, (), False):
            click.echo(f"    {spec.name}: {', '.join(value) if isinstance(value, tuple) else value}")
    for passage in view.passages:
        where = f"page {passage.page}, " if passage.page else ""
        click.echo(f"  {where}character {passage.start}:")
        quote = click.style(passage.quote, bold=True, reverse=True)
        click.echo(f"    ...{passage.before}{quote}{passage.after}...".replace("\n", "\n    "))
    for stay in view.stays:
        left = f" (left: {stay.released_because})" if stay.released_at else ""
        click.echo(f"  quarantine since {stay.entered_at[:16]}: {stay.reason}{left}")
    for neighbour in view.neighbours:
        click.echo(f"  beside it: {neighbour.claim.id}  {neighbour.claim.table}  {neighbour.closed_because or 'stands'}")
    for decision in view.history:
        click.echo(f"  {decision.decided_at[:16]} {decision.action} by {decision.decided_by}: {decision.reason}")
