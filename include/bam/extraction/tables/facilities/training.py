"""Examples for the rankers of facilities: things of annotated documents with the labels that their gold facts give."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bam.extraction.annotate import annotate
from bam.extraction.annotate.tokens import words_of
from bam.extraction.context import Context, context_of
from bam.extraction.ranker.train import Example
from bam.extraction.resources import Resources
from bam.extraction.tables.facilities.decide import NO, YES
from bam.extraction.tables.facilities.features import DocumentSigns, read_mentions
from bam.extraction.tables.facilities.links import (
    Neighbourhood,
    Option,
    country_options,
    date_options,
    funder_options,
    place_options,
)
from bam.extraction.tables.facilities.status import status_features
from bam.extraction.tables.facilities.surroundings import Surroundings
from bam.extraction.tables.facilities.things import Thing, things_of
from bam.extraction.tables.facilities.types import TypeSigns
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityStatus
from bam.model.text import ConvertedDocument

Gold = dict[str, Any]
_EMPTY = frozenset(
    ("the", "a", "an", "of", "and", "for", "in", "on", "at", "to", "by", "with", "from", "as", "its", "their", "new")
)
"""Words that don't count when names are compared, as in the scorer of the annotated (English) documents."""
_OPTIONAL = 0.3
_RARE = 1.7
_CERTAIN = 1.7
"""Likeness from which a thing left over means a fact that another thing took already: it says nothing of what is entered."""
_LIKE, _ALIKE = 0.5, 0.2


def accept_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The noun phrases, labelled by whether an analyst entered them."""
    yield from _accept_examples(document, gold, resources, True)


def site_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The names of lists and bare places, labelled by whether an analyst entered them."""
    yield from _accept_examples(document, gold, resources, False)


def _accept_examples(document: ConvertedDocument, gold: Gold, resources: Resources, is_head: bool) -> Iterator[Example]:
    context, things = _read(document, resources)
    signs = DocumentSigns(context, things, resources.words(FacilitySigns))
    matched = _matched(context, things, gold)
    for number, thing in enumerate(things):
        if (thing.main.via == "head") is is_head:
            record = matched.get(number)
            weight = _OPTIONAL if record is not None and record.get("optional") else 1.0
            if record is None and any(_likeness(context, thing, other) >= _CERTAIN for other in gold["facilities"]):
                weight = 0.0
            yield Example(signs.of(thing), YES if record is not None else NO, weight)


def status_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The things that were entered, with their status."""
    for context, thing, record in _entered(document, gold, resources):
        words = resources.words(FacilitySigns)
        weight = 1.0 if record["status"] == FacilityStatus.OPERATIONAL else _RARE
        yield Example(status_features(context, thing, words, Surroundings(context, words)), str(record["status"]), weight)


def type_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The things that were entered, with their type."""
    signs: TypeSigns | None = None
    for context, thing, record in _entered(document, gold, resources):
        signs = signs or TypeSigns(context, resources.words(FacilitySigns))
        yield Example(signs.of(thing), str(record["type"]))


def place_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The places around each thing, labelled by whether it is there."""
    for context, thing, record in _entered(document, gold, resources):
        group = _group(document, thing)
        yield from _labelled(place_options(Neighbourhood(context, thing)), _same_place, record.get("place"), group)


def country_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The countries around each thing, labelled by whether it is there."""
    for context, thing, record in _entered(document, gold, resources):
        options = country_options(Neighbourhood(context, thing), record.get("place"))
        yield from _labelled(options, operator.eq, record.get("country"), _group(document, thing))


def date_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The dates around each thing, labelled by whether its status is of that date."""
    for context, thing, record in _entered(document, gold, resources):
        group = _group(document, thing)
        yield from _labelled(date_options(Neighbourhood(context, thing)), _same_date, record.get("status_date"), group)


def funder_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The parties around each thing, and nobody, labelled by whether they pay for it."""
    for context, thing, record in _entered(document, gold, resources):
        wanted = {code.casefold() for code in record.get("funders") or ()}
        for option in funder_options(Neighbourhood(context, thing), record.get("country")):
            is_right = option.value.casefold() in wanted if option.value else not wanted
            yield Example(option.features, YES if is_right else NO, group=_group(document, thing))


def _group(document: ConvertedDocument, thing: Thing) -> str:
    """What the options of one thing have in common."""
    return f"{document.name}:{thing.main.start}"


def _labelled(
    options: Sequence[Option], fits: Callable[[str | None, str | None], bool], wanted: str | None, group: str
) -> Iterator[Example]:
    """The options of one attribute."""
    for option in options:
        yield Example(option.features, YES if fits(option.value, wanted) else NO, group=group)


def _read(document: ConvertedDocument, resources: Resources) -> tuple[Context, list[Thing]]:
    context = context_of(annotate(document, resources), resources)
    return context, things_of(context, resources.words(FacilitySigns))


def _entered(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[tuple[Context, Thing, Gold]]:
    context, things = _read(document, resources)
    for number, record in sorted(_matched(context, things, gold).items()):
        if not record.get("optional"):
            yield context, things[number], record


def _matched(context: Context, things: Sequence[Thing], gold: Gold) -> dict[int, Gold]:
    """The gold record of each thing that has one, one to one, the best pairs first."""
    pairs = sorted(
        (
            (_likeness(context, thing, record), i, j)
            for i, thing in enumerate(things)
            for j, record in enumerate(gold["facilities"])
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    matched: dict[int, Gold] = {}
    used: set[int] = set()
    for score, i, j in pairs:
        if score > 0 and i not in matched and j not in used:
            matched[i] = gold["facilities"][j]
            used.add(j)
    return matched


def _likeness(context: Context, thing: Thing, record: Gold) -> float:
    """How well a thing fits a gold record, as the scorer of the corpus has it: by name, else by type and quote."""
    one, other = _words(thing.main.name), _words(record["name"])
    shared, smaller = len(one & other), min(len(one), len(other))
    inside = shared / smaller if smaller > 1 else 0.0
    named = max(shared / max(1, len(one | other)), 0.8 * inside)
    quoted = _is_quoted(context, thing, record)
    if named >= _LIKE:
        return 1 + named + 0.2 * quoted
    same_type = record["type"] in {mention.head.type for mention in thing.mentions}
    return 0.5 if quoted and named >= _ALIKE and same_type else 0.0


def _is_quoted(context: Context, thing: Thing, record: Gold) -> bool:
    for quote in (record.get("quote"), *(record.get("quotes") or ())):
        found = re.search(r"\s+".join(map(re.escape, quote.split())), context.text) if quote else None
        if found is not None and any(found.start() <= mention.start < found.end() for mention in read_mentions(thing)):
            return True
    return False


def _words(text: str) -> set[str]:
    return {word for word in words_of(text) if word not in _EMPTY and word[0].isalnum()}


def _same_place(value: str | None, wanted: str | None) -> bool:
    if not value or not wanted:
        return not value and not wanted
    one, other = _words(value), _words(wanted)
    return len(one & other) >= 0.6 * max(1, min(len(one), len(other)))


def _same_date(value: str | None, wanted: str | None) -> bool:
    if not value or not wanted:
        return not value and not wanted
    shorter = min(len(value), len(wanted))
    return value[:shorter] == wanted[:shorter] and shorter >= min(7, len(wanted))
