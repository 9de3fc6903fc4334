"""Examples for the rankers of workshops: candidates of annotated documents with the labels that their gold facts give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bam.extraction.annotate import annotate
from bam.extraction.annotate.model import PersonCount
from bam.extraction.choosing import nearest
from bam.extraction.context import context_of
from bam.extraction.ranker.train import Example
from bam.extraction.resources import Resources
from bam.extraction.tables.workshops.audience import audiences_of
from bam.extraction.tables.workshops.countries import country_choices
from bam.extraction.tables.workshops.decide import NO, YES
from bam.extraction.tables.workshops.events import events_of
from bam.extraction.tables.workshops.features import mention_features, status_features
from bam.extraction.tables.workshops.links import (
    Surroundings,
    items_around,
    link_features,
    options_of,
    people_around,
    places_of,
    surroundings_of,
)
from bam.extraction.tables.workshops.mentions import Mention, Scene, scene_of
from bam.extraction.tables.workshops.organisers import givers_of
from bam.extraction.tables.workshops.words import matchers_of
from bam.model.text import ConvertedDocument

Gold = dict[str, Any]
_RANK = {"head": 0, "act": 1, "people": 2, "number": 3, "series": 4, "days": 5, "row": 6}
_MOST_SUMMED = 4
_RETURNING = 0.6
"""How much a mention that only returns to a record counts as an example of one that brings none in: it can where others fail."""
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document's mentions with the gold record that each brings in; `returning` are other mentions inside the quotes of
    records, `unsure` those inside the quotes of optional ones.
    """

    scene: Scene
    records: dict[Mention, Gold]
    returning: frozenset[Mention]
    unsure: frozenset[Mention]


def accept_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """Every mention, labelled by whether it brings in a record."""
    labelled = label(document, gold, resources)
    for mention in labelled.scene.mentions:
        record = labelled.records.get(mention)
        is_open = mention in labelled.unsure or (record is not None and record.get("optional"))
        weight = 0.0 if is_open else _RETURNING if mention in labelled.returning else 1.0
        yield Example(mention_features(labelled.scene, mention), YES if record is not None else NO, weight)


def status_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The mentions that bring in a record, with its status."""
    labelled = label(document, gold, resources)
    for mention, record in labelled.records.items():
        features = mention_features(labelled.scene, mention)
        yield Example(status_features(labelled.scene, mention, features), str(record["status"]))


def start_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The dates around each event, labelled by whether they tell its first day."""
    yield from _date_examples(document, gold, resources, "start")


def end_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The dates around each event, labelled by whether they tell its last day."""
    yield from _date_examples(document, gold, resources, "end")


def place_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The places around each event, and none, labelled by whether it was there."""
    for around, record in _entered(document, gold, resources):
        wanted = (record["place"] or "").casefold()
        for option in options_of(around, items_around(around, around.scene.context.annotated.places)):
            name = option.item.name.casefold() if option.item is not None else ""
            yield Example(option.features, YES if name == wanted else NO, group=_group(document, around))


def country_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The countries around each event, and none, labelled by whether it was there."""
    for around, record in _entered(document, gold, resources):
        for choice in country_choices(around):
            yield Example(choice.features, YES if choice.code == record["country"] else NO, group=_group(document, around))


def people_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The numbers of people around each event, labelled by whether they were trained in it."""
    for around, record in _entered(document, gold, resources):
        people = people_around(around)
        wanted = _summing(people, record["participants"])
        for item in people:
            yield Example(link_features(around, item, people), YES if item in wanted else NO)


def organiser_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The parties around each event, labelled by whether they give it."""
    for around, record in _entered(document, gold, resources):
        wanted = {code.casefold() for code in record["organisers"]}
        for giver in givers_of(around, record["country"]):
            hits = sum(code.casefold() in wanted for code in giver.codes)
            yield Example(giver.features, YES if 2 * hits > len(giver.codes) else NO)


def audience_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The sets of countries around each event: the one that was entered, else the one nearest to it, against all others."""
    for around, record in _entered(document, gold, resources):
        audiences = audiences_of(around, record["country"])
        right = nearest([audience.codes for audience in audiences], record["audience"], _ALIKE)
        for audience, fits in zip(audiences, right, strict=True):
            yield Example(audience.features, YES if fits else NO, group=_group(document, around))


def _date_examples(document: ConvertedDocument, gold: Gold, resources: Resources, field: str) -> Iterator[Example]:
    for around, record in _entered(document, gold, resources):
        for option in options_of(around, items_around(around, around.scene.context.annotated.dates)):
            date = option.item
            value = None if date is None else date.value if field == "start" else (date.until or date.value)
            yield Example(option.features, YES if _same_day(value, record[field]) else NO, group=_group(document, around))


def _group(document: ConvertedDocument, around: Surroundings) -> str:
    """What the choices about one event have in common."""
    return f"{document.name}:{around.event.main.start}"


def _same_day(value: str | None, wanted: str | None) -> bool:
    if value is None or wanted is None:
        return value is wanted
    return value == wanted or (len(wanted) == 4 and value.startswith(wanted))


def _summing(people: Sequence[PersonCount], wanted: int | None) -> list[PersonCount]:
    """The fewest counts that give the number together, the earlier ones first."""
    if wanted is None:
        return []
    for size in range(1, _MOST_SUMMED + 1):
        for some in combinations(people[:12], size):
            if sum(item.count for item in some) == wanted:
                return list(some)
    return []


def _entered(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[tuple[Surroundings, Gold]]:
    """The events that were entered, each with its gold record."""
    labelled = label(document, gold, resources)
    events = events_of(labelled.scene, [(m, float(m in labelled.records)) for m in labelled.scene.mentions], 0.5)
    places = places_of(events)
    for event in events:
        record = labelled.records[event.main]
        if not record.get("optional"):
            yield surroundings_of(labelled.scene, event, places), record


def label(document: ConvertedDocument, gold: Gold, resources: Resources) -> Labelled:
    """Give each gold record the mention in its quote that names it best; the shortest quote decides between records."""
    context = context_of(annotate(document, resources), resources)
    scene = scene_of(context, resources.get(matchers_of))
    text = context.text
    records: dict[Mention, Gold] = {}
    returning: set[Mention] = set()
    unsure: set[Mention] = set()
    for record in sorted(gold["workshops"], key=lambda r: (len(r["quote"]), r["quote"])):
        for quote in (record["quote"], *record.get("quotes", ())):
            for start in _places_of(quote, text):
                free = [m for m in scene.mentions if m not in records and _stands_in(m, start, start + len(quote))]
                (unsure if record.get("optional") else returning).update(free)
                if quote == record["quote"] and free:
                    records[min(free, key=lambda m: (_RANK[m.kind], m.start))] = record
                    break
    taken = set(records)
    return Labelled(scene, records, frozenset(returning - taken), frozenset(unsure - returning - taken))


def _places_of(quote: str, text: str) -> Iterator[int]:
    start = text.find(quote)
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _stands_in(mention: Mention, start: int, end: int) -> bool:
    overlaps = mention.start < end and mention.end > start
    return overlaps or (mention.head is None and mention.stretch.start <= start and mention.stretch.end >= end)
