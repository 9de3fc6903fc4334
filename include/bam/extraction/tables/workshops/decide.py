"""Decisions of the trained rankers about one event."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bam.extraction.annotate.model import Date, PersonCount, PlaceMention
from bam.extraction.choosing import likeliest, likely_codes
from bam.extraction.ranker import Features, Ranker, load_ranker
from bam.extraction.tables.workshops.audience import Audience
from bam.extraction.tables.workshops.countries import CountryChoice
from bam.extraction.tables.workshops.features import mention_features, status_features
from bam.extraction.tables.workshops.links import (
    Linked,
    Option,
    Surroundings,
    items_around,
    link_features,
    options_of,
    people_around,
)
from bam.extraction.tables.workshops.mentions import Mention, Scene
from bam.extraction.tables.workshops.organisers import Giver
from bam.model.claims import WorkshopStatus

ACCEPT, STATUS = "workshops_accept", "workshops_status"
START, END, PLACE, PEOPLE = "workshops_start", "workshops_end", "workshops_place", "workshops_people"
COUNTRY, ORGANISER, AUDIENCE = "workshops_country", "workshops_organiser", "workshops_audience"
YES, NO = "yes", "no"
LEAST = {PEOPLE: 0.4, ORGANISER: 0.45, AUDIENCE: 0.32}
"""Probability from which a value is taken: below a half, since an empty field costs as much as a wrong one."""
NONE_HANDICAP = {START: 0.5, END: 0.0, PLACE: 0.0}
"""Log-odds taken from "the text doesn't say"."""
_NOT_UNLIKELY = 0.1
_GROUP_GAP = 12


def acceptance(scene: Scene, mention: Mention) -> tuple[float, Features]:
    """The probability that the mention brings in an event of the table, and what it was told by."""
    features = mention_features(scene, mention)
    return ranker(ACCEPT).probabilities(features)[YES], features


def reasons_for(features: Features) -> list[tuple[str, float]]:
    """What says most for or against an event."""
    return ranker(ACCEPT).explain(features, YES)


def status_of(scene: Scene, mention: Mention, features: Features) -> WorkshopStatus:
    """Whether it was held, goes on or is planned; `features` are those of its acceptance."""
    return WorkshopStatus(ranker(STATUS).best(status_features(scene, mention, features))[0])


def days_of(around: Surroundings) -> tuple[Date | None, Date | None]:
    """The mentions of its first and of its last day."""
    dates = items_around(around, around.scene.context.annotated.dates)
    options = options_of(around, dates)
    return _likeliest(START, options), _likeliest(END, options)


def place_of(around: Surroundings) -> PlaceMention | None:
    """Where it was or will be."""
    return _likeliest(PLACE, options_of(around, items_around(around, around.scene.context.annotated.places)))


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
    model = ranker(COUNTRY)
    return likeliest([(choice.code, 2 * model.scores(choice.features)[YES]) for choice in choices])


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
    """The countries that the trainees are likely to come from."""
    model = ranker(AUDIENCE)
    return likely_codes([(audience.codes, 2 * model.scores(audience.features)[YES]) for audience in audiences], LEAST[AUDIENCE])


def _likeliest(task: str, options: Sequence[Option[Linked]]) -> Linked | None:
    """The likeliest item, the first one among equals; None where it is likelier that the text doesn't say."""
    model = ranker(task)
    return likeliest([(option.item, 2 * model.scores(option.features)[YES]) for option in options], NONE_HANDICAP[task])


@lru_cache(maxsize=16)
def ranker(task: str) -> Ranker:
    """The shipped model of a task."""
    found = load_ranker(task)
    if found is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return found
