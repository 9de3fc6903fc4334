"""Two claims about trainings: the same course, seminar or visit?"""

from __future__ import annotations

from bam.model.claims import WorkshopStatus, WorkshopValues
from bam.model.records import PairFeature
from bam.records.features import coarser, days_apart, place_feature, programme_feature, set_feature
from bam.records.names import shared_words, text_likeness
from bam.records.prepare import Prepared


def workshop_features(left: Prepared, right: Prepared) -> list[PairFeature]:
    """Time, place, topic, organisers, people and programme of two trainings."""
    one, other = _values(left), _values(right)
    return [
        _time(left, right),
        set_feature("country", left.countries, right.countries, equal=0.5, shared=0.5, apart=-5.0),
        place_feature(left.place, right.place, same=2.0, apart=-3.0),
        _topic(left, right),
        set_feature("organisers", left.parties, right.parties, equal=1.0, shared=0.5, apart=-1.5),
        set_feature("audience", one.audience, other.audience, equal=0.5, shared=0.0, apart=-1.5),
        _participants(one, other),
        programme_feature(left.programme, right.programme, same=1.0, apart=-1.5),
        _count(one, other),
    ]


def _time(left: Prepared, right: Prepared) -> PairFeature:
    if left.days is None or right.days is None:
        return PairFeature("time", -1.0, "not dated by both")
    gap, detail = left.days.gap(right.days), days_apart(left.days, right.days)
    if gap == 0:
        days = min(left.days.last - left.days.first, right.days.last - right.days.first)
        if coarser(left.days, right.days) == "day" and days <= 31:
            return PairFeature("time", 3.0, detail)
        return PairFeature("time", 1.5 if days <= 31 else 0.5, detail)
    if gap <= 3 and coarser(left.days, right.days) == "day" and text_likeness(left.text, right.text) >= 0.7:
        return PairFeature("time", 0.5, f"{detail}, of one topic")
    moved = WorkshopStatus.PLANNED in (_values(left).status, _values(right).status) and gap <= 62
    return PairFeature("time", -1.0 if moved else -6.0, detail)


def _topic(left: Prepared, right: Prepared) -> PairFeature:
    likeness = text_likeness(left.text, right.text)
    common = shared_words(left.words, right.words)
    detail = f"{left.text} / {right.text} ({likeness:.2f})"
    if likeness >= 0.7:
        return PairFeature("topic", 2.5, detail)
    if likeness >= 0.4 or len(common) >= 2:
        return PairFeature("topic", 1.5, detail)
    return PairFeature("topic", 0.5 if common else -1.5, detail)


def _participants(one: WorkshopValues, other: WorkshopValues) -> PairFeature:
    if one.participants is None or other.participants is None:
        return PairFeature("participants", 0.0, "not said by both")
    detail = f"{one.participants} / {other.participants}"
    if one.participants == other.participants:
        return PairFeature("participants", 1.5 if one.participants < 10 or one.participants % 10 == 0 else 2.5, detail)
    larger = max(one.participants, other.participants)
    share = abs(one.participants - other.participants) / larger
    return PairFeature("participants", -0.5 if share <= 0.1 else -2.0, detail)


def _count(one: WorkshopValues, other: WorkshopValues) -> PairFeature:
    left, right = one.count or 1, other.count or 1
    return PairFeature("count", 0.0 if left == right else -2.0, f"{left} / {right} events")


def _values(side: Prepared) -> WorkshopValues:
    assert isinstance(side.claim.values, WorkshopValues)
    return side.claim.values
