"""Features of a sum for the rankers: what stands around it, which verbs govern it, what the document is about."""

from __future__ import annotations

import math

from bam.extraction.annotate.model import Money, Spanned
from bam.extraction.context import Context
from bam.extraction.roles import Numbers, mood
from bam.extraction.tables.funding.previous import Decided, relation
from bam.extraction.tables.funding.words import FundingWords

_WINDOW = 8
"""Tokens before and behind a sum that are read as its neighbourhood."""
_LEAST_LETTERS = 3


def accept_features(context: Context, money: Money, words: FundingWords, of_document: Numbers) -> Numbers:
    """What tells assistance from other money; `of_document` holds `document_features`."""
    annotated = context.annotated
    sentence, clause = annotated.sentence_at(money.start), annotated.clause_at(money.start)
    features: Numbers = {
        f"kind={sentence.kind}": True,
        f"origin={money.origin}": True,
        f"bound={money.bound}": True,
        f"size={min(10, int(math.log10(money.amount)))}": True,
        "is_change": money.is_change,
        "is_small": money.amount < 2_000,
        "donor_in_clause": any(party.is_donor for party in annotated.within(annotated.parties, clause)),
        "donor_in_sentence": any(party.is_donor for party in annotated.within(annotated.parties, sentence)),
        "party_in_sentence": bool(annotated.within(annotated.parties, sentence)),
        "programme_in_sentence": bool(annotated.within(annotated.programmes, sentence)),
        "head_in_sentence": bool(annotated.within(annotated.heads, sentence)),
        "topic_programme": context.topic.programme is not None,
        "topic_donor": bool(context.topic.donors),
    }
    features |= _verb_features(context, clause, "v") | _verb_features(context, sentence, "s")
    features |= _word_features(context, money, clause, words)
    features |= of_document
    return features


def stage_features(context: Context, money: Money, words: FundingWords, previous: Decided | None) -> Numbers:
    """What tells how far a sum has come: verbs with tense and modality, nouns of money, the heading above, the sum before."""
    annotated = context.annotated
    sentence, clause = annotated.sentence_at(money.start), annotated.clause_at(money.start)
    features: Numbers = {f"kind={sentence.kind}": True, "in_conference": bool(annotated.heads_of("conference"))}
    for prefix, span in (("v", clause), ("s", sentence)):
        for verb in annotated.verbs_of(span):
            features[f"{prefix}:{mood(verb)}"] = True
            for name in verb.classes:
                features[f"{prefix}={name}"] = True
                features[f"{prefix}={name}/{mood(verb)}"] = True
    norms = annotated.tokens.norms
    for prefix, (first, last) in (("n", _around(context, money)), ("c", (sentence.first, sentence.last))):
        inside = set(norms[first:last])
        for kind, nouns in words.kinds.items():
            if inside & nouns:
                features[f"{prefix}.kind={kind}"] = True
        if prefix == "n":
            features |= {f"w={norm}": True for norm in inside if norm.isalpha() and norm not in words.commonplace}
    heading = sentence.section if sentence.section is not None else sentence.lead
    if heading is not None:
        above = annotated.sentences[heading]
        for kind, nouns in words.kinds.items():
            if nouns.intersection(norms[above.first : above.last]):
                features[f"h.kind={kind}"] = True
    features["donor_in_clause"] = any(party.is_donor for party in annotated.within(annotated.parties, clause))
    if previous is not None:
        near = relation(context, money, previous)
        has_verb = "verb" if annotated.verbs_of(clause) else "no_verb"
        features[f"previous={previous.stage}/{near}"] = True
        features[f"previous={previous.stage}/{near}/{has_verb}"] = True
    return features


def _verb_features(context: Context, span: Spanned, prefix: str) -> Numbers:
    features: Numbers = {}
    for verb in context.annotated.verbs_of(span):
        features[f"{prefix}:{mood(verb)}"] = True
        for name in verb.classes:
            features[f"{prefix}={name}"] = True
    return features


def _word_features(context: Context, money: Money, clause: Spanned, words: FundingWords) -> Numbers:
    annotated = context.annotated
    norms = annotated.tokens.norms
    first, last = annotated.tokens.span(money.outer_start, money.end)
    low, high = _around(context, money)
    before, behind = norms[low:first], norms[last:high]
    in_clause = set(norms[slice(*annotated.tokens.span(clause.start, clause.end))])
    sentence = annotated.sentence_at(money.start)
    in_sentence = set(norms[sentence.first : sentence.last])
    features: Numbers = {
        "assistance_in_clause": float(min(2, len(in_clause & words.assistance))),
        "assistance_in_sentence": float(min(3, len(in_sentence & words.assistance))),
        "other_in_clause": float(min(2, len(in_clause & words.other_money))),
        "other_in_sentence": float(min(3, len(in_sentence & words.other_money))),
        "per_unit": any(norm in words.per_unit for norm in behind[:3]),
        f"next={behind[0] if behind else ''}": True,
        f"previous={before[-1] if before else ''}": True,
    }
    for norm in {*before, *behind}:
        if norm.isalpha() and len(norm) >= _LEAST_LETTERS and norm not in words.commonplace:
            features[f"w={norm}"] = True
    return features


def document_features(context: Context, words: FundingWords) -> Numbers:
    """What the whole document speaks of: the same for each of its sums."""
    annotated = context.annotated
    norms = annotated.tokens.norms
    total = max(1, len(norms))
    assistance = sum(norm in words.assistance for norm in norms) / total
    other = sum(norm in words.other_money for norm in norms) / total
    heads = sum(head.kind != "conference" and not head.is_weak for head in annotated.heads)
    return {
        "document_assistance": min(1.0, 25 * assistance),
        "document_other": min(1.0, 25 * other),
        "document_heads": min(1.0, 60 * heads / total),
        "document_programmes": min(1.0, len(annotated.programmes) / 5),
    }


def _around(context: Context, money: Money) -> tuple[int, int]:
    """The tokens [first, last) of the sum's sentence that stand near it."""
    annotated = context.annotated
    sentence = annotated.sentence_at(money.start)
    first, last = annotated.tokens.span(money.outer_start, money.end)
    return max(sentence.first, first - _WINDOW), min(sentence.last, last + _WINDOW)
