"""What a document is about, and what its shortened mentions mean: "the centre", "the project", "its", "both sides"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bam.extraction.annotate import Annotated
from bam.extraction.annotate.annotated import S
from bam.extraction.annotate.model import (
    Head,
    HeadKind,
    Party,
    PartyUse,
    PlaceMention,
    ProgrammeMention,
    Spanned,
)
from bam.extraction.annotate.parties import party_matchers_of
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources

_HEAD_WEIGHT, _TITLE_WEIGHT = 3.0, 4.0
_NEAR = 1_500


class CoreferenceWords(Words):
    """Nouns and pronouns by which a text comes back to what it named before, by what they can mean."""

    FILE = "coreference"
    kinds: dict[str, frozenset[str]]
    determiners: frozenset[str]
    pronouns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a whole document is about. Codes are party codes, the strongest first.

    `donors` are the parties that give, by portfolio and by how often they are named; `recipients` the countries named that
    don't; `programme` the programme named first or most; `place` the place of the dateline; `country` the recipient named
    most; `region` the countries of the region named most, the first one among equals. Each is a fallback: what a clause says
    itself comes first.
    """

    donors: tuple[str, ...]
    recipients: tuple[str, ...]
    programme: ProgrammeMention | None
    place: PlaceMention | None
    country: str | None
    region: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """An annotated document with its topic and the words for coming back. `places_by_name` has the folded names as keys."""

    annotated: Annotated
    topic: Topic
    words: CoreferenceWords
    groups: dict[int, str]
    place_countries: dict[str, str]
    places_by_name: dict[str, list[PlaceMention]]

    def places_named(self, name: str) -> Sequence[PlaceMention]:
        """The mentions of places of that name, whatever its case, in order."""
        return self.places_by_name.get(name.casefold(), ())

    @property
    def text(self) -> str:
        """The canonical text."""
        return self.annotated.text

    def nearest(self, items: Sequence[S], at: Spanned, *, before_only: bool = False) -> S | None:
        """The item nearest to a mention: of its clause, else of its sentence, else the last one before it in its block."""
        annotated = self.annotated
        clause, sentence = annotated.clause_at(at.start), annotated.sentence_at(at.start)
        for span in (clause, sentence):
            inside = [i for i in annotated.within(items, span) if not before_only or i.start < at.start]
            if inside:
                return min(inside, key=lambda i: (distance(i, at), i.start))
        block = annotated.block_of(sentence)
        earlier = [i for i in annotated.before(items, at.start, 8) if i.start >= block.start]
        return earlier[-1] if earlier else None

    def antecedent(self, head: Head) -> Head | None:
        """The earlier noun phrase that "the centre" or "this course" comes back to.

        It has the same head noun or the same type and kind, agrees in number, and is named better: indefinite, with a proper
        name or with more words. None where the phrase is itself a first mention.
        """
        if head.determiner not in ("definite", "possessive") or head.proper is not None:
            return None
        nouns = self.words.kinds.get(head.kind, frozenset())
        last_word = head.lemma.rsplit(" ", 1)[-1]
        for earlier in reversed(self.annotated.before(self.annotated.heads, head.start)):
            if earlier.kind != head.kind or earlier.is_plural != head.is_plural or head.start - earlier.start > 4 * _NEAR:
                continue
            same_noun = earlier.lemma == head.lemma or earlier.lemma.rsplit(" ", 1)[-1] == last_word
            same_type = last_word in nouns and head.type in (earlier.type, "other", "")
            if (same_noun or same_type) and set(head.modifiers) <= {*earlier.modifiers, *earlier.lemma.split()}:
                return self.antecedent(earlier) or earlier
        return None

    def programme_at(self, at: Spanned) -> ProgrammeMention | None:
        """The programme of a clause: named in it, or the last one named before where the clause says "the project"."""
        annotated = self.annotated
        sentence = annotated.sentence_at(at.start)
        here = annotated.within(annotated.programmes, sentence)
        if here:
            return min(here, key=lambda p: (distance(p, at), p.start))
        tokens = annotated.tokens
        nouns, determiners = self.words.kinds.get("programme", frozenset()), self.words.determiners
        for index in tokens.where_in(nouns, sentence.first, sentence.last):
            if not determiners.isdisjoint(tokens.norms[max(0, index - 3) : index]):
                earlier = annotated.before(annotated.programmes, sentence.start)
                return earlier[-1] if earlier else None
        return None

    def subject_before(self, offset: int) -> Party | None:
        """The party that a pronoun ("its", "they") at the offset can mean: the nearest actor before it in the block."""
        annotated = self.annotated
        block = annotated.block_of(annotated.sentence_at(offset))
        for party in reversed(annotated.before(annotated.parties, offset, 12)):
            if party.start < block.start:
                return None
            if party.use is not PartyUse.ADJECTIVE and party.weight > 0.2:
                return party
        return None

    def group_at(self, span: Spanned) -> tuple[str, ...]:
        """The countries that "the two countries" or "both sides" inside the span mean: the last ones named before."""
        tokens = self.annotated.tokens
        first, last = tokens.span(span.start, span.end)
        for index in range(first, last):
            kind = self.groups.get(index)
            if kind is None:
                continue
            named: list[str] = []
            for party in reversed(self.annotated.before(self.annotated.parties, tokens.starts[index], 80)):
                if party.country and party.country not in named and party.use is not PartyUse.CAPITAL:
                    named.append(party.country)
                if len(named) >= (2 if kind == "two" else 8):
                    break
            return tuple(reversed(named))
        return ()

    def countries_in(self, span: Spanned) -> tuple[str, ...]:
        """Countries that a span names, in order: by name, adjective, organ or region; capitals only where they act."""
        annotated = self.annotated
        codes = [
            p.country
            for p in annotated.within(annotated.parties, span)
            if p.country and (p.use is not PartyUse.CAPITAL or p.weight > 0.5)
        ]
        for region in annotated.within(annotated.regions, span):
            codes += list(region.countries)
        return tuple(dict.fromkeys(code for code in codes if code))

    def country_of(self, place: PlaceMention) -> str | None:
        """The country of a place: its own, that of a country named beside it, that of the same name elsewhere, the topic's."""
        if place.country is not None:
            return place.country
        annotated = self.annotated
        sentence = annotated.sentence_at(place.start)
        behind = [
            p
            for p in annotated.within(annotated.parties, sentence)
            if p.country and p.use is not PartyUse.CAPITAL and 0 <= p.start - place.end <= 40
        ]
        if behind:
            return behind[0].country
        if place.name in self.place_countries:
            return self.place_countries[place.name]
        before = [
            p
            for p in annotated.within(annotated.parties, sentence)
            if p.country and p.use is not PartyUse.CAPITAL and p.end <= place.start
        ]
        return before[-1].country if before else self.topic.country


