"""Who gives a sum: parties around it, with what a sum adds to their features."""

from __future__ import annotations

from bam.extraction.annotate.model import Money, Spanned
from bam.extraction.context import Context
from bam.extraction.roles import Candidate, Numbers, Places
from bam.extraction.roles import candidates_of as candidates_at
from bam.extraction.roles import party_features as features_at

_HEAD_CHARACTERS = 6
"""Articles and marks may stand before what heads a sentence."""


def weighed(context: Context, money: Money, places: Places | None = None) -> list[tuple[Candidate, Numbers]]:
    """The parties around a sum with their features."""
    named = _named(context, money)
    return [(candidate, _features_of(context, money, candidate, named, places)) for candidate in candidates_at(context, money)]


def givers(context: Context, money: Money, places: Places | None = None) -> list[tuple[tuple[str, ...], Numbers]]:
    """Who can give a sum, the parties around it and nobody, with what speaks for each."""
    found = [(candidate.codes, features) for candidate, features in weighed(context, money, places)]
    return [((), {"none": True, f"none&of={min(4, len(found))}": True}), *found]


def _features_of(
    context: Context, money: Money, candidate: Candidate, named: tuple[set[str], set[str]], places: Places | None
) -> Numbers:
    """How a party stands to a sum, whether the currency is its own, and which rivals the sentence names."""
    features = features_at(context, money, candidate, places)
    code = candidate.codes[0]
    features["own_currency"] = money.currency[:2] == code
    features["foreign_currency"] = len(code) == 2 and money.currency[:2] not in (code, "US", "EU")
    features |= _rival_features(context, candidate, named)
    if candidate.mention is not None:
        features |= between_features(context, money, candidate.mention)
    return features


def between_features(context: Context, money: Money, mention: Spanned) -> Numbers:
    """What stands between a sum and a mention of its sentence: other sums, and whether the mention heads a sentence or cell
    without a verb ("Norway, 3 million").
    """
    annotated = context.annotated
    sentence = annotated.sentence_at(money.start)
    if not sentence.start <= mention.start < sentence.end:
        return {}
    is_before = mention.start < money.start
    low, high = (mention.end, money.outer_start) if is_before else (money.end, mention.start)
    sums = annotated.within(annotated.money, sentence)
    others = sum(low <= other.start < high for other in sums if other is not money)
    side = "before" if is_before else "behind"
    no_verb = not annotated.verbs_of(annotated.clause_at(money.start))
    return {
        f"sums_between={min(2, others)}/{side}": True,
        f"sums_between={min(2, others)}/{side}/{min(3, len(sums))}": True,
        "heads_fragment": no_verb and mention.start - sentence.start <= _HEAD_CHARACTERS and is_before and not others,
    }


def _rival_features(context: Context, candidate: Candidate, named: tuple[set[str], set[str]]) -> Numbers:
    """How many other receivers and givers the sentence names, crossed with what speaks for the candidate."""
    countries, donors = named
    code, own, topic = candidate.codes[0], {*candidate.codes}, context.topic
    rivals = f"rivals={min(2, len(countries - own))}/{min(2, len(donors - own))}"
    is_here = not (countries | donors).isdisjoint(own)
    return {
        f"via={candidate.via}&{rivals}": True,
        f"here={is_here}&{rivals}": True,
        f"donor_rank={_rank(code, topic.donors)}&{rivals}": True,
        f"recipient_rank={_rank(code, topic.recipients)}&{rivals}": True,
    }


def _named(context: Context, money: Money) -> tuple[set[str], set[str]]:
    """The countries that the sentence of a sum names and that give nothing by the portfolio, and those that give."""
    annotated = context.annotated
    named = annotated.within(annotated.parties, annotated.sentence_at(money.start))
    donors = {party.code for party in named if party.is_donor}
    return {party.country for party in named if party.country and party.code not in donors}, donors


def _rank(code: str, ranked: tuple[str, ...]) -> int | None:
    return ranked.index(code) if code in ranked[:2] else None
