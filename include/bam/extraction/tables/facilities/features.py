"""Features of a thing for the rankers: its nouns and names, the verbs around it, what the document is about."""

from __future__ import annotations

from collections import Counter

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Head, PartyUse, Sentence
from bam.extraction.context import Context
from bam.extraction.tables.facilities.entries import entries_of
from bam.extraction.tables.facilities.mention import Mention
from bam.extraction.tables.facilities.parts import part_of
from bam.extraction.tables.facilities.surroundings import Surroundings
from bam.extraction.tables.facilities.things import Thing
from bam.extraction.tables.facilities.types import TypeSigns
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.extraction.wording import words_beside

Numbers = dict[str, bool | float]

_CROSSED = frozenset((
    "clause.works", "clause.money", "clause.donor", "before.work", "sentence.works", "sentence.money", "sentence.donor",
    "sentence.training", "sentence.date", "sentence.word.venue",
))  # fmt: skip
_ANYWHERE = tuple(f"sentence.{sign}" for sign in ("works", "word", "donor", "money", "kind"))
"""Signs that count at any mention; others count at the main one."""
_ENTRY = 2
"""Sentences behind the name of an entry that are read for it."""
_LIST = 30
"""Tokens back from a name in which the list that it stands in can begin."""
_MENTIONS = 5
"""Mentions of a thing that are read; the main one is always among them."""


def read_mentions(thing: Thing) -> list[Mention]:
    """The mentions of a thing that are read: the main one, then the first ones."""
    main = thing.main
    return [main, *[mention for mention in thing.mentions if mention is not main][: _MENTIONS - 1]]


