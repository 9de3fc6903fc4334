"""Decisions of the trained rankers about one event."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bam.extraction import roles
from bam.extraction.annotate.model import Date, PersonCount, PlaceMention
from bam.extraction.context import Context
from bam.extraction.ranker import Ranker, load_ranker
from bam.extraction.tables.workshops.events import Event
from bam.extraction.tables.workshops.features import event_features, link_features
from bam.model.claims import WorkshopStatus

ACCEPT, STATUS = "workshops_accept", "workshops_status"
DATE, PLACE, PEOPLE = "workshops_date", "workshops_place", "workshops_people"
ORGANISER, AUDIENCE = "workshops_organiser", "workshops_audience"
YES, NO = "yes", "no"
_SURE, _LIKELY = 0.45, 0.2
_LINKED = {DATE: 0.4, PLACE: 0.35, PEOPLE: 0.4}
"""Probability from which a date, place or number is taken: below a half, since an empty field costs as much as a wrong one."""
_AROUND = 2


def acceptance(context: Context, event: Event) -> tuple[float, list[tuple[str, float]]]:
    """The probability that it is an event of the table, and the features that say most about it."""
    ranker, features = _ranker(ACCEPT), event_features(context, event)
    return ranker.probabilities(features)[YES], ranker.explain(features, YES)


def status_of(context: Context, event: Event) -> WorkshopStatus:
    """Whether it was held, goes on or is planned."""
    return WorkshopStatus(_ranker(STATUS).best(event_features(context, event))[0])


def date_of(context: Context, event: Event) -> Date | None:
    """When it was or will be."""
    best = _linked(context, event, DATE, context.annotated.dates)
    return best[0] if best and isinstance(best[0], Date) else None


def place_of(context: Context, event: Event) -> PlaceMention | None:
    """Where it was or will be."""
    best = _linked(context, event, PLACE, context.annotated.places)
    return best[0] if best and isinstance(best[0], PlaceMention) else None


def people_of(context: Context, event: Event) -> list[PersonCount]:
    """The counts of people trained: all that are surely meant, in order of place."""
    found = _linked(context, event, PEOPLE, context.annotated.persons)
    return sorted((item for item in found if isinstance(item, PersonCount)), key=lambda item: item.start)


def organisers_of(context: Context, event: Event, carried: tuple[str, ...]) -> tuple[str, ...]:
    """Who gives it."""
    return _codes(context, event, _ranker(ORGANISER), carried)


def audience_of(context: Context, event: Event, carried: tuple[str, ...]) -> tuple[str, ...]:
    """The countries that the trainees come from."""
    codes = _codes(context, event, _ranker(AUDIENCE), carried)
    return tuple(code for code in codes if len(code) == 2 and code not in ("EU", "UN"))


def items_around(
    context: Context, event: Event, items: Sequence[Date] | Sequence[PlaceMention] | Sequence[PersonCount]
) -> list[Date | PlaceMention | PersonCount]:
    """The items of the sentences that mention the event and of those beside the first one."""
    annotated = context.annotated
    first = annotated.sentence_at(event.main.start).index
    wanted = {annotated.sentence_at(mention.start).index for mention in event.mentions}
    wanted |= set(range(max(0, first - _AROUND), min(len(annotated.sentences), first + _AROUND)))
    found: list[Date | PlaceMention | PersonCount] = []
    for index in sorted(wanted):
        found += annotated.within(items, annotated.sentences[index])
    return found


def _linked(
    context: Context, event: Event, task: str, items: Sequence[Date] | Sequence[PlaceMention] | Sequence[PersonCount]
) -> list[Date | PlaceMention | PersonCount]:
    """The items that are surely the event's, the likeliest first."""
    ranker = _ranker(task)
    scored = [
        (ranker.probabilities(link_features(context, event, item))[YES], item) for item in items_around(context, event, items)
    ]
    return [item for score, item in sorted(scored, key=lambda pair: (-pair[0], pair[1].start)) if score >= _LINKED[task]]


def _codes(context: Context, event: Event, ranker: Ranker, carried: tuple[str, ...]) -> tuple[str, ...]:
    scored = []
    for candidate in roles.candidates_of(context, event.main, carried):
        features = roles.party_features(context, event.main, candidate)
        features["was"] = candidate.codes[0] in carried
        scored.append((ranker.probabilities(features)[YES], candidate.codes))
    scored.sort(key=lambda item: (-item[0], item[1]))
    chosen = [codes for score, codes in scored if score >= _SURE]
    if not chosen and scored and scored[0][0] >= _LIKELY:
        chosen = [scored[0][1]]
    return tuple(dict.fromkeys(code for codes in chosen for code in codes))


@lru_cache(maxsize=16)
def _ranker(task: str) -> Ranker:
    ranker = load_ranker(task)
    if ranker is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return ranker
