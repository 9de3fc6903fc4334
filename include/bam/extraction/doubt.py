"""Whether a document reports assistance at all: one that does says at least one of its facts plainly.

Reports of trade, trials and matches also name donors, sums and border posts, and a fact may look half right in each of them.
What tells them apart is that nothing in them is sure, and that their words are about something else (`subject`). (Facilities
have a bound of their own besides: a document can report money and no place.) The bounds were chosen by cross-validation; see
docs/accuracy.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.result import PassedOver
from bam.model.claims import Fact

NEVER_SURE = 0.8
"""Where no fact of a document reaches this confidence, none is taken."""

HARDLY_SURE, FEW = 0.88, 3
"""Where there are only a few, one of them must reach more."""

OTHER_SUBJECT = 0.6
"""A document that reports assistance with less probability than this, by all its words, gives no facts, however sure each is."""


def doubt_about(facts: Sequence[Fact], reports_assistance: float) -> str | None:
    """Why the facts of a document are not to be taken, in words that follow on "and"; None where they are.

    Args:
        reports_assistance: the probability that the document is about assistance at all.
    """
    best = max((fact.confidence for fact in facts), default=1.0)
    if best < NEVER_SURE or (best < HARDLY_SURE and len(facts) <= FEW):
        return "nothing else in the document shows that it reports assistance"
    if reports_assistance < OTHER_SUBJECT:
        return f"by all its words the document is about something else (it reports assistance: {reports_assistance:.2f})"
    return None


def as_passed_over(facts: Sequence[Fact], doubt: str) -> tuple[PassedOver, ...]:
    """What would have been facts in a document that reports assistance."""
    return tuple(
        PassedOver(
            fact.table,
            fact.evidence[0].start,
            fact.evidence[0].end,
            "nothing_sure",
            f"confidence {fact.confidence:.2f}, and {doubt}",
        )
        for fact in facts
    )
