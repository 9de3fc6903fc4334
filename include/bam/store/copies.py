"""Near copies: signatures that find them, links between documents, and the groups that follow from the links."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from bam.store.batches import in_batches
from bam.store.schema.documents import documents
from bam.store.schema.sources import copy_links, signature_bands, signatures

MAX_CANDIDATES = 500

_INSERT_SIGNATURE = insert(signatures)
_INSERT_BANDS = insert(signature_bands)
_SHARED_BANDS = (
    select(signature_bands.c.document_id).where(signature_bands.c.band.in_(bindparam("bands", expanding=True))).distinct()
)


def replace_signature(
    connection: Connection,
    document_id: str,
    version_id: str,
    minhash: bytes,
    word_count: int,
    bands: Sequence[int],
    similarity: Callable[[bytes, int], float],
    threshold: float,
    at: str,
    *,
    is_first: bool = False,
) -> None:
    """Store the signature of a document's standing text, link it with its near copies, and group all that are linked.

    `similarity` compares with another signature and its word count. The result doesn't depend on the order in which
    documents arrive: links are between texts, and a group is named after the smallest id in it. `is_first` says that the document
    is new and has no signature yet.
    """
    before: set[str] = set()
    if not is_first:
        before = _linked(connection, document_id)
        forget_signature(connection, document_id)
    row = {"document_id": document_id, "version_id": version_id, "minhash": minhash, "word_count": word_count}
    connection.execute(_INSERT_SIGNATURE, row)
    others = _candidates(connection, document_id, bands)
    connection.execute(_INSERT_BANDS, [{"band": band, "document_id": document_id} for band in sorted(set(bands))])
    links = [(other, score) for other, data, words in others if (score := similarity(data, words)) >= threshold]
    if links:
        connection.execute(
            insert(copy_links),
            [
                {
                    "first_id": min(document_id, other),
                    "second_id": max(document_id, other),
                    "similarity": round(score, 4),
                    "recorded_at": at,
                }
                for other, score in links
            ],
        )
    if before or links:
        _regroup(connection, {document_id, *before, *(other for other, _ in links)})


def forget_signature(connection: Connection, document_id: str) -> None:
    """Take a document's signature and links away (its text has changed)."""
    connection.execute(delete(copy_links).where(or_(copy_links.c.first_id == document_id, copy_links.c.second_id == document_id)))
    connection.execute(delete(signature_bands).where(signature_bands.c.document_id == document_id))
    connection.execute(delete(signatures).where(signatures.c.document_id == document_id))


def similarity_links(connection: Connection, document_id: str) -> list[tuple[str, float]]:
    """The documents that are linked with this one, with their similarity, the most alike first."""
    rows = connection.execute(
        select(copy_links).where(or_(copy_links.c.first_id == document_id, copy_links.c.second_id == document_id))
    )
    links = [(row.second_id if row.first_id == document_id else row.first_id, row.similarity) for row in rows]
    return sorted(links, key=lambda link: (-link[1], link[0]))


def _candidates(connection: Connection, document_id: str, bands: Sequence[int]) -> list[tuple[str, bytes, int]]:
    ids: set[str] = set()
    for batch in in_batches(sorted(set(bands))):
        ids.update(connection.execute(_SHARED_BANDS, {"bands": list(batch)}).scalars())
    ids.discard(document_id)
    if not ids:
        return []
    rows = connection.execute(select(signatures).where(signatures.c.document_id.in_(sorted(ids)[:MAX_CANDIDATES])))
    return sorted((row.document_id, bytes(row.minhash), row.word_count) for row in rows)


def _linked(connection: Connection, document_id: str) -> set[str]:
    return {other for other, _ in similarity_links(connection, document_id)}


def _regroup(connection: Connection, touched: set[str]) -> None:
    """Name the group of each touched document, and of all that hang on it, after the smallest id."""
    waiting = set(touched)
    while waiting:
        group, edge = set(), {min(waiting)}
        while edge:
            group |= edge
            edge = {other for each in sorted(edge) for other in _linked(connection, each)} - group
        connection.execute(
            update(documents)
            .where(documents.c.id.in_(sorted(group)), documents.c.copy_group != min(group))
            .values(copy_group=min(group))
        )
        waiting -= group
