"""Features of a thing for the rankers: its nouns and names, the verbs around it, what the document is about."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Head, PartyUse, Sentence, Verb
from bam.extraction.context import Context
from bam.extraction.tables.facilities.mentions import Mention
from bam.extraction.tables.facilities.surroundings import Surroundings
from bam.extraction.tables.facilities.things import Thing
from bam.extraction.tables.facilities.words import FacilitySigns

Numbers = dict[str, bool | float | str | None]

_WORK = ("building", "renovating", "equipping", "opening", "handover", "closing")
_OPEN = ("plan", "pledge", "need", "recommend", "conditional")
_CROSSED = frozenset((
    "clause.works", "clause.money", "clause.donor", "before.work", "sentence.works", "sentence.money", "sentence.donor",
    "sentence.training", "sentence.date", "sentence.word.venue",
))  # fmt: skip
_WINDOW = 6
"""Tokens before and behind a mention that are read as its neighbourhood."""
_MENTIONS = 5
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
    """What tells the facilities of the tables from other places, for all things of a document."""

    def __init__(self, context: Context, things: list[Thing], words: FacilitySigns) -> None:
        self._context, self._things, self.words = context, things, words
        self._around = Surroundings(context, words)
        self._by_noun: dict[str, list[Thing]] = {}
        self._by_place: dict[frozenset[str], int] = {}
        for thing in things:
            if thing.main.via == "head":
                self._by_noun.setdefault(_noun(thing), []).append(thing)
            places = frozenset(thing.places)
            self._by_place[places] = self._by_place.get(places, 0) + 1
        annotated = context.annotated
        opening = [
            head for head in annotated.heads[:8] if head.kind == "facility" and annotated.sentence_at(head.start).index < 2
        ]
        self._opening = {_last_word(head) for head in opening}
        self._shared = {**_document_features(context, words), **{f"opening={noun}": True for noun in self._opening}}
        self._titles = [(title.start, title.end) for title in annotated.titles]

    def of(self, thing: Thing) -> Numbers:
        """The features of one thing. Noun phrases and sites have a ranker each."""
        main = thing.main
        features: Numbers = dict(self._shared)
        signs = self._of_head(thing) if main.via == "head" else self._of_site(main)
        features.update(dict.fromkeys(signs, True))
        features[f"mentions={min(4, len(thing.mentions))}"] = True
        features["same_place"] = bool(thing.places) and self._by_place[frozenset(thing.places)] > 1
        is_known = main.via != "head" or main.is_named
        for mention in thing.mentions:
            features[f"has_{mention.via}"] = True
            if mention.via == "head" and mention.head.determiner == "indefinite":
                features["has_indefinite"] = True
        for index, mention in enumerate(read_mentions(thing)):
            found = self._around.of(mention)
            features.update(dict.fromkeys([f"any.{sign}" for sign in found], True))
            if index == 0:
                features.update(dict.fromkeys([f"main.{sign}" for sign in found], True))
                features.update(dict.fromkeys([f"main.{sign}&known={is_known}" for sign in found & _CROSSED], True))
        return features

    def _of_head(self, thing: Thing) -> set[str]:
        head, noun = thing.main.head, _noun(thing)
        named, weak = thing.main.is_named, head.is_weak
        signs = {
            f"type={head.type}", f"noun={noun}", f"state={head.state}", f"determiner={head.determiner}",
            f"naming={head.proper is not None}/{head.place is not None}", f"determiner={head.determiner}&known={named}",
            f"determiner={head.determiner}&weak={weak}&known={named}", *(f"modifier={word}" for word in head.modifiers),
        }  # fmt: skip
        flags = {
            "weak": weak, "weak_unnamed": weak and not named, "plural": head.is_plural, "is_counted": head.count is not None,
            "has_modifiers": bool(head.modifiers), "noun_in_opening": noun in self._opening,
            "bare": head.determiner == "none" and not head.is_plural and head.proper is None,
            f"plural&determiner={head.determiner}": head.is_plural,
        }  # fmt: skip
        signs |= {name for name, holds in flags.items() if holds}
        return signs | self._names_around(head) | self._beside(thing, noun)

    def _names_around(self, head: Head) -> set[str]:
        """Parties, programmes and titles whose name the noun phrase is or begins with."""
        annotated, parties = self._context.annotated, self._around.parties
        tokens = annotated.tokens
        first, noun = tokens.index_at(head.start), tokens.index_at(head.noun_start)
        last = tokens.index_at(head.noun_end - 1)
        signs = {f"words={min(4, last + 1 - first)}"}
        party = parties.get(last)
        if party is not None:
            signs |= {f"party={party.use}", f"inside_party={party.end > head.noun_end}", f"party_donor={party.is_donor}"}
        owner = next((parties[index] for index in range(noun - 1, first - 1, -1) if index in parties), None)
        if owner is not None:
            is_foreign = owner.is_donor and owner.country not in self._context.topic.recipients[:1]
            signs |= {f"of_party={owner.use}", "of_donor" if is_foreign else "of_other"}
        if tokens.texts[noun][0].isupper():
            signs.add("capital")
        if any(start <= head.noun_start < end for start, end in self._titles):
            signs.add("in_title")
        before = annotated.before(annotated.programmes, head.noun_end, 1)
        if before and before[-1].end > head.start:
            signs.add("in_programme")
        return signs

    def _beside(self, thing: Thing, noun: str) -> set[str]:
        """Whether other things of the document have the same noun, and a better name."""
        others = [other for other in self._by_noun.get(noun, ()) if other is not thing]
        signs = {f"same_noun={min(3, len(others))}"}
        if any(other.mentions[0].start < thing.mentions[0].start for other in others):
            signs.add("same_noun_before")
        if not thing.main.is_named and any(other.names or other.places for other in others):
            signs.add("same_noun_named")
        return signs

    def _of_site(self, mention: Mention) -> set[str]:
        """How a bare place stands to the facility phrase that may tell what is there."""
        annotated, head = self._context.annotated, mention.head
        sentence, source = annotated.sentence_at(mention.start), annotated.sentence_at(head.start)
        gap, plural = min(sentence.index - source.index, 4), head.is_plural
        is_same_clause = annotated.clause_at(mention.start).index == annotated.clause_at(head.start).index
        signs = {
            f"gap={gap}", f"gap={gap}&plural={plural}", f"type={head.type}", f"type={head.type}&plural={plural}",
            f"noun={_last_word(head)}", f"via={mention.via}",
        }  # fmt: skip
        flags = {
            "plural": plural, "source_counted": head.count is not None, "source_behind": head.start > mention.start,
            f"same_clause&plural={plural}": is_same_clause, "same_block": sentence.block == source.block,
            "source_named": head.place is not None or head.proper is not None,
        }  # fmt: skip
        return signs | {name for name, holds in flags.items() if holds} | self._words_around(mention, sentence)

    def _words_around(self, mention: Mention, sentence: Sentence) -> set[str]:
        annotated = self._context.annotated
        tokens = annotated.tokens
        first, last = tokens.span(mention.start, mention.end)
        before = [tokens.norms[first - step] if first - step >= sentence.first else "" for step in (1, 2, 3)]
        following = tokens.texts[last] if last < sentence.last else ""
        signs = {f"position={min(first - sentence.first, 3)}", f"before={before[0]}", f"before2={before[1]}"}
        is_telling = not following[:1].isalpha() or bool(annotated.flags[last])
        signs.add(f"following={following.lower() if is_telling else 'word'}")
        if not self.words.ellipses.isdisjoint(before):
            signs |= {"ellipsis", f"ellipsis&plural={mention.head.is_plural}"}
        here = annotated.within(annotated.places, sentence)
        signs.add(f"places={min(4, len(here))}")
        place = next((place for place in here if place.start <= mention.start < place.end), None)
        if place is None:
            signs.add("unknown_place")
        else:
            signs |= {f"place={place.kind}", f"sure_place={place.weight > 0.8}", f"has_country={place.country is not None}"}
        party = self._around.parties.get(first)
        if party is not None:
            signs.add(f"site_party={party.use}")
        return signs


def _document_features(context: Context, words: FacilitySigns) -> Numbers:
    """What the whole document says for and against facilities of assistance."""
    annotated = context.annotated
    norms = annotated.tokens.norms
    size = max(1, len(norms))
    works = sum(verb.has("building", "renovating", "equipping", "handover") for verb in annotated.verbs)
    kinds = [head.kind for head in annotated.heads]
    seats = sum(party.is_donor and party.use in (PartyUse.ORGAN, PartyUse.ORGANISATION) for party in annotated.parties)
    return {
        "document_facilities": min(1.0, 40 * kinds.count("facility") / size),
        "document_trainings": min(1.0, 60 * kinds.count("training") / size),
        "document_conferences": min(1.0, 60 * kinds.count("conference") / size),
        "document_money": min(1.0, 100 * len(annotated.money) / size),
        "document_works": min(1.0, 60 * works / size),
        "document_donors": min(1.0, 60 * seats / size),
        "document_theme": min(1.0, 25 * sum(norm in words.themes for norm in norms) / size),
        "document_assistance": min(1.0, 25 * sum(norm in words.assistance for norm in norms) / size),
        "document_programme": context.topic.programme is not None,
        "document_donor": bool(context.topic.donors),
    }


def _noun(thing: Thing) -> str:
    return _last_word(thing.main.head)


def _last_word(head: Head) -> str:
    return head.lemma.rsplit(" ", 1)[-1]


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
