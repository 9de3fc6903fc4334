"""Features of a sum for the rankers: what stands around it, which verbs govern it, what the document is about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Money, Spanned, Verb
from bam.extraction.annotate.tokens import words_of
from bam.extraction.context import Context
from bam.extraction.roles import Numbers, mood
from bam.extraction.tables.funding.neighbours import relation
from bam.extraction.tables.funding.words import FundingWords

_WINDOW = 8
"""Tokens before and behind a sum that are read as its neighbourhood."""
_LEAST_LETTERS = 3
_OPEN = ("plan", "need", "may", "conditional", "recommend")
_DONE = ("paying", "handover", "giving", "building", "renovating", "equipping", "costing", "receiving")


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
    features |= relations(context, money, words)
    return features


def stage_features(context: Context, money: Money, words: FundingWords, of_document: Numbers, earlier: Money | None) -> Numbers:
    """What tells how far a sum has come: verbs with tense and modality, nouns of money, the heading above, and what the text says
    of the sum before.
    """
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
        features |= {f"h.kind={kind}": True for kind in _kinds_of(norms[above.first : above.last], words)}
    features["donor_in_clause"] = any(party.is_donor for party in annotated.within(annotated.parties, clause))
    features |= relations(context, money, words) | of_document | _cell_features(context, money, words)
    for prefix, span in (("clause", clause), ("sentence", sentence)):
        said = _said(context, span, words)
        features |= {f"{prefix}.said={said}": True, f"{prefix}.said={said}/{features['in_conference']}": True}
    if heading is not None:
        features[f"above.said={_said(context, annotated.sentences[heading], words)}"] = True
    if earlier is not None:
        features |= _from_earlier(context, money, earlier, words)
    return features


def _from_earlier(context: Context, money: Money, earlier: Money, words: FundingWords) -> Numbers:
    """What is said of the sum before holds for one that has no verb of its own ("and Norway 3 million")."""
    annotated = context.annotated
    near = relation(context, money, earlier)
    said = _said(context, annotated.clause_at(earlier.start), words)
    own = "verb" if annotated.verbs_of(annotated.clause_at(money.start)) else "no_verb"
    features: Numbers = {f"earlier.said={said}/{near}": True, f"earlier.said={said}/{own}": True, f"earlier={near}": True}
    if own == "no_verb" and near in ("sentence", "near", "items", "rows"):
        features |= {f"inherited.{sign}": True for sign in relations(context, earlier, words) if "~" not in sign}
    return features


def _cell_features(context: Context, money: Money, words: FundingWords) -> Numbers:
    """What the head of the sum's column and the other cells of its row say."""
    annotated = context.annotated
    row = annotated.row_at(money.start)
    if row is None:
        return {}
    column = row.column_at(money.start)
    head = words_of(row.heads[column]) if column is not None and column < len(row.heads) else []
    others = [norm for start, end in row.cells if not start <= money.start < end for norm in words_of(context.text[start:end])]
    signs = {*(f"column.{kind}" for kind in _kinds_of(head, words)), *(f"row.{kind}" for kind in _kinds_of(others, words))}
    return dict.fromkeys(signs, True)


