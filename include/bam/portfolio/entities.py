"""Who and what is spoken of: organisations, programmes, places."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bam.portfolio.yaml_files import Strict


class Organisation(Strict):
    """An actor. `party` is what the tables show: an ISO 3166-1 alpha-2 code for organs of a state, an acronym for
    multilateral actors, else the name. `aliases` are written as documents write them, inflections excluded. `metonyms` are
    places that stand for it ("Tokyo has promised"): it is meant only where the sentence lets them act.
    """

    name: str
    party: str
    aliases: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    kind: Literal["government", "embassy", "agency", "multilateral", "foundation", "company", "other"] = "agency"
    country: str | None = None
    is_donor: bool = True


class Programme(Strict):
    """A named programme or project. `donors` and `countries` are what it is known to be paid by and to work in; `names`
    are how documents write it (acronym first).
    """

    name: str
    aliases: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()
    implementers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class Place(Strict):
    """A place that the libraries' gazetteer lacks or knows under another name. `aliases` hold transliterations. `neighbour` is
    the country on the other side of a crossing or river; of a river, `country` is then no more than the first of the two.
    """

    name: str
    country: str
    aliases: tuple[str, ...] = ()
    kind: Literal["town", "district", "province", "river", "crossing", "other"] = "town"
    neighbour: str | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class Region(Strict):
    """A name for several countries, for texts that mean all of them ("Central Asia", "the five countries")."""

    name: str
    countries: tuple[str, ...]
    aliases: tuple[str, ...] = ()


class OrganisationsFile(Strict):
    organisations: tuple[Organisation, ...] = ()


class ProgrammesFile(Strict):
    programmes: tuple[Programme, ...] = ()


class PlacesFile(Strict):
    places: tuple[Place, ...] = ()
    regions: tuple[Region, ...] = ()
