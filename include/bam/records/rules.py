"""Choosing one value where claims differ: criteria in order, and the name of the one that decided.

A person's word stands before all. Then more official before less, exact before rounded, specific before general, newer before
older, surer before less sure; which of them apply, and in which order, depends on the kind of field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bam.model.claims import Claim, FundingValues
from bam.model.dates import covers
from bam.model.records import Choice
from bam.records.names import content_words, fold
from bam.records.prepare import proper_names, significant_digits

RULES: dict[str, str] = {
    "only_source": "one claim alone gives it",
    "agreed": "all claims that give it agree",
    "reviewed": "a person confirmed it or set it right",
    "official": "its source is more official",
    "exact": "it is the exact figure, others are rounded",
    "specific": "it says more precisely what others say in general",
    "complete": "it names all that others name, and more",
    "newer": "it was published later",
    "surer": "the extractor is surer of it",
    "stable_order": "nothing sets the claims apart; the choice is fixed by their keys",
    "furthest_stage": "it is the furthest stage that is reported",
    "lifecycle": "it is the last step of the reported lifecycle",
    "any_source": "one of the sources says so",
    "span": "it spans what the sources say",
}
"""Names of the rules that a record shows, with what they mean."""

_OFFICIALITY = {"official": 3, "multilateral": 2, "media": 1, "think_tank": 0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a claim gives for a field."""

    value: Any
    claim: Claim
    key: str


Criterion = tuple[str, Callable[[Candidate], Any]]

REVIEWED: Criterion = ("reviewed", lambda candidate: candidate.claim.is_reviewed)
OFFICIAL: Criterion = ("official", lambda candidate: _OFFICIALITY.get(candidate.claim.witness.officiality, 0))
NEWER: Criterion = ("newer", lambda candidate: candidate.claim.published_on or "")
SURER: Criterion = ("surer", lambda candidate: candidate.claim.confidence)
EXACT: Criterion = ("exact", lambda candidate: _exactness(candidate.claim))
NAMED: Criterion = ("specific", lambda candidate: _specificity(candidate.value))
COMPLETE: Criterion = ("complete", lambda candidate: len(candidate.value))

AMOUNT = (REVIEWED, OFFICIAL, EXACT, NEWER, SURER)
TEXT = (REVIEWED, NAMED, OFFICIAL, NEWER, SURER)
SET = (REVIEWED, OFFICIAL, COMPLETE, NEWER, SURER)
PLAIN = (REVIEWED, OFFICIAL, NEWER, SURER)


def choose(field: str, candidates: Sequence[Candidate], criteria: Sequence[Criterion]) -> Choice | None:
    """The value that stands first by the criteria, with the rule that put it before the next other value; None for none."""
    if not candidates:
        return None
    if len(candidates) == 1:
        return Choice(field, candidates[0].value, "only_source", candidates[0].claim.id)
    ranked = sorted(candidates, key=lambda candidate: candidate.key)
    for _, measure in reversed(criteria):
        ranked.sort(key=measure, reverse=True)
    best = ranked[0]
    return Choice(field, best.value, _rule(best, ranked, criteria), best.claim.id, _alternatives(best, ranked))


def choose_date(field: str, candidates: Sequence[Candidate]) -> Choice | None:
    """As `choose`, but among dates that contain each other (`2014`, `2014-03`) the most precise one stands for all."""
    choice = choose(field, candidates, PLAIN)
    if choice is None:
        return None
    finer = [candidate for candidate in candidates if candidate.value != choice.value and covers(choice.value, candidate.value)]
    if not finer:
        others = tuple((value, claim) for value, claim in choice.alternatives if not covers(value, choice.value))
        rule = choice.rule if others or not choice.alternatives else "specific"
        return Choice(field, choice.value, rule, choice.claim_id, others)
    longest = max(len(candidate.value) for candidate in finer)
    best = choose(field, [candidate for candidate in finer if len(candidate.value) == longest], PLAIN)
    assert best is not None
    others = tuple((v, c) for v, c in _alternatives_of(best.value, candidates) if not covers(v, best.value))
    return Choice(field, best.value, "specific", best.claim_id, others)


def same_value(left: Any, right: Any) -> bool:
    """Whether two values say the same: texts up to spelling of case and punctuation, sets in any order."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right or fold(left) == fold(right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return sorted(map(str, left)) == sorted(map(str, right))
    return bool(left == right)


def _rule(best: Candidate, ranked: Sequence[Candidate], criteria: Sequence[Criterion]) -> str:
    rival = next((candidate for candidate in ranked if not same_value(candidate.value, best.value)), None)
    if rival is None:
        return "agreed"
    return next((name for name, measure in criteria if measure(best) != measure(rival)), "stable_order")


def _alternatives(best: Candidate, ranked: Iterable[Candidate]) -> tuple[tuple[Any, str], ...]:
    return _alternatives_of(best.value, ranked)


def _alternatives_of(value: Any, ranked: Iterable[Candidate]) -> tuple[tuple[Any, str], ...]:
    """Other values, each with the first claim that gives it."""
    found: list[tuple[Any, str]] = []
    for candidate in ranked:
        if not same_value(candidate.value, value) and not any(same_value(candidate.value, other) for other, _ in found):
            found.append((candidate.value, candidate.claim.id))
    return tuple(found)


def _specificity(text: str) -> tuple[bool, int]:
    """Texts with a proper name before texts without, then by the number of words that carry meaning."""
    return bool(proper_names(text, from_start=True)), len(content_words(text))


def _exactness(claim: Claim) -> tuple[bool, int]:
    values = claim.values
    assert isinstance(values, FundingValues)
    is_range = values.amount_min is not None and values.amount_max is not None and values.amount_min < values.amount_max
    return not (values.is_approximate or is_range), significant_digits(values.amount)
