"""From the trainings of a document to its workshop facts."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.heads import EventWords
from bam.extraction.annotate.model import Date, PersonCount, PlaceMention, Spanned
from bam.extraction.annotate.publication import is_to_come
from bam.extraction.confidence import confidence, log_odds
from bam.extraction.context import Context
from bam.extraction.evidence import all_evidence, clause_evidence, evidence
from bam.extraction.ranker import Features
from bam.extraction.registry import Found
from bam.extraction.resources import Resources
from bam.extraction.result import PassedOver
from bam.extraction.tables.workshops import decide
from bam.extraction.tables.workshops.audience import audiences_of
from bam.extraction.tables.workshops.countries import country_choices
from bam.extraction.tables.workshops.events import Event, events_of
from bam.extraction.tables.workshops.links import Surroundings, places_of, surroundings_of
from bam.extraction.tables.workshops.mentions import Mention, Scene, scene_of
from bam.extraction.tables.workshops.organisers import givers_of
from bam.extraction.tables.workshops.topic import topic_of
from bam.extraction.tables.workshops.words import matchers_of
from bam.model.claims import Evidence, Fact, Reason, Table, WorkshopStatus, WorkshopValues

ACCEPTED = 0.32
"""Where precision and recall balance in cross-validation."""
_WORTH_SAYING = 0.05
_LEAST_WORDS = 7


def find(context: Context, resources: Resources) -> Found:
    """The events that were held, go on or are planned, and what was passed over."""
    words = resources.words(EventWords)
    scene = scene_of(context, resources.get(matchers_of))
    judged = {mention: decide.acceptance(scene, mention) for mention in scene.mentions}
    events = events_of(scene, [(mention, probability) for mention, (probability, _) in judged.items()], ACCEPTED)
    taken = {mention for event in events for mention in event.mentions}
    passed = [
        _passed(mention, probability, decide.reasons_for(features))
        for mention, (probability, features) in judged.items()
        if mention not in taken and (probability >= _WORTH_SAYING or mention.head is not None)
    ]
    facts: list[Fact] = []
    places = places_of(events)
    for event in events:
        around = surroundings_of(scene, event, places)
        facts.append(_fact(around, judged[event.main][1], words))
    return Found(tuple(facts), tuple(passed))


def _passed(mention: Mention, probability: float, parts: list[tuple[str, float]]) -> PassedOver:
    against = ", ".join(name for name, weight in parts if weight < 0) or "no sign of an event"
    text = f"not taken for an event (probability {probability:.2f}: {against})"
    return PassedOver(Table.WORKSHOPS, mention.start, mention.end, "no_event", text)


def _fact(around: Surroundings, features: Features, words: EventWords) -> Fact:
    scene, event = around.scene, around.event
    context = scene.context
    place, (first, last), people = decide.place_of(around), decide.days_of(around), decide.people_of(around)
    country = context.country_of(place) if place is not None else decide.country_of(country_choices(around))
    programme = context.programme_at(event.main)
    head = event.head
    start, end = days(first, last)
    values = WorkshopValues(
        topic=topic_of(scene, event, words),
        start=start,
        end=end,
        country=country,
        place=place.name if place is not None else None,
        venue=_venue(scene, event),
        organisers=decide.organisers_of(givers_of(around, country)),
        participants=sum(person.count for person in people) or None,
        audience=decide.audience_of(audiences_of(around, country)),
        status=at_the_time(decide.status_of(scene, event.main, features), start, end, scene.context.annotated.publication.date),
        programme=programme.code if programme is not None else None,
        count=head.count if head is not None and head.is_plural and head.count and head.count > 1 else None,
    )
    reasons = _reasons(event, features)
    linked = [item for item in (first, last, place, *people) if item is not None]
    return Fact(Table.WORKSHOPS, values, _evidence(scene, event, linked), confidence(reasons), reasons)


def _reasons(event: Event, features: Features) -> tuple[Reason, ...]:
    reasons = [Reason(name, _sentence(name, weight), round(weight, 2)) for name, weight in decide.reasons_for(features)]
    rest = round(log_odds(event.probability) - sum(reason.weight for reason in reasons), 2)
    return (*reasons, Reason("other_signs", "all other signs together", rest))


def _sentence(name: str, weight: float) -> str:
    return f"{name.replace('_', ' ')} speaks {'for' if weight > 0 else 'against'} an event"


def days(first: Date | None, last: Date | None) -> tuple[str | None, str | None]:
    """First and last day of the event from the mentions that tell them; a mention of both tells both."""
    first = first if first is not None or last is None or last.until is None else last
    last = last if last is not None or first is None or first.until is None else first
    start = first.value if first is not None and first.role != "until" else None
    end = (last.until or last.value) if last is not None and last.role != "since" else None
    if start is not None and end is not None and end[: len(start)] < start[: len(end)]:
        return start, None
    return start, end


def at_the_time(status: WorkshopStatus, start: str | None, end: str | None, published: str | None) -> WorkshopStatus:
    """The status that fits the days: nothing has been held, or goes on, before its first day, nor is over before its last one."""
    if is_to_come(start or end, published):
        return WorkshopStatus.PLANNED
    return WorkshopStatus.ONGOING if status is WorkshopStatus.HELD and is_to_come(end, published) else status


def _evidence(scene: Scene, event: Event, linked: Sequence[Date | PlaceMention | PersonCount]) -> tuple[Evidence, ...]:
    """The clauses of each mention with what is told of the event in its stretch, then the sentences that tell the rest."""
    annotated = scene.context.annotated
    quotes = []
    for mention in event.mentions:
        inside: list[Spanned] = [item for item in linked if mention.stretch.start <= item.start < mention.stretch.end]
        quote = clause_evidence(annotated, mention, *inside)
        if len(quote.quote.split()) < _LEAST_WORDS:
            quote = evidence(annotated, mention.stretch.start, mention.stretch.end)
        quotes.append(quote)
    covered = [(quote.start, quote.end) for quote in quotes]
    rest = [item for item in linked if not any(start <= item.start < end for start, end in covered)]
    return all_evidence(quotes[0], [*quotes[1:], *(clause_evidence(annotated, item) for item in rest)])


def _venue(scene: Scene, event: Event) -> str | None:
    """The building that houses it: a facility named in its stretch behind "at"."""
    annotated = scene.context.annotated
    tokens = annotated.tokens
    for head in annotated.within(annotated.heads, event.main.stretch):
        first, _ = tokens.span(head.start, head.end)
        if head.kind == "facility" and "at" in tokens.norms[max(0, first - 3) : first]:
            return annotated.quote(head)
    return None
