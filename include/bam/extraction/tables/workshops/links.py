"""Days, places and people around an event, and how each stands to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bam.extraction.annotate.annotated import S
from bam.extraction.annotate.model import Date, PersonCount, PlaceMention, Spanned
from bam.extraction.cells import cell_signs, is_other_row
from bam.extraction.context import distance
from bam.extraction.roles import Numbers, mood
from bam.extraction.tables.workshops.events import Event
from bam.extraction.tables.workshops.features import main_verb
from bam.extraction.tables.workshops.mentions import Scene, Stretch

_BEFORE, _BEHIND = 2, 3
_FAR = 400

Item = Date | PlaceMention | PersonCount
Linked = TypeVar("Linked", Date, PlaceMention)


@dataclass(frozen=True, slots=True)
class Option(Generic[Linked]):
    """A day or place that an event can have (None: the text doesn't say), and what speaks for it."""

    item: Linked | None
    features: Numbers


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around an event: the indices of the sentences that may tell of it, its own stretches and those of others."""

    scene: Scene
    event: Event
    sentences: tuple[int, ...]
    own: tuple[Stretch, ...]
    others: tuple[Stretch, ...]


def places_of(events: Iterable[Event]) -> dict[int, list[tuple[Event, Stretch]]]:
    """The stretches that speak of events, by the index of their sentence."""
    found: dict[int, list[tuple[Event, Stretch]]] = {}
    for event in events:
        for mention in event.mentions:
            found.setdefault(mention.sentence.index, []).append((event, mention.stretch))
    return found


def surroundings_of(scene: Scene, event: Event, places: Mapping[int, list[tuple[Event, Stretch]]]) -> Surroundings:
    """The sentences that mention the event, those around the first one, the heading and the sentence that leads to its list."""
    annotated = scene.context.annotated
    main = event.main.sentence
    wanted = {mention.sentence.index for mention in event.mentions}
    near = annotated.sentences[max(0, main.index - _BEFORE) : main.index + _BEHIND]
    wanted |= {sentence.index for sentence in near if not is_other_row(annotated, event.main.start, sentence)}
    wanted |= {index for index in (main.section, main.lead) if index is not None}
    row = annotated.row_at(event.main.start)
    if row is not None and row.caption is not None:
        wanted.add(annotated.sentence_at(row.caption[0]).index)
    others = tuple(stretch for index in sorted(wanted) for other, stretch in places.get(index, ()) if other is not event)
    return Surroundings(scene, event, tuple(sorted(wanted)), tuple(m.stretch for m in event.mentions), others)


def items_around(around: Surroundings, items: Sequence[S]) -> list[S]:
    """The items of these sentences, in order of place."""
    annotated = around.scene.context.annotated
    return [item for index in around.sentences for item in annotated.within(items, annotated.sentences[index])]


def people_around(around: Surroundings) -> list[PersonCount]:
    """Counts with a noun and bare ones."""
    annotated = around.scene.context.annotated
    found = items_around(around, annotated.persons) + items_around(around, around.scene.bare)
    return sorted(found, key=lambda item: item.start)


def link_features(around: Surroundings, item: Item, rivals: Sequence[Item]) -> Numbers:
    """How a day, place or number of people stands to an event; `rivals` are all items of its kind around the event."""
    annotated = around.scene.context.annotated
    tokens = annotated.tokens
    event, main = around.event, around.event.main
    sentence = annotated.sentence_at(item.start)
    first, last = tokens.span(item.start, item.end)
    inside = any(_holds(stretch, item) for stretch in around.own)
    same = [rival for rival in rivals if any(_holds(stretch, rival) for stretch in around.own)]
    steps = min((sentence.index - mention.sentence.index for mention in event.mentions), key=abs)
    nearest = min(rivals, key=lambda rival: (distance(rival, main), rival.start))
    features: Numbers = {
        f"steps={max(-3, min(3, steps))}": True,
        "inside": inside,
        "inside_main": _holds(main.stretch, item),
        "of_other": any(_holds(stretch, item) for stretch in around.others),
        "alone_inside": inside and len(same) == 1,
        "first_inside": inside and same[0] is item,
        "none_inside": not same,
        "nearest": nearest is item,
        "same_block": sentence.block == main.sentence.block,
        "same_clause": annotated.clause_at(item.start).index == annotated.clause_at(main.start).index,
        "is_before": item.start < main.start,
        "closeness": 1 - min(1.0, distance(item, main) / _FAR),
        f"preposition={tokens.norms[first - 1] if first > sentence.first else ''}": True,
        f"following={tokens.norms[last] if last < sentence.last else ''}": True,
        f"kind={sentence.kind}": True,
        f"mention={main.kind}": True,
        "section": sentence.index == main.sentence.section,
        "lead": sentence.index == main.sentence.lead,
        "rivals": float(min(4, len(rivals))),
        "early": sentence.index < 4,
    }
    features |= _told(around, item, sentence.start) | cell_signs(annotated, main.start, item)
    if isinstance(item, Date):
        features |= _of_date(around, item)
    elif isinstance(item, PlaceMention):
        features |= {f"place={item.kind}": True, "weight": item.weight, "is_dateline": item.is_dateline}
        features["known"] = item.country is not None
        features[f"locative={item.preposition}"] = True
    else:
        features |= _of_people(around, item)
    return features


def options_of(around: Surroundings, items: Sequence[Linked]) -> list[Option[Linked]]:
    """Each of the items, and none of them."""
    none: Numbers = {"none": True, f"none&of={min(4, len(items))}": True}
    options: list[Option[Linked]] = [Option(None, none)]
    for item in items:
        options.append(Option(item, link_features(around, item, items)))
    return options


def _holds(stretch: Stretch, item: Spanned) -> bool:
    return stretch.start <= item.start < stretch.end


def _told(around: Surroundings, item: Spanned, floor: int) -> Numbers:
    """The words of beginning, ending, giving and learning between the clause's beginning and the item, and its verbs."""
    scene = around.scene
    annotated = scene.context.annotated
    clause = annotated.clause_at(item.start)
    features: Numbers = {}
    before = Stretch(max(floor, clause.start), item.start)
    for sign in annotated.within(scene.signs, before):
        for group in sign.groups:
            features[f"after={group}"] = True
    for sign in annotated.within(scene.signs, clause):
        for group in sign.groups:
            features[f"with={group}"] = True
    for verb in annotated.verbs_of(clause):
        for name in verb.classes:
            features[f"verb={name}"] = True
    return features


def _of_date(around: Surroundings, date: Date) -> Numbers:
    annotated = around.scene.context.annotated
    published = annotated.publication.date
    verb = main_verb(around.scene, around.event.main)
    features: Numbers = {
        f"precision={date.precision}": True,
        f"role={date.role}": True,
        "is_range": date.until is not None and date.until != date.value,
        "is_relative": date.is_relative,
        "is_fiscal": date.is_fiscal,
        "is_yearless": date.is_yearless,
        "is_published": published is not None and date.value == published,
    }
    if published is not None:
        length = min(len(published), len(date.value))
        features["is_ahead"] = date.value[:length] > published[:length]
        features["same_year"] = date.value[:4] == published[:4]
    if verb is not None:
        features[f"event:{mood(verb)}"] = True
        features[f"event:{mood(verb)}/ahead"] = bool(features.get("is_ahead"))
    return features


def _of_people(around: Surroundings, item: PersonCount) -> Numbers:
    annotated = around.scene.context.annotated
    features: Numbers = {
        f"noun={item.noun}": True,
        "bare": not item.noun,
        "has_parties": bool(item.parties),
        f"bound={item.bound}": True,
        "many": min(1.0, item.count / 200),
        "single": item.count == 1,
    }
    for verb in annotated.verbs_of(annotated.clause_at(item.start)):
        features[f"clause:{mood(verb)}"] = True
    return features
