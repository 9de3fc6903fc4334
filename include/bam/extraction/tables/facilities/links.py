"""Where a facility is, since when, and who paid: mentions around it as options, with features for the rankers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bam.extraction.annotate.model import Date, Party, PartyUse, PlaceMention, Sentence, Spanned
from bam.extraction.cells import is_other_row
from bam.extraction.context import Context, distance
from bam.extraction.roles import mood
from bam.extraction.tables.facilities.features import Numbers, read_mentions, word_before
from bam.extraction.tables.facilities.mention import Mention
from bam.extraction.tables.facilities.things import Thing

_FAR = 400
_TOPIC = 3
_EARLIER_SENTENCES = 2
_MOST_WORDS = 3
"""Words of a town's name."""


@dataclass(slots=True)
class Option:
    """A value that an attribute can have (None: the document doesn't say), and what speaks for it."""

    value: str | None
    features: Numbers = field(default_factory=dict)


class Options:
    """Options of one attribute of one thing by value; the features of the same value from several places add up."""

    def __init__(self) -> None:
        self._by_key: dict[str | None, Option] = {}

    def add(self, value: str | None, features: Numbers) -> None:
        """One more place that speaks for a value."""
        key = value.casefold() if value else None
        option = self._by_key.get(key)
        if option is None:
            self._by_key[key] = Option(value, dict(features))
            return
        merged = option.features
        for name, feature in features.items():
            if feature is True:
                merged[name] = True
            elif isinstance(feature, float) and isinstance(known := merged.get(name), float):
                merged[name] = max(known, feature)
            elif feature is not False or name not in merged:
                merged[name] = feature

    def all(self) -> list[Option]:
        """The options in order of their first place."""
        return list(self._by_key.values())


class Neighbourhood:
    """The sentences around the mentions of a thing, and how what is named in them stands to the thing: read once for all of its
    attributes.
    """

    def __init__(self, context: Context, thing: Thing) -> None:
        self.context, self.thing = context, thing
        self.near = list(_near(context, thing))
        self._spots: dict[tuple[int, int], Numbers] = {}

    def spot(self, mention: Mention, item: Spanned, sentence: Sentence, via: str) -> Numbers:
        """How an item of a near sentence stands to the mention that the sentence is near to; a copy of its own."""
        # Each sentence is near to one mention only, so that the place of the item tells everything else.
        key = item.start, item.end
        known = self._spots.get(key)
        if known is None:
            known = self._spots[key] = _spot(self.context, mention, item, sentence, via)
        return dict(known)


def _near(context: Context, thing: Thing) -> Iterator[tuple[Mention, Sentence, str]]:
    """Sentences around the mentions of a thing, each once, with how they are near: `main`, `other`, `before`, `behind`,
    `heading`.
    """
    sentences = context.annotated.sentences
    seen: set[int] = set()
    ranked: list[tuple[Mention, int, str]] = []
    for index, mention in enumerate(read_mentions(thing)):
        at = context.annotated.sentence_at(mention.start)
        ranked.append((mention, at.index, "other" if index else "main"))
    for mention, number, _ in list(ranked[:3]):
        for step in range(1, _EARLIER_SENTENCES + 1):
            ranked.append((mention, number - step, f"before{step}"))
        ranked.append((mention, number + 1, "behind"))
        at = sentences[number]
        ranked += [(mention, above, "heading") for above in (at.lead, at.section) if above is not None]
    for mention, number, via in ranked:
        if 0 <= number < len(sentences) and number not in seen:
            if via not in ("main", "other") and is_other_row(context.annotated, mention.start, sentences[number]):
                continue
            seen.add(number)
            yield mention, sentences[number], via


def _spot(context: Context, mention: Mention, item: Spanned, sentence: Sentence, via: str) -> Numbers:
    """How an item stands to the mention."""
    annotated = context.annotated
    tokens = annotated.tokens
    first, _ = tokens.span(item.start, item.end)
    before = word_before(context, first, sentence.first)
    side = "before" if item.start < mention.start else "behind"
    same_clause = annotated.clause_at(item.start).index == annotated.clause_at(mention.start).index
    features: Numbers = {
        f"via={via}": True,
        f"side={side}": True,
        f"via={via}&side={side}": True,
        "same_clause": same_clause,
        f"same_clause&side={side}": same_clause,
        "same_block": annotated.sentence_at(mention.start).block == sentence.block,
        "inside": mention.start <= item.start < mention.end,
        "closeness": 1 - min(1.0, distance(item, mention) / _FAR),
        "touches": distance(item, mention) <= 12,
        f"preposition={before}": len(before) < 9,
        f"side={side}&preposition={before}": len(before) < 9,
        "opens_sentence": first - sentence.first <= 2,
    }
    between = annotated.verbs_of(annotated.clause_at(item.start))
    for verb in between:
        for name in verb.classes:
            features[f"verb={name}"] = True
    features["no_verb"] = not between
    return features


