"""Sums as candidates of funding: every mention of one amount in one currency is one candidate."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bam.extraction.annotate.model import Money
from bam.extraction.context import Context
from bam.extraction.merge import group
from bam.extraction.tables.funding.words import FundingWords

_MOST_BETWEEN = 8
"""Tokens between a sum and itself in another currency."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of a document with all its mentions, in order; the first one is `main`."""

    mentions: tuple[Money, ...]

    @property
    def main(self) -> Money:
        """The mention that is read first."""
        return self.mentions[0]


def sums_of(context: Context, words: FundingWords) -> list[Sum]:
    """The sums of a document. The same sum in a second currency is no candidate of its own."""
    sums = context.annotated.money
    repeated = {later.index for one, later in pairwise(sums) if _repeats(context, one, later, words)}
    written = [m for m in sums if m.same_as is None and m.index not in repeated and m.amount > 0]
    return [Sum(tuple(same)) for same in group(written, lambda money: [(money.amount, money.currency)], lambda one, other: True)]


def _repeats(context: Context, one: Money, later: Money, words: FundingWords) -> bool:
    """Whether nothing but words such as "or about" stands between two sums of different currencies."""
    if one.currency == later.currency or one.row is not None:
        return False
    tokens = context.annotated.tokens
    first, last = tokens.index_at(one.end), tokens.index_at(later.start)
    between = tokens.norms[first:last]
    return 0 < len(between) <= _MOST_BETWEEN and all(norm in words.equivalents for norm in between)
