"""States of a delivery after everything that can happen to it."""

from __future__ import annotations

import datetime as dt

import pytest

from bam.delivery.channels.base import Outcome, Result
from bam.delivery.issue import IssueToSend, Parcel, parcel_of
from bam.delivery.outbox import LEASE, Attempt, Dispatch, delivery_id_of, free_abandoned, queue, send
from bam.store.delivery import Delivery, claim, decide, mark_handed_over, read_deliveries, read_delivery
from bam.store.engine import Store

from .conftest import Clock, ScriptedChannel, make_issue

BUSY = Outcome(Result.RETRY, "451 try later")
REFUSED = Outcome(Result.FAILED, "550 no such mailbox")
VANISHED = Outcome(Result.UNKNOWN, "connection lost while waiting for the answer")


@pytest.fixture
def dispatch(store: Store, clock: Clock) -> Dispatch:
    return Dispatch(store, clock, token="one", give_up_after=dt.timedelta(hours=48))


@pytest.fixture
def parcel(issue: IssueToSend) -> Parcel:
    return parcel_of(issue)


def post(dispatch: Dispatch, parcel: Parcel, *recipients: str) -> None:
    queue(dispatch, parcel, [("mail", name, f"{name}@example.org") for name in recipients])


def work(dispatch: Dispatch, channel: ScriptedChannel, parcel: Parcel) -> list[Attempt]:
    with dispatch.store.read() as connection:
        waiting = read_deliveries(connection, states=["waiting"], channel=channel.id)
    return send(dispatch, channel, [(delivery, parcel) for delivery in waiting])


def states(dispatch: Dispatch) -> dict[str, str]:
    with dispatch.store.read() as connection:
        return {row.recipient_id: row.state for row in read_deliveries(connection)}


def row(dispatch: Dispatch, parcel: Parcel, recipient: str) -> Delivery:
    with dispatch.store.read() as connection:
        found = read_delivery(connection, delivery_id_of(parcel.slot, "mail", recipient))
    assert found is not None
    return found


def test_sent_row_keeps_what_was_sent(dispatch: Dispatch, parcel: Parcel) -> None:
    post(dispatch, parcel, "ada")
    work(dispatch, ScriptedChannel(), parcel)

    kept = row(dispatch, parcel, "ada")
    assert (kept.state, kept.attempts, kept.reason) == ("sent", 1, "250 ok")
    assert (kept.message_id, kept.sent_sha256) == ("<m@x>", "0" * 64)
    assert kept.settled_at == "2026-11-02T12:00:00.000000+00:00"


def test_the_same_news_is_queued_once_per_recipient_and_address(dispatch: Dispatch, parcel: Parcel) -> None:
    assert queue(dispatch, parcel, [("mail", "ada", "ada@example.org"), ("mail", "ben", "ben@example.org")]) == 2
    assert queue(dispatch, parcel, [("mail", "ada", "ada@example.org")]) == 0
    assert queue(dispatch, parcel, [("mail", "ada", "new@example.org")]) == 0
    assert queue(dispatch, parcel, [("mail", "ada-again", "ada@example.org")]) == 0
    assert queue(dispatch, parcel, [("feed:public", "public", "feed")]) == 1
    rerendered = parcel_of(make_issue(id="iss-ffffffffffffffff", context_sha256="d" * 64))
    assert queue(dispatch, rerendered, [("mail", "ada", "ada@example.org")]) == 0
    next_month = parcel_of(make_issue(id="iss-eeeeeeeeeeeeeeee", period="2014-04"))
    assert queue(dispatch, next_month, [("mail", "ada", "ada@example.org")]) == 1


def test_second_process_leaves_what_the_first_has(dispatch: Dispatch, parcel: Parcel, clock: Clock) -> None:
    post(dispatch, parcel, "ada")
    with dispatch.store.write() as connection:
        assert claim(connection, row(dispatch, parcel, "ada").id, "other", clock.now.isoformat(timespec="microseconds"))

    with dispatch.store.read() as connection:
        stale_view = [(delivery, parcel) for delivery in read_deliveries(connection)]
    channel = ScriptedChannel()
    assert send(dispatch, channel, stale_view) == []
    assert channel.carried == []


