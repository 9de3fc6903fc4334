"""What is stored, what is pending and what waits for a person: one look at the whole monitor."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bam.extraction import EXTRACTOR
from bam.pipeline.context import RunContext
from bam.store import counts
from bam.store.delivery import count_states
from bam.store.extractions import pending_version_ids
from bam.store.publications import latest_publication
from bam.store.quality import read_runs


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of what the store holds; `claims` and `records` are per table.

    `pending` counts versions that wait for the extractor, `quarantined` rows that the checks keep out (by kind),
    `checks` the last run's passes and failures per severity (empty before the first run), `deliveries` those per state.
    """

    documents: int
    versions: dict[str, int]
    superseded_versions: int
    pending: int
    claims: dict[str, int]
    records: dict[str, int]
    publication: int | None
    published_at: str | None
    checks: dict[str, int]
    is_publishable: bool | None
    quarantined: dict[str, int]
    deliveries: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


def read_status(context: RunContext) -> Status:
    """Count everything at once, in one transaction."""
    with context.store.read() as connection:
        publication = latest_publication(connection)
        runs = read_runs(connection, limit=1)
        last = runs[0] if runs else None
        return Status(
            documents=counts.document_count(connection),
            versions=counts.standing_versions(connection),
            superseded_versions=counts.superseded_version_count(connection),
            pending=len(pending_version_ids(connection, EXTRACTOR)),
            claims=counts.standing_claims(connection),
            records=counts.published_records(connection),
            publication=publication.number if publication else None,
            published_at=publication.published_at if publication else None,
            checks={"passed": last.passed, "critical": last.critical, "warning": last.warning, "info": last.info} if last else {},
            is_publishable=last.is_publishable if last else None,
            quarantined=counts.quarantined_rows(connection),
            deliveries=count_states(connection),
        )
