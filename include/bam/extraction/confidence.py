"""Confidence: a probability from named reasons, each with its weight in log-odds."""

from __future__ import annotations

import math
from collections.abc import Iterable

from bam.model.claims import Reason

_LIMIT = 6.0


def probability(log_odds: float) -> float:
    """The probability of these log-odds, between 0.0025 and 0.9975."""
    return 1 / (1 + math.exp(-max(-_LIMIT, min(_LIMIT, log_odds))))


def log_odds(probability_: float) -> float:
    """The inverse of `probability`."""
    bounded = min(max(probability_, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def confidence(reasons: Iterable[Reason]) -> float:
    """The probability that the weights of the reasons add up to, to three digits; no reason gives 0.5."""
    return round(probability(math.fsum(reason.weight for reason in reasons)), 3)
