"""Of which total a sum is a part: larger sums around it as candidates."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter

from bam.extraction.annotate.model import Money, Spanned
from bam.extraction.context import Context, distance
from bam.extraction.roles import Numbers
from bam.extraction.tables.funding.words import FundingWords

_TOTALS_BEFORE, _TOTALS_BEHIND = 12, 2
_MOST_PARTS = 10
_TOLERANCE = 0.011
"""Parts are rounded before they are added up."""
_FAR = 400
_LISTED = ("list_item", "table_row")
_MOST_IN_RUN = 30
_MARKED = 5
"""Tokens before a sum in which "of which" or "including" is about it."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int


def total_candidates(context: Context, money: Money, sums: list[Money]) -> list[Money | None]:
    """The larger sums before a sum, and the next ones behind it, that can be its total, and None for no total."""
    larger = [other for other in sums if other is not money and other.amount > money.amount]
    before = [other for other in larger if other.start < money.start]
    behind = [other for other in larger if other.start > money.start]
    return [None, *before[-_TOTALS_BEFORE:], *behind[:_TOTALS_BEHIND]]


def says_part(context: Context, span: Spanned, words: FundingWords) -> bool:
    """Whether a stretch opens a part of something named before: "of which", "of this", "including"."""
    tokens = context.annotated.tokens
    norms = tokens.norms[slice(*tokens.span(span.start, span.end))]
    for part in words.parts:
        if part[0] in norms and any(tuple(norms[i : i + len(part)]) == part for i, norm in enumerate(norms) if norm == part[0]):
            return True
    return False


def head_of_run(context: Context, money: Money, sums: list[Money]) -> Money | None:
    """The sum before the list, the table or the paragraph in which a sum stands: what introduces them often names their total."""
    annotated = context.annotated
    here = annotated.sentence_at(money.start)
    position = _position(sums, money)
    for other in reversed(sums[max(0, position - _MOST_IN_RUN) : position]):
        there = annotated.sentence_at(other.start)
        if there.kind != here.kind or (here.kind not in _LISTED and there.block != here.block):
            return other
    return None


def total_features(
    context: Context,
    money: Money,
    total: Money | None,
    sums: list[Money],
    words: FundingWords,
    marks: frozenset[str],
    head: Money | None = None,
) -> Numbers:
    """How a larger sum stands to a smaller one: "of which", "of this", the row of totals, the same or the next sentence, and
    whether it is what the sums around the smaller one add up to. `marks` are those of `part_marks`, `head` that of
    `head_of_run`.
    """
    annotated = context.annotated
    tokens = annotated.tokens
    sentence, clause = annotated.sentence_at(money.start), annotated.clause_at(money.start)
    prefix = "none" if total is None else "some"
    features: Numbers = {f"{prefix}&kind={sentence.kind}": True, prefix: True}
    features |= {f"{prefix}&{mark}": True for mark in marks}
    if total is None:
        return features
    other = annotated.sentence_at(total.start)
    gap = sentence.index - other.index
    side = "before" if total.start < money.start else "behind"
    near = max(-1, min(4, gap))
    between = abs(_position(sums, total) - _position(sums, money)) - 1
    adds_up = _adds_up(money, total, sums)
    size = "near" if total.amount < 1.5 * money.amount else "far" if total.amount > 50 * money.amount else "middle"
    features |= {
        f"gap={near}/{side}": True,
        "same_clause": annotated.clause_at(total.start).index == clause.index,
        "same_currency": total.currency == money.currency,
        "names_total": not words.totals.isdisjoint(tokens.norms[other.first : other.last]),
        f"names_total/{side}": not words.totals.isdisjoint(tokens.norms[other.first : other.last]),
        "leads": sentence.lead == other.index or sentence.section == other.index,
        "both_rows": sentence.kind == "table_row" and other.kind == "table_row",
        "same_column": money.column is not None and money.row is not None and money.column == total.column,
        "closeness": 1 - min(1.0, distance(total, money) / _FAR),
        f"sums_between={min(3, between)}/{side}": True,
        f"ratio={size}": True,
        "adds_up": adds_up,
        f"adds_up/{sentence.kind}": adds_up,
        "first_sum": total is sums[0],
        "same_block": sentence.block == other.block,
        f"heads_run/{sentence.kind}": total is head,
        f"heads_run/{other.kind}>{sentence.kind}": total is head,
    }
    features |= {f"{mark}&gap={near}": True for mark in marks} | {
        f"{mark}&sums_between={min(3, between)}": True for mark in marks
    }
    return features


def part_marks(context: Context, money: Money, words: FundingWords) -> frozenset[str]:
    """Where words that open a part stand: in the sentence of a sum, in its clause, right before it."""
    annotated = context.annotated
    sentence, clause = annotated.sentence_at(money.start), annotated.clause_at(money.start)
    first, _ = annotated.tokens.span(money.outer_start, money.end)
    before = _Stretch(annotated.tokens.starts[max(sentence.first, first - _MARKED)], money.start)
    places: dict[str, Spanned] = {"part_in_sentence": sentence, "part_in_clause": clause, "part_before": before}
    return frozenset(name for name, span in places.items() if span.start < span.end and says_part(context, span, words))


def _adds_up(money: Money, total: Money, sums: list[Money]) -> bool:
    """Whether sums in a row, this one among them, directly or at some distance behind or before the total, add up to it."""
    same = [other for other in sums if other.currency == total.currency]
    if money.currency != total.currency:
        return False
    here, there = _position(same, money), _position(same, total)
    low, high = (there + 1, len(same)) if there < here else (0, there)
    for first in range(max(low, here - _MOST_PARTS), here + 1):
        amounts = [other.amount for other in same[first : min(high, first + _MOST_PARTS)]]
        for count, added in enumerate(accumulate(amounts), 1):
            if count > 1 and first + count > here and abs(added - total.amount) <= _TOLERANCE * total.amount:
                return True
    return False


def _position(sums: list[Money], money: Money) -> int:
    """The place of a sum among sums in order of the text."""
    return bisect_left(sums, money.start, key=attrgetter("start"))
