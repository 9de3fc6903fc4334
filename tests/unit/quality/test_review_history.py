"""Property tests: whatever people decide in whatever order, the present state follows from the history."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bam.model.claims import FundingValues, Stage
from bam.quality.review.actions import ReviewError, accept, confirm, edit, reject, undo
from bam.quality.review.facts import read_facts
from bam.quality.review.history import Action, Decision, Status, state_of
from bam.quality.review.settling import settle
from bam.store.claims import read_stored_claims
from bam.store.reviews import read_subjects_of_documents

PEOPLE = ("Ana", "Ben", "Cid")
SENTENCE = "The agency paid 2 million dollars for a kennel."
GRANT = FundingValues(2e6, "USD", Stage.DISBURSED)

moves = st.lists(
    st.tuples(
        st.sampled_from(["accept", "reject", "edit", "undo", "undo_any", "confirm", "extract", "publish"]),
        st.sampled_from(PEOPLE),
        st.booleans(),
        st.integers(0, 9),
    ),
    max_size=9,
)


class Reference:
    """What should be in force, kept in the plainest way: a pile of decisions, and those that wait."""

    def __init__(self) -> None:
        self.pile: list[tuple[str, str, float | None]] = []
        self.waiting: dict[str, tuple[str, str, str, float | None]] = {}
        self.extracted = GRANT.amount

    def decide(self, decision_id: str, action: str, who: str, needs_second: bool, value: float | str | None) -> None:
        if needs_second:
            self.waiting[decision_id] = (decision_id, action, who, value)  # type: ignore[assignment]
        else:
            self._enforce(decision_id, action, value)

    def confirm(self, decision_id: str) -> None:
        _, action, _, value = self.waiting.pop(decision_id)
        self._enforce(decision_id, action, value)

    def _enforce(self, decision_id: str, action: str, value: Any) -> None:
        if action == "undo":
            self.pile = [each for each in self.pile if each[0] != value]
            self.waiting.pop(value, None)
        else:
            self.pile.append((decision_id, action, value))

    @property
    def amount(self) -> float | None:
        """The amount that should stand; None where the fact is rejected."""
        if not self.pile:
            return self.extracted
        _, action, value = self.pile[-1]
        return None if action == "reject" else value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_present_state_follows_from_the_history(make_desk: Any, moves: list[tuple[str, str, bool, int]]) -> None:
    desk = make_desk()
    (first,) = desk.extract(desk.publish(SENTENCE), [(GRANT, "paid 2 million dollars")])
    known, reference, extractors, pages = [first], Reference(), 1, 1
    for move, who, needs_second, number in moves:
        standing = desk.standing()
        target = standing[0].id if standing else known[-1]
        if move == "extract":
            extractors += 1
            misread = replace(GRANT, amount=2.0 + number)
            version = next(each for each in (desk.state(claim) for claim in known[::-1]) if each.is_version_standing)
            known += desk.extract(
                version.claim.version_id, [(misread if number > 6 else GRANT, "paid 2 million dollars")], f"rules {extractors}"
            )
            reference.extracted = misread.amount if number > 6 else GRANT.amount
            if number > 6 and (not reference.pile or reference.amount is None):
                return  # no value is held: the misreading is another fact from here on
            continue
        if move == "publish":
            pages += 1
            reference.extracted = GRANT.amount
            known += desk.extract(
                desk.publish(f"{SENTENCE} Page {pages}."), [(GRANT, "paid 2 million dollars")], f"rules {extractors}"
            )
            continue
        _decide(desk, reference, move, who, needs_second, number, target)
        _check(desk, reference)
    _check(desk, reference)


def _decide(desk: Any, reference: Reference, move: str, who: str, needs_second: bool, number: int, target: str) -> None:
    hand = desk.hand(who, "because", needs_second=needs_second)
    with desk.store.write() as connection:
        (claim,) = [each.claim for each in read_stored_claims(connection, [target])]
        try:
            match move:
                case "accept":
                    decision = accept(connection, target, hand)
                    reference.decide(decision.id, move, who, needs_second, claim.values.amount)  # type: ignore[union-attr]
                case "reject":
                    reference.decide(reject(connection, target, hand).id, move, who, needs_second, None)
                case "edit":
                    value = 1e6 + number
                    reference.decide(edit(connection, target, {"amount": value}, hand).id, move, who, needs_second, value)
                case "undo":
                    decision = undo(connection, target, hand)
                    reference.decide(decision.id, "undo", who, needs_second, decision.refers_to)
                case "undo_any":
                    known = [*reference.waiting, *(each[0] for each in reference.pile)]
                    if known:
                        decision = undo(connection, known[number % len(known)], hand)
                        reference.decide(decision.id, "undo", who, needs_second, decision.refers_to)
                case "confirm":
                    waiting = list(reference.waiting)
                    if waiting:
                        confirm(connection, waiting[number % len(waiting)], replace(hand, needs_second=False))
                        reference.confirm(waiting[number % len(waiting)])
        except ReviewError:
            return  # what can't be decided (to confirm oneself, to take back nothing) must leave everything as it was


def _check(desk: Any, reference: Reference) -> None:
    expected = reference.amount
    standing = desk.standing()
    assert [claim.values.amount for claim in standing] == ([] if expected is None else [expected])
    with desk.store.write() as connection:
        subjects = read_subjects_of_documents(connection, [_document(desk)])
        if not subjects:
            return
        assert len(subjects) == 1
        (fact,) = read_facts(connection, subjects)
        shuffled = list(fact.decisions)
        random.Random(len(shuffled)).shuffle(shuffled)
        assert state_of(shuffled) == fact.state
        assert all(claim.is_reviewed == (fact.state.decision is not None) for claim in standing)
        settle(connection, [each.claim.id for each in fact.claims], desk.now())
        (again,) = read_facts(connection, subjects)
        assert again == fact


def _document(desk: Any) -> str:
    from bam.store.documents import document_id_of

    return document_id_of("https://example.org/news")


def _decision(position: int, action: Action, by: str, refers_to: str | None = None, needs_second: bool = False) -> Decision:
    values = GRANT if action in (Action.ACCEPT, Action.EDIT) else None
    return Decision(
        f"rev-{position}",
        position,
        "clm-1",
        "clm-1",
        action,
        by,
        f"2026-11-02T09:{position:02}",
        "why",
        refers_to,
        needs_second,
        values,
    )


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ([], Status.UNREVIEWED),
        ([_decision(1, Action.ACCEPT, "Ana")], Status.ACCEPTED),
        ([_decision(1, Action.ACCEPT, "Ana"), _decision(2, Action.REJECT, "Ben")], Status.REJECTED),
        ([_decision(1, Action.ACCEPT, "Ana"), _decision(2, Action.UNDO, "Ben", "rev-1")], Status.UNREVIEWED),
        ([_decision(1, Action.REJECT, "Ana", needs_second=True)], Status.UNREVIEWED),
        (
            [_decision(1, Action.REJECT, "Ana", needs_second=True), _decision(2, Action.CONFIRM, "Ana", "rev-1")],
            Status.UNREVIEWED,
        ),
        ([_decision(1, Action.REJECT, "Ana", needs_second=True), _decision(2, Action.CONFIRM, "Ben", "rev-1")], Status.REJECTED),
        (
            [
                _decision(1, Action.REJECT, "Ana", needs_second=True),
                _decision(2, Action.ACCEPT, "Ben"),
                _decision(3, Action.CONFIRM, "Ben", "rev-1"),
            ],
            Status.REJECTED,
        ),
        (
            [
                _decision(1, Action.REJECT, "Ana", needs_second=True),
                _decision(2, Action.UNDO, "Ana", "rev-1"),
                _decision(3, Action.CONFIRM, "Ben", "rev-1"),
            ],
            Status.UNREVIEWED,
        ),
    ],
)
def test_state_by_example(history: list[Decision], status: Status) -> None:
    assert state_of(history).status is status


def test_a_merge_leaves_the_status_alone() -> None:
    history = [_decision(1, Action.ACCEPT, "Ana"), _decision(2, Action.MERGE, "Ben")]

    assert state_of(history).status is Status.ACCEPTED
    assert state_of([*history, _decision(3, Action.UNDO, "Ana", "rev-2")]).merges == ()
