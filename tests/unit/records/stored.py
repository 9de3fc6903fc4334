"""Claims of the factories put into a store, with the documents and versions that they need, and updates over them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from bam.indicators.snapshot import Snapshot, snapshot
from bam.model.claims import Claim
from bam.model.records import Record
from bam.pipeline.publishing import publish
from bam.pipeline.staging import stage
from bam.store.claims import close_claims, insert_claims
from bam.store.engine import Store
from bam.store.publications import Publication
from bam.store.records import mark_built
from bam.store.schema.documents import documents, versions

FIRST_DAY = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@dataclass
class World:
    """A store with a clock that moves a day with each update."""

    store: Store
    currency: str = "USD"
    now: dt.datetime = FIRST_DAY

    def add(self, claims: Iterable[Claim]) -> None:
        """Store claims with their documents and versions."""
        found = list(claims)
        with self.store.write() as connection:
            for claim in found:
                for table, row in ((documents, _document(claim)), (versions, _version(claim))):
                    if connection.execute(select(table.c.id).where(table.c.id == row["id"])).first() is None:
                        connection.execute(insert(table).values(row))
            insert_claims(connection, found)

    def close(self, claims: Iterable[Claim], because: str = "rejected") -> None:
        """Close claims."""
        with self.store.write() as connection:
            close_claims(connection, [claim.id for claim in claims], self.timestamp(), because=because, by="tests")

    def update(self, *, rebuild: bool = False) -> Publication | None:
        """Publish what has changed, a day after the last time; None where nothing has."""
        self.now += dt.timedelta(days=1)
        with self.store.read() as connection:
            staged = stage(connection, self.currency, rebuild=rebuild)
        with self.store.write() as connection:
            if not staged.has_news:
                mark_built(connection, staged.pending)
                return None
            return publish(connection, staged, self.timestamp())

    def snapshot(self, **clocks: Any) -> Snapshot:
        """What is known, by the clocks given."""
        with self.store.read() as connection:
            return snapshot(connection, currency=self.currency, now=self.now, **clocks)

    def records(self) -> Sequence[Record]:
        """The records that stand."""
        return self.snapshot().records

    def timestamp(self) -> str:
        """The present time as the store keeps it."""
        return self.now.isoformat(timespec="microseconds")


def _document(claim: Claim) -> dict[str, Any]:
    witness = claim.witness
    return {
        "id": witness.document_id,
        "address": witness.address,
        "source_id": witness.source_id,
        "officiality": witness.officiality,
        "tlp": witness.tlp,
        "first_seen_at": claim.recorded_at,
        "copy_group": witness.copy_group,
    }


def _version(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.version_id,
        "document_id": claim.witness.document_id,
        "number": 1,
        "raw_sha256": "0" * 64,
        "text_sha256": "0" * 64,
        "media_type": "text/plain",
        "converter": "tests",
        "status": "converted",
        "title": claim.witness.title,
        "publisher": claim.witness.publisher,
        "published_on": claim.published_on,
        "language": "en",
        "origins": {},
        "recorded_at": claim.recorded_at,
    }
