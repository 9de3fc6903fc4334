"""What every channel does: take one parcel to one place and say truthfully what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bam.delivery.issue import Parcel

HandOver = Callable[[], None]
"""Called right before the step after which the parcel may have arrived, whatever happens then. It raises `LostClaimError`
where another process has taken the delivery over: nothing more may be sent then."""


class LostClaimError(Exception):
    """Another process owns this delivery now."""


class Result(StrEnum):
    """What became of one attempt. `retry` is a fault that may pass; `unknown` may or may not have arrived."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt. `reason` says what the other side answered, in its own words where there are any.

    `sha256` is that of the bytes sent, `message_id` the mail's. `blocks_channel` means that the fault isn't this
    recipient's: the others would meet it too, so they are left for later. `retry_after_seconds` is what the other side asked for.
    """

    result: Result
    reason: str
    sha256: str | None = None
    message_id: str | None = None
    blocks_channel: bool = False
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One delivery to make: its row's id, what, to which recipient or publication, and when it was first queued (UTC)."""

    delivery_id: str
    parcel: Parcel
    recipient_id: str
    queued_at: dt.datetime


class Channel(Protocol):
    """A way to deliver, open for as many deliveries as come, until it is closed."""

    @property
    def id(self) -> str:
        """Its name in the outbox."""
        ...

    @property
    def is_repeatable(self) -> bool:
        """Whether delivering twice has the effect of once (a file that is written again): then it is never `unknown`."""
        ...

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        """Take it there. Faults of the other side are outcomes, never exceptions."""
        ...

    def close(self) -> None:
        """Give back what it holds open."""
        ...
