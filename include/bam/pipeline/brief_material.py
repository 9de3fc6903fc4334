"""Gathering what an issue is made from: records, claims, checks and sources by the two clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from bam.briefs.codec import from_json
from bam.briefs.context import previous_of, would_have_printed
from bam.briefs.locations import locate
from bam.briefs.material import (
    Coverage,
    FailedCheck,
    Material,
    PreviousIssue,
    QualitySummary,
    SourceHealth,
    Testimony,
    claim_ids_of,
    testimony_of,
)
from bam.briefs.order import Order
from bam.briefs.scope import in_scope
from bam.indicators.snapshot import Snapshot, snapshot
from bam.model.claims import Claim
from bam.model.records import LedgerEntry, Record
from bam.portfolio.load import Portfolio
from bam.quality.suites import CHECKS
from bam.store.briefs import (
    known_documents,
    last_issue_before,
    last_news,
    quarantined_by,
    read_issue_context,
    results_by,
    version_sources,
)

_PRINTED_DIMENSIONS = ("stage", "donor", "recipient")


def gather(connection: Connection, portfolio: Portfolio, order: Order, known: Snapshot) -> Material:
    """The material of the issue; `known` is the state of knowledge by the order's clocks."""
    records = scoped(portfolio, order, known.records)
    ids = {record.id for record in records}
    claims = known.claims(connection, records)
    return Material(
        # Why claims were taken for one thing is the cockpit's to show; a brief doesn't print it.
        records=tuple(replace(record, links=()) for record in records),
        ledger=printed_ledger(known, ids),
        testimonies=_testimonies(connection, claims, claim_ids_of(records)),
        quality=_quality(connection, order.recorded_at),
        sources=_sources(connection, portfolio, order.recorded_at),
        coverage=_coverage(connection, order),
        locations=locate(records, portfolio.places),
        previous=_previous(connection, portfolio, order),
        left_out=len(known.records) - len(records),
    )


def scoped(portfolio: Portfolio, order: Order, records: Iterable[Record]) -> tuple[Record, ...]:
    """The records that the issue is about."""
    givers = frozenset(organisation.party for organisation in portfolio.organisations if organisation.is_donor)
    return in_scope(records, order, givers)


def printed_ledger(known: Snapshot, record_ids: set[str]) -> tuple[LedgerEntry, ...]:
    """The entries that a brief prints: of each record those in the totals of its own stage, by stage, donor and recipient."""
    own = {record.id: str(getattr(record.values, "stage", "")) for record in known.records}
    return tuple(
        entry
        for entry in known.ledger
        if entry.record_id in record_ids and entry.dimension in _PRINTED_DIMENSIONS and entry.stage == own[entry.record_id]
    )


def _testimonies(connection: Connection, claims: Mapping[str, Claim], wanted: set[str]) -> tuple[Testimony, ...]:
    sources = version_sources(connection, {claims[claim_id].version_id for claim_id in wanted if claim_id in claims})
    return tuple(
        testimony_of(claims[claim_id], *sources[claims[claim_id].version_id]) for claim_id in sorted(wanted) if claim_id in claims
    )


def _quality(connection: Connection, recorded_at: str) -> QualitySummary:
    results = results_by(connection, recorded_at)
    failed = tuple(
        FailedCheck(
            result.check_name,
            result.severity,
            CHECKS[result.check_name][1].protects if result.check_name in CHECKS else result.sentence,
            result.failing_count,
        )
        for result in results
        if not result.is_success
    )
    return QualitySummary(len(results) - len(failed), failed, quarantined_by(connection, recorded_at))


def _sources(connection: Connection, portfolio: Portfolio, recorded_at: str) -> tuple[SourceHealth, ...]:
    today = dt.date.fromisoformat(recorded_at[:10])
    news = last_news(connection, recorded_at)
    return tuple(
        SourceHealth(
            source_id=source.id,
            publisher=source.publisher or source.id,
            silent_days=(today - dt.date.fromisoformat(news[source.id][:10])).days if source.id in news else None,
            rhythm_days=source.rhythm_days,
        )
        for source in portfolio.sources
        if source.enabled
    )


def _coverage(connection: Connection, order: Order) -> Coverage:
    found = known_documents(
        connection,
        as_of=order.as_of.isoformat(),
        recorded_at=order.recorded_at,
        period_start=order.period.first_day.isoformat(),
        period_end=order.period.last_day.isoformat(),
    )
    return Coverage(found.documents, found.in_period, found.claims, found.waiting)


def _previous(connection: Connection, portfolio: Portfolio, order: Order) -> PreviousIssue | None:
    """What the issue of the period before printed, if it was made from an older publication; else what it would print.

    So an issue doesn't depend on the order in which issues are made: backfilled months equal each other in every order.
    """
    earlier = order.of_period_before()
    stored = last_issue_before(connection, order.brief_id, order.edition, earlier.period.name, order.recorded_at)
    if stored is not None:
        context = read_issue_context(connection, stored.id)
        assert context is not None
        return previous_of(from_json(context))
    known = snapshot(
        connection,
        currency=order.currency,
        now=dt.datetime.fromisoformat(order.recorded_at),
        as_of=earlier.as_of,
        recorded_at=order.recorded_at,
    )
    records = scoped(portfolio, earlier, known.records)
    if not records:
        return None
    return would_have_printed(earlier, records, printed_ledger(known, {record.id for record in records}))
