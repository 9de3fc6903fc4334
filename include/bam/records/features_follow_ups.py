"""Two claims about promises: the same commitment of the same conference?"""

from __future__ import annotations

import re

from bam.model.claims import FollowUpValues
from bam.model.records import PairFeature
from bam.records.features import days_apart, place_feature, set_feature
from bam.records.names import fold, text_likeness
from bam.records.prepare import Prepared
from bam.records.words import words

_NUMBER = re.compile(r"(\d+)(?:st|nd|rd|th)?")


_COMMITMENT = ((0.7, 4.0), (0.5, 2.5), (0.42, 1.0), (0.35, 0.0))
"""Points for two commitments that are at least so much alike."""


def follow_up_features(left: Prepared, right: Prepared) -> list[PairFeature]:
    """Conference, its number and date, the commitment, parties and due date of two promises."""
    one, other = _values(left), _values(right)
    return [
        _conference(one, other),
        _conference_date(left, right),
        place_feature(left.place, right.place, same=0.5, apart=-2.0),
        _commitment(left, right),
        set_feature("parties", left.parties, right.parties, equal=0.5, shared=0.0, apart=-1.0),
        _due(one, other),
    ]


def conference_numbers(name: str) -> frozenset[int]:
    """Which one of a series a conference is (`18th`, `Third`, `VI`); empty where its name doesn't say."""
    found = set()
    for word in fold(name).split():
        match = _NUMBER.fullmatch(word)
        if match:
            found.add(int(match.group(1)))
        elif word in words().ordinals:
            found.add(words().ordinals[word])
    return frozenset(found)


def _conference(one: FollowUpValues, other: FollowUpValues) -> PairFeature:
    left, right = conference_numbers(one.conference), conference_numbers(other.conference)
    likeness = text_likeness(one.conference, other.conference)
    detail = f"{one.conference} / {other.conference} ({likeness:.2f})"
    if left and right and not left & right:
        return PairFeature("conference", -6.0, detail)
    points = 2.0 if likeness >= 0.7 else 1.0 if likeness >= 0.4 else -1.0
    return PairFeature("conference", points, detail)


def _conference_date(left: Prepared, right: Prepared) -> PairFeature:
    if left.days is None or right.days is None:
        return PairFeature("conference_date", 0.0, "not said by both")
    gap = left.days.gap(right.days)
    points = 2.0 if gap == 0 and left.days.precision == right.days.precision == "day" else 1.0 if gap <= 2 else -6.0
    return PairFeature("conference_date", points, days_apart(left.days, right.days))


def _commitment(left: Prepared, right: Prepared) -> PairFeature:
    likeness = text_likeness(left.text, right.text)
    points = next((points for least, points in _COMMITMENT if likeness >= least), -5.0)
    return PairFeature("commitment", points, f"{likeness:.2f} alike")


def _due(one: FollowUpValues, other: FollowUpValues) -> PairFeature:
    if not one.due or not other.due:
        return PairFeature("due", 0.0, "not said by both")
    same = one.due.startswith(other.due) or other.due.startswith(one.due)
    return PairFeature("due", 1.0 if same else -1.5, f"{one.due} / {other.due}")


def _values(side: Prepared) -> FollowUpValues:
    assert isinstance(side.claim.values, FollowUpValues)
    return side.claim.values
