"""Extraction as a step: versions that wait for the extractor become claims, one transaction per version."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bam.extraction import EXTRACTOR, Resources, extract, resources_of
from bam.model.claims import Claim, Fact, Table, Witness, values_to_dict
from bam.model.identity import content_id
from bam.model.text import ConvertedDocument, Metadata
from bam.pipeline.context import RunContext
from bam.store.claims import insert_claims
from bam.store.documents import blocks_from_json
from bam.store.extractions import (
    StoredText,
    close_claims_of_other_extractors,
    is_extracted,
    note_extraction,
    pending_version_ids,
    read_texts,
    set_version_state,
)

log = logging.getLogger(__name__)

BATCH_SIZE = 50
"""Versions per batch: about a second of work, so that a batch that fails costs little and workers share the load."""


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """What one batch gave: `claims` per table, versions that gave up with their reasons, versions that wait for a language."""

    versions: int
    claims: dict[str, int]
    failures: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    def __add__(self, other: ExtractReport) -> ExtractReport:
        return ExtractReport(
            self.versions + other.versions,
            dict(Counter(self.claims) + Counter(other.claims)),
            self.failures + other.failures,
            self.waiting + other.waiting,
        )


def pending_batches(context: RunContext, size: int = BATCH_SIZE) -> list[list[str]]:
    """Ids of the versions that this extractor hasn't read, in batches of at most `size`."""
    with context.store.read() as connection:
        pending = pending_version_ids(connection, EXTRACTOR)
    return [pending[i : i + size] for i in range(0, len(pending), size)]


def extract_batch(context: RunContext, version_ids: Sequence[str]) -> ExtractReport:
    """Extract these versions and store their claims. A version that fails is noted with its reason and stops no other."""
    resources = resources_of(context.portfolio)
    with context.store.read() as connection:
        texts = read_texts(connection, version_ids)
    report = ExtractReport(0, {})
    for stored in texts:
        report += _extract_version(context, resources, stored)
    return report


def extract_pending(context: RunContext) -> ExtractReport:
    """Extract everything that is pending, with progress."""
    batches = pending_batches(context)
    report = ExtractReport(0, {})
    with context.progress.task("Extracting facts", sum(map(len, batches))) as advance:
        for batch in batches:
            report += extract_batch(context, batch)
            advance(len(batch))
    return report


def _extract_version(context: RunContext, resources: Resources, stored: StoredText) -> ExtractReport:
    recorded_at = context.timestamp()
    try:
        extraction = extract(converted_document(stored), resources)
    except Exception as error:  # one document must never stop the others; the cause is kept with the version
        log.exception("Extraction of %s failed", stored.address)
        reason = f"{type(error).__name__}: {error}"
        with context.store.write() as connection:
            if not is_extracted(connection, stored.version_id, EXTRACTOR):
                note_extraction(connection, stored.version_id, EXTRACTOR, recorded_at, claim_count=0, failure=reason)
        return ExtractReport(1, {}, failures=(f"{stored.address}: {reason}",))
    published_on = extraction.published or stored.published_on
    claims = [claim_of(stored, fact, published_on, recorded_at) for fact in extraction.facts]
    with context.store.write() as connection:
        if is_extracted(connection, stored.version_id, EXTRACTOR):
            return ExtractReport(0, {})
        close_claims_of_other_extractors(connection, stored.version_id, EXTRACTOR, recorded_at)
        insert_claims(connection, claims)
        note_extraction(connection, stored.version_id, EXTRACTOR, recorded_at, claim_count=len(claims))
        if extraction.waits_for_language:
            reason = f"the extractor doesn't read {extraction.language!r} yet"
            set_version_state(connection, stored.version_id, "waiting_language", reason)
            return ExtractReport(1, {}, waiting=(f"{stored.address}: {reason}",))
        set_version_state(connection, stored.version_id, "converted", None)
    counts = Counter(str(claim.table) for claim in claims)
    log.info("%s: %s", stored.address, ", ".join(f"{counts[table]} {table}" for table in Table))
    return ExtractReport(1, dict(counts))


def converted_document(stored: StoredText) -> ConvertedDocument:
    """The stored version in the form that the converter gave it."""
    return ConvertedDocument(
        name=stored.address,
        text=stored.text,
        blocks=blocks_from_json(stored.blocks),
        metadata=Metadata(
            title=stored.title,
            publisher=stored.publisher,
            author=stored.author,
            published=stored.published_on,
            language=stored.language,
            address=stored.address,
            origins=stored.origins,
        ),
        media_type=stored.media_type,
        converter=stored.converter,
    )


def claim_of(
    stored: StoredText,
    fact: Fact,
    published_on: str | None,
    recorded_at: str,
    *,
    version_id: str = "",
    extractor: str = EXTRACTOR,
) -> Claim:
    """A fact as the claim of a stored version (or of a newer one of the same document)."""
    main, version_id = fact.evidence[0], version_id or stored.version_id
    return Claim(
        id=content_id("clm", version_id, extractor, fact.table, values_to_dict(fact.values), [main.start, main.end]),
        version_id=version_id,
        table=fact.table,
        values=fact.values,
        evidence=fact.evidence,
        confidence=fact.confidence,
        extractor=extractor,
        published_on=published_on,
        recorded_at=recorded_at,
        witness=Witness(stored.document_id, stored.document_id, "", stored.publisher, "", "", stored.title, stored.address),
        reasons=fact.reasons,
    )
