"""Claims: what one version of one document states, with the places that say so.

The four tables and the meaning of each field follow the definition of a fact in docs/method.md.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any


class Table(StrEnum):
    """The four indicator tables."""

    FUNDING = "funding"
    FACILITIES = "facilities"
    WORKSHOPS = "workshops"
    FOLLOW_UPS = "follow_ups"


class Stage(StrEnum):
    """How far a sum has come; stages are never added to each other."""

    PLANNED = "planned"
    PLEDGED = "pledged"
    COMMITTED = "committed"
    DISBURSED = "disbursed"


class FacilityType(StrEnum):
    TRAINING_CENTRE = "training_centre"
    BORDER_CROSSING = "border_crossing"
    BORDER_POST = "border_post"
    BRIDGE = "bridge"
    BASE = "base"
    AIRPORT = "airport"
    LABORATORY = "laboratory"
    OFFICE = "office"
    CHECKPOINT = "checkpoint"
    OTHER = "other"


class FacilityStatus(StrEnum):
    PLANNED = "planned"
    UNDER_CONSTRUCTION = "under_construction"
    OPERATIONAL = "operational"
    CLOSED = "closed"


class WorkshopStatus(StrEnum):
    HELD = "held"
    ONGOING = "ongoing"
    PLANNED = "planned"


class FollowUpStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    ONGOING = "ongoing"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class FundingValues:
    """A sum given, promised, budgeted or needed as assistance.

    `amount` is in units of `currency` (ISO 4217), the middle where the document gives a range. `date` is an ISO prefix: when
    it was given, signed or announced. `part_of` is the amount of the total that the document says it belongs to.
    `is_cumulative` marks background sums over many years ("since 1992"), `is_in_kind` the money value of goods, `is_cancelled`
    a sum that the document says was withdrawn.
    """

    amount: float
    currency: str
    stage: Stage
    donors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    programme: str | None = None
    purpose: str | None = None
    date: str | None = None
    amount_min: float | None = None
    amount_max: float | None = None
    part_of: float | None = None
    is_cumulative: bool = False
    is_in_kind: bool = False
    is_approximate: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class FacilityValues:
    """A place built, opened, renovated, equipped, planned or used through the assistance."""

    name: str
    type: FacilityType
    country: str | None = None
    place: str | None = None
    status: FacilityStatus = FacilityStatus.OPERATIONAL
    status_date: str | None = None
    funders: tuple[str, ...] = ()
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class WorkshopValues:
    """A training, workshop, seminar, exercise or study visit. `participants` counts people trained, never people targeted;
    `count` is the number of events where a series is reported as one.
    """

    topic: str
    start: str | None = None
    end: str | None = None
    country: str | None = None
    place: str | None = None
    venue: str | None = None
    organisers: tuple[str, ...] = ()
    participants: int | None = None
    audience: tuple[str, ...] = ()
    status: WorkshopStatus = WorkshopStatus.HELD
    programme: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FollowUpValues:
    """A commitment that came out of a conference. `due` is the ISO prefix of the day by which; `parties` are to act."""

    conference: str
    commitment: str
    conference_date: str | None = None
    conference_place: str | None = None
    parties: tuple[str, ...] = ()
    due: str | None = None
    status: FollowUpStatus = FollowUpStatus.OPEN


ClaimValues = FundingValues | FacilityValues | WorkshopValues | FollowUpValues

VALUES_BY_TABLE: dict[Table, type[ClaimValues]] = {
    Table.FUNDING: FundingValues,
    Table.FACILITIES: FacilityValues,
    Table.WORKSHOPS: WorkshopValues,
    Table.FOLLOW_UPS: FollowUpValues,
}
_ENUMS: dict[tuple[Table, str], type[StrEnum]] = {
    (Table.FUNDING, "stage"): Stage,
    (Table.FACILITIES, "type"): FacilityType,
    (Table.FACILITIES, "status"): FacilityStatus,
    (Table.WORKSHOPS, "status"): WorkshopStatus,
    (Table.FOLLOW_UPS, "status"): FollowUpStatus,
}


_CODE_LENGTH = 10
"""Letters of the longest code or date."""


def values_to_dict(values: ClaimValues) -> dict[str, Any]:
    """Plain JSON types: enums as strings, tuples as lists."""
    return {
        key: list(value) if isinstance(value, tuple) else str(value) if isinstance(value, StrEnum) else value
        for key, value in asdict(values).items()
    }


def values_from_dict(table: Table, data: dict[str, Any]) -> ClaimValues:
    """The inverse of `values_to_dict`. Unknown keys are ignored; a bad enum value raises ValueError."""
    known: dict[str, Any] = {}
    for name, enum in _fields_of(table):
        if name not in data:
            continue
        value = data[name]
        if enum is not None:
            value = enum(value)
        elif isinstance(value, list):
            # Codes, like dates, come again and again: one object for each of them.
            value = tuple(sys.intern(item) if isinstance(item, str) else item for item in value)
        elif isinstance(value, str) and len(value) <= _CODE_LENGTH:
            value = sys.intern(value)
        known[name] = value
    return VALUES_BY_TABLE[table](**known)


@cache
def _fields_of(table: Table) -> tuple[tuple[str, type[StrEnum] | None], ...]:
    """The fields of a table's values, each with what makes its enum; every claim that is read asks for them."""
    return tuple((spec.name, _ENUMS.get((table, spec.name))) for spec in fields(VALUES_BY_TABLE[table]))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in the canonical text: `text[start:end] == quote`, always. `page` counts from 1 where the format has pages."""

    start: int
    end: int
    quote: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a fact is believed, or how a value came about: a stable `code`, a sentence, and its weight in the confidence."""

    code: str
    text: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Fact:
    """What the extractor takes from one document, before it is bound to a stored version. `evidence[0]` is the main quote."""

    table: Table
    values: ClaimValues
    evidence: tuple[Evidence, ...]
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """Who says it: one voice however many copies of an article are read.

    `copy_group` is the id of the document that near copies are grouped under (its own id where there are none).
    `officiality` is `official`, `multilateral`, `media` or `think_tank`; `tlp` the confidentiality of its source.
    """

    document_id: str
    copy_group: str
    source_id: str
    publisher: str | None
    officiality: str
    tlp: str
    title: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact bound to the document version that states it; never changed, only closed.

    `published_on` (ISO prefix) is when the world could know, `recorded_at` (ISO 8601, UTC) when we did. `is_reviewed` marks
    what a person has confirmed or set right: it wins over every other claim of its record.
    """

    id: str
    version_id: str
    table: Table
    values: ClaimValues
    evidence: tuple[Evidence, ...]
    confidence: float
    extractor: str
    published_on: str | None
    recorded_at: str
    witness: Witness
    reasons: tuple[Reason, ...] = field(default=())
    is_reviewed: bool = False
