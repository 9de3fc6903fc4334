"""Decisions of the trained rankers about one sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from bam.extraction.annotate.model import Money
from bam.extraction.context import Context
from bam.extraction.ranker import Features, Ranker, load_ranker
from bam.extraction.roles import Candidate, Numbers
from bam.extraction.tables.funding import links
from bam.extraction.tables.funding.features import accept_features, stage_features
from bam.extraction.tables.funding.previous import Decided
from bam.extraction.tables.funding.words import FundingWords
from bam.model.claims import Stage

ACCEPT, STAGE, DONOR, RECIPIENT = "funding_accept", "funding_stage", "funding_donor", "funding_recipient"
DATE, PROGRAMME, TOTAL = "funding_date", "funding_programme", "funding_total"
YES, NO = "yes", "no"
_SURE, _LIKELY = 0.45, 0.1
_NONE_HANDICAP = {DATE: 1.0, PROGRAMME: 1.8, TOTAL: 2.0}
"""Log-odds taken from "none": an empty field that the text fills costs as much as a wrong one, and an empty one that stays
empty earns nothing. Chosen by cross-validation over the annotated documents.
"""

C = TypeVar("C")
Weighed = Sequence[tuple[Candidate, Numbers]]
"""The parties around a sum, each with its features."""


def acceptance(
    context: Context, money: Money, words: FundingWords, of_document: Numbers
) -> tuple[float, list[tuple[str, float]]]:
    """The probability that a sum is assistance, and the features that say most about it."""
    ranker, features = _ranker(ACCEPT), accept_features(context, money, words, of_document)
    return ranker.probabilities(features)[YES], ranker.explain(features, YES)


def stage_of(context: Context, money: Money, words: FundingWords, of_document: Numbers, previous: Decided | None) -> Stage:
    """How far the sum has come."""
    return Stage(_ranker(STAGE).best(stage_features(context, money, words, of_document, previous))[0])


def donors_of(around: Weighed) -> tuple[str, ...]:
    """Who gives it, the likeliest first."""
    return _codes(around, _ranker(DONOR), exclude=())


def recipients_of(around: Weighed, donors: Sequence[str]) -> tuple[str, ...]:
    """Who receives it, without those who give."""
    return _codes(around, _ranker(RECIPIENT), exclude=donors)


def date_of(context: Context, money: Money, previous: Decided | None) -> str | None:
    """When it was given, signed or announced."""
    candidates = links.date_candidates(context, money, previous)
    chosen = _best(candidates, DATE, lambda c: links.date_features(context, money, c), lambda c: c.value is None)
    return chosen.value


def programme_of(context: Context, money: Money, previous: Decided | None) -> str | None:
    """The programme that it belongs to."""
    candidates = links.programme_candidates(context, money, previous)
    chosen = _best(
        candidates, PROGRAMME, lambda c: links.programme_features(context, money, c, previous), lambda c: c.code is None
    )
    return chosen.code


def total_of(context: Context, money: Money, sums: list[Money], words: FundingWords) -> Money | None:
    """The sum that it is said to be a part of."""
    candidates = links.total_candidates(context, money, sums)
    says_part = links.says_part(context, money, words)
    return _best(candidates, TOTAL, lambda c: links.total_features(context, money, c, words, says_part), lambda c: c is None)


def _codes(around: Weighed, ranker: Ranker, exclude: Iterable[str]) -> tuple[str, ...]:
    """The codes of all candidates that are surely in the role, else of the likeliest one."""
    left_out = frozenset(exclude)
    scored = []
    for candidate, features in around:
        codes = tuple(code for code in candidate.codes if code not in left_out)
        if codes:
            scored.append((ranker.probabilities(features)[YES], codes))
    scored.sort(key=lambda item: (-item[0], item[1]))
    chosen = [codes for score, codes in scored if score >= _SURE]
    if not chosen and scored and scored[0][0] >= _LIKELY:
        chosen = [scored[0][1]]
    return tuple(dict.fromkeys(code for codes in chosen for code in codes))


def _best(candidates: Sequence[C], task: str, features: Callable[[C], Features], is_none: Callable[[C], bool]) -> C:
    """The candidate with the highest score, "none" handicapped; the first one among equals."""
    ranker, handicap = _ranker(task), _NONE_HANDICAP[task]
    scores = [ranker.scores(features(c))[YES] * 2 - (handicap if is_none(c) else 0.0) for c in candidates]
    return candidates[scores.index(max(scores))]


@lru_cache(maxsize=16)
def _ranker(task: str) -> Ranker:
    ranker = load_ranker(task)
    if ranker is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return ranker