def distance(one: Spanned, other: Spanned) -> int:
    """Characters between two mentions; 0 where they touch or overlap."""
    if one.start >= other.end:
        return one.start - other.end
    return other.start - one.end if other.start > one.end else 0


def context_of(annotated: Annotated, resources: Resources) -> Context:
    """The topic of a document and its words for coming back, in time linear in its mentions."""
    matchers = resources.get(party_matchers_of)
    groups = {match.first: match.values[0] for match in matchers.groups.find(annotated.tokens)}
    place_countries = {place.name: place.country for place in reversed(annotated.places) if place.country}
    by_name: dict[str, list[PlaceMention]] = {}
    for place in annotated.places:
        by_name.setdefault(place.name.casefold(), []).append(place)
    words = resources.words(CoreferenceWords)
    return Context(annotated, _topic(annotated, resources), words, groups, place_countries, by_name)


def _topic(annotated: Annotated, resources: Resources) -> Topic:
    followed = frozenset(resources.portfolio.about.countries)
    donors: defaultdict[str, float] = defaultdict(float)
    recipients: defaultdict[str, float] = defaultdict(float)
    for party in annotated.parties:
        weight = _weight(annotated, party) * max(party.weight, 0.2)
        is_actor = party.use in (PartyUse.ORGAN, PartyUse.ORGANISATION, PartyUse.CAPITAL)
        if party.is_donor and party.code not in followed:
            donors[party.code] += weight * (2.0 if is_actor else 1.0)
        if party.country and (party.country in followed or not party.is_donor or party.use is PartyUse.NAME):
            recipients[party.country] += weight * (0.5 if party.is_donor and party.country not in followed else 1.0)
    for place in annotated.places:
        if place.country:
            recipients[place.country] += 0.5 * place.weight
    ranked_donors = _ranked(donors)
    ranked = tuple(code for code in _ranked(recipients) if code not in ranked_donors[:1] or len(recipients) == 1)
    dateline = next((place for place in annotated.places if place.is_dateline), None)
    country = ranked[0] if ranked else None
    return Topic(ranked_donors, ranked, _main_programme(annotated), dateline, country, _main_region(annotated))


def _weight(annotated: Annotated, mention: Spanned) -> float:
    """Mentions in the title and the first sentences say more of what a text is about."""
    sentence = annotated.sentence_at(mention.start)
    if sentence.kind == "title":
        return _TITLE_WEIGHT
    return _HEAD_WEIGHT if sentence.index < 4 else 1.0


def _ranked(counter: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(code for code, _ in sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _main_programme(annotated: Annotated) -> ProgrammeMention | None:
    """The programme with the most mentions, known ones counting double; the earlier one among equals."""
    counted: Counter[str] = Counter()
    for programme in annotated.programmes:
        counted[programme.code] += 2 if programme.is_known else 1
    if not counted:
        return None
    best = max(counted.values())
    return next(p for p in annotated.programmes if counted[p.code] == best)


def _main_region(annotated: Annotated) -> tuple[str, ...]:
    counts = Counter(region.countries for region in annotated.regions)
    return max(counts, key=lambda countries: counts[countries]) if counts else ()


def heads_named(context: Context, kind: HeadKind) -> tuple[Head, ...]:
    """Noun phrases of a kind that are no mere return to an earlier one."""
    return tuple(head for head in context.annotated.heads_of(kind) if context.antecedent(head) is None)
