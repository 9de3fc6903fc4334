"""Records: one real-world thing each, with values chosen from the claims that speak of it; what is counted, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bam.model.claims import ClaimValues, Table


class Verdict(StrEnum):
    """What a person said of two claims."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on two claims; it overrides the score. `left` and `right` are claim keys (`records.identity.claim_key`),
    which survive re-extraction, in ascending order. `judged_at` is ISO 8601 in UTC.
    """

    id: str
    left: str
    right: str
    verdict: Verdict
    judged_by: str
    judged_at: str
    reason: str


@dataclass(frozen=True, slots=True)
class PairFeature:
    """One reason for or against two claims speaking of the same thing; `points` add up to the score of the pair."""

    name: str
    points: float
    detail: str


@dataclass(frozen=True, slots=True)
class Link:
    """Why a claim belongs to its record: the pair that brought it in, with score and features.

    `by` is `score` or, where a person said so, `judgement`.
    """

    left_claim_id: str
    right_claim_id: str
    score: float
    features: tuple[PairFeature, ...]
    by: str = "score"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a field got its value: the rule that decided, the claim it comes from, and what other claims say.

    `rule` is one of the codes of `records.rules.RULES`. `alternatives` holds (value, claim id) of claims that disagree; empty
    where all agree.
    """

    field: str
    value: Any
    rule: str
    claim_id: str
    alternatives: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LifecycleEvent:
    """A dated status: of a facility its lifecycle, of a sum its stages, of a promise what was heard of it.

    `date` is an ISO prefix, the publication's where the document gives none (`is_dated` is False then). `is_inferred` marks
    what silence suggests and nobody said. `is_legal` is False where the step from the event before is impossible.
    """

    status: str
    date: str | None
    claim_id: str | None
    is_inferred: bool = False
    is_dated: bool = True
    is_legal: bool = True


@dataclass(frozen=True, slots=True)
class Conversion:
    """An amount in the common currency, with the rate that made it. `rate` is units of common currency for one unit.

    `rate_date` is the day of the rate, or the month or year whose daily rates were averaged. `basis` tells which date of the
    record it follows: `event` (when it was given) or `publication` (when it was first reported).
    """

    amount: float
    amount_min: float
    amount_max: float
    currency: str
    rate: float
    rate_date: str
    source: str
    basis: str = "event"


@dataclass(frozen=True, slots=True)
class Record:
    """One grant, building, course or promise.

    `values` are the chosen ones; for funding `amount_min` and `amount_max` span what all sources say. `claim_ids` are in
    order of publication. `witness_count` counts independent voices (near copies are one). `conversion` is None where there is
    no rate (never 0). `part_of` is the id of the record of the total that it belongs to, `repeat_of` that of a record that it
    probably repeats, though not surely enough to be merged with it. `score` is for follow-ups: `+1`, `0`, `-1` or `NE`, with
    the claim that gave it. `is_overdue` and `overdue_days` hold on the day that was asked for. `flags` are codes of what a
    reader should know (`amounts_differ`, `total_unknown`, `illegal_transition`, `no_rate`, `one_source` ...). `anchor` is the
    claim key that the id comes from. `links` tell why the claims were taken for one thing.
    """

    id: str
    table: Table
    values: ClaimValues
    choices: tuple[Choice, ...]
    claim_ids: tuple[str, ...]
    witness_count: int
    first_published_on: str | None
    last_published_on: str | None
    confidence: float
    events: tuple[LifecycleEvent, ...] = ()
    conversion: Conversion | None = None
    part_of: str | None = None
    repeat_of: str | None = None
    score: str | None = None
    score_claim_id: str | None = None
    is_overdue: bool = False
    overdue_days: int | None = None
    flags: tuple[str, ...] = ()
    anchor: str = ""
    links: tuple[Link, ...] = ()
    tlp: str = "clear"

    @property
    def state(self) -> str | None:
        """Status as of the day asked: the last legal event's, inferred ones included; without events that of the values."""
        for event in reversed(self.events):
            if event.is_legal:
                return event.status
        status = getattr(self.values, "status", None) or getattr(self.values, "stage", None)
        return None if status is None else str(status)

    @property
    def state_is_inferred(self) -> bool:
        """Whether `state` is what silence suggests."""
        legal = [event for event in self.events if event.is_legal]
        return bool(legal) and legal[-1].is_inferred

    def choice(self, field: str) -> Choice | None:
        """How that field got its value; None where no claim gives one."""
        return next((choice for choice in self.choices if choice.field == field), None)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One funding record in one total: counted, or excluded with a reason code (`records.ledger.REASONS`).

    `total` names the total: `stage=disbursed`, or within a stage a dimension, `stage=disbursed;donor=US`. `amount` is in
    `currency`; `amount_common` is in the portfolio's common currency and None where there is no rate, `common_min` and
    `common_max` are its range where sources disagree.
    """

    record_id: str
    total: str
    is_counted: bool
    reason: str | None
    amount: float
    currency: str
    amount_common: float | None
    common_min: float | None = None
    common_max: float | None = None

    @property
    def stage(self) -> str:
        """The stage that the total adds up."""
        return self.total.partition(";")[0].partition("=")[2]

    @property
    def dimension(self) -> str:
        """`stage`, `donor`, `recipient`, `programme` or `year`."""
        return self.total.rpartition(";")[2].partition("=")[0]

    @property
    def value(self) -> str:
        """The value of the dimension (`US`, `2014` ...)."""
        return self.total.rpartition(";")[2].partition("=")[2]


@dataclass(frozen=True, slots=True)
class Total:
    """What a ledger says of one total in one currency.

    `seen` = `counted` + `excluded`, as numbers of records and as amounts (`amount_seen` ...), in units of `currency`.
    `excluded_by_reason` gives (reason, records, amount). `without_rate` counts records that a total in the common currency
    couldn't take in because there is no rate; it is 0 for totals in original currencies.
    """

    total: str
    currency: str
    seen: int
    counted: int
    excluded: int
    amount_seen: float
    amount_counted: float
    amount_excluded: float
    excluded_by_reason: tuple[tuple[str, int, float], ...] = ()
    without_rate: int = 0
    amount_counted_min: float = 0.0
    amount_counted_max: float = 0.0


class ChangeKind(StrEnum):
    ADD = "ADD"
    MOD = "MOD"
    DEL = "DEL"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record before and after."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record between two states of knowledge. `fields` is empty for ADD and DEL. `cause` is one of `records.diff.CAUSES`,
    `claim_ids` are the claims that came, went or changed.
    """

    kind: ChangeKind
    record_id: str
    table: Table
    title: str
    fields: tuple[FieldChange, ...]
    cause: str
    claim_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """A figure for a period that was over when it was published, and is another now.

    `key` names the cell (`stage=disbursed;donor=US`), `measure` its column with the unit. `old` and `new` are None where the
    cell didn't or doesn't exist.
    """

    table: Table
    period: str
    key: str
    measure: str
    old: float | None
    new: float | None
    cause: str
    record_ids: tuple[str, ...]
    claim_ids: tuple[str, ...]
