"""Roles: parties around a mention as candidates of giver, receiver, organiser or audience, with features for the role rankers."""

from __future__ import annotations

from typing import NamedTuple

from bam.extraction.annotate.model import Party, PartyUse, Region, Sentence, Spanned, Verb
from bam.extraction.cells import above_cell, cell_signs, is_other_row, over_table
from bam.extraction.context import Context, distance

Numbers = dict[str, bool | float]
"""Features while they are gathered."""

_EARLIER_SENTENCES = 2
_TOPIC_PARTIES = 3
_FAR = 400


class Candidate(NamedTuple):
    """Codes that one mention stands for. `via` tells how it comes in: `sentence`, `column`, `caption`, `earlier1`, `earlier2`,
    `lead`, `section`, or without a mention `group`, `programme`, `region` and `topic`.
    """

    codes: tuple[str, ...]
    mention: Party | Region | None
    via: str


def mood(verb: Verb, *, tell_progressive: bool = False) -> str:
    """How a verb group presents its act, in one word. An act that goes on ("is building") is a word of its own where wanted."""
    if verb.is_negated:
        return "negated"
    if verb.modality not in (None, "help", "done"):
        return str(verb.modality)
    if verb.tense == "future":
        return "future"
    if verb.is_perfect:
        return "perfect"
    if tell_progressive and verb.is_progressive:
        return "progressive"
    return verb.tense if verb.form == "finite" else verb.form


def candidates_of(context: Context, at: Spanned) -> list[Candidate]:
    """Parties and regions of the mention's sentence, of those before it and above it, of
    its programme, and of the document.

    Each code comes once, by the nearest of its mentions.
    """
    annotated = context.annotated
    sentence = annotated.sentence_at(at.start)
    found: list[Candidate] = _mentioned(context, sentence, at, "sentence")
    found += [Candidate((party.code,), party, "column") for party in above_cell(annotated, at.start, annotated.parties)]
    found += [Candidate((party.code,), party, "caption") for party in over_table(annotated, at.start, annotated.parties)]
    for step in range(1, _EARLIER_SENTENCES + 1):
        earlier = annotated.sentences[sentence.index - step] if sentence.index >= step else None
        if earlier is not None and not is_other_row(annotated, at.start, earlier):
            found += _mentioned(context, earlier, at, f"earlier{step}")
    for via, above in (("lead", sentence.lead), ("section", sentence.section)):
        if above is not None:
            found += _mentioned(context, annotated.sentences[above], at, via)
    found += [Candidate((code,), None, "group") for code in context.group_at(sentence)]
    programme = context.programme_at(at)
    if programme is not None and programme.is_known:
        found += [Candidate((code,), None, "programme") for code in programme.donors]
    found += [Candidate((code,), None, "region") for code in context.topic.region]
    topic = context.topic
    for code in (*topic.donors[:_TOPIC_PARTIES], *topic.recipients[:_TOPIC_PARTIES]):
        found.append(Candidate((code,), None, "topic"))
    seen: set[tuple[str, ...]] = set()
    result = []
    for candidate in found:
        if candidate.codes not in seen:
            seen.add(candidate.codes)
            result.append(candidate)
    return result


def _mentioned(context: Context, sentence: Sentence, at: Spanned, via: str) -> list[Candidate]:
    annotated = context.annotated
    found: list[Candidate] = [
        Candidate((party.code,), party, via)
        for party in annotated.within(annotated.parties, sentence)
        if not (at.start <= party.start < at.end)
    ]
    found += [Candidate(region.countries, region, via) for region in annotated.within(annotated.regions, sentence)]
    return sorted(found, key=lambda candidate: distance(candidate.mention or at, at))


Places = dict[tuple[int, int], Numbers]
"""How the parties around one mention are placed, by start and end: the same for each role that is asked for."""


def party_features(context: Context, at: Spanned, candidate: Candidate, places: Places | None = None) -> Numbers:
    """How a party stands to a mention: place, preposition, verbs between, its nature, its rank in the document. `places` keeps
    what was found out before about parties around the same mention.
    """
    topic = context.topic
    code = candidate.codes[0]
    donor_rank = topic.donors.index(code) if code in topic.donors[:3] else None
    recipient_rank = topic.recipients.index(code) if code in topic.recipients[:3] else None
    features: Numbers = {
        f"via={candidate.via}": True,
        f"donor_rank={donor_rank}": True,
        f"recipient_rank={recipient_rank}": True,
        "is_country": len(code) == 2,
        "is_many": len(candidate.codes) > 1,
    }
    mention = candidate.mention
    if isinstance(mention, Party):
        features |= {f"use={mention.use}": True, "is_donor": mention.is_donor, "weight": mention.weight}
        if mention.noun:
            features[f"noun={mention.noun}"] = True
        features["is_giving_organ"] = mention.use is PartyUse.ORGAN and mention.host is not None
    if mention is not None:
        known = places.get((mention.start, mention.end)) if places is not None else None
        if known is None:
            known = _place_features(context, at, mention)
            # Roles are told by nature and place together: an actor before the thing gives, a country behind "to" receives.
            crossed = [name for name in known if name.startswith(("preposition=", "side=", "subject_of="))]
            known |= {f"{_kind(mention)}&{name}": True for name in crossed}
            if places is not None:
                places[mention.start, mention.end] = known
        features |= known
    features[f"{_kind(mention)}&via={candidate.via}"] = True
    return features


def _kind(mention: Party | Region | None) -> str:
    return "donor" if isinstance(mention, Party) and mention.is_donor else "other"


def _place_features(context: Context, at: Spanned, mention: Party | Region) -> Numbers:
    annotated = context.annotated
    tokens = annotated.tokens
    first, _ = tokens.span(mention.start, mention.end)
    sentence = annotated.sentence_at(mention.start)
    is_before = mention.start < at.start
    features: Numbers = {
        f"side={'before' if is_before else 'behind'}": True,
        "same_clause": annotated.clause_at(mention.start).index == annotated.clause_at(at.start).index,
        "closeness": 1 - min(1.0, distance(mention, at) / _FAR),
        f"preposition={_preposition(tokens.norms, first, sentence.first)}": True,
        "opens_sentence": first - sentence.first <= 2,
    }
    for verb in annotated.verbs_of(sentence):
        if verb.agent is not None and verb.agent[0] <= mention.start < verb.agent[1]:
            features["is_agent"] = True
        if mention.end <= verb.start and verb.form == "finite":
            for name in sorted(verb.classes) or ["none"]:
                features[f"subject_of={name}"] = True
            features[f"subject_mood={mood(verb)}/{'passive' if verb.is_passive else 'active'}"] = True
            break
    verbs = annotated.verbs_of(annotated.clause_at(at.start))
    between = [v for v in verbs if min(mention.start, at.start) <= v.start <= max(mention.start, at.start)]
    for verb in between:
        for name in verb.classes:
            features[f"between={name}{'/passive' if verb.is_passive else ''}"] = True
    others = [p for p in annotated.within(annotated.parties, sentence) if p.code not in getattr(mention, "code", "")]
    features["is_alone"] = not others
    features["is_nearest"] = all(distance(p, at) >= distance(mention, at) for p in others)
    return features | cell_signs(annotated, at.start, mention)


def _preposition(norms: list[str], first: int, least: int) -> str:
    """The word before the mention, articles skipped."""
    index = first - 1
    while index >= least and norms[index] in ("the", "a", "an", "its", "their"):
        index -= 1
    return norms[index] if index >= least and len(norms[index]) < 9 else ""
