"""A store filled by hand: documents with their texts, signatures and claims as the steps would have left them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import insert, update

from bam.documents.archive import Origin
from bam.documents.similarity import PERMUTATIONS, bands_of
from bam.model.claims import Claim, Evidence
from bam.model.identity import sha256_hex
from bam.pipeline.context import RunContext
from bam.store.claims import insert_claims
from bam.store.schema.documents import claims as claim_rows
from bam.store.schema.documents import documents, version_texts, versions
from bam.store.schema.sources import addresses, signature_bands, signatures
from bam.store.sources import address_id

_DOCUMENTS_AT_ONCE = 2000
_GAP = "\n\n"


def fill(
    context: RunContext, claims: Iterable[Claim], *, are_new: bool, advance: Callable[[int], None] = lambda done: None
) -> None:
    """Store claims with their documents, which come one after the other.

    Args:
        are_new: the bytes are archived, and the checks haven't seen them; else they count as checked and have no bytes.
        advance: told how many documents were stored since the last call.
    """
    batch: list[list[Claim]] = []
    for _, group in groupby(claims, attrgetter("version_id")):
        batch.append(list(group))
        if len(batch) == _DOCUMENTS_AT_ONCE:
            _store(context, batch, are_new=are_new)
            advance(len(batch))
            batch = []
    if batch:
        _store(context, batch, are_new=are_new)
        advance(len(batch))


def _store(context: RunContext, batch: Sequence[Sequence[Claim]], *, are_new: bool) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (documents, versions, version_texts, addresses, signatures, signature_bands)
    }
    grounded: list[Claim] = []
    for group in batch:
        text, own = _with_text(group)
        grounded += own
        for table, found in _rows_of(own[0], text, None if are_new else context.timestamp()):
            rows[table] += found
        if are_new:
            witness = own[0].witness
            context.archive.put(text.encode(), Origin(witness.address, context.timestamp(), witness.source_id))
    with context.store.write() as connection:
        for table, found in rows.items():
            connection.execute(insert(table), found)
        insert_claims(connection, grounded)
        if not are_new:
            query = update(claim_rows).where(claim_rows.c.checked_at.is_(None))
            connection.execute(query.values(checked_at=context.timestamp()))


def _with_text(group: Sequence[Claim]) -> tuple[str, list[Claim]]:
    """A text that says what these claims quote, and the claims with their places in it."""
    text, grounded = "", []
    for claim in group:
        quote = claim.evidence[0].quote
        grounded.append(replace(claim, evidence=(Evidence(len(text), len(text) + len(quote), quote),)))
        text += quote + _GAP
    return text, grounded


def _rows_of(claim: Claim, text: str, checked_at: str | None) -> Iterable[tuple[Any, list[dict[str, Any]]]]:
    witness, at, digest = claim.witness, claim.recorded_at, sha256_hex(text.encode())
    document_id, version_id = witness.document_id, claim.version_id
    chance = random.Random(document_id)
    signature = chance.randbytes(4 * PERMUTATIONS)
    (bands,) = bands_of([signature])
    yield (
        documents,
        [
            {
                "id": document_id,
                "address": witness.address,
                "source_id": witness.source_id,
                "officiality": witness.officiality,
                "tlp": witness.tlp,
                "first_seen_at": at,
                "copy_group": witness.copy_group,
            }
        ],
    )
    yield (
        versions,
        [
            {
                "id": version_id,
                "document_id": document_id,
                "number": 1,
                "raw_sha256": digest,
                "text_sha256": digest,
                "media_type": "text/plain",
                "converter": "bench",
                "status": "converted",
                "title": witness.title,
                "publisher": witness.publisher,
                "published_on": claim.published_on,
                "language": "en",
                "origins": {},
                "recorded_at": at,
                "checked_at": checked_at,
            }
        ],
    )
    yield version_texts, [{"version_id": version_id, "text": text, "blocks": []}]
    yield (
        addresses,
        [
            {
                "id": address_id(witness.source_id, witness.address),
                "source_id": witness.source_id,
                "address": witness.address,
                "document_id": document_id,
                "raw_sha256": digest,
                "first_seen_at": at,
                "checked_at": at,
                "answered_at": at,
                "outcome": "new",
            }
        ],
    )
    yield signatures, [{"document_id": document_id, "version_id": version_id, "minhash": signature, "word_count": 600}]
    yield signature_bands, [{"band": band, "document_id": document_id} for band in sorted(set(bands))]