def test_passing_fault_waits_longer_each_time_and_is_given_up_after_two_days(
    dispatch: Dispatch, parcel: Parcel, clock: Clock
) -> None:
    post(dispatch, parcel, "ada")
    channel = ScriptedChannel(script={"ada": [BUSY] * 100})
    pauses = []
    while states(dispatch)["ada"] == "waiting":
        [attempt] = work(dispatch, channel, parcel)
        assert work(dispatch, channel, parcel) == [], "its pause isn't over"
        until = row(dispatch, parcel, "ada").not_before
        if until:
            pauses.append((dt.datetime.fromisoformat(until) - clock.now).total_seconds() / 60)
            clock.now = dt.datetime.fromisoformat(until)

    assert pauses[:7] == [2, 4, 8, 16, 32, 60, 60]
    assert attempt.reason == "given up after 48 hours: 451 try later"
    assert states(dispatch) == {"ada": "failed"}


def test_pause_that_the_other_side_asks_for_is_kept(dispatch: Dispatch, parcel: Parcel, clock: Clock) -> None:
    post(dispatch, parcel, "ada")
    work(dispatch, ScriptedChannel(script={"ada": [Outcome(Result.RETRY, "429", retry_after_seconds=7200)]}), parcel)
    assert row(dispatch, parcel, "ada").not_before == "2026-11-02T14:00:00.000000+00:00"


def test_impatient_person_may_skip_the_pause(dispatch: Dispatch, parcel: Parcel) -> None:
    post(dispatch, parcel, "ada")
    channel = ScriptedChannel(script={"ada": [BUSY]})
    work(dispatch, channel, parcel)
    hurried = Dispatch(dispatch.store, dispatch.clock, "two", dispatch.give_up_after, ignore_pauses=True)
    work(hurried, channel, parcel)
    assert states(dispatch) == {"ada": "sent"}


def test_a_recipient_that_fails_holds_no_other(dispatch: Dispatch, parcel: Parcel) -> None:
    post(dispatch, parcel, "ada", "ben", "cleo", "dan")
    script: dict[str, list[Outcome | BaseException]] = {"ada": [REFUSED], "ben": [BUSY], "cleo": [VANISHED]}
    work(dispatch, ScriptedChannel(script=script), parcel)
    assert states(dispatch) == {"ada": "failed", "ben": "waiting", "cleo": "unknown", "dan": "sent"}


def test_a_channel_that_is_down_is_asked_once(dispatch: Dispatch, parcel: Parcel) -> None:
    post(dispatch, parcel, "ada", "ben", "cleo")
    down = Outcome(Result.RETRY, "connection refused", blocks_channel=True)
    script: dict[str, list[Outcome | BaseException]] = {"ada": [down], "ben": [down], "cleo": [down]}
    attempts = work(dispatch, ScriptedChannel(script=script), parcel)

    assert len(attempts) == 1
    with dispatch.store.read() as connection:
        rows = read_deliveries(connection)
    assert {kept.state for kept in rows} == {"waiting"}
    assert sorted((kept.attempts, kept.reason) for kept in rows) == [
        (0, "not tried yet: connection refused"),
        (0, "not tried yet: connection refused"),
        (1, "connection refused"),
    ]


def test_unknown_is_never_sent_again_by_itself(dispatch: Dispatch, parcel: Parcel, clock: Clock) -> None:
    post(dispatch, parcel, "ada")
    channel = ScriptedChannel(script={"ada": [VANISHED]})
    work(dispatch, channel, parcel)
    clock.advance(days=10)
    free_abandoned(dispatch, {"mail": channel})
    assert work(dispatch, channel, parcel) == []
    assert states(dispatch) == {"ada": "unknown"}


@pytest.mark.parametrize(("decision", "state"), [("sent", "sent"), ("waiting", "waiting")])
def test_a_person_decides_about_the_unknown_once(dispatch: Dispatch, parcel: Parcel, decision: str, state: str) -> None:
    post(dispatch, parcel, "ada")
    channel = ScriptedChannel(script={"ada": [VANISHED]})
    work(dispatch, channel, parcel)
    known = row(dispatch, parcel, "ada")

    with dispatch.store.write() as connection:
        assert decide(connection, known.id, decision, "Ines", "2026-11-02T13:00:00.000000+00:00")
        assert not decide(connection, known.id, decision, "Ines", "2026-11-02T13:00:00.000000+00:00")
    assert (row(dispatch, parcel, "ada").state, row(dispatch, parcel, "ada").decided_by) == (state, "Ines")
    work(dispatch, channel, parcel)
    assert channel.carried == (["ada"] if state == "waiting" else [])


