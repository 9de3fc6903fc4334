"""Which document versions wait for the extractor, and what it made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, update

from bam.store.schema.documents import claims, documents, extractions, version_texts, versions


@dataclass(frozen=True, slots=True)
class StoredText:
    """A converted version as the extractor needs it; `blocks` is the stored JSON of its structure."""

    version_id: str
    document_id: str
    address: str
    source_id: str
    raw_sha256: str
    status: str
    text: str
    blocks: list[dict[str, Any]]
    media_type: str
    converter: str
    title: str | None
    publisher: str | None
    author: str | None
    published_on: str | None
    language: str | None
    origins: dict[str, str]


def pending_version_ids(connection: Connection, extractor: str) -> list[str]:
    """Ids of the standing versions that wait for this extractor (name and version), in stable order.

    What an older extractor has read doesn't wait: reading it again is decided by a person. Versions that an older one failed at,
    or whose language it didn't know, are asked again.
    """
    query = (
        select(versions.c.id)
        .where(
            versions.c.superseded_at.is_(None),
            or_(
                and_(versions.c.status == "converted", ~_read_by(extractor, also_by_others=True)),
                and_(versions.c.status == "waiting_language", ~_read_by(extractor, also_by_others=False)),
            ),
        )
        .order_by(versions.c.id)
    )
    return list(connection.execute(query).scalars())


def outdated_version_count(connection: Connection, extractor: str) -> int:
    """How many standing versions were read by another extractor (version) only."""
    query = (
        select(func.count())
        .select_from(versions)
        .where(
            versions.c.status == "converted",
            versions.c.superseded_at.is_(None),
            _read_by(extractor, also_by_others=True),
            ~_read_by(extractor, also_by_others=False),
        )
    )
    return int(connection.execute(query).scalar_one())


def _read_by(extractor: str, *, also_by_others: bool) -> ColumnElement[bool]:
    """Whether the version was read by this extractor, whatever came of it, or well by another one."""
    mine = extractions.c.extractor == extractor
    counts = or_(mine, extractions.c.status == "extracted") if also_by_others else mine
    return exists().where(and_(extractions.c.version_id == versions.c.id, counts))


def read_texts(connection: Connection, version_ids: Sequence[str]) -> list[StoredText]:
    """The texts of these versions, in order of id; unknown ids are left out."""
    query = (
        select(
            versions.c.id,
            versions.c.document_id,
            documents.c.address,
            documents.c.source_id,
            versions.c.raw_sha256,
            versions.c.status,
            version_texts.c.text,
            version_texts.c.blocks,
            versions.c.media_type,
            versions.c.converter,
            versions.c.title,
            versions.c.publisher,
            versions.c.author,
            versions.c.published_on,
            versions.c.language,
            versions.c.origins,
        )
        .join(version_texts, version_texts.c.version_id == versions.c.id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.id.in_(version_ids))
        .order_by(versions.c.id)
    )
    return [StoredText(*list[Any](row)) for row in connection.execute(query)]


def close_claims_of_other_extractors(connection: Connection, version_id: str, extractor: str, recorded_at: str) -> int:
    """Close what another extractor (version) said of this version; returns how many claims were closed."""
    closed = connection.execute(
        update(claims)
        .where(claims.c.version_id == version_id, claims.c.extractor != extractor, claims.c.closed_at.is_(None))
        .values(closed_at=recorded_at, closed_because="re_extracted", closed_by=extractor)
    )
    return int(closed.rowcount)


def note_extraction(
    connection: Connection, version_id: str, extractor: str, recorded_at: str, *, claim_count: int, failure: str | None = None
) -> None:
    """Remember that the extractor has read the version; `failure` says why it gave up."""
    connection.execute(
        insert(extractions).values(
            version_id=version_id,
            extractor=extractor,
            recorded_at=recorded_at,
            claim_count=claim_count,
            status="failed" if failure else "extracted",
            reason=failure,
        )
    )


def is_extracted(connection: Connection, version_id: str, extractor: str) -> bool:
    """Whether this extractor has read the version already (another task may have been faster)."""
    query = select(extractions.c.version_id).where(extractions.c.version_id == version_id, extractions.c.extractor == extractor)
    return connection.execute(query).first() is not None


def set_version_state(connection: Connection, version_id: str, status: str, reason: str | None) -> None:
    """Mark a version as converted, quarantined or waiting for a language, with the reason."""
    connection.execute(update(versions).where(versions.c.id == version_id).values(status=status, reason=reason))
