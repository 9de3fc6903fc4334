"""The names in the default portfolio: they load, mean one thing each, and use codes that exist."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pycountry
import pytest

from bam.model.errors import ConfigurationError
from bam.portfolio.entities import Organisation, OrganisationsFile, Place, PlacesFile, Programme, ProgrammesFile, Region
from bam.portfolio.load import Portfolio, load_portfolio
from bam.portfolio.yaml_files import read_model

FOLDER = Path(__file__).parents[3] / "include" / "portfolio"
# Kosovo has a user-assigned code that the tables use, as the European Union does.
COUNTRIES = {country.alpha_2 for country in pycountry.countries} | {"XK"}
TWO_LETTER_BODIES = {"EU", "UN", "WB"}


@lru_cache(maxsize=1)
def portfolio() -> Portfolio:
    return load_portfolio(FOLDER)


def ambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Names that lead to more than one meaning, from (name, meaning) pairs."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for name, meaning in pairs:
        meanings[name].add(meaning)
    return {name: found for name, found in meanings.items() if len(found) > 1}


def named_entries() -> tuple[Programme | Place | Region, ...]:
    return (*portfolio().programmes, *portfolio().places, *portfolio().regions)


def spellings(organisation: Organisation) -> tuple[str, ...]:
    return (organisation.name, *organisation.aliases, *organisation.metonyms)


def test_no_name_leads_to_two_parties() -> None:
    assert not ambiguous((name, one.party) for one in portfolio().organisations for name in spellings(one))


def test_no_name_leads_to_two_programmes() -> None:
    assert not ambiguous((name, one.name) for one in portfolio().programmes for name in (one.name, *one.aliases))


def test_no_name_leads_to_two_places_of_a_country() -> None:
    pairs = ((f"{one.country} {name}", one.name) for one in portfolio().places for name in (one.name, *one.aliases))
    assert not ambiguous(pairs)


def test_no_name_leads_to_two_regions() -> None:
    assert not ambiguous((name, one.name) for one in portfolio().regions for name in (one.name, *one.aliases))


def test_parties_are_country_codes_or_names_that_cannot_be_taken_for_one() -> None:
    for one in portfolio().organisations:
        assert one.party == one.party.strip()
        if re.fullmatch(r"[A-Z]{2}", one.party):
            assert one.party in COUNTRIES | TWO_LETTER_BODIES, one
            if one.party in COUNTRIES:
                assert one.country == one.party, f"{one.name} shows as {one.party} and doesn't say that this is its country"
        else:
            assert one.country is None, f"{one.name} is an organ of {one.country} and shows as {one.party}"


def test_codes_of_countries_exist() -> None:
    codes = [one.country for one in portfolio().organisations if one.country]
    codes += [code for one in portfolio().programmes for code in one.countries]
    codes += [code for one in portfolio().places for code in (one.country, one.neighbour) if code]
    codes += [code for one in portfolio().regions for code in one.countries]
    codes += portfolio().about.countries
    assert set(codes) <= COUNTRIES


def test_programmes_name_known_parties() -> None:
    known = {one.party for one in portfolio().organisations} | COUNTRIES
    for one in portfolio().programmes:
        assert set(one.donors) | set(one.implementers) <= known, one.name


def test_nothing_is_listed_twice_within_an_entry() -> None:
    for organisation in portfolio().organisations:
        names = spellings(organisation)
        assert len(names) == len(set(names)), organisation.name
    for entry in named_entries():
        aliases = (entry.name, *entry.aliases)
        assert len(aliases) == len(set(aliases)), entry.name
    for region in portfolio().regions:
        assert len(region.countries) == len(set(region.countries)) >= 2, region.name


def test_names_are_tidy() -> None:
    """Blanks at the ends or doubled would never match a document."""
    for entry in (*portfolio().organisations, *named_entries()):
        for name in (entry.name, *entry.aliases):
            assert name == " ".join(name.split()), repr(name)
            assert len(name) >= 2, entry


def test_coordinates_come_in_pairs_and_near_the_neighbours() -> None:
    own = read_model(FOLDER / "places.yml", PlacesFile).places
    with_coordinates = [one for one in own if one.latitude is not None]
    assert len(with_coordinates) >= 150
    for one in portfolio().places:
        assert (one.latitude is None) == (one.longitude is None), one.name
    for one in with_coordinates:
        assert one.latitude is not None
        assert one.longitude is not None
        assert 29 <= one.latitude <= 56, one.name
        assert 46 <= one.longitude <= 88, one.name


def test_the_countries_of_the_portfolio_are_covered() -> None:
    places = {one.country for one in portfolio().places}
    assert set(portfolio().about.countries) <= places


@pytest.mark.parametrize(
    ("alias", "party"),
    [
        ("State Department", "US"),
        ("INL", "US"),
        ("CENTCOM", "US"),
        ("Frontex", "EU"),
        ("EUCAP Sahel Niger", "EU"),
        ("European Investment Bank", "EIB"),
        ("OSCE Office in Tajikistan", "OSCE"),
        ("International Organization for Migration", "IOM"),
        ("World Bank", "WB"),
        ("JICA", "JP"),
        ("TİKA", "TR"),
        ("African Union", "African Union"),
        ("AusAID", "AU"),
        ("Norad", "NO"),
    ],
)
def test_well_known_names(alias: str, party: str) -> None:
    assert {one.party for one in portfolio().organisations if alias in spellings(one)} == {party}


def test_yaml_that_reads_norway_as_no_is_refused(tmp_path: Path) -> None:
    """Unquoted `NO` is a YAML boolean; the error has to name the key instead of storing False."""
    file = tmp_path / "organisations.yml"
    file.write_text("organisations:\n  - {name: Norway, party: NO}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"organisations\.0\.party"):
        read_model(file, OrganisationsFile)


@pytest.mark.parametrize(
    ("content", "model"),
    [
        ("organisations:\n  - {name: X, party: X, kindd: agency}\n", OrganisationsFile),
        ("programmes:\n  - {nam: X}\n", ProgrammesFile),
        ("places:\n  - {name: X, country: TJ, latitude: 137}\n", PlacesFile),
    ],
)
def test_a_wrong_key_or_value_is_named(tmp_path: Path, content: str, model: type[OrganisationsFile]) -> None:
    file = tmp_path / "file.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"file\.yml, key "):
        read_model(file, model)
