"""The frame of claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bam.model.claims import Claim
from bam.quality.frames.context import CheckContext
from bam.quality.frames.table import frame_of
from bam.quality.frames.values import VALUE_COLUMNS, value_columns

if TYPE_CHECKING:
    import pandas as pd

CLAIM_COLUMNS = (
    *("claim_id", "table", "version_id", "document_id", "source_id", "extractor", "is_reviewed", "confidence"),
    *("published_on", "recorded_on", "evidence_count", "quote_length"),
    *("unfounded", "orphan_of", "twin_of", "unstated", "unknown_conference"),
    *VALUE_COLUMNS,
)


@dataclass(frozen=True, slots=True)
class ClaimNotes:
    """What only the archive, the texts and the store can tell of claims, by claim id.

    `unfounded` says what `bam.quality.grounding` found wrong with the evidence, `unstated` which value doesn't stand in the
    quotes, `unknown_conference` which conference the document doesn't name. `orphans` have a version that isn't stored.
    """

    unfounded: Mapping[str, str] = field(default_factory=dict)
    unstated: Mapping[str, str] = field(default_factory=dict)
    unknown_conference: Mapping[str, str] = field(default_factory=dict)
    orphans: Collection[str] = ()


def claim_frame(claims: Sequence[Claim], context: CheckContext, notes: ClaimNotes | None = None) -> pd.DataFrame:
    """One row per claim, with the columns `CLAIM_COLUMNS`."""
    notes = notes or ClaimNotes()
    twins = _twins(claims)
    rows = (
        {
            "claim_id": claim.id,
            "table": str(claim.table),
            "version_id": claim.version_id,
            "document_id": claim.witness.document_id,
            "source_id": claim.witness.source_id,
            "extractor": claim.extractor,
            "is_reviewed": claim.is_reviewed,
            "confidence": claim.confidence,
            "published_on": claim.published_on,
            "recorded_on": claim.recorded_at[:10],
            "evidence_count": len(claim.evidence),
            "quote_length": len(claim.evidence[0].quote) if claim.evidence else None,
            "unfounded": notes.unfounded.get(claim.id),
            "orphan_of": claim.version_id if claim.id in notes.orphans else None,
            "twin_of": twins.get(claim.id),
            "unstated": notes.unstated.get(claim.id),
            "unknown_conference": notes.unknown_conference.get(claim.id),
        }
        | value_columns(claim.values, context, published_on=claim.published_on)
        for claim in claims
    )
    return frame_of(rows, CLAIM_COLUMNS)


def _twins(claims: Iterable[Claim]) -> dict[str, str]:
    """Claims that say the same in the same place of the same version: id of the later one to id of the first."""
    first: dict[tuple[Any, ...], Claim] = {}
    twins: dict[str, str] = {}
    for claim in claims:
        other = first.setdefault((claim.version_id, claim.table, claim.values), claim)
        if other.id != claim.id and _overlap(other, claim):
            twins[claim.id] = other.id
    return twins


def _overlap(one: Claim, two: Claim) -> bool:
    return any(a.start < b.end and b.start < a.end for a in one.evidence for b in two.evidence)
