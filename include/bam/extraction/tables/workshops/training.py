"""Examples for the rankers of workshops: candidates of annotated documents with the labels that their gold facts give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bam.extraction import roles
from bam.extraction.annotate import annotate
from bam.extraction.annotate.model import Date, PersonCount, PlaceMention
from bam.extraction.context import Context, context_of
from bam.extraction.ranker.train import Example
from bam.extraction.resources import Resources
from bam.extraction.tables.workshops import decide
from bam.extraction.tables.workshops.decide import NO, YES
from bam.extraction.tables.workshops.events import Event, events_of
from bam.extraction.tables.workshops.features import event_features, link_features
from bam.model.text import ConvertedDocument

Gold = dict[str, Any]


def accept_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """Every event, labelled by whether an analyst entered it."""
    context = _context(document, resources)
    for event in events_of(context):
        record = _record_of(context, event, gold)
        weight = 0.0 if record is not None and record.get("optional") else 1.0
        yield Example(event_features(context, event), YES if record is not None else NO, weight)


def status_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The events that were entered, with their status."""
    for context, event, record, _ in _entered(document, gold, resources):
        yield Example(event_features(context, event), str(record["status"]))


def date_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The dates around each event, labelled by whether they are its time."""
    for context, event, record, _ in _entered(document, gold, resources):
        for item in decide.items_around(context, event, context.annotated.dates):
            if isinstance(item, Date):
                is_it = record["start"] == item.value or (record["end"] is not None and record["end"] in (item.until, item.value))
                yield Example(link_features(context, event, item), YES if is_it else NO)


def place_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The places around each event, labelled by whether it was there."""
    for context, event, record, _ in _entered(document, gold, resources):
        for item in decide.items_around(context, event, context.annotated.places):
            if isinstance(item, PlaceMention):
                is_it = record["place"] is not None and item.name.casefold() == record["place"].casefold()
                yield Example(link_features(context, event, item), YES if is_it else NO)


def people_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The numbers of people around each event, labelled by whether they were trained in it."""
    for context, event, record, _ in _entered(document, gold, resources):
        items = [i for i in decide.items_around(context, event, context.annotated.persons) if isinstance(i, PersonCount)]
        counts = [item.count for item in items]
        wanted = record["participants"]
        for place, item in enumerate(items):
            pairs = {item.count + count for other, count in enumerate(counts) if other != place}
            is_it = wanted is not None and (item.count == wanted or (wanted not in counts and wanted in pairs))
            yield Example(link_features(context, event, item), YES if is_it else NO)


def organiser_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The parties around each event, labelled by whether they give it."""
    yield from _party_examples(document, gold, resources, "organisers")


def audience_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The parties around each event, labelled by whether trainees come from them."""
    yield from _party_examples(document, gold, resources, "audience")


def _party_examples(document: ConvertedDocument, gold: Gold, resources: Resources, role: str) -> Iterator[Example]:
    for context, event, record, previous in _entered(document, gold, resources):
        wanted = {code.casefold() for code in record[role]}
        carried = tuple(previous[role]) if previous is not None else ()
        for candidate in roles.candidates_of(context, event.main, carried):
            features = roles.party_features(context, event.main, candidate)
            features["was"] = candidate.codes[0] in carried
            hits = sum(code.casefold() in wanted for code in candidate.codes)
            yield Example(features, YES if 2 * hits > len(candidate.codes) else NO)


def _entered(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[tuple[Context, Event, Gold, Gold | None]]:
    """The events that were entered, each with its gold record and that of the one before."""
    context = _context(document, resources)
    previous: Gold | None = None
    for event in events_of(context):
        record = _record_of(context, event, gold)
        if record is not None and not record.get("optional"):
            yield context, event, record, previous
            previous = record


def _context(document: ConvertedDocument, resources: Resources) -> Context:
    return context_of(annotate(document, resources), resources)


def _record_of(context: Context, event: Event, gold: Gold) -> Gold | None:
    """The gold record one of whose quotes holds a mention of the event; the shortest quote decides."""
    text = context.text
    fitting: list[tuple[int, int, Gold]] = []
    for number, record in enumerate(gold["workshops"]):
        for quote in (record["quote"], *record.get("quotes", ())):
            start = text.find(quote)
            inside = start >= 0 and any(start <= m.start and m.end <= start + len(quote) for m in event.mentions)
            if inside:
                fitting.append((len(quote), number, record))
    return min(fitting, key=lambda item: item[:2])[2] if fitting else None
