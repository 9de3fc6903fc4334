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


def weighed(context: Context, money: Money, previous: Decided | None) -> list[tuple[Candidate, Numbers]]:
    """The parties around a sum with their features: how each stands to it, whether the currency is its own, which rivals the
    sentence names, and its role in the sum before.
    """
    named = _named(context, money)
    near = relation(context, money, previous) if previous is not None else "none"
    found = []
    for candidate in candidates_of(context, money, previous):
        features = features_at(context, money, candidate)
        code = candidate.codes[0]
        features["own_currency"] = money.currency[:2] == code
        features["foreign_currency"] = len(code) == 2 and money.currency[:2] not in (code, "US", "EU")
        features |= _rival_features(context, candidate, named, previous, near)
        found.append((candidate, features))
    return found


def _rival_features(
    context: Context, candidate: Candidate, named: tuple[set[str], set[str]], previous: Decided | None, near: str
) -> Numbers:
    """How many other receivers and givers the sentence names, crossed with what speaks for the candidate."""
    countries, donors = named
    code, own, topic = candidate.codes[0], {*candidate.codes}, context.topic
    rivals = f"rivals={min(2, len(countries - own))}/{min(2, len(donors - own))}"
    is_here = not (countries | donors).isdisjoint(own)
    features: Numbers = {
        f"via={candidate.via}&{rivals}": True,
        f"here={is_here}&{rivals}": True,
        f"donor_rank={_rank(code, topic.donors)}&{rivals}": True,
        f"recipient_rank={_rank(code, topic.recipients)}&{rivals}": True,
    }
    if previous is None:
        return features
    for role, codes in (("donor", previous.donors), ("recipient", previous.recipients)):
        if code in codes:
            features |= {
                f"was_{role}/{near}": True,
                f"was_{role}&via={candidate.via}": True,
                f"was_{role}&{rivals}": True,
                f"was_{role}&here={is_here}&{rivals}": True,
            }
    return features


def _named(context: Context, money: Money) -> tuple[set[str], set[str]]:
    """The countries that the sentence of a sum names and that give nothing by the portfolio, and those that give."""
    annotated = context.annotated
    named = annotated.within(annotated.parties, annotated.sentence_at(money.start))
    donors = {party.code for party in named if party.is_donor}
    return {party.country for party in named if party.country and party.code not in donors}, donors


def _rank(code: str, ranked: tuple[str, ...]) -> int | None:
    return ranked.index(code) if code in ranked[:2] else None
