"""Near copies: signatures that find them, links between documents, and the groups that follow from the links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from bam.store.batches import in_batches, insert_plain, select_plain
from bam.store.schema.documents import documents
from bam.store.schema.sources import copy_links, signature_bands, signatures

MAX_CANDIDATES = 2000
"""Documents that a new text is compared with at most; more share a band only where pages are made from one form."""

_INSERT_SIGNATURES = insert(signatures)
_READ_SIGNATURES = select(signatures).where(signatures.c.document_id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class SignedText:
    """The signature of a document's standing text: see `bam.documents.similarity`."""

    document_id: str
    version_id: str
    minhash: bytes
    word_count: int


@dataclass(frozen=True, slots=True)
class CopyRule:
    """How copies are told. `similarities` says how alike one signature and its word count are with each of some others, 0 to 1;
    from `threshold` on they are copies. `bands` gives the bands of some signatures; only texts that share one are compared.
    """

    similarities: Callable[[bytes, int, Sequence[tuple[bytes, int]]], Sequence[float]]
    threshold: float
    bands: Callable[[Sequence[bytes]], Sequence[Sequence[int]]]


def replace_signature(connection: Connection, text: SignedText, rule: CopyRule, at: str) -> None:
    """Store the signature of a text in place of its document's earlier one: see `add_signatures`."""
    before = _linked(connection, text.document_id)
    forget_signature(connection, text.document_id, rule)
    add_signatures(connection, [text], rule, at)
    if before:
        _regroup(connection, {text.document_id, *before})


def add_signatures(connection: Connection, texts: Sequence[SignedText], rule: CopyRule, at: str) -> None:
    """Store the signatures of documents that have none, link them with their near copies, and group all that are linked.

    The result doesn't depend on the order in which documents arrive: links are between texts, and a group is named after the
    smallest id in it.
    """
    if not texts:
        return
    # In the order of the table, so that what lies on one page of a large one is written there together.
    bands = sorted(_bands(texts, rule))
    met = _met(connection, bands)
    rows = [
        {"document_id": text.document_id, "version_id": text.version_id, "minhash": text.minhash, "word_count": text.word_count}
        for text in texts
    ]
    connection.execute(_INSERT_SIGNATURES, rows)
    insert_plain(connection, signature_bands, bands)
    links = _links(connection, texts, met, rule)
    if links:
        connection.execute(
            insert(copy_links),
            [
                {"first_id": first, "second_id": second, "similarity": round(score, 4), "recorded_at": at}
                for (first, second), score in sorted(links.items())
            ],
        )
        _regroup(connection, {document_id for pair in links for document_id in pair})


def forget_signature(connection: Connection, document_id: str, rule: CopyRule) -> None:
    """Take a document's signature and links away (its text has changed)."""
    connection.execute(delete(copy_links).where(or_(copy_links.c.first_id == document_id, copy_links.c.second_id == document_id)))
    minhash = connection.execute(select(signatures.c.minhash).where(signatures.c.document_id == document_id)).scalar()
    if minhash is not None:
        (bands,) = rule.bands([bytes(minhash)])
        own = signature_bands.c.document_id == document_id
        connection.execute(delete(signature_bands).where(signature_bands.c.band.in_(bands), own))
    connection.execute(delete(signatures).where(signatures.c.document_id == document_id))


def similarity_links(connection: Connection, document_id: str) -> list[tuple[str, float]]:
    """The documents that are linked with this one, with their similarity, the most alike first."""
    rows = connection.execute(
        select(copy_links).where(or_(copy_links.c.first_id == document_id, copy_links.c.second_id == document_id))
    )
    links = [(row.second_id if row.first_id == document_id else row.first_id, row.similarity) for row in rows]
    return sorted(links, key=lambda link: (-link[1], link[0]))


def _bands(texts: Sequence[SignedText], rule: CopyRule) -> set[tuple[int, str]]:
    """The bands of these texts, each with the document that has it."""
    found = zip(texts, rule.bands([text.minhash for text in texts]), strict=True)
    return {(band, text.document_id) for text, bands in found for band in bands}


def _met(connection: Connection, bands: Sequence[tuple[int, str]]) -> dict[str, set[str]]:
    """For each of these documents the others that share a band with it, among themselves and among those that are stored."""
    last = dict(bands)
    sharing: dict[int, set[str]] = defaultdict(set)
    for band, document_id in bands:
        if last[band] != document_id:
            sharing[band] |= {document_id, last[band]}
    for row in select_plain(connection, signature_bands, signature_bands.c.band, list(last)):
        sharing[row.band].add(row.document_id)
    met: dict[str, set[str]] = defaultdict(set)
    for band, document_id in bands:
        if band in sharing:
            met[document_id] |= sharing[band] - {document_id}
    return met


def _links(
    connection: Connection, texts: Sequence[SignedText], met: Mapping[str, set[str]], rule: CopyRule
) -> dict[tuple[str, str], float]:
    """The pairs that are near copies, each with its similarity."""
    found: dict[tuple[str, str], float] = {}
    known = {text.document_id: (text.minhash, text.word_count) for text in texts}
    for text in texts:
        others = sorted(met.get(text.document_id, ()))[:MAX_CANDIDATES]
        for batch in in_batches([other for other in others if other not in known]):
            for row in connection.execute(_READ_SIGNATURES, {"ids": list(batch)}):
                known[row.document_id] = (bytes(row.minhash), row.word_count)
        if not others:
            continue
        scores = rule.similarities(text.minhash, text.word_count, [known[other] for other in others])
        for other, score in zip(others, scores, strict=True):
            if score >= rule.threshold:
                found[min(text.document_id, other), max(text.document_id, other)] = float(score)
    return found


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
