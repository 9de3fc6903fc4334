"""Features that several tables share."""

from __future__ import annotations

from collections.abc import Iterable

from bam.model.records import PairFeature
from bam.records.names import place_likeness, title_likeness
from bam.records.prepare import Days

SAME_PLACE_AT = 0.87
"""Likeness of two spellings of one place; 0.87 parts the spellings of the labelled set from names of different places."""

OTHER_PLACE_AT = 0.78


def set_feature(
    name: str, left: Iterable[str], right: Iterable[str], *, equal: float, shared: float, apart: float
) -> PairFeature:
    """Points for two sets of codes that are equal, share an element, or share none; 0 where one is not known."""
    one, other = set(left), set(right)
    if not one or not other:
        return PairFeature(name, 0.0, "not said by both")
    detail = f"{', '.join(sorted(one))} / {', '.join(sorted(other))}"
    if one == other:
        return PairFeature(name, equal, detail)
    return PairFeature(name, shared if one & other else apart, detail)


def place_feature(left: str, right: str, *, same: float, apart: float) -> PairFeature:
    """Points for two names of places, whatever their transliteration."""
    if not left or not right:
        return PairFeature("place", 0.0, "not said by both")
    likeness = place_likeness(left, right)
    points = same if likeness >= SAME_PLACE_AT else apart if likeness < OTHER_PLACE_AT else 0.0
    return PairFeature("place", points, f"{left} / {right} ({likeness:.2f})")


def programme_feature(left: str, right: str, *, same: float, apart: float) -> PairFeature:
    """Points for two programmes; a phase of a programme (`bomca 9`) is neither the same nor another one."""
    if not left or not right:
        return PairFeature("programme", 0.0, "not said by both")
    detail = f"{left} / {right}"
    if left == right or title_likeness(left, right) >= 0.9:
        return PairFeature("programme", same, detail)
    one, other = set(left.split()), set(right.split())
    return PairFeature("programme", 0.0 if one <= other or other <= one else apart, detail)


def names_feature(left: frozenset[str], right: frozenset[str], *, each: float, most: float) -> PairFeature:
    """Points for proper names in both descriptions, compared by sound."""
    common = left & right
    return PairFeature("names", min(most, each * len(common)), " ".join(sorted(common)))


def days_apart(left: Days, right: Days) -> str:
    """How far two dates are from each other, in words."""
    gap = left.gap(right)
    return "the same time" if gap == 0 else f"{gap} days apart"


def coarser(left: Days, right: Days) -> str:
    """The less precise of two precisions."""
    return max(left.precision, right.precision, key=("day", "month", "year").index)
