"""Whether a document reports assistance at all: one that does says at least one of its facts plainly.

Reports of trade, trials and matches also name donors, sums and border posts, and a fact may look half right in each of them. What
tells them apart is that nothing in them is sure. (Facilities have a bound of their own besides: a document
can report money and no place.) The bounds were chosen by cross-validation; see docs/accuracy.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.result import PassedOver
from bam.model.claims import Fact

NEVER_SURE = 0.8
"""Where no fact of a document reaches this confidence, none is taken."""

HARDLY_SURE, FEW = 0.88, 3
"""Where there are only a few, one of them must reach more."""


def is_doubtful(facts: Sequence[Fact]) -> bool:
    """Whether all facts of a document together don't show that it reports assistance."""
    best = max((fact.confidence for fact in facts), default=1.0)
    return best < NEVER_SURE or (best < HARDLY_SURE and len(facts) <= FEW)


def as_passed_over(facts: Sequence[Fact]) -> tuple[PassedOver, ...]:
    """What would have been facts in a document that reports assistance."""
    return tuple(
        PassedOver(
            fact.table,
            fact.evidence[0].start,
            fact.evidence[0].end,
            "nothing_sure",
            f"confidence {fact.confidence:.2f}, and nothing else in the document shows that it reports assistance",
        )
        for fact in facts
    )
