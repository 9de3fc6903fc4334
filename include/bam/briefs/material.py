"""What an issue is made from. It is kept in the issue's context, so that every printed figure can be worked out again from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bam.model.claims import Claim, Evidence, Table, Witness
from bam.model.records import LedgerEntry, Record


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the brief needs of a claim: who says it, where exactly, and which archived bytes hold it."""

    claim_id: str
    version_id: str
    raw_sha256: str
    table: Table
    values: dict[str, Any]
    evidence: tuple[Evidence, ...]
    published_on: str | None
    recorded_at: str
    language: str
    witness: Witness


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that didn't pass: its severity, what it protects, and how many rows failed it."""

    check: str
    severity: str
    protects: str
    row_count: int


@dataclass(frozen=True, slots=True)
class QualitySummary:
    """What the checks of the last run found. `quarantined` claims are held back from the tables."""

    passed: int = 0
    failed: tuple[FailedCheck, ...] = ()
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source does: days since its last new document against its usual rhythm, and failures in a row."""

    source_id: str
    publisher: str
    silent_days: int | None
    rhythm_days: int
    failures_in_a_row: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether it needs attention: more than twice its rhythm without a new document, or failing."""
        return self.failures_in_a_row > 0 or (self.silent_days is not None and self.silent_days > 2 * self.rhythm_days)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read: documents known as of the issue's clocks, those of them published in the period, claims taken from them,
    and documents that wait (quarantined, or in a language that isn't read yet).
    """

    documents: int = 0
    documents_in_period: int = 0
    claims: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A record's part in a figure: what it adds to it."""

    record_id: str
    value: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure for a period, with the records that make it up."""

    period: str
    value: float
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One measure over consecutive periods, oldest first; `unit` is a currency, `people`, `events`, `places` or `promises`."""

    measure: str
    unit: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A record as an issue printed it, to tell the next issue what changed."""

    record_id: str
    table: Table
    title: str
    state: str | None
    amount: float | None
    currency: str | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PreviousIssue:
    """What the issue before this one printed, or would have printed, for its period: what this one compares itself with."""

    period: str
    as_of: str
    recorded_at: str
    series: tuple[Series, ...]
    records: tuple[Snapshot, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record's place lies, in degrees."""

    record_id: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that an issue is made from, as of its two clocks, in a stable order (records and claims by id)."""

    records: tuple[Record, ...]
    ledger: tuple[LedgerEntry, ...]
    testimonies: tuple[Testimony, ...]
    quality: QualitySummary = field(default_factory=QualitySummary)
    sources: tuple[SourceHealth, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    locations: tuple[Location, ...] = ()
    previous: PreviousIssue | None = None
    left_out: int = 0
    """Records outside the brief's countries, donors, programmes or confidentiality."""


def testimony_of(claim: Claim, raw_sha256: str, language: str) -> Testimony:
    """The part of a claim that a brief carries. `language` is the document's (ISO 639-1)."""
    from bam.model.claims import values_to_dict

    return Testimony(
        claim_id=claim.id,
        version_id=claim.version_id,
        raw_sha256=raw_sha256,
        table=claim.table,
        values=values_to_dict(claim.values),
        evidence=claim.evidence,
        published_on=claim.published_on,
        recorded_at=claim.recorded_at,
        language=language,
        witness=claim.witness,
    )


def claim_ids_of(records: Iterable[Record]) -> set[str]:
    """All claims that these records rest on."""
    return {claim_id for record in records for claim_id in record.claim_ids} | {
        record.score_claim_id for record in records if record.score_claim_id
    }
