"""Whether two claims speak of the same thing: named features with points, a sum, and thresholds from a recorded experiment.

The thresholds and how they were found are in docs/decisions/0030-same-or-not.md.
"""

from __future__ import annotations

from collections.abc import Callable

from bam.model.claims import Table
from bam.model.records import PairFeature
from bam.records.features_facilities import facility_features
from bam.records.features_follow_ups import follow_up_features
from bam.records.features_funding import funding_features
from bam.records.features_workshops import workshop_features
from bam.records.prepare import Prepared

SAME_AT = 5.0
"""From this sum of points on two claims are taken for the same thing."""

POSSIBLE_AT = 3.5
"""From here to `SAME_AT` they may be the same: not merged, but a sum is not counted a second time."""

VETO_AT = -4.0
"""At or below this they can't be the same, and no third claim brings them together."""

SAME_DOCUMENT = PairFeature("same_document", -10.0, "one document gives one claim for each thing")

_FEATURES: dict[Table, Callable[[Prepared, Prepared], list[PairFeature]]] = {
    Table.FUNDING: funding_features,
    Table.FACILITIES: facility_features,
    Table.WORKSHOPS: workshop_features,
    Table.FOLLOW_UPS: follow_up_features,
}


def pair_features(left: Prepared, right: Prepared) -> tuple[PairFeature, ...]:
    """All features of a pair of claims of one table that speak for or against; those without points are left out.

    Symmetric: the order of the two doesn't matter.
    """
    if left.claim.id > right.claim.id:
        left, right = right, left
    features = _FEATURES[left.claim.table](left, right)
    if left.claim.witness.document_id == right.claim.witness.document_id:
        features.append(SAME_DOCUMENT)
    return tuple(feature for feature in features if feature.points)


def agrees_on_more(features: tuple[PairFeature, ...]) -> bool:
    """Whether two sums share more than a round amount and their parties: a date, words, names, a programme, an exact figure."""
    points = {feature.name: feature.points for feature in features}
    specific = sum(max(0.0, points.get(name, 0.0)) for name in ("date", "words", "names", "programme"))
    return specific >= 1.5 or points.get("amount", 0.0) >= 4.0


def score(features: tuple[PairFeature, ...]) -> float:
    """The sum of the points, to two decimals."""
    return round(sum(feature.points for feature in features), 2)
