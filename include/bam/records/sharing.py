"""Claims by the hundred thousand in little memory: one object for what many of them have in common, nothing that isn't needed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from bam.model.claims import Claim, Evidence, Witness
from bam.records.prepare import Prepared, prepare

T = TypeVar("T")

_FEW = 2
"""Sets of so few words come again and again; larger ones hardly ever, and remembering them would cost more than it saves."""


def slim(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Claims without what building records doesn't need."""
    witnesses: dict[Witness, Witness] = {}
    for claim in claims:
        known = witnesses.get(claim.witness)
        if known is None:
            known = witnesses[claim.witness] = _shared_witness(claim.witness)
        yield replace(
            claim,
            version_id=sys.intern(claim.version_id),
            extractor=sys.intern(claim.extractor),
            published_on=None if claim.published_on is None else sys.intern(claim.published_on),
            recorded_at=sys.intern(claim.recorded_at),
            evidence=claim.evidence[:1],
            reasons=(),
            witness=known,
        )


def prepare_for_comparing(claims: Iterable[Claim]) -> Iterator[Prepared]:
    """Claims made ready for being compared only: the words of the quote are taken out already, and of evidence only the place is
    asked for.
    """
    known: dict[Any, Any] = {}

    def shared(value: T) -> T:
        found: T = known.setdefault(value, value)
        return found

    def shared_set(found: frozenset[str]) -> frozenset[str]:
        return shared(found) if len(found) <= _FEW else found

    for claim in slim(claims):
        one = prepare(claim)
        places = tuple(Evidence(item.start, item.start, "") for item in claim.evidence)
        yield replace(
            one,
            claim=replace(claim, evidence=shared(places)),
            days=shared(one.days),
            words=shared_set(one.words),
            names=shared_set(one.names),
            places=shared_set(one.places),
            parties=shared_set(one.parties),
            countries=shared_set(one.countries),
        )


def _shared_witness(witness: Witness) -> Witness:
    """The witness with one object for what the documents of a source have in common."""
    group = witness.document_id if witness.copy_group == witness.document_id else witness.copy_group
    return replace(
        witness,
        copy_group=group,
        source_id=sys.intern(witness.source_id),
        publisher=None if witness.publisher is None else sys.intern(witness.publisher),
        officiality=sys.intern(witness.officiality),
        tlp=sys.intern(witness.tlp),
    )
