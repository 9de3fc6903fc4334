"""Sums as candidates of funding: every mention of one amount in one currency is one candidate."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.model import Money
from bam.extraction.context import Context
from bam.extraction.merge import group


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of a document with all its mentions, in order; the first one is `main`."""

    mentions: tuple[Money, ...]

    @property
    def main(self) -> Money:
        """The mention that is read first."""
        return self.mentions[0]


def sums_of(context: Context) -> list[Sum]:
    """The sums of a document. The same sum in a second currency is no candidate of its own."""
    written = [money for money in context.annotated.money if money.same_as is None and money.amount > 0]
    return [Sum(tuple(same)) for same in group(written, lambda money: [(money.amount, money.currency)], lambda one, other: True)]
