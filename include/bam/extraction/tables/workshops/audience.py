"""Where the trainees of an event come from: sets of countries to choose between, with what speaks for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bam.extraction.annotate.model import Party
from bam.extraction.roles import Numbers
from bam.extraction.tables.workshops.features import main_verb
from bam.extraction.tables.workshops.links import Surroundings
from bam.extraction.tables.workshops.members import counted_sets, counts_in
from bam.extraction.tables.workshops.mentions import Stretch

_COUNTRY = 2
_MOST_SINGLE = 8


@dataclass(slots=True)
class Audience:
    """A set of countries that trainees could come from together; none at all is one too."""

    codes: tuple[str, ...]
    features: Numbers = field(default_factory=dict)


def audiences_of(around: Surroundings, country: str | None) -> list[Audience]:
    """The sets for an event that was in a country, each once, with all ways in which the text suggests it."""
    found: dict[frozenset[str], Audience] = {}
    for name, codes in _sources(around, country):
        kept = tuple(dict.fromkeys(code for code in codes if code and len(code) == _COUNTRY and code not in ("EU", "UN")))
        if kept or name == "nobody":
            option = found.setdefault(frozenset(kept), Audience(kept))
            option.features[f"source={name}"] = True
    state = _state(found.values())
    for option in found.values():
        _describe(around, option, state, country)
    return list(found.values())


def _sources(around: Surroundings, country: str | None) -> Iterator[tuple[str, Iterable[str | None]]]:
    """Sets of countries: of the people counted, of the stretch, its lists and regions, of sentences beside, of the document."""
    context = around.scene.context
    annotated = context.annotated
    counted = [code for s in around.own for person in annotated.within(annotated.persons, s) for code in person.parties]
    yield "counted", counted
    inside = list(dict.fromkeys(code for stretch in around.own for code in context.countries_in(stretch)))
    yield "inside", inside
    if country is not None:
        yield "inside_elsewhere", [code for code in inside if code != country]
    yield "inside_receiving", [p.country for p in _inside(around) if p.country and not p.is_donor]
    for code in inside[:_MOST_SINGLE]:
        yield "inside_one", [code]
    for people in _lists_by_people(around):
        yield "beside_people", people
    yield "hosts", [party.host for party in _inside(around) if party.host]
    yield from _beside(around)
    for sentence in (annotated.sentences[index] for index in around.sentences):
        for region in annotated.within(annotated.regions, sentence):
            yield ("region_inside" if sentence is around.event.main.sentence else "region_near"), region.countries
    yield "group", context.group_at(around.event.main.sentence)
    scene, main = around.scene, around.event.main.sentence
    for count in counts_in(context, scene.words, main):
        for codes in counted_sets(context, scene.lists, count):
            yield "members", codes
    longest: tuple[str, ...] = max(scene.lists, key=len, default=())
    yield "list", longest
    yield "region", context.topic.region
    yield "where", [country] if country else []
    yield "topic", context.topic.recipients[:1]
    yield "topic_two", context.topic.recipients[:2]
    programme = context.programme_at(around.event.main)
    yield "programme", programme.countries if programme is not None else ()
    yield "nobody", ()


def _inside(around: Surroundings) -> list[Party]:
    annotated = around.scene.context.annotated
    return [party for stretch in around.own for party in annotated.within(annotated.parties, stretch)]


def _beside(around: Surroundings) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the rest of the sentence, its neighbours and the headings above name."""
    read, annotated = around.scene.context.countries_in, around.scene.context.annotated
    main = around.event.main.sentence
    yield "sentence", read(main)
    for name, index in (("before", main.index - 1), ("behind", main.index + 1), ("before2", main.index - 2)):
        if 0 <= index < len(annotated.sentences):
            sentence = annotated.sentences[index]
            place = "" if sentence.block == main.block else "_far"
            codes = read(sentence)
            yield f"{name}{place}", codes
            yield f"{name}{place}_one", codes[-1:]
    for name, above in (("section", main.section), ("lead", main.lead)):
        if above is not None:
            yield name, read(annotated.sentences[above])
    block = annotated.block_of(main)
    yield "block", read(Stretch(block.start, block.end))