class DocumentSigns:
    """What tells the facilities of the tables from other places, for all things of a document."""

    def __init__(self, context: Context, things: list[Thing], words: FacilitySigns) -> None:
        self._context, self._things, self.words = context, things, words
        self.around = Surroundings(context, words)
        self.types = TypeSigns(context, words)
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
        self._entries = entries_of(annotated)
        self._shared = {**_document_features(context, words), **{f"opening={noun}": True for noun in self._opening}}
        sources = [thing.main.head.index for thing in things if thing.main.via != "head"]
        self._sites = Counter(sources)

    def of(self, thing: Thing) -> Numbers:
        """The features of one thing. Noun phrases and sites have a ranker each."""
        main = thing.main
        features: Numbers = self._shared | words_beside(self._context.annotated, main.start, main.end)
        signs = self._of_head(thing) if main.via == "head" else self._of_site(main)
        features.update(dict.fromkeys(signs, True))
        features[f"mentions={min(4, len(thing.mentions))}"] = True
        features[f"{'head' if main.via == 'head' else 'site'}_sites={min(3, self._sites[main.head.index])}"] = True
        features["same_place"] = bool(thing.places) and self._by_place[frozenset(thing.places)] > 1
        is_known = main.via != "head" or main.is_named
        for mention in thing.mentions:
            features[f"has_{mention.via}"] = True
            if mention.via == "head" and mention.head.determiner == "indefinite":
                features["has_indefinite"] = True
        nature = self._nature(main.head)
        features[f"nature={nature}"] = True
        for index, mention in enumerate(read_mentions(thing)):
            found = self.around.of(mention)
            part = part_of(found)
            features |= {f"part={part}": True, f"part={part}&nature={nature}": True, f"part={part}&known={is_known}": True}
            if index == 0:
                features |= {f"main.part={part}": True, f"main.part={part}&nature={nature}": True}
            features.update(dict.fromkeys([f"any.{sign}" for sign in found if sign.startswith(_ANYWHERE)], True))
            if index == 0:
                features.update(dict.fromkeys([f"main.{sign}" for sign in found], True))
                features.update(dict.fromkeys([f"main.{sign}&known={is_known}" for sign in found & _CROSSED], True))
        return features

    def _nature(self, head: Head) -> str:
        """The kind of thing that a noun phrase means: by its whole noun, its last word, or the type of the table."""
        natures = self.words.nature_of
        return natures.get(head.lemma) or natures.get(_last_word(head)) or head.type

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
        annotated, parties = self._context.annotated, self.around.parties
        tokens = annotated.tokens
        first, noun = tokens.index_at(head.start), tokens.index_at(head.noun_start)
        last = tokens.index_at(head.noun_end - 1)
        signs = {f"words={min(4, last + 1 - first)}"}
        party = parties.get(last)
        if party is not None:
            signs |= {f"party={party.use}", f"inside_party={party.end > head.noun_end}", f"party_donor={party.is_donor}"}
            signs.add(f"party={party.use}&nature={self._nature(head)}")
        owner = next((parties[index] for index in range(noun - 1, first - 1, -1) if index in parties), None)
        if owner is not None:
            is_foreign = owner.is_donor and owner.country not in self._context.topic.recipients[:1]
            signs |= {f"of_party={owner.use}", "of_donor" if is_foreign else "of_other"}
        if tokens.texts[noun][0].isupper():
            signs.add("capital")
        title = annotated.before(annotated.titles, head.noun_start + 1, 1)
        if title and head.noun_start < title[-1].end:
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
            signs |= {"same_noun_named", f"same_noun_named&plural={thing.main.head.is_plural}"}
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
            "source_in_entry": sentence.index in self._entries and sentence.block == source.block,
        }  # fmt: skip
        signs |= self._in_entry(mention, sentence)
        return signs | {name for name, holds in flags.items() if holds} | self._words_around(mention, sentence)

    def _in_entry(self, mention: Mention, sentence: Sentence) -> set[str]:
        """What the sentences behind the name that opens an entry say of it."""
        annotated = self._context.annotated
        first, last = self._entries.get(sentence.index, (0, 0))
        if first == last:
            return set()
        if annotated.tokens.starts[first] != mention.start:
            return {"entry=inside"}
        signs = {"entry=name"}
        for following in annotated.sentences[sentence.index + 1 : sentence.index + 1 + _ENTRY]:
            if following.block == sentence.block:
                signs |= {f"entry.{sign}" for sign in self.around.sentence(following)}
        return signs

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
        opener = self._list_opener(first, sentence)
        if opener < first:
            before = [tokens.norms[opener - step] if opener - step >= sentence.first else "" for step in (1, 2)]
            signs |= {"enumerated", f"list_before={before[0]}", f"list_before2={before[1]}"}
        here = annotated.within(annotated.places, sentence)
        signs.add(f"places={min(4, len(here))}")
        place = next((place for place in here if place.start <= mention.start < place.end), None)
        if place is None:
            signs.add("unknown_place")
        else:
            signs |= {f"place={place.kind}", f"sure_place={place.weight > 0.8}", f"has_country={place.country is not None}"}
        party = self.around.parties.get(first)
        if party is not None:
            signs.add(f"site_party={party.use}")
        return signs

    def _list_opener(self, first: int, sentence: Sentence) -> int:
        """Where the list of names begins in which a name stands ("between Dalny, Verhovo and Sary"), or the name itself."""
        annotated, opener = self._context.annotated, first
        texts, flags, floor = annotated.tokens.texts, annotated.flags, max(sentence.first, first - _LIST)
        position = first - 1
        while position > floor:
            joint = position
            while joint > floor and (texts[joint] == "," or flags[joint] & (Flag.COORD | Flag.PREP | Flag.DET)):
                joint -= 1
            has_joint = any(texts[i] == "," or flags[i] & Flag.COORD for i in range(joint + 1, position + 1))
            name = joint
            while name >= floor and (texts[name][0].isupper() or texts[name] in "-–") and not flags[name]:
                name -= 1
            if not has_joint or name == joint:
                break
            opener, position = name + 1, name
        return opener


def _document_features(context: Context, words: FacilitySigns) -> Numbers:
    """What the whole document says for and against facilities of assistance."""
    annotated = context.annotated
    tokens = annotated.tokens
    size = max(1, len(tokens))
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
        "document_theme": min(1.0, 25 * len(tokens.where(words.themes)) / size),
        "document_assistance": min(1.0, 25 * len(tokens.where(words.assistance)) / size),
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
