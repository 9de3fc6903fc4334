"""Decisions of the trained rankers about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bam.extraction.context import Context
from bam.extraction.ranker import Ranker, load_ranker
from bam.extraction.tables.facilities.features import DocumentSigns
from bam.extraction.tables.facilities.links import (
    Neighbourhood,
    Option,
    country_options,
    date_options,
    funder_options,
    place_options,
)
from bam.extraction.tables.facilities.status import status_features, told_status
from bam.extraction.tables.facilities.things import Thing
from bam.model.claims import FacilityStatus

ACCEPT, SITE, STATUS = "facilities_accept", "facilities_site", "facilities_status"
PLACE, COUNTRY, DATE, FUNDER = "facilities_place", "facilities_country", "facilities_date", "facilities_funder"
YES, NO = "yes", "no"
_SURE, _LIKELY = 0.5, 0.15
"""Every party that is surely a funder counts, and the likeliest one where none is sure."""
_DATED = 0.3
"""Probability from which a date is taken for that of the status."""


def acceptance(thing: Thing, signs: DocumentSigns) -> tuple[float, list[tuple[str, float]]]:
    """The probability that a thing belongs in the table, and the features that say most about it."""
    ranker, features = _ranker(ACCEPT if thing.main.via == "head" else SITE), signs.of(thing)
    return ranker.probabilities(features)[YES], ranker.explain(features, YES)


def status_of(context: Context, thing: Thing, signs: DocumentSigns) -> FacilityStatus:
    """How far it has come."""
    told = told_status(context, thing, signs.words)
    return told or FacilityStatus(_ranker(STATUS).best(status_features(context, thing, signs.words, signs.around))[0])


def place_of(around: Neighbourhood) -> str | None:
    """The town, district or province where it is; a site is where its name says."""
    main = around.thing.main
    if main.via != "head":
        return main.place
    return _best(place_options(around), _ranker(PLACE))


def country_of(around: Neighbourhood, place: str | None) -> str | None:
    """The country where it is."""
    return _best(country_options(around, place), _ranker(COUNTRY))


def date_of(around: Neighbourhood) -> str | None:
    """When it was opened, begun or announced."""
    ranker = _ranker(DATE)
    scored = [(ranker.probabilities(o.features)[YES], o.value) for o in date_options(around) if o.value]
    best = max(scored, key=lambda item: item[0], default=(0.0, None))
    return best[1] if best[0] >= _DATED else None


def funders_of(around: Neighbourhood, country: str | None) -> tuple[str, ...]:
    """Who pays for it, the likeliest first."""
    ranker = _ranker(FUNDER)
    scored = [(ranker.probabilities(o.features)[YES], o.value) for o in funder_options(around, country) if o.value]
    scored.sort(key=lambda item: (-item[0], item[1]))
    sure = tuple(value for score, value in scored if score >= _SURE)
    return sure or tuple(value for score, value in scored[:1] if score >= _LIKELY)


def _best(options: Sequence[Option], ranker: Ranker) -> str | None:
    """The option with the highest score; the first one among equals."""
    scores = [ranker.scores(option.features)[YES] for option in options]
    return options[scores.index(max(scores))].value


@lru_cache(maxsize=16)
def _ranker(task: str) -> Ranker:
    ranker = load_ranker(task)
    if ranker is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return ranker
