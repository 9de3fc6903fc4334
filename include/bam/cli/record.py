"""`bam record`: one record with everything behind it, and a person's word on what is one thing and what isn't."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

import click

from bam.cli.constant_prices import with_constant_prices

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bam.model.claims import Claim
    from bam.model.records import Link, Record
    from bam.records.constant_prices import BasePrices
    from bam.store.records import StoredRecord

_BY = click.option("--by", metavar="NAME", default=getpass.getuser, help="Who says so; your login name if not given.")
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept.")
_NEXT = "It holds from the next `bam update`; `bam record undo {act}` takes it back."


@click.group()
def command() -> None:
    """Show a record, merge two, split one, or take that back. Any unambiguous beginning of an id will do."""


@command.command()
@click.argument("record_id")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@with_constant_prices("The sum also at the prices of this year.")
def show(record_id: str, as_json: bool, base_year: int | None) -> None:
    """Values with the rule and claim of each, the claims with their quotes, why they are one thing, and the history."""
    from bam.cli.surroundings import command_context
    from bam.indicators.snapshot import seen_on
    from bam.records.constant_prices import prices_of
    from bam.records.judging import find_record
    from bam.store.claims import read_claims

    with command_context() as context, context.store.read() as connection:
        stored = find_record(connection, record_id)
        record = seen_on(stored.record, context.now().date())
        prices = None if base_year is None else prices_of(base_year, context.portfolio.about.currency, context.now().date())
        claims = {claim.id: claim for claim in read_claims(connection, record.claim_ids)}
        if as_json:
            _print_json(record, claims, prices)
            return
        _print_head(stored, record, prices)
        _print_choices(record)
        _print_claims(record, claims)
        _print_links(record.links)
        _print_history(connection, record)


@command.command()
@click.argument("first")
@click.argument("second")
@_REASON
@_BY
def merge(first: str, second: str, reason: str, by: str) -> None:
    """Say that two records are one thing."""
    from bam.cli.surroundings import command_context
    from bam.records.judging import find_record, merge_records

    with command_context() as context, context.store.write() as connection:
        left, right = find_record(connection, first).record, find_record(connection, second).record
        act = merge_records(connection, left, right, by=by, at=context.timestamp(), reason=reason)
    click.echo(f"{left.id} and {right.id} are one thing. {_NEXT.format(act=act)}")


@command.command()
@click.argument("record_id")
@click.argument("claim_ids", nargs=-1, required=True)
@_REASON
@_BY
def split(record_id: str, claim_ids: tuple[str, ...], reason: str, by: str) -> None:
    """Say that these claims of a record speak of another thing."""
    from bam.cli.surroundings import command_context
    from bam.records.judging import find_record, split_record

    with command_context() as context, context.store.write() as connection:
        record = find_record(connection, record_id).record
        leaving = {next((own for own in record.claim_ids if own.startswith(name)), name) for name in claim_ids}
        act = split_record(connection, record, leaving, by=by, at=context.timestamp(), reason=reason)
    click.echo(f"{len(leaving)} claims leave {record.id}. {_NEXT.format(act=act)}")


@command.command()
@click.argument("name", metavar="ACT|RECORD_ID")
@_BY
def undo(name: str, by: str) -> None:
    """Take a merge or a split back: by the id that it printed, or the last one on a record."""
    from bam.cli.surroundings import command_context
    from bam.records import judging

    with command_context() as context, context.store.write() as connection:
        act = judging.undo(connection, name, by=by, at=context.timestamp())
    click.echo(f"{act} is taken back, from the next `bam update` on.")


def _print_json(record: Record, claims: dict[str, Claim], prices: BasePrices | None) -> None:
    import json
    from dataclasses import asdict

    from bam.model.record_json import record_to_dict

    found: dict[str, Any] = {
        "record": record_to_dict(record),
        "claims": [asdict(claims[claim_id]) for claim_id in record.claim_ids],
    }
    if prices is not None:
        constant = prices.amount_of(record)
        found["constant_prices"] = None if constant is None else asdict(constant)
    click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))


def _print_head(stored: StoredRecord, record: Record, prices: BasePrices | None) -> None:
    click.echo(f"{record.id}  {record.table}  {stored.title}")
    facts = [f"{record.witness_count} independent sources", f"confidence {record.confidence:.2f}", f"state {record.state}"]
    if record.state_is_inferred:
        facts[-1] += " (inferred from silence)"
    if record.conversion is not None:
        facts.append(f"{record.conversion.currency} {record.conversion.amount:,.2f} at {record.conversion.rate:g}")
    if prices is not None:
        facts.append(_at_constant_prices(record, prices))
    if record.part_of:
        facts.append(f"part of {record.part_of}")
    if record.repeat_of:
        facts.append(f"probably repeats {record.repeat_of}")
    if record.score:
        facts.append(f"score {record.score}" + (f", {record.overdue_days} days overdue" if record.is_overdue else ""))
    click.echo("  " + "; ".join(facts))
    if record.flags:
        click.echo("  " + ", ".join(record.flags))


def _at_constant_prices(record: Record, prices: BasePrices) -> str:
    constant = prices.amount_of(record)
    if constant is None:
        return f"no sum in {prices.unit} (no exchange rate, or no mean price level of its year)"
    made = f"{constant.factor:g} times the sum at the prices of {constant.price_year}, by the {constant.source}"
    return f"{constant.unit} {constant.amount:,.2f}, {made}"


def _print_choices(record: Record) -> None:
    click.echo("\nValues")
    for choice in record.choices:
        click.echo(f"  {choice.field}: {choice.value}  [{choice.rule}, {choice.claim_id}]")
        for value, claim_id in choice.alternatives:
            click.echo(f"      else {value}  [{claim_id}]")


def _print_claims(record: Record, claims: dict[str, Claim]) -> None:
    click.echo("\nClaims")
    for claim_id in record.claim_ids:
        claim = claims[claim_id]
        click.echo(f"  {claim.id}  {claim.published_on or 'undated'}  {claim.witness.publisher or claim.witness.address}")
        click.echo(f'      "{claim.evidence[0].quote}"')


def _print_links(links: tuple[Link, ...]) -> None:
    if links:
        click.echo("\nWhy they are one thing")
    for link in links:
        features = ", ".join(f"{feature.name} {feature.points:+g} ({feature.detail})" for feature in link.features)
        click.echo(f"  {link.left_claim_id} and {link.right_claim_id}: {link.score:g} by {link.by}: {features}")


def _print_history(connection: Connection, record: Record) -> None:
    from bam.records.judging import keys_of_claims
    from bam.store.judgements import judgements_on_keys
    from bam.store.publications import read_changes

    click.echo("\nHistory")
    for row in read_changes(connection, [record.id]):
        click.echo(f"  {row.published_at[:16]}  publication {row.publication}: {row.kind}, {row.cause}")
    acts: dict[str, str] = {}
    for row in judgements_on_keys(connection, set(keys_of_claims(connection, record.claim_ids).values())):
        undone = f", taken back by {row.undone_by}" if row.undone_at else ""
        acts.setdefault(row.act, f"  {row.judged_at[:16]}  {row.act}: {row.verdict}, {row.judged_by}: {row.reason}{undone}")
    for line in acts.values():
        click.echo(line)
