"""What is found out about an issue right before it leaves: the last checks, the sources, and the ground of every figure."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from sqlalchemy import Connection

from bam.briefs.material import Testimony
from bam.briefs.model import BriefContext
from bam.delivery.gate import Findings
from bam.model.periods import parse_period
from bam.pipeline.context import RunContext
from bam.quality.grounding import StoredVersion, fault_of_evidence, fault_of_version
from bam.store.briefs import results_by
from bam.store.check_material import read_grounds
from bam.store.sources import source_activities


def findings_about(context: RunContext, content: BriefContext) -> Findings:
    """Everything that the gate has to know about an issue's figures."""
    enabled = {source.id for source in context.portfolio.sources if source.enabled}
    with context.store.read() as connection:
        return Findings(
            critical=_failed_checks(connection, context.timestamp()),
            stale=_staleness(connection, enabled, content.heading.period, content.heading.as_of),
            unverified=_unverified(context, connection, content),
        )


def _failed_checks(connection: Connection, now: str) -> list[str]:
    """Sentences of the critical checks whose last result is a failure."""
    return [result.sentence for result in results_by(connection, now) if result.severity == "critical" and not result.is_success]


def _staleness(connection: Connection, enabled: Collection[str], period: str, as_of: str) -> str | None:
    """Why the sources can't have told everything about the period: each that was ever visited has failed since it ended.

    A period that goes on is reported on as of a day, and has ended then.

    One silent source is a matter for the brief's quality box and the operators, all of them are one for the gate. Documents that
    were read from files by hand say nothing about sources.
    """
    visited = [one for one in source_activities(connection).values() if one.attempted_at and one.source_id in enabled]
    whole = parse_period(period)
    goes_on = as_of < whole.last_day.isoformat()
    ended = as_of if goes_on else whole.shifted(1).first_day.isoformat()
    if not visited or any(one.succeeded_at and one.succeeded_at >= ended for one in visited):
        return None
    last = max((one.succeeded_at or "" for one in visited), default="")
    since = f"since {last[:10]}" if last else "ever"
    return f"none of the {len(visited)} sources has answered {since}, and the period ended before {ended}"


def _unverified(context: RunContext, connection: Connection, content: BriefContext) -> list[str]:
    """Figures with a claim whose quote doesn't stand in an archived document that is what its SHA-256 says."""
    testimonies = {one.claim_id: one for one in content.material.testimonies}
    needed = {claim_id for figure in content.figures for claim_id in figure.claim_ids}
    faults = dict.fromkeys(needed - set(testimonies), "its claim is not in the issue")
    faults |= ungrounded(context, connection, [testimonies[claim_id] for claim_id in sorted(needed & set(testimonies))])
    found = []
    for figure in content.figures:
        broken = [claim_id for claim_id in figure.claim_ids if claim_id in faults]
        if broken:
            found.append(f"{figure.text} ({figure.id}): {faults[broken[0]]}")
    return found


def ungrounded(context: RunContext, connection: Connection, testimonies: Collection[Testimony]) -> dict[str, str]:
    """What is wrong with the ground of each of these that has none, by claim id: its archived bytes, its text, its quote."""
    versions = {
        row.id: StoredVersion(row.id, row.raw_sha256, row.text_sha256, row.text)
        for row in read_grounds(connection, {one.version_id for one in testimonies})
    }

    @cache
    def fault_of(version_id: str) -> str | None:
        return fault_of_version(versions[version_id], context.archive.read)

    faults = {}
    for one in testimonies:
        version = versions.get(one.version_id)
        if version is None:
            fault: str | None = f"the version {one.version_id} is not stored"
        elif version.raw_sha256 != one.raw_sha256:
            fault = f"the version {one.version_id} has other bytes than when the brief was made"
        else:
            fault = fault_of(one.version_id) or fault_of_evidence(version.text or "", one.evidence)
        if fault is not None:
            faults[one.claim_id] = fault
    return faults
