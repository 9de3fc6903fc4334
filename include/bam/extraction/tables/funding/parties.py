"""Who gives and who receives a sum: parties around it, with what a sum adds to their features."""

from __future__ import annotations

from bam.extraction.annotate.model import Money
from bam.extraction.context import Context
from bam.extraction.roles import Candidate, Numbers
from bam.extraction.roles import candidates_of as candidates_at
from bam.extraction.roles import party_features as features_at
from bam.extraction.tables.funding.previous import Decided, relation


def candidates_of(context: Context, money: Money, previous: Decided | None) -> list[Candidate]:
    """The parties around a sum, those of the sum before included."""
    return candidates_at(context, money, (*previous.donors, *previous.recipients) if previous is not None else ())


def party_features(context: Context, money: Money, candidate: Candidate, previous: Decided | None) -> Numbers:
    """How a party stands to a sum, whether the currency is its own, and its role in the sum before."""
    code = candidate.codes[0]
    features = features_at(context, money, candidate)
    features["own_currency"] = money.currency[:2] == code
    features["foreign_currency"] = len(code) == 2 and money.currency[:2] not in (code, "US", "EU")
    countries, donors = _named(context, money)
    rivals = f"rivals={min(2, len(countries - {*candidate.codes}))}/{min(2, len(donors - {*candidate.codes}))}"
    is_here = not countries.isdisjoint(candidate.codes) or not donors.isdisjoint(candidate.codes)
    features |= {f"via={candidate.via}&{rivals}": True, f"here={is_here}&{rivals}": True}
    features |= {f"{kind}_rank={_rank(code, ranked)}&{rivals}": True for kind, ranked in _ranks(context)}
    if previous is not None:
        near = relation(context, money, previous)
        for role, codes in (("donor", previous.donors), ("recipient", previous.recipients)):
            if code in codes:
                features[f"was_{role}/{near}"] = True
                features[f"was_{role}&via={candidate.via}"] = True
                features[f"was_{role}&{rivals}"] = True
                features[f"was_{role}&here={is_here}&{rivals}"] = True
    return features


def _named(context: Context, money: Money) -> tuple[set[str], set[str]]:
    """The countries that the sentence of a sum names and that give nothing by the portfolio, and those that give."""
    annotated = context.annotated
    named = annotated.within(annotated.parties, annotated.sentence_at(money.start))
    donors = {party.code for party in named if party.is_donor}
    return {party.country for party in named if party.country and party.code not in donors}, donors


def _ranks(context: Context) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("donor", context.topic.donors), ("recipient", context.topic.recipients)


def _rank(code: str, ranked: tuple[str, ...]) -> int | None:
    return ranked.index(code) if code in ranked[:2] else None