@pytest.mark.parametrize(
    ("stop", "after_hand_over", "repeatable", "state"),
    [
        (KeyboardInterrupt(), True, False, "unknown"),
        (KeyboardInterrupt(), False, False, "waiting"),
        (KeyboardInterrupt(), True, True, "waiting"),
        (SystemExit(143), True, False, "unknown"),
    ],
)
def test_stopped_process_leaves_the_truth(
    dispatch: Dispatch, parcel: Parcel, stop: BaseException, after_hand_over: bool, repeatable: bool, state: str
) -> None:
    post(dispatch, parcel, "ada")
    channel = ScriptedChannel(script={"ada": [stop]}, raises_after_hand_over=after_hand_over, is_repeatable=repeatable)
    with pytest.raises(type(stop)):
        work(dispatch, channel, parcel)
    assert states(dispatch) == {"ada": state}


@pytest.mark.parametrize(("after_hand_over", "state"), [(True, "unknown"), (False, "waiting")])
def test_fault_of_our_own_stops_nobody_else(dispatch: Dispatch, parcel: Parcel, after_hand_over: bool, state: str) -> None:
    post(dispatch, parcel, "ada", "ben")
    channel = ScriptedChannel(script={"ada": [ZeroDivisionError("oops")]}, raises_after_hand_over=after_hand_over)
    work(dispatch, channel, parcel)
    assert states(dispatch) == {"ada": state, "ben": "sent"}
    assert "ZeroDivisionError: oops" in (row(dispatch, parcel, "ada").reason or "")


@pytest.mark.parametrize(
    ("handed_over", "repeatable", "state"), [(False, False, "waiting"), (True, False, "unknown"), (True, True, "waiting")]
)
def test_killed_process_leaves_a_lease_that_ends(
    dispatch: Dispatch, parcel: Parcel, clock: Clock, handed_over: bool, repeatable: bool, state: str
) -> None:
    post(dispatch, parcel, "ada")
    delivery_id = row(dispatch, parcel, "ada").id
    with dispatch.store.write() as connection:
        assert claim(connection, delivery_id, "killed", clock.now.isoformat(timespec="microseconds"))
        if handed_over:
            assert mark_handed_over(connection, delivery_id, "killed", clock.now.isoformat(timespec="microseconds"))
    channels = {"mail": ScriptedChannel(is_repeatable=repeatable)}

    clock.now += LEASE
    assert free_abandoned(dispatch, channels) == 0
    clock.advance(seconds=1)
    assert free_abandoned(dispatch, channels) == 1
    assert states(dispatch) == {"ada": state}


def test_sender_that_outlives_its_lease_hands_nothing_over(dispatch: Dispatch, parcel: Parcel, clock: Clock) -> None:
    post(dispatch, parcel, "ada")

    class SlowChannel(ScriptedChannel):
        def deliver(self, assignment, hand_over):  # type: ignore[no-untyped-def]
            clock.now += 2 * LEASE
            free_abandoned(dispatch, {"mail": self})
            return super().deliver(assignment, hand_over)

    slow = SlowChannel()
    assert work(dispatch, slow, parcel) == []
    assert slow.carried == []
    assert states(dispatch) == {"ada": "waiting"}


def test_late_answer_corrects_the_unknown_of_the_same_sender(dispatch: Dispatch, parcel: Parcel, clock: Clock) -> None:
    post(dispatch, parcel, "ada")

    class LateAnswer(ScriptedChannel):
        def deliver(self, assignment, hand_over):  # type: ignore[no-untyped-def]
            outcome = super().deliver(assignment, hand_over)
            clock.now += 2 * LEASE
            free_abandoned(dispatch, {"mail": self})
            assert states(dispatch) == {"ada": "unknown"}
            return outcome

    work(dispatch, LateAnswer(), parcel)
    assert states(dispatch) == {"ada": "sent"}


def test_failed_can_be_sent_again_but_sent_never(dispatch: Dispatch, parcel: Parcel) -> None:
    post(dispatch, parcel, "ada", "ben")
    work(dispatch, ScriptedChannel(script={"ada": [REFUSED]}), parcel)
    with dispatch.store.write() as connection:
        assert decide(connection, row(dispatch, parcel, "ada").id, "waiting", "Ines", "2026-11-02T13:00:00.000000+00:00")
        assert not decide(connection, row(dispatch, parcel, "ben").id, "waiting", "Ines", "2026-11-02T13:00:00.000000+00:00")