def place_options(around: Neighbourhood) -> list[Option]:
    """Places in and around the mentions, that of the dateline, and none."""
    context, thing = around.context, around.thing
    annotated = context.annotated
    options = Options()
    main = thing.main
    options.add(None, {"none": True, f"none&type={main.head.type}": True, f"none&via={main.via}": True,
                       "none&named": main.head.proper is not None, f"none&plural={main.head.is_plural}": True})  # fmt: skip
    for mention in read_mentions(thing):
        if mention.place is not None:
            options.add(mention.place, {f"own={mention.via}": True, "own": True})
    for mention, sentence, via in around.near:
        here = annotated.within(annotated.places, sentence)
        for place in here:
            features = around.spot(mention, place, sentence, via) | _place_features(place)
            features["is_only"] = len(here) == 1
            features["is_nearest"] = _is_nearest(place, here, mention)
            features["nearest_behind"] = _is_nearest(place, [p for p in here if p.start >= mention.start], mention)
            options.add(place.name, features)
    named = _named_after(context, main)
    if named is not None:
        options.add(named, {"from_name": True, f"from_name&type={main.head.type}": True})
    topic = context.topic.place
    if topic is not None:
        options.add(topic.name, {"dateline": True})
    for option in options.all():
        if option.value:
            option.features["often"] = min(1.0, len(context.places_named(option.value)) / 4)
            option.features["names_thing"] = option.value.casefold() in thing.main.name.casefold()
    return options.all()


def _named_after(context: Context, mention: Mention) -> str | None:
    """The name that stands before the nouns of a thing called after its town ("the Santa Elena Border Station"), unless a party
    is part of it: a thing called after its owner says nothing of the place.
    """
    if context.annotated.within(context.annotated.parties, mention.head):
        return None
    words, lemma = (mention.head.proper or "").split(), mention.head.lemma
    nouns = {*lemma.split(), *lemma.replace("-", " ").split()}
    while words and words[-1].casefold() in nouns:
        words.pop()
    is_name = 0 < len(words) <= _MOST_WORDS and all(word[0].isupper() for word in words)
    return " ".join(words) if is_name else None


def _place_features(place: PlaceMention) -> Numbers:
    return {f"kind={place.kind}": True, "weight": place.weight, "has_country": place.country is not None,
            "is_dateline": place.is_dateline}  # fmt: skip


def _is_nearest(item: Spanned, others: Sequence[Spanned], mention: Mention) -> bool:
    return all(distance(other, mention) >= distance(item, mention) for other in others)


def country_options(around: Neighbourhood, place: str | None) -> list[Option]:
    """Countries of the place, of places and parties around the mentions, of the document, and none."""
    context = around.context
    annotated = context.annotated
    options = Options()
    options.add(None, {"none": True, "none&no_place": place is None})
    if place is not None:
        named = context.places_named(place)
        known = next((p.country for p in named if p.country), None)
        if known:
            options.add(known, {"of_place": True})
        elif named:
            guessed = context.country_of(named[0])
            if guessed:
                options.add(guessed, {"guess_of_place": True})
    for mention, sentence, via in around.near:
        for town in annotated.within(annotated.places, sentence):
            if town.country:
                features = around.spot(mention, town, sentence, via)
                options.add(town.country, {f"town.{name}": value for name, value in features.items()})
        parties = [p for p in annotated.within(annotated.parties, sentence) if p.country]
        for party in parties:
            features = around.spot(mention, party, sentence, via)
            features["is_nearest"] = _is_nearest(party, parties, mention)
            options.add(party.host or party.country, {f"{party.use}.{name}": value for name, value in features.items()})
    for rank, code in enumerate(context.topic.recipients[:_TOPIC]):
        options.add(code, {f"topic={rank}": True, f"topic={rank}&no_place": place is None})
    for code in context.topic.donors[:_TOPIC]:
        options.add(code, {"topic_donor": True})
    return options.all()


