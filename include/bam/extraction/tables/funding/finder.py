"""From the sums of a document to its funding facts."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.model import Money
from bam.extraction.confidence import confidence, log_odds
from bam.extraction.context import Context
from bam.extraction.evidence import all_evidence, clause_evidence
from bam.extraction.registry import Found
from bam.extraction.resources import Resources
from bam.extraction.result import PassedOver
from bam.extraction.tables.funding import decide
from bam.extraction.tables.funding.drafts import Draft, drafts_of
from bam.extraction.tables.funding.purpose import purpose_of
from bam.extraction.tables.funding.scene import Scene, scene_of
from bam.extraction.tables.funding.sums import Sum, sums_of
from bam.extraction.tables.funding.words import FundingWords
from bam.model.claims import Fact, FundingValues, Reason, Stage, Table

_ACCEPTED = 0.5


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions about one sum."""

    stage: Stage
    donors: tuple[str, ...]
    recipients: tuple[str, ...]
    date: str | None
    programme: str | None


def find(context: Context, resources: Resources) -> Found:
    """The sums that are assistance, one fact for each, and the others with what spoke against them."""
    words = resources.words(FundingWords)
    accepted: list[tuple[Sum, list[Reason]]] = []
    passed: list[PassedOver] = []
    scene = scene_of(context, words)
    for candidate in sums_of(context, words):
        probability, parts = decide.acceptance(scene, candidate.main)
        if probability >= _ACCEPTED:
            accepted.append((candidate, _reasons(probability, parts)))
            continue
        against = ", ".join(name for name, weight in parts if weight < 0) or "no sign of assistance"
        for money in candidate.mentions:
            text = f"not taken for assistance (probability {probability:.2f}: {against})"
            passed.append(PassedOver(Table.FUNDING, money.start, money.end, "no_assistance", text))
    sums = [candidate.main for candidate, _ in accepted]
    decided = map(_decided, drafts_of(scene, sums))
    facts = [
        _fact(scene, candidate, reasons, fields, decide.total_of(scene, candidate.main, sums))
        for (candidate, reasons), fields in zip(accepted, decided, strict=True)
    ]
    return Found(tuple(facts), tuple(passed))


def _decided(draft: Draft) -> Decided:
    """The decisions about one sum: who gives it comes first, for who gives it doesn't receive it."""
    donors = decide.donors_of(draft)
    return Decided(
        stage=decide.stage_of(draft),
        donors=donors,
        recipients=decide.recipients_of(draft, donors),
        date=decide.date_of(draft),
        programme=decide.programme_of(draft),
    )


def _reasons(probability: float, parts: list[tuple[str, float]]) -> list[Reason]:
    """The strongest features as reasons; what the others add is the last one, so that the weights make the probability."""
    named = [Reason(name, _sentence(name, weight), round(weight, 2)) for name, weight in parts]
    rest = round(log_odds(probability) - sum(reason.weight for reason in named), 2)
    return [*named, Reason("other_signs", "all other signs together", rest)]


def _sentence(name: str, weight: float) -> str:
    return f"{name.replace('_', ' ')} speaks {'for' if weight > 0 else 'against'} assistance"


def _fact(scene: Scene, candidate: Sum, reasons: list[Reason], decided: Decided, total: Money | None) -> Fact:
    context, words, money = scene.context, scene.words, candidate.main
    values = FundingValues(
        amount=money.amount,
        currency=money.currency,
        stage=decided.stage,
        donors=decided.donors,
        recipients=decided.recipients,
        programme=decided.programme,
        purpose=purpose_of(context, money, words),
        date=decided.date,
        amount_min=money.amount_min,
        amount_max=money.amount_max,
        part_of=total.amount if total is not None else None,
        is_cumulative=_is_cumulative(context, money, words),
        is_in_kind=_has(context, money, words.in_kind),
        is_approximate=money.is_approximate,
    )
    quotes = [clause_evidence(context.annotated, item) for item in candidate.mentions]
    return Fact(Table.FUNDING, values, all_evidence(quotes[0], quotes[1:]), confidence(reasons), tuple(reasons))


def _is_cumulative(context: Context, money: Money, words: FundingWords) -> bool:
    """A sum added up over years: "since 1992", "over the past 30 years", "to date"."""
    annotated = context.annotated
    sentence = annotated.sentence_at(money.start)
    since = any(date.role == "since" for date in annotated.within(annotated.dates, sentence))
    return since or _has(context, money, words.background)


def _has(context: Context, money: Money, nouns: frozenset[str]) -> bool:
    annotated = context.annotated
    clause = annotated.clause_at(money.start)
    return not nouns.isdisjoint(annotated.tokens.norms[slice(*annotated.tokens.span(clause.start, clause.end))])
