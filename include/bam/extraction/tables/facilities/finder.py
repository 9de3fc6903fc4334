"""From the things of a document to its facility facts."""

from __future__ import annotations

from bam.extraction.annotate.publication import is_to_come
from bam.extraction.confidence import confidence, log_odds
from bam.extraction.context import Context
from bam.extraction.evidence import all_evidence, clause_evidence
from bam.extraction.registry import Found
from bam.extraction.resources import Resources
from bam.extraction.result import PassedOver
from bam.extraction.tables.facilities import decide
from bam.extraction.tables.facilities.features import DocumentSigns, read_mentions
from bam.extraction.tables.facilities.links import Neighbourhood
from bam.extraction.tables.facilities.things import Thing, things_of
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityStatus, FacilityValues, Fact, Reason, Table

_ACCEPTED = 0.38
"""Probability from which a thing is taken: where records missed and records invented weigh the same (cross-validated)."""
_CERTAIN = 0.5
"""A document whose likeliest thing is less probable than this is about something else: it has no facility of the tables."""


def find(context: Context, resources: Resources) -> Found:
    """The things that an analyst enters, one fact for each, and the others with what spoke against them."""
    words = resources.words(FacilitySigns)
    things = things_of(context, words)
    signs = DocumentSigns(context, things, words)
    judged = [(thing, *decide.acceptance(thing, signs)) for thing in things]
    is_about = any(probability >= _CERTAIN for _, probability, _ in judged)
    facts: list[Fact] = []
    passed: list[PassedOver] = []
    for thing, probability, parts in judged:
        if is_about and probability >= _ACCEPTED:
            facts.append(_fact(context, thing, _reasons(probability, parts), signs))
        else:
            passed.append(_passed(thing, probability, parts))
    return Found(tuple(facts), tuple(passed))


def _passed(thing: Thing, probability: float, parts: list[tuple[str, float]]) -> PassedOver:
    against = ", ".join(name.replace("_", " ") for name, weight in parts if weight < 0) or "no sign of assistance"
    if probability >= _ACCEPTED:
        against = "nothing in the document is certain"
    text = f"not taken for a facility of the table (probability {probability:.2f}: {against})"
    return PassedOver(Table.FACILITIES, thing.main.start, thing.main.end, "no_facility", text)


def _reasons(probability: float, parts: list[tuple[str, float]]) -> list[Reason]:
    """The strongest features as reasons; what the others add is the last one, so that the weights make the probability."""
    named = [Reason(name, _sentence(name, weight), round(weight, 2)) for name, weight in parts]
    rest = round(log_odds(probability) - sum(reason.weight for reason in named), 2)
    return [*named, Reason("other_signs", "all other signs together", rest)]


def _sentence(name: str, weight: float) -> str:
    return f"{name.replace('_', ' ')} speaks {'for' if weight > 0 else 'against'} a facility of the table"


def _fact(context: Context, thing: Thing, reasons: list[Reason], signs: DocumentSigns) -> Fact:
    main, around = thing.main, Neighbourhood(context, thing)
    place = decide.place_of(around)
    country = decide.country_of(around, place)
    programme = context.programme_at(main)
    status, status_date = decide.status_of(context, thing, signs), decide.date_of(around)
    if status is FacilityStatus.OPERATIONAL and is_to_come(status_date, context.annotated.publication.date):
        # What works today didn't open on a day to come: the day is that of something else, such as a course held there.
        status_date = None
    values = FacilityValues(
        name=main.name,
        type=decide.type_of(thing, signs),
        country=country,
        place=place,
        status=status,
        status_date=status_date,
        funders=decide.funders_of(around, country),
        programme=programme.code if programme is not None else None,
    )
    quotes = [clause_evidence(context.annotated, mention) for mention in read_mentions(thing)]
    return Fact(Table.FACILITIES, values, all_evidence(quotes[0], quotes[1:]), confidence(reasons), tuple(reasons))
