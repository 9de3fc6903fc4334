"""From the trainings of a document to its workshop facts."""

from __future__ import annotations

from bam.extraction.annotate.heads import EventWords
from bam.extraction.annotate.model import Date, Head, PersonCount
from bam.extraction.confidence import confidence, log_odds
from bam.extraction.context import Context
from bam.extraction.evidence import all_evidence, clause_evidence
from bam.extraction.registry import Found
from bam.extraction.resources import Resources
from bam.extraction.result import PassedOver
from bam.extraction.tables.workshops import decide
from bam.extraction.tables.workshops.events import Event, events_of
from bam.extraction.tables.workshops.topic import topic_of
from bam.model.claims import Fact, Reason, Table, WorkshopValues

_ACCEPTED = 0.35


def find(context: Context, resources: Resources) -> Found:
    """The events that were held, go on or are planned, and what was passed over."""
    words = resources.words(EventWords)
    facts: list[Fact] = []
    passed: list[PassedOver] = []
    organisers: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    for event in events_of(context):
        probability, parts = decide.acceptance(context, event)
        if probability < _ACCEPTED:
            against = ", ".join(name for name, weight in parts if weight < 0) or "no sign of an event"
            text = f"not taken for an event (probability {probability:.2f}: {against})"
            passed.append(PassedOver(Table.WORKSHOPS, event.main.start, event.main.end, "no_event", text))
            continue
        organisers = decide.organisers_of(context, event, organisers)
        audience = decide.audience_of(context, event, audience)
        facts.append(_fact(context, event, probability, parts, organisers, audience, words))
    return Found(tuple(facts), tuple(passed))


def _fact(
    context: Context,
    event: Event,
    probability: float,
    parts: list[tuple[str, float]],
    organisers: tuple[str, ...],
    audience: tuple[str, ...],
    words: EventWords,
) -> Fact:
    annotated = context.annotated
    place, date, people = decide.place_of(context, event), decide.date_of(context, event), decide.people_of(context, event)
    start, end = _days(date)
    programme = context.programme_at(event.main)
    head = event.head
    values = WorkshopValues(
        topic=topic_of(context, event, words),
        start=start,
        end=end,
        country=context.country_of(place) if place is not None else None,
        place=place.name if place is not None else None,
        venue=_venue(context, event),
        organisers=organisers,
        participants=_participants(people),
        audience=tuple(dict.fromkeys((*(code for person in people for code in person.parties), *audience))),
        status=decide.status_of(context, event),
        programme=programme.code if programme is not None else None,
        count=head.count if head is not None and head.is_plural and head.count and head.count > 1 else None,
    )
    reasons = [Reason(name, _sentence(name, weight), round(weight, 2)) for name, weight in parts]
    rest = round(log_odds(probability) - sum(reason.weight for reason in reasons), 2)
    reasons.append(Reason("other_signs", "all other signs together", rest))
    quotes = [clause_evidence(annotated, mention) for mention in event.mentions]
    return Fact(Table.WORKSHOPS, values, all_evidence(quotes[0], quotes[1:]), confidence(reasons), tuple(reasons))


def _sentence(name: str, weight: float) -> str:
    return f"{name.replace('_', ' ')} speaks {'for' if weight > 0 else 'against'} an event"


def _days(date: Date | None) -> tuple[str | None, str | None]:
    """First and last day; a single day is both, "until Friday" only the last, "since March" only the first."""
    if date is None:
        return None, None
    if date.role == "until":
        return None, date.value
    if date.role == "since":
        return date.value, None
    return date.value, date.until or date.value


def _participants(people: list[PersonCount]) -> int | None:
    """The people of the first count, with those of other groups in the same sentence run."""
    if not people:
        return None
    first = people[0]
    group = [p for p in people if p.parties and p.parties != first.parties and p.start - first.end < 60]
    return first.count + sum(person.count for person in group)


def _venue(context: Context, event: Event) -> str | None:
    """The building that houses it: a facility named in its clause behind "at"."""
    annotated = context.annotated
    clause = annotated.clause_at(event.main.start)
    tokens = annotated.tokens
    for head in annotated.within(annotated.heads, clause):
        first, _ = tokens.span(head.start, head.end)
        lead = tokens.norms[max(0, first - 3) : first]
        if isinstance(head, Head) and head.kind == "facility" and "at" in lead:
            return annotated.quote(head)
    return None
