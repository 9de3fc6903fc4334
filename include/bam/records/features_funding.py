"""Two claims about money: the same grant, budget or cost?"""

from __future__ import annotations

import datetime as dt
import math

from bam.model.claims import FundingValues, Stage
from bam.model.records import PairFeature
from bam.records.features import coarser, days_apart, names_feature, programme_feature, set_feature
from bam.records.money import reference_rates
from bam.records.names import shared_words
from bam.records.prepare import Prepared, days_of, telling_words
from bam.records.words import words

NEAR = 0.08
"""Rounded figures of one sum differ by up to this share: USD 35, 36 and 37.1 million are 5.7 % apart."""

NEAR_IN_OTHER_CURRENCY = 0.08
"""The same, where a rate of unknown day stands between the figures."""

ROUND_DIGITS = 2
"""Figures of so many significant digits are rounded by custom: `35 million` and `36 million` can be one sum, 84,400 and 84,814
can't.
"""

VETO = -10.0

_ORDER = list(Stage)


def funding_features(left: Prepared, right: Prepared) -> list[PairFeature]:
    """Amount, parties, programme, time, words, names and kind of two sums."""
    amount = amount_feature(left, right)
    if amount.points == VETO:
        return [amount]
    return [
        amount,
        set_feature("donors", left.parties, right.parties, equal=1.0, shared=0.5, apart=-4.0),
        set_feature("recipients", left.countries, right.countries, equal=1.0, shared=0.5, apart=-4.0),
        programme_feature(left.programme, right.programme, same=2.0, apart=-2.0),
        _date(left, right),
        _words(left, right),
        names_feature(left.names, right.names, each=1.5, most=3.0),
        _kind(left, right),
    ]


def amount_feature(left: Prepared, right: Prepared) -> PairFeature:
    """Points for the amounts: exact figures that agree say much, round ones little; too far apart is a veto."""
    one, other = _values(left), _values(right)
    detail = f"{one.amount:g} {one.currency} / {other.amount:g} {other.currency}"
    if one.part_of is not None or other.part_of is not None:
        pairs = ((one, other), (other, one))
        if any(a.part_of is not None and abs(a.part_of - b.amount) <= 0.005 * b.amount and a.amount < b.amount for a, b in pairs):
            return PairFeature("amount", VETO, f"{detail}: one is part of the other")
    if one.currency != other.currency:
        return _across_currencies(left, right, detail)
    digits = min(left.digits, right.digits)
    spread = _spread(left.low, left.high, right.low, right.high)
    if one.amount == other.amount or (spread == 0 and left.low == right.low):
        return PairFeature("amount", 1.0 + min(digits, 4), detail)
    if spread == 0 or _is_rounding(one.amount, other.amount, digits):
        return PairFeature("amount", 3.0 if spread == 0 else min(3.0, digits), f"{detail}, one of them rounded")
    if spread <= NEAR and digits <= ROUND_DIGITS:
        return PairFeature("amount", 1.0 if spread <= NEAR / 2 else 0.5, f"{detail}, {spread:.1%} apart")
    return PairFeature("amount", VETO, f"{detail}, {spread:.1%} apart")


def _is_rounding(one: float, other: float, digits: int) -> bool:
    """Whether the figures differ by less than one unit in the last place of the one with that many significant digits."""
    unit = 10.0 ** (math.floor(math.log10(max(one, other))) + 1 - digits)
    return abs(one - other) < unit


def _across_currencies(left: Prepared, right: Prepared, detail: str) -> PairFeature:
    one, other = in_euro(left), in_euro(right)
    if one is None or other is None:
        return PairFeature("amount", VETO, f"{detail}, no rate to compare them by")
    spread = _spread(*one, *other)
    if spread <= NEAR_IN_OTHER_CURRENCY:
        return PairFeature("amount", 1.0, f"{detail}, {spread:.0%} apart at the rate of the day")
    return PairFeature("amount", VETO, f"{detail}, {spread:.0%} apart at the rate of the day")


def in_euro(side: Prepared) -> tuple[float, float] | None:
    """The amount's range in euro at the rate of its date or publication; None where there is no date or rate."""
    days = side.days or days_of(side.claim.published_on)
    if days is None:
        return None
    rate = reference_rates().per_euro(_values(side).currency, dt.date.fromordinal(days.first), dt.date.fromordinal(days.last))
    return None if rate is None else (side.low / rate[0], side.high / rate[0])


def _spread(low: float, high: float, other_low: float, other_high: float) -> float:
    """Share of the larger amount that lies between two ranges; 0 where they overlap."""
    gap = max(0.0, low - other_high, other_low - high)
    largest = max(high, other_high)
    return gap / largest if largest > 0 else 0.0


def _date(left: Prepared, right: Prepared) -> PairFeature:
    if left.days is None or right.days is None:
        return PairFeature("date", 0.0, "not said by both")
    detail = days_apart(left.days, right.days)
    gap = left.days.gap(right.days)
    if gap == 0:
        return PairFeature("date", {"day": 3.0, "month": 2.0, "year": 1.0}[coarser(left.days, right.days)], detail)
    if _went_on(left, right):
        return PairFeature("date", 0.0, f"{detail}, a later stage later")
    if gap <= 31:
        return PairFeature("date", 0.0, detail)
    return PairFeature("date", -1.5 if gap <= 366 else -2.5, detail)


def _went_on(left: Prepared, right: Prepared) -> bool:
    """Whether the later of two dated sums is at a later stage: promised, then signed, then paid."""
    assert left.days is not None
    assert right.days is not None
    earlier, later = (left, right) if left.days.first <= right.days.first else (right, left)
    return _ORDER.index(_values(earlier).stage) < _ORDER.index(_values(later).stage)


def _words(left: Prepared, right: Prepared) -> PairFeature:
    """Telling words in common, counted against the shorter text; a shared kind of facility counts by itself."""
    common = shared_words(left.words, right.words)
    things = [word for word in common if word in words().facility_kinds]
    fewer = min(len(left.words), len(right.words))
    share = len(common) / fewer if fewer else 0.0
    points = 2.0 if share >= 0.6 and len(common) >= 3 else 1.5 if share >= 0.35 and len(common) >= 2 else 0.5 * bool(common)
    if not common and _purposes_differ(left, right):
        points = -1.5
    return PairFeature("words", points + (1.0 if things else 0.0), " ".join(common))


def _purposes_differ(left: Prepared, right: Prepared) -> bool:
    one, other = telling_words(left.text), telling_words(right.text)
    return min(len(one), len(other)) >= 2 and not shared_words(one, other)


def _kind(left: Prepared, right: Prepared) -> PairFeature:
    one, other = _values(left), _values(right)
    if one.is_cumulative != other.is_cumulative:
        return PairFeature("kind", -3.0, "one adds up many years")
    return PairFeature("kind", 0.0, "")


def _values(side: Prepared) -> FundingValues:
    assert isinstance(side.claim.values, FundingValues)
    return side.claim.values
