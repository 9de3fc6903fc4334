"""One record from the claims of one group, before it is related to other records."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bam.model.claims import Claim, FundingValues
from bam.model.dates import is_date_prefix
from bam.model.records import Choice, Conversion, LifecycleEvent, Link, Record
from bam.records.identity import anchor_order, record_id
from bam.records.lifecycle import events_of
from bam.records.money import convert
from bam.records.values import choose_values

FLAGS: dict[str, str] = {
    "amounts_differ": "sources give different amounts",
    "currencies_differ": "sources give the sum in different currencies",
    "dates_differ": "sources give dates that don't fit each other",
    "illegal_transition": "a status is reported that can't follow the one before",
    "no_rate": "there is no exchange rate for its currency and date",
    "one_source": "a single independent source speaks of it",
    "total_unknown": "it is said to be part of a total that no claim gives",
    "undated": "no source says when",
    "inferred_state": "its state is inferred from years of silence",
}
"""Flags of records and what they mean to a reader."""

_TLP = ("clear", "green", "amber", "red")
_DATE_FIELDS = ("date", "status_date", "start", "end", "conference_date", "due")
_MAX_CONFIDENCE = 0.999


def make_record(claims: Sequence[Claim], keys: Mapping[str, str], links: Sequence[Link], currency: str) -> Record:
    """The record of these claims of one table; `keys` are their claim keys, `links` what brought them together."""
    ordered = sorted(claims, key=lambda claim: anchor_order(claim, keys[claim.id]))
    table = ordered[0].table
    anchor = keys[ordered[0].id]
    events = events_of(table, ordered, keys)
    values, choices = choose_values(table, ordered, keys, events)
    published = [str(claim.published_on) for claim in ordered if is_date_prefix(claim.published_on)]
    first = min(published, default=None)
    conversion = convert(values, currency, first) if isinstance(values, FundingValues) else None
    witnesses = len({claim.witness.copy_group for claim in ordered})
    return Record(
        id=record_id(table, anchor),
        table=table,
        values=values,
        choices=choices,
        claim_ids=tuple(claim.id for claim in ordered),
        witness_count=witnesses,
        first_published_on=first,
        last_published_on=max(published, default=None),
        confidence=_confidence(ordered),
        events=events,
        conversion=conversion,
        flags=_flags(choices, events, values, conversion, witnesses),
        anchor=anchor,
        links=tuple(sorted(links, key=lambda link: (link.left_claim_id, link.right_claim_id))),
        tlp=max((claim.witness.tlp for claim in ordered), key=_tlp_rank),
    )


def _tlp_rank(tlp: str) -> int:
    return _TLP.index(tlp) if tlp in _TLP else len(_TLP)


def _confidence(claims: Sequence[Claim]) -> float:
    """The chance that at least one independent witness is right; copies of an article add nothing."""
    best: dict[str, float] = {}
    for claim in claims:
        own = 1.0 if claim.is_reviewed else claim.confidence
        best[claim.witness.copy_group] = max(best.get(claim.witness.copy_group, 0.0), own)
    return round(min(_MAX_CONFIDENCE, 1.0 - math.prod(1.0 - confidence for confidence in sorted(best.values()))), 4)


def _flags(
    choices: Sequence[Choice],
    events: Sequence[LifecycleEvent],
    values: object,
    conversion: Conversion | None,
    witnesses: int,
) -> tuple[str, ...]:
    differing = {choice.field for choice in choices if choice.alternatives}
    found = {
        "amounts_differ": "amount" in differing and "currency" not in differing,
        "currencies_differ": "currency" in differing,
        "dates_differ": bool(differing & set(_DATE_FIELDS)),
        "illegal_transition": any(not event.is_legal for event in events),
        "no_rate": isinstance(values, FundingValues) and conversion is None,
        "one_source": witnesses == 1,
        "undated": isinstance(values, FundingValues) and values.date is None,
    }
    return tuple(sorted(flag for flag, holds in found.items() if holds))
