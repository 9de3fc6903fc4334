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
    if previous is not None:
        near = relation(context, money, previous)
        for role, codes in (("donor", previous.donors), ("recipient", previous.recipients)):
            if code in codes:
                features[f"was_{role}/{near}"] = True
                features[f"was_{role}&via={candidate.via}"] = True
    return features
