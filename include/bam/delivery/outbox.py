"""The outbox at work: each delivery is claimed, attempted and settled on its own, whoever else is at it.

The states and who may change them are described in docs/decisions/0060-outbox.md.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from bam.delivery.channels.base import Assignment, Channel, LostClaimError, Outcome, Result
from bam.delivery.issue import Parcel
from bam.delivery.plan import Place
from bam.delivery.times import stamp
from bam.model.identity import content_id
from bam.store.delivery import (
    Delivery,
    claim,
    enqueue,
    mark_handed_over,
    note_waiting,
    read_deliveries,
    release_abandoned,
    settle,
    withdraw,
)
from bam.store.engine import Store

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=20)
"""After this long a claim counts as abandoned. It only has to be longer than one message usually takes (an SMTP server may think
for ten minutes): a slower sender finds its claim gone before it hands over, so that nothing depends on the clock."""

_FIRST_PAUSE = dt.timedelta(minutes=2)
_LONGEST_PAUSE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What the outbox needs from outside: the store, a clock (UTC), a token that no other process has, and after how long an
    attempt is given up. `ignore_pauses` tries at once what would wait for its next attempt.
    """

    store: Store
    clock: Callable[[], dt.datetime]
    token: str
    give_up_after: dt.timedelta
    ignore_pauses: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What this process did about one delivery: its state afterwards, and why."""

    delivery_id: str
    channel: str
    recipient_id: str
    state: str
    reason: str


def delivery_id_of(slot: str, channel: str, recipient_id: str) -> str:
    """The id of a delivery follows from what is delivered to whom: asking twice finds the first."""
    return content_id("dlv", slot, channel, recipient_id)


def queue(dispatch: Dispatch, parcel: Parcel, places: Sequence[tuple[str, str, str]]) -> int:
    """Put a parcel into the outbox for (channel, recipient id, address key) places; how many are new."""
    now = stamp(dispatch.clock())
    with dispatch.store.write() as connection:
        return sum(
            enqueue(
                connection,
                Delivery(
                    id=delivery_id_of(parcel.slot, channel, recipient_id),
                    parcel_id=parcel.id,
                    kind=parcel.kind,
                    title=parcel.title,
                    slot=parcel.slot,
                    channel=channel,
                    recipient_id=recipient_id,
                    address_key=key,
                    state="waiting",
                    queued_at=now,
                ),
            )
            # In one order everywhere: two processes that queue the same would lock each other out otherwise.
            for channel, recipient_id, key in sorted(places)
        )


def free_abandoned(dispatch: Dispatch, channels: Mapping[str, Channel]) -> int:
    """Settle deliveries whose sender was killed; how many."""
    now = dispatch.clock()
    repeatable = [channel_id for channel_id, channel in channels.items() if channel.is_repeatable]
    with dispatch.store.write() as connection:
        return release_abandoned(connection, stamp(now - LEASE), stamp(now), repeatable)


def post(dispatch: Dispatch, channels: Mapping[str, Channel], parcel: Parcel, places: Sequence[Place]) -> tuple[Attempt, ...]:
    """Bring a parcel to these places, as far as it hasn't been: what was abandoned is settled, what is new queued, what waits
    attempted. Waiting deliveries to anybody else are withdrawn. Each channel goes its own way, whatever happens on the others.
    """
    free_abandoned(dispatch, channels)
    queue(dispatch, parcel, [(place.channel, place.recipient_id, place.key) for place in places])
    allowed = {(place.channel, place.recipient_id) for place in places}
    work: dict[str, list[tuple[Delivery, Parcel]]] = {}
    with dispatch.store.write() as connection:
        # A row of the same slot that another issue made first is that issue's to send.
        for delivery in read_deliveries(connection, states=["waiting"], parcel_id=parcel.id, slot=parcel.slot):
            if (delivery.channel, delivery.recipient_id) in allowed and delivery.channel in channels:
                work.setdefault(delivery.channel, []).append((delivery, parcel))
            else:
                withdraw(connection, delivery.id, "withdrawn: it may no longer go there", stamp(dispatch.clock()))
    return tuple(attempt for name in sorted(work) for attempt in send(dispatch, channels[name], work[name]))


def send(dispatch: Dispatch, channel: Channel, work: Sequence[tuple[Delivery, Parcel]]) -> list[Attempt]:
    """Attempt these deliveries of one channel, one after the other. What another process has is left to it.

    Where the channel itself is down the rest is not tried and stays waiting with that reason.
    """
    attempts: list[Attempt] = []
    with closing(channel):
        for number, (delivery, parcel) in enumerate(work):
            outcome = _attempt(dispatch, channel, delivery, parcel)
            if outcome is None:
                continue
            attempts.append(_settle(dispatch, delivery, outcome))
            if outcome.blocks_channel:
                rest = [later.id for later, _ in work[number + 1 :]]
                with dispatch.store.write() as connection:
                    note_waiting(connection, rest, f"not tried yet: {outcome.reason}")
                break
    return attempts


def _attempt(dispatch: Dispatch, channel: Channel, delivery: Delivery, parcel: Parcel) -> Outcome | None:
    """One attempt; None where another process has the delivery, or took it over."""
    with dispatch.store.write() as connection:
        if not claim(connection, delivery.id, dispatch.token, stamp(dispatch.clock()), ignore_pause=dispatch.ignore_pauses):
            return None
    handed_over = False

    def hand_over() -> None:
        nonlocal handed_over
        with dispatch.store.write() as connection:
            if not mark_handed_over(connection, delivery.id, dispatch.token, stamp(dispatch.clock())):
                raise LostClaimError
        handed_over = True

    assignment = Assignment(delivery.id, parcel, delivery.recipient_id, dt.datetime.fromisoformat(delivery.queued_at))
    try:
        return channel.deliver(assignment, hand_over)
    except LostClaimError:
        log.warning("Delivery %s was taken over by another process before it was handed over", delivery.id)
        return None
    except BaseException as error:
        # Also for a stop signal: the row must tell the truth before the process goes.
        outcome = _interrupted(error, may_have_arrived=handed_over and not channel.is_repeatable)
        if isinstance(error, Exception):
            log.exception("Delivery %s over %s failed unexpectedly", delivery.id, channel.id)
            return outcome
        _settle(dispatch, delivery, outcome)
        raise


def _interrupted(error: BaseException, *, may_have_arrived: bool) -> Outcome:
    cause = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if may_have_arrived:
        return Outcome(Result.UNKNOWN, f"stopped after it was handed over, it may have arrived ({cause})")
    return Outcome(Result.RETRY, f"stopped before it was handed over ({cause})")


def _settle(dispatch: Dispatch, delivery: Delivery, outcome: Outcome) -> Attempt:
    now = dispatch.clock()
    state, reason, not_before = str(outcome.result), outcome.reason, None
    if outcome.result is Result.RETRY:
        age = now - dt.datetime.fromisoformat(delivery.queued_at)
        if age >= dispatch.give_up_after:
            state, reason = "failed", f"given up after {age.total_seconds() / 3600:.0f} hours: {reason}"
        else:
            state, not_before = "waiting", stamp(now + _pause(delivery.attempts + 1, outcome.retry_after_seconds))
    with dispatch.store.write() as connection:
        settled = settle(
            connection,
            delivery.id,
            dispatch.token,
            state,
            reason,
            stamp(now),
            message_id=outcome.message_id,
            sent_sha256=outcome.sha256,
            not_before=not_before,
        )
    if not settled:
        log.warning("Delivery %s was decided by somebody else while it ended as %s: %s", delivery.id, state, reason)
    log.info("%s to %s over %s: %s", delivery.parcel_id, delivery.recipient_id, delivery.channel, f"{state} ({reason})")
    return Attempt(delivery.id, delivery.channel, delivery.recipient_id, state, reason)


def _pause(attempts: int, asked_seconds: float | None) -> dt.timedelta:
    """2, 4, 8 ... 60 minutes, or longer where the other side asks for it (but never more than a day)."""
    doublings: int = 2 ** min(attempts - 1, 10)
    pause = min(_FIRST_PAUSE * doublings, _LONGEST_PAUSE)
    asked = dt.timedelta(seconds=min(asked_seconds or 0, 86_400))
    return max(pause, asked)
