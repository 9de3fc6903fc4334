"""Two claims about places: the same bridge, post or centre?"""

from __future__ import annotations

from bam.model.claims import FacilityStatus, FacilityType, FacilityValues
from bam.model.records import PairFeature
from bam.records.features import SAME_PLACE_AT, names_feature, place_feature, programme_feature, set_feature
from bam.records.names import content_words, fold, is_place_kind, place_likeness, shared_words, sound, text_likeness
from bam.records.prepare import Prepared
from bam.records.words import words

TYPE_GROUPS: dict[FacilityType, str] = {
    FacilityType.BORDER_CROSSING: "border",
    FacilityType.BORDER_POST: "border",
    FacilityType.CHECKPOINT: "border",
    FacilityType.BASE: "base",
    FacilityType.TRAINING_CENTRE: "training",
    FacilityType.BRIDGE: "bridge",
    FacilityType.AIRPORT: "airport",
    FacilityType.LABORATORY: "laboratory",
    FacilityType.OFFICE: "office",
    FacilityType.OTHER: "other",
}
"""Kinds that texts mix: the same post is a crossing in one report and a checkpoint in the next."""

_ACROSS_THE_BORDER = frozenset({"bridge", "border"})
_ONE_OF_A_PLACE = frozenset({"bridge", "border", "airport"})


def facility_features(left: Prepared, right: Prepared) -> list[PairFeature]:
    """Type, country, place, name, funders, programme and status of two facilities."""
    one, other = _values(left), _values(right)
    return [
        _type(one, other),
        _country(one, other),
        _place(left, right),
        _name(left, right),
        names_feature(left.names, right.names, each=1.0, most=3.0),
        set_feature("funders", left.parties, right.parties, equal=1.0, shared=0.5, apart=-1.5),
        programme_feature(left.programme, right.programme, same=1.0, apart=-1.0),
        _status(left, right),
    ]


def _type(one: FacilityValues, other: FacilityValues) -> PairFeature:
    detail = f"{one.type} / {other.type}"
    if one.type is other.type:
        return PairFeature("type", 0.5 if one.type is FacilityType.OTHER else 1.0, detail)
    if TYPE_GROUPS[one.type] == TYPE_GROUPS[other.type]:
        return PairFeature("type", 0.5, detail)
    if FacilityType.OTHER in (one.type, other.type):
        return PairFeature("type", 0.0, detail)
    return PairFeature("type", -3.0, detail)


def _country(one: FacilityValues, other: FacilityValues) -> PairFeature:
    if not one.country or not other.country:
        return PairFeature("country", 0.0, "not said by both")
    detail = f"{one.country} / {other.country}"
    if one.country == other.country:
        return PairFeature("country", 0.5, detail)
    straddles = {TYPE_GROUPS[one.type], TYPE_GROUPS[other.type]} <= _ACROSS_THE_BORDER
    return PairFeature("country", -0.5 if straddles else -5.0, detail)


def _place(left: Prepared, right: Prepared) -> PairFeature:
    """The place of one, against the other's place or, where that isn't given, its name."""
    if left.place and right.place:
        return place_feature(left.place, right.place, same=4.0 if _has_one_only(left, right) else 3.0, apart=-3.0)
    place, name = (left.place, right.text) if left.place else (right.place, left.text)
    if place and place_likeness(place, name) >= SAME_PLACE_AT:
        return PairFeature("place", 2.0, f"{place} in {name}")
    return PairFeature("place", 0.0, "not said by both")


def _has_one_only(left: Prepared, right: Prepared) -> bool:
    """Whether the place is a point that rarely has two of the kind: a village's bridge or crossing, not a district's posts."""
    kinds = {TYPE_GROUPS[_values(side).type] for side in (left, right)}
    areas = words().areas & {*fold(left.place).split(), *fold(right.place).split()}
    return len(kinds) == 1 and kinds <= _ONE_OF_A_PLACE and not areas


def _name(left: Prepared, right: Prepared) -> PairFeature:
    """The words that tell a facility from others of its kind; a name without any (`border post`) says little."""
    detail = f"{left.text} / {right.text}"
    places = left.places | right.places
    own, other = _own_words(left, places), _own_words(right, places)
    if not own or not other:
        whole = text_likeness(left.text, right.text) if min(map(len, map(content_words, (left.text, right.text)))) >= 3 else 0.0
        is_alike = whole >= 0.65 or fold(left.text) == fold(right.text)
        return PairFeature("name", 1.0 if is_alike else 0.0, detail)
    common = shared_words(own, other)
    share = len(common) / min(len(own), len(other))
    points = 2.5 if share >= 0.6 and len(common) >= 2 else 1.5 if share >= 0.5 else 0.5 if common else -2.0
    return PairFeature("name", 0.0 if points < 0 and left.names & right.names else points, detail)


def _own_words(side: Prepared, places: frozenset[str]) -> frozenset[str]:
    """Telling words of the name without those of places."""
    return frozenset(word for word in side.words if sound(word) not in places and not is_place_kind(word))


def _status(left: Prepared, right: Prepared) -> PairFeature:
    one, other = _values(left), _values(right)
    if left.days is None or right.days is None:
        return PairFeature("status", 0.0, "not dated by both")
    gap = left.days.gap(right.days)
    detail = f"{one.status} {one.status_date} / {other.status} {other.status_date}"
    if one.status is other.status:
        exact = left.days.precision == right.days.precision == "day"
        if gap == 0:
            return PairFeature("status", 2.0 if exact else 1.0, detail)
        is_event = one.status is FacilityStatus.OPERATIONAL and gap > 366
        return PairFeature("status", -2.5 if is_event else 0.0, detail)
    order = list(FacilityStatus)
    earlier, later = (one, other) if left.days.first <= right.days.first else (other, one)
    went_back = order.index(earlier.status) > order.index(later.status)
    return PairFeature("status", -1.5 if went_back and gap > 31 else 0.0, detail)


def _values(side: Prepared) -> FacilityValues:
    assert isinstance(side.claim.values, FacilityValues)
    return side.claim.values
