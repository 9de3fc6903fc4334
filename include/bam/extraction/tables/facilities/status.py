"""How far a facility has come: what verbs with tense and modality, adjectives, nouns of work and set phrases say of it."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.model import Verb
from bam.extraction.context import Context
from bam.extraction.roles import mood
from bam.extraction.tables.facilities.features import Numbers, read_mentions
from bam.extraction.tables.facilities.mention import Mention
from bam.extraction.tables.facilities.surroundings import Surroundings
from bam.extraction.tables.facilities.things import Thing
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.extraction.wording import wording
from bam.model.claims import FacilityStatus

_WORK = ("building", "renovating", "equipping", "opening", "handover", "closing")
_OPEN = ("plan", "pledge", "need", "recommend", "conditional")
_RELATIONS = ("object", "subject", "participle", "far_subject", "by_preposition", "like.object", "like.subject")
"""Signs of a verb that governs the mention or that the mention governs."""
_STATUSES = {
    "begun": FacilityStatus.UNDER_CONSTRUCTION, "working": FacilityStatus.OPERATIONAL, "planned": FacilityStatus.PLANNED,
    "closed": FacilityStatus.CLOSED,
}  # fmt: skip
_WINDOW = 6
"""Tokens before and behind a mention that are read as its neighbourhood."""


def status_features(context: Context, thing: Thing, words: FacilitySigns, around: Surroundings) -> Numbers:
    """What tells how far a facility has come: verbs with tense and modality, adjectives, nouns of work, the heading above."""
    annotated = context.annotated
    features: Numbers = {f"type={thing.main.head.type}": True, "conference": bool(annotated.heads_of("conference"))}
    features |= wording(annotated, thing.main.start, thing.main.end)
    tokens = annotated.tokens
    for index, mention in enumerate(read_mentions(thing)):
        prefix = "m" if index == 0 else "o"
        sentence, clause = annotated.sentence_at(mention.start), annotated.clause_at(mention.start)
        if mention.via == "head":
            features[f"state={mention.head.state}"] = True
            features[f"determiner={mention.head.determiner}"] = True
        features[f"{prefix}.kind={sentence.kind}"] = True
        found = around.of(mention)
        features |= {f"{prefix}.{sign}": True for sign in found if sign.startswith(_RELATIONS) and "~" not in sign}
        features |= _phrases(context, mention, prefix, words)
        first, last = tokens.span(mention.start, mention.end)
        low, high = max(sentence.first, first - 2 * _WINDOW), min(sentence.last, last + 2 * _WINDOW)
        is_work = not words.work_nouns.isdisjoint(tokens.norms[max(low, first - _WINDOW) : first])
        here = annotated.verbs_of(clause)
        inside = set(tokens.norms[sentence.first : sentence.last])
        written = " ".join(tokens.norms[sentence.first : sentence.last])
        is_begun = any(phrase in written for phrase in words.begun_phrases)
        guess = _guess(annotated.verbs_of(sentence), here, inside, is_begun, words)
        features[f"guess={guess}"] = True
        features[f"{prefix}.guess={guess}"] = True
        features[f"{prefix}.work_noun"] = is_work
        features[f"{prefix}.work_noun&verb={bool(here)}"] = is_work
        for name, span in (("v", clause), ("s", sentence)):
            for verb in annotated.verbs_of(span):
                features |= _status_of_verb(verb, mention, prefix, name, is_work)
        for position in (*range(low, first), *range(last, high)):
            if tokens.norms[position].isalpha() and tokens.texts[position][0].islower():
                features[f"w={tokens.norms[position]}"] = True
    return features


def told_status(context: Context, thing: Thing, words: FacilitySigns) -> FacilityStatus | None:
    """The status that set phrases tell beyond doubt: only one, in the clause of the main mention, or in its sentence where that
    speaks of no other thing.
    """
    annotated = context.annotated
    main, tokens = thing.main, annotated.tokens
    sentence, clause = annotated.sentence_at(main.start), annotated.clause_at(main.start)
    spans = [tokens.span(clause.start, clause.end)]
    if sum(head.kind == "facility" for head in annotated.within(annotated.heads, sentence)) == 1:
        spans.append((sentence.first, sentence.last))
    for first, last in spans:
        told = _told(tokens.norms[first:last], words)
        if len(told) == 1:
            return _STATUSES[told[0]]
    return None


def _told(norms: Sequence[str], words: FacilitySigns) -> list[str]:
    openers = words.status_openers
    begun = [pair for norm in norms if norm in openers for pair in openers[norm]]
    if not begun:
        return []
    written = f" {' '.join(norms)} "
    told = {status for status, phrase in begun if f" {phrase} " in written}
    return [status for status in words.status_phrases if status in told]


def _phrases(context: Context, mention: Mention, prefix: str, words: FacilitySigns) -> Numbers:
    """Set phrases that tell a status, in the mention's clause, its sentence, and the next one where that speaks of "it"."""
    annotated = context.annotated
    tokens, sentence = annotated.tokens, annotated.sentence_at(mention.start)
    clause = annotated.clause_at(mention.start)
    spans = [("clause", *tokens.span(clause.start, clause.end)), ("sentence", sentence.first, sentence.last)]
    following = annotated.sentences[sentence.index + 1] if sentence.index + 1 < len(annotated.sentences) else None
    is_fragment = not annotated.verbs_of(sentence)
    if following is not None and following.block != sentence.block:
        following = None
    if following is not None and (is_fragment or tokens.norms[following.first] in words.returns):
        spans.append(("next", following.first, following.last))
    features: Numbers = {}
    for name, first, last in spans:
        for status in _told(tokens.norms[first:last], words):
            features |= {f"{name}.told={status}": True, f"{prefix}.{name}.told={status}": True}
        if name == "next":
            sentences_verbs = annotated.verbs_of(following) if following is not None else ()
            features |= {
                f"next={label}/{mood(verb, tell_progressive=True)}": True for verb in sentences_verbs for label in verb.classes
            }
    return features


