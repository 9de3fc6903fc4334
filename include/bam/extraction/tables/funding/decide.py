"""Decisions of the trained rankers about one sum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

from bam.extraction.annotate.model import Money
from bam.extraction.ranker import Ranker, load_ranker
from bam.extraction.tables.funding import totals
from bam.extraction.tables.funding.drafts import DATE, DONOR, PROGRAMME, RECIPIENT, Choice, Codes, Draft
from bam.extraction.tables.funding.features import accept_features
from bam.extraction.tables.funding.receivers import giver_features
from bam.extraction.tables.funding.scene import Scene
from bam.model.claims import Stage

ACCEPT, TOTAL = "funding_accept", "funding_total"
YES, NO = "yes", "no"
_SURE, _LIKELY = 0.45, 0.1
_MOST_SETS, _MOST_UNITED = 12, 10
"""Sets of receivers that are weighed against each other, and codes of a set that is put together of them."""
_NONE_HANDICAP = {DATE: 1.0, PROGRAMME: 0.5, TOTAL: 1.0}
"""Log-odds taken from "none": an empty field that the text fills costs as much as a wrong one, and an empty one that stays
empty earns nothing. These and the other bounds were chosen by cross-validation over the annotated documents.
"""


def acceptance(scene: Scene, money: Money) -> tuple[float, list[tuple[str, float]]]:
    """The probability that a sum is assistance, and the features that say most about it."""
    ranker, features = _ranker(ACCEPT), accept_features(scene.context, money, scene.words, scene.of_document)
    return ranker.probabilities(features)[YES], ranker.explain(features, YES)


def stage_of(draft: Draft) -> Stage:
    """How far the sum has come."""
    return Stage(_ranker("funding_stage").best(draft.stage)[0])


def donors_of(draft: Draft) -> Codes:
    """Who gives it: all who surely do, else the likeliest one; the likeliest first."""
    ranker = _ranker("funding_donor")
    found = ((ranker.probabilities(features)[YES], codes) for codes, features in draft.choices[DONOR])
    scored = sorted(found, key=lambda item: (-item[0], item[1]))
    chosen = [codes for score, codes in scored if score >= _SURE]
    if not chosen and scored and scored[0][0] >= _LIKELY:
        chosen = [scored[0][1]]
    return tuple(dict.fromkeys(code for codes in chosen for code in codes))


def recipients_of(draft: Draft, donors: Codes, givers: frozenset[str]) -> Codes:
    """Who receives it, without those who give it: the set of codes that is expected to have most in common with the right one.

    `givers` are those who give other sums of the document. Where a region and one of its countries are about as likely, neither
    is taken for being a little likelier: a set counts by its likeness to each set that may be right.
    """
    ranker = _ranker("funding_recipient")
    scored: dict[Codes, float] = {}
    for codes, features in draft.choices[RECIPIENT]:
        receiving = tuple(code for code in codes if code not in donors)
        if receiving:
            odds = math.exp(2 * ranker.scores(features | giver_features(codes, givers))[YES])
            scored[receiving] = scored.get(receiving, 0.0) + odds
    likeliest = sorted(scored.items(), key=lambda item: (-item[1], item[0]))[:_MOST_SETS]
    return max(_unions(likeliest), key=lambda codes: _expected_likeness(codes, likeliest), default=())


def _unions(scored: Sequence[tuple[Codes, float]]) -> list[Codes]:
    """The sets themselves, and the one, two, three... codes that are likeliest when all sets are counted together."""
    odds: dict[str, float] = {}
    for codes, score in scored:
        for code in codes:
            odds[code] = odds.get(code, 0.0) + score
    ranked = sorted(odds, key=lambda code: -odds[code])[:_MOST_UNITED]
    return [*(codes for codes, _ in scored), *(tuple(ranked[:size]) for size in range(1, len(ranked) + 1))]


def _expected_likeness(codes: Codes, scored: Sequence[tuple[Codes, float]]) -> float:
    """The F1 of a set against those that may be right, each weighed by its odds."""
    own = frozenset(codes)
    return sum(score * 2 * len(own.intersection(other)) / (len(own) + len(other)) for other, score in scored)


def date_of(draft: Draft) -> str | None:
    """When it was given, signed or announced."""
    return cast("str | None", _best("funding_date", draft.choices[DATE], _NONE_HANDICAP[DATE]))


def programme_of(draft: Draft) -> str | None:
    """The programme that it belongs to."""
    return cast("str | None", _best("funding_programme", draft.choices[PROGRAMME], _NONE_HANDICAP[PROGRAMME]))


def total_of(scene: Scene, money: Money, sums: list[Money]) -> Money | None:
    """The sum that it is said to be a part of."""
    return cast("Money | None", _best(TOTAL, total_choices(scene, money, sums), _NONE_HANDICAP[TOTAL]))


def total_choices(scene: Scene, money: Money, sums: list[Money]) -> list[Choice]:
    """The sums that it can be a part of, None among them."""
    context, words = scene.context, scene.words
    marks = totals.part_marks(context, money, words)
    head = totals.head_of_run(context, money, sums)
    return [
        (total, totals.total_features(context, money, total, sums, words, marks, head))
        for total in totals.total_candidates(context, money, sums)
    ]


def _best(task: str, found: Sequence[Choice], handicap: float) -> Any:
    """The choice with the highest score, "none" handicapped; the first one among equals."""
    ranker = _ranker(task)
    scores = [ranker.scores(features)[YES] * 2 - (handicap if key is None else 0.0) for key, features in found]
    return found[scores.index(max(scores))][0]


def _ranker(task: str) -> Ranker:
    ranker = load_ranker(task)
    if ranker is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return ranker