def date_options(around: Neighbourhood) -> list[Option]:
    """Dates around the mentions, the publication's, and none."""
    context, thing = around.context, around.thing
    annotated = context.annotated
    options = Options()
    main = thing.main
    works: Numbers = {"none": True, f"none&via={main.via}": True, f"none&determiner={main.head.determiner}": True,
                      f"none&state={main.head.state}": True}  # fmt: skip
    for mention in read_mentions(thing)[:3]:
        for verb in annotated.verbs_of(annotated.clause_at(mention.start)):
            works |= {f"none&v={name}": True for name in verb.classes} | {f"none&v:{mood(verb, tell_progressive=True)}": True}
            works |= {f"none&v={name}/{mood(verb, tell_progressive=True)}": True for name in verb.classes}
    options.add(None, works)
    if annotated.publication.date is not None:
        options.add(annotated.publication.date, {name.replace("none", "publication"): value for name, value in works.items()})
    for mention, sentence, via in around.near:
        here = annotated.within(annotated.dates, sentence)
        for date in here:
            features = around.spot(mention, date, sentence, via) | _date_features(context, date)
            features["is_only"] = len(here) == 1
            features["is_nearest"] = _is_nearest(date, here, mention)
            options.add(date.value, features)
    return options.all()


def _date_features(context: Context, date: Date) -> Numbers:
    annotated = context.annotated
    features: Numbers = {
        f"role={date.role}": True,
        f"precision={date.precision}": True,
        "is_relative": date.is_relative,
        "is_range": date.until is not None,
        "is_deadline": date.due is not None,
        "is_future": annotated.publication.date is not None and date.value > annotated.publication.date,
    }
    for verb in annotated.verbs_of(annotated.clause_at(date.start)):
        features[f"verb:{mood(verb, tell_progressive=True)}"] = True
        for name in verb.classes:
            features[f"verb={name}/{mood(verb, tell_progressive=True)}"] = True
    return features


def funder_options(around: Neighbourhood, country: str | None) -> list[Option]:
    """Parties around the mentions, those of the document and of its programme, and nobody."""
    context, thing = around.context, around.thing
    annotated = context.annotated
    options = Options()
    options.add(None, {"none": True})
    for mention, sentence, via in around.near:
        parties = annotated.within(annotated.parties, sentence)
        for party in parties:
            options.add(party.code, _party_features(around, mention, party, sentence, via))
    programme = context.programme_at(thing.main)
    if programme is not None:
        for code in programme.donors:
            options.add(code, {"via=programme": True})
    for rank, code in enumerate(context.topic.donors[:_TOPIC]):
        options.add(code, {f"topic={rank}": True})
    shared = _shared_features(context, thing)
    for option in options.all():
        option.features |= {
            "is_country": len(option.value or "") == 2,
            "is_home": option.value is not None and option.value == country,
        }
        rank_ = context.topic.donors.index(option.value) if option.value in context.topic.donors[:_TOPIC] else None
        option.features |= {f"rank={rank_}&{name}": value for name, value in shared.items()} | shared
        if option.value is None:
            option.features |= {f"none&{name}": value for name, value in shared.items()}
            option.features[f"none&of={min(4, len(options.all()) - 1)}"] = True
    return options.all()


def _shared_features(context: Context, thing: Thing) -> Numbers:
    """What tells whether anybody paid at all."""
    annotated, main = context.annotated, thing.main
    features: Numbers = {f"type={main.head.type}": True, f"via={main.via}": True}
    for verb in annotated.verbs_of(annotated.sentence_at(main.start)):
        if verb.has("building", "renovating", "equipping", "handover", "giving", "opening"):
            features["assistance_verb"] = True
    return features


def _party_features(around: Neighbourhood, mention: Mention, party: Party, sentence: Sentence, via: str) -> Numbers:
    annotated = around.context.annotated
    nature = "donor" if party.is_donor else "other"
    features = around.spot(mention, party, sentence, via)
    features |= {f"use={party.use}": True, "is_donor": party.is_donor, "weight": party.weight,
                 "giving_organ": party.use is PartyUse.ORGAN and party.host is not None}  # fmt: skip
    if party.noun:
        features[f"noun={party.noun}"] = True
    for verb in annotated.verbs_of(sentence):
        if verb.agent is not None and verb.agent[0] <= party.start < verb.agent[1]:
            features["is_agent"] = True
        if party.end <= verb.start and verb.form == "finite":
            for name in verb.classes:
                features[f"subject_of={name}/{'passive' if verb.is_passive else 'active'}"] = True
            break
    features["money_here"] = bool(annotated.within(annotated.money, sentence))
    crossed = [name for name in features if name.startswith(("preposition=", "subject_of=", "via=", "is_agent"))]
    return features | {f"{nature}&{name}": features[name] for name in crossed}
