"""Decisions and the state that follows from them.

A decision is never changed or deleted. The state of a fact is what a walk over its decisions gives, so that anybody can see who
set it, when and why, and what it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bam.model.claims import ClaimValues


class Action(StrEnum):
    """What a person (or a correction) does with a fact.

    `accept` confirms its values, `edit` sets others, `reject` says that it is no fact, `merge` that it is the same as another.
    `confirm` is the second person's word on a decision, `undo` takes one back.
    """

    ACCEPT = "accept"
    REJECT = "reject"
    EDIT = "edit"
    MERGE = "merge"
    CONFIRM = "confirm"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the history.

    `subject_id` is the fact: the id of the claim that was reviewed first, whatever claims stand for it later; `claim_id` is
    the claim that the person had before them. `refers_to` is the decision that `confirm` and `undo` are about. `values` and
    `published_on` are what stands after `accept` and `edit`. `needs_second`: it counts once another person has confirmed it.
    `details` holds what people want to read later: changed fields, the claim merged with. `origin` is `review`, or
    `correction:ID`.
    """

    id: str
    position: int
    subject_id: str
    claim_id: str
    action: Action
    decided_by: str
    decided_at: str
    reason: str
    refers_to: str | None = None
    needs_second: bool = False
    values: ClaimValues | None = None
    published_on: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    origin: str = "review"


class Status(StrEnum):
    """Where a fact stands in review."""

    UNREVIEWED = "unreviewed"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


_STATUS = {Action.ACCEPT: Status.ACCEPTED, Action.EDIT: Status.EDITED, Action.REJECT: Status.REJECTED}


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What the history of one fact says now.

    `decision` is the one in force (None while unreviewed), `merges` the merges in force, `waiting` the decisions that a second
    person hasn't confirmed yet.
    """

    decision: Decision | None = None
    merges: tuple[Decision, ...] = ()
    waiting: tuple[Decision, ...] = ()

    @property
    def status(self) -> Status:
        """Accepted, edited, rejected or unreviewed."""
        return Status.UNREVIEWED if self.decision is None else _STATUS[self.decision.action]

    @property
    def values(self) -> ClaimValues | None:
        """The values that a person set or confirmed; None while unreviewed or rejected."""
        return None if self.decision is None else self.decision.values

    @property
    def last(self) -> Decision | None:
        """The decision that `undo` takes back: the latest one that is in force or waits."""
        alive = (*self.merges, *self.waiting, *((self.decision,) if self.decision else ()))
        return max(alive, key=lambda decision: decision.position, default=None)


def state_of(decisions: Iterable[Decision]) -> ReviewState:
    """The state that follows from the decisions on one fact, in any order (they are walked by position).

    A decision that needs a second person comes into force when another person confirms it, and then counts as made at that
    moment. An undo takes its decision out of force, whether it counted or waited; what was in force before counts again.
    """
    in_force: list[Decision] = []
    waiting: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda each: each.position):
        if decision.action is Action.CONFIRM:
            confirmed = waiting.get(decision.refers_to or "")
            if confirmed is not None and confirmed.decided_by != decision.decided_by:
                del waiting[confirmed.id]
                _enforce(confirmed, in_force, waiting)
        elif decision.needs_second:
            waiting[decision.id] = decision
        else:
            _enforce(decision, in_force, waiting)
    standing = [decision for decision in in_force if decision.action is not Action.MERGE]
    return ReviewState(
        decision=standing[-1] if standing else None,
        merges=tuple(decision for decision in in_force if decision.action is Action.MERGE),
        waiting=tuple(waiting.values()),
    )


def _enforce(decision: Decision, in_force: list[Decision], waiting: dict[str, Decision]) -> None:
    if decision.action is not Action.UNDO:
        in_force.append(decision)
        return
    in_force[:] = [each for each in in_force if each.id != decision.refers_to]
    waiting.pop(decision.refers_to or "", None)
