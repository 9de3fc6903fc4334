"""Document: its text with every claim highlighted, its versions, and what changed between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection, Row

from bam.cockpit.highlight import marked_blocks
from bam.cockpit.pages import part
from bam.cockpit.titles import TABLE_NAMES
from bam.cockpit.visit import VisitDep, found_or_404
from bam.documents.changes import Change, changes
from bam.quality.queue import claim_title
from bam.store.claims import StoredClaim, read_claims_of_versions
from bam.store.copies import similarity_links
from bam.store.documents import addresses_of, blocks_from_json, resolve_document, versions_of
from bam.store.records import record_ids_of_claims

router = APIRouter()

ShortText = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in the margin: its title, the record that rests on it, and whether it stands."""

    stored: StoredClaim
    title: str
    record_id: str | None

    @property
    def state(self) -> str:
        """`stands`, or why it doesn't."""
        return self.stored.closed_because or "stands"


@router.get("/documents/{document_id}", response_class=HTMLResponse)
def document_page(visit: VisitDep, document_id: str, version: ShortText = "", claim: ShortText = "") -> Response:
    """A version of a document (by number or id; the standing one by default), one claim of it in focus."""
    with visit.context.store.read() as connection:
        document = found_or_404(resolve_document(connection, document_id), f"The document {document_id}")
        if document.id != document_id:
            return visit.to(f"documents/{part(document.id)}", version=version, claim=claim)
        versions = versions_of(connection, document.id)
        shown = _chosen(versions, version)
        claims = [] if shown is None else _claims(connection, shown.id)
        links = similarity_links(connection, document.id)
        addresses = addresses_of(connection, [other for other, _ in links])
    visible = [line.stored for line in claims if line.stored.closed_because != "re_extracted"]
    return visit.page(
        "document.html",
        "indicators",
        (shown.title if shown is not None else None) or document.address,
        document=document,
        versions=versions,
        shown=shown,
        blocks=[] if shown is None or shown.text is None else marked_blocks(shown.text, blocks_from_json(shown.blocks), visible),
        claims=[line for line in claims if line.stored in visible],
        focus=claim,
        tables=TABLE_NAMES,
        copies=[(other, similarity, addresses.get(other, other)) for other, similarity in links],
    )


@router.get("/documents/{document_id}/changes", response_class=HTMLResponse)
def changes_page(visit: VisitDep, document_id: str, old: int, new: int) -> HTMLResponse:
    """What a newer version says differently, sentence by sentence."""
    with visit.context.store.read() as connection:
        document = found_or_404(resolve_document(connection, document_id), f"The document {document_id}")
        versions = {version.number: version for version in versions_of(connection, document.id)}
    before, after = (found_or_404(versions.get(number), f"Version {number}") for number in (old, new))
    return visit.page(
        "changes.html",
        "indicators",
        f"Version {old} and version {new}",
        document=document,
        before=before,
        after=after,
        changes=_changes(before, after),
    )


def _chosen(versions: Any, wanted: str) -> Row[Any] | None:
    """The version that is asked for, else the readable one that stands, else the last one that could be read."""
    if wanted:
        named: list[Row[Any]] = [version for version in versions if wanted in (str(version.number), version.id)]
        return found_or_404(named[0] if named else None, f"The version {wanted}")
    readable = [version for version in versions if version.text is not None]
    standing = [version for version in readable if version.superseded_at is None]
    found: list[Row[Any]] = standing or readable
    return found[-1] if found else None


def _claims(connection: Connection, version_id: str) -> list[ClaimLine]:
    """The claims of a version in order of place."""
    found = read_claims_of_versions(connection, [version_id])
    found.sort(key=lambda stored: (stored.claim.evidence[0].start if stored.claim.evidence else -1, stored.claim.id))
    records = record_ids_of_claims(connection, [stored.claim.id for stored in found])
    return [ClaimLine(stored, claim_title(stored.claim), records.get(stored.claim.id)) for stored in found]


def _changes(before: Row[Any], after: Row[Any]) -> list[Change]:
    if before.text is None or after.text is None:
        return []
    return changes(before.text, blocks_from_json(before.blocks), after.text, blocks_from_json(after.blocks))
