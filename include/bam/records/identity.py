"""Keys of claims and ids of records: from what is said and where, not from when or in which order it was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from bam.model.claims import Claim, ClaimValues, FacilityValues, FundingValues, Table, WorkshopValues
from bam.model.identity import content_id
from bam.records.names import fold


def sibling_key(claim: Claim) -> str:
    """What claims of one document share that say the same at their core; `claim_keys` tells them apart."""
    return content_id("sib", claim.table, claim.witness.document_id, _core(claim.values))


def claim_keys(claims: Iterable[Claim]) -> dict[str, str]:
    """The claim key of each claim id. The key stays the same when a newer extractor or version says the same again, so
    judgements refer to it. `claims` must hold all siblings (`sibling_key`) of each claim: they are numbered by their place.
    """
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[sibling_key(claim)].append(claim)
    return {
        claim.id: content_id("key", sibling, number)
        for sibling, group in groups.items()
        for number, claim in enumerate(sorted(group, key=_place))
    }


def anchor_order(claim: Claim, key: str) -> tuple[str, str, str]:
    """Sorting by this puts the claim first that a record takes its id from: the one published first."""
    return claim.published_on or "9999", claim.witness.document_id, key


def record_id(table: Table, anchor_key: str) -> str:
    """The id of the record whose first published claim has that key."""
    return content_id("rec", table, anchor_key)


def _core(values: ClaimValues) -> Sequence[Any]:
    """The values that make a fact that fact, least likely to change when it is extracted anew."""
    if isinstance(values, FundingValues):
        return [values.currency, f"{values.amount:.6g}", sorted(values.recipients), values.date]
    if isinstance(values, FacilityValues):
        return [fold(values.name), values.country]
    if isinstance(values, WorkshopValues):
        return [fold(values.topic), values.start, values.end, values.country, values.participants]
    return [fold(values.conference), fold(values.commitment)]


def _place(claim: Claim) -> tuple[int, str]:
    return claim.evidence[0].start if claim.evidence else -1, claim.id
