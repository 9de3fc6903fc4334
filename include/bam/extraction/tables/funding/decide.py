"""Decisions of the trained rankers about one sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from bam.extraction.annotate.model import Money
from bam.extraction.choosing import likeliest, likely_codes, near_best
from bam.extraction.ranker import Ranker, load_ranker
from bam.extraction.tables.funding import totals
from bam.extraction.tables.funding.drafts import DATE, DONOR, PROGRAMME, RECIPIENT, Choice, Codes, Draft
from bam.extraction.tables.funding.features import accept_features
from bam.extraction.tables.funding.scene import Scene
from bam.model.claims import Stage

ACCEPT, TOTAL = "funding_accept", "funding_total"
YES, NO = "yes", "no"
_NEARLY = 0.55
"""Share of the likeliest giver's odds from which others give it, too."""
_RECEIVES = 0.42
"""Probability from which somebody receives a sum: below a half, since a code too few costs as much as one too many."""
_NONE_HANDICAP = {DATE: 1.0, PROGRAMME: 0.5, TOTAL: 1.0}
"""Log-odds taken from "none". These and the other bounds were chosen by cross-validation over the annotated documents."""


def acceptance(scene: Scene, money: Money) -> tuple[float, list[tuple[str, float]]]:
    """The probability that a sum is assistance, and the features that say most about it."""
    ranker, features = _ranker(ACCEPT), accept_features(scene.context, money, scene.words, scene.of_document)
    return ranker.probabilities(features)[YES], ranker.explain(features, YES)


def stage_of(draft: Draft) -> Stage:
    """How far the sum has come."""
    return Stage(_ranker("funding_stage").best(draft.stage)[0])


def donors_of(draft: Draft) -> Codes:
    """Who gives it: the likeliest and all who are nearly as likely."""
    return near_best(_scored("funding_donor", draft.choices[DONOR]), _NEARLY)


def recipients_of(draft: Draft, donors: Codes) -> Codes:
    """Who receives it: the codes that are likely to, without those who give it."""
    scored = _scored("funding_recipient", draft.choices[RECIPIENT])
    return likely_codes([(tuple(code for code in codes if code not in donors), score) for codes, score in scored], _RECEIVES)


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
    return likeliest(_scored(task, found), handicap)


def _scored(task: str, found: Sequence[Choice]) -> list[tuple[Any, float]]:
    """The choices of a field with their log-odds, up to a constant."""
    ranker = _ranker(task)
    return [(key, 2 * ranker.scores(features)[YES]) for key, features in found]


def _ranker(task: str) -> Ranker:
    ranker = load_ranker(task)
    if ranker is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return ranker
