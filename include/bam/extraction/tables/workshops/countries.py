"""In which country an event was, where no town tells: countries named around it."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.model import Party, PartyUse
from bam.extraction.context import distance
from bam.extraction.roles import Numbers
from bam.extraction.tables.workshops.links import Surroundings

_FAR = 400


@dataclass(frozen=True, slots=True)
class CountryChoice:
    """A country (None: the text doesn't say) with what speaks for the event having been there; `start` and `end` are those of its
    mention.
    """

    code: str | None
    start: int
    end: int
    features: Numbers


def country_choices(around: Surroundings) -> list[CountryChoice]:
    """Countries named around the event, those of places around it and the document's own, each once by its best mention."""
    annotated = around.scene.context.annotated
    main = around.event.main
    found: list[CountryChoice] = []
    for index in around.sentences:
        sentence = annotated.sentences[index]
        for party in annotated.within(annotated.parties, sentence):
            if party.country:
                found.append(CountryChoice(party.country, party.start, party.end, _features(around, party)))
            if party.host:
                found.append(CountryChoice(party.host, party.start, party.end, {"via=host": True}))
        for place in annotated.within(annotated.places, sentence):
            if place.country:
                features: Numbers = {
                    "via=place": True,
                    f"place={place.preposition}": True,
                    "place_inside": _inside(around, place.start),
                }
                found.append(CountryChoice(place.country, place.start, place.end, features))
    topic = around.scene.context.topic
    found += [
        CountryChoice(code, main.start, main.end, {"via=topic": True, f"rank={rank}": True})
        for rank, code in enumerate(topic.recipients[:2])
    ]
    for code in around.scene.hosts.seats:
        found.append(CountryChoice(code, main.start, main.end, {"via=seat": True}))
    joined: dict[str | None, CountryChoice] = {}
    for choice in found:
        known = joined.setdefault(choice.code, CountryChoice(choice.code, choice.start, choice.end, {}))
        known.features.update({name: value for name, value in choice.features.items() if value})
    for choice in joined.values():
        choice.features["rivals"] = float(min(4, len(joined)))
        choice.features[f"mention={main.kind}"] = True
    none: Numbers = {"none": True, f"none&of={min(4, len(joined))}": True}
    return [CountryChoice(None, main.start, main.end, none), *joined.values()]


def _features(around: Surroundings, party: Party) -> Numbers:
    annotated = around.scene.context.annotated
    tokens = annotated.tokens
    first, _ = tokens.span(party.start, party.end)
    before = tokens.norms[first - 1] if first else ""
    inside = _inside(around, party.start)
    features: Numbers = {
        f"use={party.use}": True,
        f"preposition={before}": True,
        "inside": inside,
        "closeness": 1 - min(1.0, distance(party, around.event.main) / _FAR),
    }
    if inside:
        features[f"inside&use={party.use}"] = True
        features[f"inside&preposition={before}"] = True
        features["inside&named"] = party.use is PartyUse.NAME
    return features


def _inside(around: Surroundings, start: int) -> bool:
    return any(stretch.start <= start < stretch.end for stretch in around.own)
