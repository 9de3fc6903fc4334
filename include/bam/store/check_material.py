"""What the checks look at, read from the store: versions with their documents, texts, activity of sources, work of extractors."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from bam.store.batches import in_batches
from bam.store.schema.documents import claims, documents, extractions, version_texts, versions
from bam.store.schema.quality import review_decisions

_TEXTS = 100
"""Texts read at once: a few megabytes."""


def read_version_facts(connection: Connection, version_ids: Collection[str]) -> Iterator[Row[Any]]:
    """Rows of these versions with their documents and `text_length` (null where no text is stored), in order of id."""
    query = (
        select(
            versions,
            documents.c.address,
            documents.c.source_id,
            documents.c.officiality,
            documents.c.tlp,
            func.length(version_texts.c.text).label("text_length"),
        )
        .join(documents, documents.c.id == versions.c.document_id)
        .outerjoin(version_texts, version_texts.c.version_id == versions.c.id)
        .order_by(versions.c.id)
    )
    for batch in in_batches(sorted(set(version_ids))):
        yield from connection.execute(query.where(versions.c.id.in_(batch)))


def read_grounds(connection: Connection, version_ids: Collection[str]) -> Iterator[Row[Any]]:
    """Of these versions `id`, `raw_sha256`, `text_sha256`, `title`, `language` and `text` (null where none is stored), in order
    of id.
    """
    query = (
        select(
            versions.c.id,
            versions.c.raw_sha256,
            versions.c.text_sha256,
            versions.c.title,
            versions.c.language,
            version_texts.c.text,
        )
        .outerjoin(version_texts, version_texts.c.version_id == versions.c.id)
        .order_by(versions.c.id)
    )
    for batch in in_batches(sorted(set(version_ids)), _TEXTS):
        yield from connection.execute(query.where(versions.c.id.in_(batch)))


def all_version_ids(connection: Connection) -> list[str]:
    """Ids of all versions, standing or not."""
    return list(connection.execute(select(versions.c.id).order_by(versions.c.id)).scalars())


def standing_claim_ids(connection: Connection) -> list[str]:
    """Ids of the claims that are open."""
    return list(connection.execute(select(claims.c.id).where(claims.c.closed_at.is_(None)).order_by(claims.c.id)).scalars())


def unchecked_versions_per_day(connection: Connection) -> list[tuple[str, str, int]]:
    """(source, ISO day of recording, number) of the versions that no check has seen yet."""
    day = func.substr(versions.c.recorded_at, 1, 10)
    query = (
        select(documents.c.source_id, day, func.count())
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.checked_at.is_(None))
        .group_by(documents.c.source_id, day)
    )
    return list(connection.execute(query).tuples())


def extractions_of_reread(connection: Connection, since: str | None) -> list[tuple[str, str]]:
    """(version, extractor) in order of reading, of the versions that were read after that time and by more than one extractor.

    Without a time, of all versions that more than one extractor has read.
    """
    one, other = extractions.alias("one"), extractions.alias("other")
    several = select(one.c.version_id).join(
        other, and_(other.c.version_id == one.c.version_id, other.c.extractor != one.c.extractor, other.c.status == "extracted")
    )
    several = several.where(one.c.status == "extracted")
    if since is not None:
        several = several.where(one.c.recorded_at > since)
    query = (
        select(extractions.c.version_id, extractions.c.extractor)
        .where(extractions.c.version_id.in_(several), extractions.c.status == "extracted")
        .order_by(extractions.c.version_id, extractions.c.recorded_at, extractions.c.extractor)
    )
    return list(connection.execute(query).tuples())


def claims_per_extractor(connection: Connection, version_ids: Collection[str]) -> Iterator[tuple[str, str, str, int]]:
    """(version, extractor, table, number of claims) of these versions."""
    for batch in in_batches(sorted(set(version_ids))):
        yield from connection.execute(
            select(claims.c.version_id, claims.c.extractor, claims.c.table_name, func.count())
            .where(claims.c.version_id.in_(batch))
            .group_by(claims.c.version_id, claims.c.extractor, claims.c.table_name)
        ).tuples()


def dangling_decisions(connection: Connection) -> list[str]:
    """Decisions about claims that aren't stored."""
    known = select(claims.c.id).where(claims.c.id == review_decisions.c.claim_id)
    return list(
        connection.execute(select(review_decisions.c.id).where(~known.exists()).order_by(review_decisions.c.id)).scalars()
    )
