"""Features of a thing for the rankers: its nouns and names, the verbs around it, what the document is about."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Verb
from bam.extraction.context import Context
from bam.extraction.tables.facilities.mentions import Mention
from bam.extraction.tables.facilities.things import Thing
from bam.extraction.tables.facilities.words import FacilitySigns

Numbers = dict[str, bool | float | str | None]

_WORK = ("building", "renovating", "equipping", "opening", "handover", "closing")
_OPEN = ("plan", "pledge", "need", "recommend", "conditional")
_CLASSES = frozenset((
    "building", "renovating", "equipping", "opening", "handover", "closing", "giving", "receiving", "training", "attending",
    "holding", "meeting", "agreeing", "stating", "using", "existing", "planning", "promising", "trading", "ending",
))  # fmt: skip
_CROSSED = frozenset(("work", "work_here", "work_noun", "money", "donor", "training", "date", "equipment_near", "venue_near"))
_WINDOW = 6
"""Tokens before and behind a mention that are read as its neighbourhood."""
_MENTIONS = 6
"""Mentions of a thing that are read; the main one is always among them."""


def mood(verb: Verb) -> str:
    """How a verb group presents its act, in one word."""
    if verb.is_negated:
        return "negated"
    if verb.modality not in (None, "help", "done"):
        return str(verb.modality)
    if verb.tense == "future":
        return "future"
    if verb.is_perfect:
        return "perfect"
    if verb.is_progressive:
        return "progressive"
    return verb.tense if verb.form == "finite" else verb.form


def read_mentions(thing: Thing) -> list[Mention]:
    """The mentions of a thing that are read: the main one, then the first ones."""
    main = thing.main
    return [main, *[mention for mention in thing.mentions if mention is not main][: _MENTIONS - 1]]


class DocumentSigns:
    """What the whole document says for and against facilities of assistance; computed once per document."""

    def __init__(self, context: Context, things: list[Thing], words: FacilitySigns) -> None:
        self._things, self.words = things, words
        self._by_noun: dict[str, list[Thing]] = {}
        for thing in things:
            if thing.main.via == "head":
                self._by_noun.setdefault(_noun(thing), []).append(thing)
        annotated = context.annotated
        size = max(1, len(annotated.tokens.norms))
        works = sum(verb.has("building", "renovating", "equipping", "handover") for verb in annotated.verbs)
        kinds = [head.kind for head in annotated.heads]
        self.features: Numbers = {
            "document_facilities": min(1.0, 40 * kinds.count("facility") / size),
            "document_trainings": min(1.0, 60 * kinds.count("training") / size),
            "document_conferences": min(1.0, 60 * kinds.count("conference") / size),
            "document_money": min(1.0, 100 * len(annotated.money) / size),
            "document_works": min(1.0, 60 * works / size),
            "document_programme": context.topic.programme is not None,
            "document_donor": bool(context.topic.donors),
        }

    def beside(self, thing: Thing) -> Numbers:
        """Whether other things of the document have the same noun or place, and a better name."""
        same = self._by_noun.get(_noun(thing), [])
        others = [other for other in same if other is not thing]
        is_own_named = thing.main.head.proper is not None or thing.main.head.place is not None
        return {
            f"same_noun={min(3, len(others))}": True,
            "same_noun_before": any(other.mentions[0].start < thing.mentions[0].start for other in others),
            "same_noun_named": not is_own_named and any(other.names or other.places for other in others),
            "same_place": any(o is not thing and o.places == thing.places for o in self._things) if thing.places else False,
        }


def _noun(thing: Thing) -> str:
    return thing.main.head.lemma.rsplit(" ", 1)[-1]


def accept_features(context: Context, thing: Thing, signs: DocumentSigns) -> Numbers:
    """What tells a facility of the tables from other places. Noun phrases and sites have a ranker each."""
    main = thing.main
    head, annotated = main.head, context.annotated
    sentences = {annotated.sentence_at(mention.start).index for mention in thing.mentions}
    named = head.proper is not None or head.place is not None
    features: Numbers = {
        f"type={head.type}": True,
        f"noun={head.lemma.rsplit(' ', 1)[-1]}": True,
        "plural": head.is_plural,
        "weak": head.is_weak,
        "sentences": min(4, len(sentences)) / 4,
        "named": head.proper is not None,
        "placed": head.place is not None,
        f"naming={head.proper is not None}/{head.place is not None}": True,
        f"determiner={head.determiner}": True,
        f"determiner={head.determiner}&known={named}": True,
        f"determiner={head.determiner}&weak={head.is_weak}&known={named}": True,
        f"state={head.state}": True,
        "has_sites": any(mention.via == "place" for mention in thing.mentions),
        "has_listed": any(mention.via == "listed" for mention in thing.mentions),
        "only_weak": all(mention.head.is_weak for mention in thing.mentions),
        "has_indefinite": any(m.via == "head" and m.head.determiner == "indefinite" for m in thing.mentions),
        "is_counted": head.count is not None,
        "has_modifiers": bool(head.modifiers),
        "behind_list": bool(head.listed),
    }
    features |= signs.features
    features |= signs.beside(thing)
    for index, mention in enumerate(read_mentions(thing)):
        found = _mention_features(context, mention, signs.words)
        if index == 0:
            features |= {f"m.{name}": value for name, value in found.items()}
            features |= {f"m.{name}&known={named}": value for name, value in found.items() if name in _CROSSED}
        features |= {f"a.{name}": True for name, value in found.items() if value is True}
    if main.via != "head":
        features |= _site_features(context, main, signs.words)
    return features


def _mention_features(context: Context, mention: Mention, words: FacilitySigns) -> Numbers:
    """The signs of work, giving, use and mere naming around one mention."""
    annotated = context.annotated
    sentence, clause = annotated.sentence_at(mention.start), annotated.clause_at(mention.start)
    tokens = annotated.tokens
    first, last = tokens.span(mention.start, mention.end)
    before = word_before(context, first, sentence.first)
    near = set(tokens.norms[max(sentence.first, first - _WINDOW) : first])
    behind = set(tokens.norms[last : min(sentence.last, last + _WINDOW)])
    inside = set(tokens.norms[sentence.first : sentence.last])
    kinds = {head.kind for head in annotated.within(annotated.heads, sentence)}
    works = _works(annotated.verbs_of(clause))
    features: Numbers = {
        f"kind={sentence.kind}": True,
        "early": sentence.index < 4,
        "donor": any(party.is_donor for party in annotated.within(annotated.parties, sentence)),
        "donor_in_clause": any(party.is_donor for party in annotated.within(annotated.parties, clause)),
        "programme": bool(annotated.within(annotated.programmes, sentence)),
        "money": bool(annotated.within(annotated.money, sentence)),
        "date": bool(annotated.within(annotated.dates, sentence)),
        "people": bool(annotated.within(annotated.persons, sentence)),
        "place": bool(annotated.within(annotated.places, clause)),
        "training": "training" in kinds,
        "conference": "conference" in kinds,
        "work_noun": not near.isdisjoint(words.work_nouns),
        "work_noun_behind": not behind.isdisjoint(words.work_nouns),
        "work_noun_here": not inside.isdisjoint(words.work_nouns),
        "equipment_near": not (near | behind).isdisjoint(words.equipment),
        "equipment": not inside.isdisjoint(words.equipment),
        "venue_near": not near.isdisjoint(words.venue_nouns),
        "venue": not inside.isdisjoint(words.venue_nouns),
        "work": works,
        "work_here": works or _works(annotated.verbs_of(sentence)),
        f"before={before}": True,
        f"before={before}&training": "training" in kinds,
        f"next={tokens.norms[last] if last < sentence.last else ''}": True,
        "possessive_behind": last < sentence.last and tokens.norms[last] in ("'s", "’s"),
    }
    verbs = annotated.verbs_of(clause)
    for verb in verbs:
        side = "subject" if mention.end <= verb.start else "object"
        voice = "passive" if verb.is_passive else "active"
        for name in verb.classes & _CLASSES:
            features[f"v={name}"] = True
            features[f"v={name}/{side}/{voice}"] = True
    nearest = min(verbs, key=lambda v: min(abs(v.start - mention.start), abs(v.end - mention.start)), default=None)
    if nearest is not None:
        for name in nearest.classes & _CLASSES:
            features[f"nearest={name}"] = True
    features["no_verb"] = not verbs
    return features


def _works(verbs: Sequence[Verb]) -> bool:
    return any(verb.has(*_WORK) for verb in verbs)


def _site_features(context: Context, mention: Mention, words: FacilitySigns) -> Numbers:
    """How a bare place stands to the facility phrase that may tell what is there."""
    annotated, head = context.annotated, mention.head
    sentence, source = annotated.sentence_at(mention.start), annotated.sentence_at(head.start)
    gap = sentence.index - source.index
    here = annotated.within(annotated.places, sentence)
    tokens = annotated.tokens
    first, last = tokens.span(mention.start, mention.end)
    same_clause = annotated.clause_at(mention.start).index == annotated.clause_at(head.start).index
    features: Numbers = {
        f"gap={min(gap, 4)}": True,
        f"gap={min(gap, 4)}&plural={head.is_plural}": True,
        f"type={head.type}&plural={head.is_plural}": True,
        "source_behind": head.start > mention.start,
        "same_clause": same_clause,
        "same_clause_plural": same_clause and head.is_plural,
        "same_block": sentence.block == source.block,
        "source_counted": head.count is not None,
        "source_has_place": head.place is not None or head.proper is not None,
        f"places_here={min(4, len(here))}": True,
        "opens_sentence": first - sentence.first <= 1,
        "opens_sentence_plural": first - sentence.first <= 1 and head.is_plural,
    }
    for place in here:
        if place.start == mention.start:
            features |= {f"place_kind={place.kind}": True, "place_weight": place.weight, "is_dateline": place.is_dateline}
            features["has_country"] = place.country is not None
    before = tuple(tokens.norms[max(sentence.first, first - 3) : first])
    for index in range(len(before)):
        features[f"before:{' '.join(before[index:])}"] = True
    is_ellipsis = not words.ellipses.isdisjoint(tokens.norms[max(sentence.first, first - 4) : first])
    has_own = head.place is not None or head.proper is not None
    features["ellipsis"] = is_ellipsis
    features["is_unlisted"] = all(place.start != mention.start for place in here)
    features["is_pair"] = any(mark in (mention.place or "") for mark in "-–")
    features[f"site={min(gap, 2)}/{head.is_plural}/{has_own}/{is_ellipsis}"] = True
    features[f"behind:{' '.join(tokens.norms[last : min(sentence.last, last + 2)])}"] = True
    features["in_list"] = any(abs(place.start - mention.end) <= 6 or abs(mention.start - place.end) <= 6 for place in here)
    return features


def word_before(context: Context, first: int, least: int) -> str:
    """The word before a mention, determiners skipped."""
    annotated, index = context.annotated, first - 1
    while index >= least and annotated.flags[index] & Flag.DET:
        index -= 1
    return annotated.tokens.norms[index] if index >= least else ""


def status_features(context: Context, thing: Thing, words: FacilitySigns) -> Numbers:
    """What tells how far a facility has come: verbs with tense and modality, adjectives, nouns of work, the heading above."""
    annotated = context.annotated
    features: Numbers = {f"type={thing.main.head.type}": True, "conference": bool(annotated.heads_of("conference"))}
    tokens = annotated.tokens
    for index, mention in enumerate(read_mentions(thing)):
        prefix = "m" if index == 0 else "o"
        sentence, clause = annotated.sentence_at(mention.start), annotated.clause_at(mention.start)
        if mention.via == "head":
            features[f"state={mention.head.state}"] = True
            features[f"determiner={mention.head.determiner}"] = True
        features[f"{prefix}.kind={sentence.kind}"] = True
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
    kind = mood(verb)
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
