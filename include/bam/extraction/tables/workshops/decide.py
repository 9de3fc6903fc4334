"""Decisions of the trained rankers about one event."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bam.extraction.annotate.annotated import S
from bam.extraction.annotate.model import Date, PersonCount, PlaceMention
from bam.extraction.ranker import Features, Ranker, load_ranker
from bam.extraction.tables.workshops.audience import Audience
from bam.extraction.tables.workshops.countries import CountryChoice
from bam.extraction.tables.workshops.features import mention_features
from bam.extraction.tables.workshops.links import Surroundings, items_around, link_features, people_around
from bam.extraction.tables.workshops.mentions import Mention, Scene
from bam.extraction.tables.workshops.organisers import Giver
from bam.model.claims import WorkshopStatus

ACCEPT, STATUS = "workshops_accept", "workshops_status"
START, END, PLACE, PEOPLE = "workshops_start", "workshops_end", "workshops_place", "workshops_people"
COUNTRY, ORGANISER, AUDIENCE = "workshops_country", "workshops_organiser", "workshops_audience"
YES, NO = "yes", "no"
LEAST = {START: 0.35, END: 0.3, PLACE: 0.33, PEOPLE: 0.4, COUNTRY: 0.33, ORGANISER: 0.45}
"""Probability from which a value is taken: below a half, since an empty field costs as much as a wrong one."""
_NOT_UNLIKELY = 0.25
_GROUP_GAP = 12


def acceptance(scene: Scene, mention: Mention) -> tuple[float, Features]:
    """The probability that the mention brings in an event of the table, and what it was told by."""
    features = mention_features(scene, mention)
    return ranker(ACCEPT).probabilities(features)[YES], features


def reasons_for(features: Features) -> list[tuple[str, float]]:
    """What says most for or against an event."""
    return ranker(ACCEPT).explain(features, YES)


def status_of(features: Features) -> WorkshopStatus:
    """Whether it was held, goes on or is planned."""
    return WorkshopStatus(ranker(STATUS).best(features)[0])


def days_of(around: Surroundings) -> tuple[Date | None, Date | None]:
    """The mentions of its first and of its last day."""
    dates = items_around(around, around.scene.context.annotated.dates)
    features = [link_features(around, date, dates) for date in dates]
    return _likeliest(START, dates, features), _likeliest(END, dates, features)


def place_of(around: Surroundings) -> PlaceMention | None:
    """Where it was or will be."""
    places = items_around(around, around.scene.context.annotated.places)
    return _likeliest(PLACE, places, [link_features(around, place, places) for place in places])


def people_of(around: Surroundings) -> list[PersonCount]:
    """The counts of people trained, in order of place; groups of one enumeration belong together."""
    people = people_around(around)
    model = ranker(PEOPLE)
    scores = [model.probabilities(link_features(around, item, people))[YES] for item in people]
    taken = [score >= LEAST[PEOPLE] for score in scores]
    for index, (before, item) in enumerate(pairwise(people)):
        is_group = before.noun == item.noun and before.parties != item.parties and bool(before.parties and item.parties)
        if is_group and item.start - before.end <= _GROUP_GAP and (taken[index] or taken[index + 1]):
            taken[index] = taken[index + 1] = True
    return [item for item, is_taken in zip(people, taken, strict=True) if is_taken]


def country_of(choices: Sequence[CountryChoice]) -> str | None:
    """In which country, where no town tells."""
    best = _likeliest(COUNTRY, choices, [choice.features for choice in choices])
    return best.code if best is not None else None


def organisers_of(givers: Sequence[Giver]) -> tuple[str, ...]:
    """Who gives it: all that are likely enough, else the likeliest where it isn't unlikely."""
    model = ranker(ORGANISER)
    scored = [(model.probabilities(giver.features)[YES], giver.codes) for giver in givers]
    scored.sort(key=lambda item: (-item[0], item[1]))
    chosen = [codes for score, codes in scored if score >= LEAST[ORGANISER]]
    if not chosen and scored and scored[0][0] >= _NOT_UNLIKELY:
        chosen = [scored[0][1]]
    return tuple(dict.fromkeys(code for codes in chosen for code in codes))


def audience_of(audiences: Sequence[Audience]) -> tuple[str, ...]:
    """The likeliest set of countries that the trainees come from; the first one among equals."""
    model = ranker(AUDIENCE)
    scores = [model.scores(audience.features)[YES] for audience in audiences]
    best = max(range(len(audiences)), key=lambda index: (scores[index], -index), default=None)
    return audiences[best].codes if best is not None else ()


def _likeliest(task: str, items: Sequence[S], features: Sequence[Features]) -> S | None:
    """The likeliest item, where it is likely enough; the first one among equals."""
    model = ranker(task)
    scores = [model.probabilities(one)[YES] for one in features]
    best = max(range(len(items)), key=lambda index: (scores[index], -index), default=None)
    return items[best] if best is not None and scores[best] >= LEAST[task] else None


@lru_cache(maxsize=16)
def ranker(task: str) -> Ranker:
    """The shipped model of a task."""
    found = load_ranker(task)
    if found is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return found
