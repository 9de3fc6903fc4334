"""Parties that are only a part of something else."""

from __future__ import annotations

from bam.extraction.annotate.model import Spanned
from bam.extraction.context import Context


def unfit_parties(context: Context) -> frozenset[int]:
    """Parties that are only a part of a sum or of a region's name: "900,000 US dollars", "the Lake X region"."""
    annotated = context.annotated
    spans: list[Spanned] = [*annotated.money, *annotated.regions]
    found: set[int] = set()
    for span in spans:
        for party in annotated.within(annotated.parties, span):
            if party.end <= span.end and (party.start > span.start or party.end < span.end):
                found.add(party.index)
    return frozenset(found)