def _lists_by_people(around: Surroundings) -> Iterator[list[str]]:
    """Countries behind "from", "of" or in brackets after people: "officers from A, B and C"; and adjectives before them."""
    scene = around.scene
    annotated = scene.context.annotated
    tokens = annotated.tokens
    for stretch in around.own:
        parties = [p for p in annotated.within(annotated.parties, stretch) if p.country]
        run: list[Party] = []
        for party in parties:
            joined = bool(run) and _joins(tokens.norms, tokens.span(run[-1].start, run[-1].end)[1], tokens.index_at(party.start))
            if not joined and run:
                yield [p.country for p in run if p.country]
                run = []
            if joined or _preposition(around, party) in ("from", "of", "(", ":", "for"):
                run.append(party)
        if run:
            yield [p.country for p in run if p.country]


def _joins(norms: list[str], first: int, last: int) -> bool:
    return last - first <= 3 and all(norm in (",", "and", "the", "as", "well", "or", "&") for norm in norms[first:last])


def _preposition(around: Surroundings, party: Party) -> str:
    """The word before a party, articles skipped."""
    tokens = around.scene.context.annotated.tokens
    index = tokens.index_at(party.start) - 1
    while index > 0 and tokens.norms[index] in ("the", "a", "an", "its", "their"):
        index -= 1
    return tokens.norms[index] if index >= 0 else ""


def _state(options: Iterable[Audience]) -> str:
    """The strongest way in which the text itself suggests somebody."""
    sources = {name for option in options if option.codes for name in option.features}
    return next((name for name in ("counted", "beside_people", "members", "inside") if f"source={name}" in sources), "none")


def _describe(around: Surroundings, option: Audience, state: str, country: str | None) -> None:
    topic, annotated = around.scene.context.topic, around.scene.context.annotated
    codes, features = set(option.codes), option.features
    sources = list(features)
    is_regional = around.event.head is not None and "regional" in around.event.head.modifiers
    for name in sources:
        features[f"{name}|{state}"] = True
        features[f"{name}|regional"] = is_regional
    ranked = topic.recipients
    features |= {
        f"size={min(4, len(codes))}": True,
        "sources": float(min(6, len(sources))),
        "is_where": country in codes,
        "is_where_alone": codes == {country},
        "nowhere": country is None,
        "top": bool(ranked) and ranked[0] in codes,
        "second": len(ranked) > 1 and ranked[1] in codes,
        "unranked": bool(codes) and not codes & set(ranked[:3]),
        "donors": sum(code in topic.donors[:3] for code in codes) / max(1, len(codes)),
        f"mention={around.event.main.kind}": True,
        f"kind={around.event.main.sentence.kind}": True,
    }
    if codes:
        features |= _standing(around, codes)
    else:
        features[f"nobody|{state}"] = True
        features["nobody|people"] = any(annotated.within(annotated.persons, stretch) for stretch in around.own)


def _standing(around: Surroundings, codes: set[str]) -> Numbers:
    """How the set's parties stand in the event's stretches."""
    scene = around.scene
    annotated = scene.context.annotated
    inside = [p for p in _inside(around) if p.code in codes or p.country in codes]
    features: Numbers = {
        "all_inside": codes <= {code for p in inside for code in (p.code, p.country)},
        "some_inside": bool(inside),
    }
    for party in inside:
        features[f"use={party.use}"] = True
        features[f"preposition={_preposition(around, party)}"] = True
        features[f"side={'before' if party.start < around.event.main.start else 'behind'}"] = True
        clause = annotated.clause_at(party.start)
        for sign in annotated.within(scene.signs, Stretch(clause.start, party.start)):
            features |= {f"after={group}": True for group in sign.groups}
        for sign in annotated.within(scene.signs, Stretch(party.end, max(party.end, clause.end))):
            features |= {f"ahead={group}": True for group in sign.groups}
    verb = main_verb(scene, around.event.main)
    if verb is not None:
        before = any(p.start < verb.start for p in inside)
        features[f"{'before' if before else 'behind'}_verb={'passive' if verb.is_passive else 'active'}"] = bool(inside)
    return features
