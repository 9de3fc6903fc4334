"""Decisions of the trained rankers about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bam.extraction.choosing import likeliest, near_best
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
from bam.model.claims import FacilityStatus, FacilityType

ACCEPT, SITE = "facilities_accept", "facilities_site"
STATUS, TYPE = "facilities_status", "facilities_type"
PLACE, COUNTRY, DATE, FUNDER = "facilities_place", "facilities_country", "facilities_date", "facilities_funder"
YES, NO = "yes", "no"
_NEARLY = 0.6
"""Share of the likeliest payer's odds from which others pay, too."""
_NONE_HANDICAP = 0.5
"""Log-odds taken from "no date"."""


def acceptance(thing: Thing, signs: DocumentSigns) -> tuple[float, list[tuple[str, float]]]:
    """The probability that a thing belongs in the table, and the features that say most about it."""
    ranker, features = _ranker(ACCEPT if thing.main.via == "head" else SITE), signs.of(thing)
    return ranker.probabilities(features)[YES], ranker.explain(features, YES)


def status_of(context: Context, thing: Thing, signs: DocumentSigns) -> FacilityStatus:
    """How far it has come."""
    told = told_status(context, thing, signs.words)
    return told or FacilityStatus(_ranker(STATUS).best(status_features(context, thing, signs.words, signs.around))[0])


def type_of(thing: Thing, signs: DocumentSigns) -> FacilityType:
    """What kind of facility it is."""
    return FacilityType(_ranker(TYPE).best(signs.types.of(thing))[0])


def place_of(around: Neighbourhood) -> str | None:
    """The town, district or province where it is."""
    return _likeliest(PLACE, place_options(around))


def country_of(around: Neighbourhood, place: str | None) -> str | None:
    """The country where it is."""
    return _likeliest(COUNTRY, country_options(around, place))


def date_of(around: Neighbourhood) -> str | None:
    """When it was opened, begun or announced."""
    return _likeliest(DATE, date_options(around), _NONE_HANDICAP)


def funders_of(around: Neighbourhood, country: str | None) -> tuple[str, ...]:
    """Who pays for it: the likeliest and all who are nearly as likely."""
    scored = _scored(FUNDER, funder_options(around, country))
    return near_best([((value,) if value else (), score) for value, score in scored], _NEARLY)


def _likeliest(task: str, options: Sequence[Option], none_handicap: float = 0.0) -> str | None:
    return likeliest(_scored(task, options), none_handicap)


def _scored(task: str, options: Sequence[Option]) -> list[tuple[str | None, float]]:
    """The options' values with their log-odds, up to a constant."""
    ranker = _ranker(task)
    return [(option.value, 2 * ranker.scores(option.features)[YES]) for option in options]


@lru_cache(maxsize=16)
def _ranker(task: str) -> Ranker:
    ranker = load_ranker(task)
    if ranker is None:
        raise RuntimeError(f"the weights of {task} are missing from the package")
    return ranker