def _guess(verbs: Sequence[Verb], here: Sequence[Verb], inside: set[str], is_begun: bool, words: FacilitySigns) -> str:
    """The status that the verbs of work of the clause, or else of the sentence, say by themselves."""
    if is_begun or not inside.isdisjoint(words.begun_nouns):
        return "begun"
    if not inside.isdisjoint(words.work_nouns) and any(v.lemma in words.begun_verbs and v.is_fact for v in verbs):
        return "begun"
    for span in (here, verbs):
        works = [verb for verb in span if verb.has(*_WORK)]
        if any(verb.is_progressive and verb.is_fact and verb.has("building", "renovating") for verb in works):
            return "begun"
        if any(verb.has("closing") and verb.is_done for verb in works):
            return "closed"
        is_meant = any(verb.form == "gerund" for verb in works) and any(verb.has("planning") or not verb.is_fact for verb in span)
        if is_meant or any(not verb.is_fact for verb in works):
            return "open"
        if works:
            return "done"
    if not inside.isdisjoint(words.planned_nouns) or any(verb.tense == "future" or verb.modality in _OPEN for verb in here):
        return "planned"
    if not verbs:
        return "no_verb_work" if not inside.isdisjoint(words.work_nouns) else "no_verb"
    return "none"


def _status_of_verb(verb: Verb, mention: Mention, prefix: str, name: str, is_work: bool) -> Numbers:
    """What one verb of the clause (`v`) or sentence (`s`) says of the status."""
    kind = mood(verb, tell_progressive=True)
    features: Numbers = {
        f"{prefix}.{name}:{kind}": True,
        f"{name}:{kind}": True,
        f"{name}:{kind}/{is_work}": True,
        f"{name}:fact={verb.is_fact}": True,
    }
    if verb.has(*_WORK):
        features[f"{name}.work:{kind}"] = True
        features[f"{name}.work:{kind}/{'passive' if verb.is_passive else 'active'}"] = True
        features[f"{name}.work:open={verb.is_fact}"] = True
    for label in verb.classes:
        features[f"{prefix}.{name}={label}"] = True
        features[f"{name}={label}/{kind}"] = True
    return features
