"""Following a brief back: from its figures to claims, quotes and archived bytes, and from its bytes to its context."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bam.briefs.assets import Assets
from bam.briefs.codec import to_json
from bam.briefs.model import BriefContext
from bam.briefs.verify import Fault, figures_on, own_faults, read_brief
from bam.model.claims import values_to_dict
from bam.model.identity import sha256_hex
from bam.pipeline.context import RunContext
from bam.pipeline.findings import ungrounded
from bam.store.briefs import issues_of_context
from bam.store.claims import read_claims


@dataclass(frozen=True, slots=True)
class BriefVerification:
    """How much of a brief was followed back, and what is wrong; nothing is for a brief that can be trusted."""

    figures: int
    records: int
    claims: int
    documents: int
    faults: tuple[Fault, ...]


def verify_brief(context: RunContext, path: Path) -> BriefVerification:
    """Check every figure of a brief's file against claims, quotes and archived bytes.

    Raises:
        BamError: the file can't be read or is no brief.
    """
    data, issue = read_brief(path)
    faults = [*verify_pages(context, data, issue), *own_faults(issue), *figures_on(issue, faults_of_claims(context, issue))]
    testimonies = issue.material.testimonies
    return BriefVerification(
        figures=len(issue.figures),
        records=len(issue.material.records),
        claims=len(testimonies),
        documents=len({testimony.version_id for testimony in testimonies}),
        faults=tuple(faults),
    )


def faults_of_claims(context: RunContext, issue: BriefContext) -> dict[str, str]:
    """What is wrong with the claims of an issue, by claim id: their values, their quotes, the bytes of their documents."""
    testimonies = issue.material.testimonies
    with context.store.read() as connection:
        faults = ungrounded(context, connection, testimonies)
        stored = {claim.id: claim for claim in read_claims(connection, {one.claim_id for one in testimonies})}
    for one in testimonies:
        claim = stored.get(one.claim_id)
        if claim is None:
            faults.setdefault(one.claim_id, "the store has no such claim")
        elif values_to_dict(claim.values) != one.values or claim.evidence != one.evidence:
            faults.setdefault(one.claim_id, "the store has it with other values or another quote")
    return faults


def verify_pages(context: RunContext, data: bytes, issue: BriefContext) -> list[Fault]:
    """Whether the file is the one that was issued with this context, or what its context gives now."""
    found = sha256_hex(data)
    with context.store.read() as connection:
        kept = issues_of_context(connection, sha256_hex(to_json(issue)))
    if any(row.pdf_sha256 == found for row in kept):
        return []
    from bam.briefs.render import render_pdf

    if sha256_hex(render_pdf(issue, Assets(context.settings.templates))) == found:
        return []
    return [Fault("the pages", issue.heading.brief_id, "they are neither those that were issued nor what the context gives")]