def relations(context: Context, money: Money, words: FundingWords) -> Numbers:
    """What a sum hangs on and what hangs on it: "a grant of", "gave", "was allocated", "worth", "a $3 million project"."""
    annotated = context.annotated
    tokens, flags, norms = annotated.tokens, annotated.flags, annotated.tokens.norms
    sentence, clause = annotated.sentence_at(money.start), annotated.clause_at(money.start)
    first, last = tokens.span(money.outer_start, money.end)
    verbs = annotated.verbs_of(sentence)
    ends, begins = {verb.last: verb for verb in verbs}, {verb.first: verb for verb in verbs}
    signs: set[str] = set()
    index = first - 1
    while index >= sentence.first and flags[index] & (Flag.DET | Flag.ADV) and index + 1 not in ends:
        index -= 1
    if index < sentence.first:
        signs.add("left=opens")
    elif index + 1 in ends:
        _add_verb("object", ends[index + 1], signs)
    elif flags[index] & Flag.PREP or norms[index] in words.worth:
        signs.add(f"left={norms[index]}")
        if index - 1 >= sentence.first:
            before = norms[index - 1]
            signs |= {f"of={before}", *(f"of.{sign}" for sign in _kinds_of((before,), words))}
            if index in ends:
                _add_verb("through", ends[index], signs)
    else:
        signs.add("left=mark" if not norms[index][0].isalnum() else f"left={norms[index]}")
    if last < sentence.last:
        behind = norms[last : min(sentence.last, last + 3)]
        if not flags[last] and behind[0][0].isalpha():
            signs |= {f"noun={behind[0]}", *(f"noun.{sign}" for sign in _kinds_of(behind, words))}
        if last in begins:
            _add_verb("subject", begins[last], signs)
    inside = annotated.verbs_of(clause)
    earlier = [verb for verb in inside if verb.last <= first]
    later = [verb for verb in inside if verb.first >= last]
    if earlier:
        _add_verb("governor", earlier[-1], signs)
    elif later:
        _add_verb("predicate", later[0], signs)
    return dict.fromkeys(signs, True)


def _said(context: Context, span: Spanned, words: FundingWords) -> str:
    """The stage that the verbs of a clause or sentence, else its nouns, say by themselves; the more open one first."""
    annotated = context.annotated
    verbs = annotated.verbs_of(span)
    is_open = any(verb.modality in _OPEN or (verb.is_negated and verb.has(*_DONE, "binding")) for verb in verbs)
    if is_open or any(verb.has("planning") and verb.is_fact for verb in verbs):
        return "open"
    if any(verb.has("promising") and not verb.has("paying") for verb in verbs) or any(
        verb.modality == "pledge" for verb in verbs
    ):
        return "promised"
    if any(verb.tense == "future" for verb in verbs):
        return "ahead"
    if any(verb.has(*_DONE) and verb.is_done for verb in verbs):
        return "bound" if any(verb.has("binding") and verb.is_done for verb in verbs) else "done"
    if any(verb.has("binding") for verb in verbs):
        return "bound"
    nouns = _kinds_of(annotated.tokens.norms[slice(*annotated.tokens.span(span.start, span.end))], words)
    return f"{'verb' if verbs else 'no_verb'}:{'+'.join(sorted(nouns))}"


def _add_verb(name: str, verb: Verb, signs: set[str]) -> None:
    kind = mood(verb)
    signs |= {f"{name}:{kind}", f"{name}~{verb.lemma}"}
    for label in verb.classes:
        signs |= {f"{name}={label}", f"{name}={label}/{'open' if not verb.is_fact else 'done' if verb.is_done else 'now'}"}


def _kinds_of(norms: Iterable[str], words: FundingWords) -> set[str]:
    """The stages that nouns suggest."""
    inside = set(norms)
    return {kind for kind, nouns in words.kinds.items() if inside & nouns}


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
    assistance = len(annotated.tokens.where(words.assistance)) / total
    other = len(annotated.tokens.where(words.other_money)) / total
    heads = sum(head.kind != "conference" and not head.is_weak for head in annotated.heads)
    classes = Counter(name for verb in annotated.verbs for name in verb.classes)
    shares = {
        f"document_verbs_{name}": min(1.0, 40 * classes[name] / total)
        for name in ("promising", "binding", "paying", "handover", "planning", "building", "training")
    }
    opening = norms[: annotated.sentences[0].last] if annotated.sentences else []
    return {
        **shares,
        **{f"opening.{sign}": True for sign in _kinds_of(opening, words)},
        "document_conference": bool(annotated.heads_of("conference")),
        "document_rows": min(1.0, 10 * len(annotated.rows) / max(1, len(annotated.sentences))),
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
