"""The two clocks as options of commands, and the snapshot that they ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bam.model.errors import BamError

if TYPE_CHECKING:
    from bam.indicators.snapshot import Snapshot
    from bam.pipeline.context import RunContext

F = TypeVar("F", bound=Callable[..., Any])

_FORMS = "Write a day as 2026-11-01 or a time as 2026-11-01T06:30Z."


def with_clocks(command: F) -> F:
    """Add `--as-of` and `--recorded-at` to a command."""
    told = "Only what had been published here by then (2026-11-01T06:30Z; a day means its end)."
    command = click.option("--recorded-at", metavar="TIME", help=told)(command)
    return click.option("--as-of", metavar="DAY", help="Only what the world could know by that day (2014-03-31).")(command)


def day_of(text: str, option: str = "--as-of") -> dt.date:
    """The day of an option. Raises BamError that says how to write one."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BamError(f"{text!r} is no day", where=option, remedy="Write it as 2014-03-31.") from error


def time_of(text: str, option: str = "--recorded-at") -> str:
    """The time of an option as the store keeps it: ISO 8601 in UTC. A day means its end; a time without zone is UTC.

    Raises:
        BamError: it is neither a day nor a time.
    """
    try:
        if len(text) == 10:
            moment = dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max)
        else:
            moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise BamError(f"{text!r} is no time", where=option, remedy=_FORMS) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def snapshot_at(context: RunContext, as_of: str | None, recorded_at: str | None) -> Snapshot:
    """What is known by the clocks of the command line."""
    from bam.indicators.snapshot import snapshot

    with context.store.read() as connection:
        return snapshot(
            connection,
            currency=context.portfolio.about.currency,
            now=context.now(),
            as_of=None if as_of is None else day_of(as_of),
            recorded_at=None if recorded_at is None else time_of(recorded_at),
        )
