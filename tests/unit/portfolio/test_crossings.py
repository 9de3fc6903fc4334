"""The gazetteer of border crossings that comes with the package."""

from __future__ import annotations

from bam.portfolio.crossings import crossings, with_crossings
from bam.portfolio.entities import Place
from bam.portfolio.gazetteer import gazetteer

_LEAST = 1_500


def test_every_gate_has_two_countries_that_exist() -> None:
    codes = set(gazetteer().countries)
    assert len(crossings()) >= _LEAST
    for gate in crossings():
        assert gate.kind == "crossing"
        assert gate.country in codes, gate.name
        assert gate.neighbour is None or gate.neighbour in codes - {gate.country}, gate.name


def test_every_continent_is_covered() -> None:
    neighbours = {(gate.country, gate.neighbour) for gate in crossings()}
    known = {("GE", "TR"), ("JO", "SY"), ("KE", "TZ"), ("CR", "NI"), ("KH", "TH"), ("MN", "CN"), ("BG", "TR"), ("UA", "PL")}
    assert known <= neighbours


def test_lines_are_in_order_and_tidy() -> None:
    for gate in crossings():
        names = (gate.name, *gate.aliases)
        assert len(names) == len(set(names)), gate.name
        assert all(name == " ".join(name.split()) and name[0].isupper() for name in names), gate.name
        assert (gate.latitude is None) == (gate.longitude is None), gate.name
    assert [gate.country for gate in crossings()] == sorted(gate.country for gate in crossings())


def test_a_place_of_the_portfolio_goes_before_a_gate_of_its_name() -> None:
    gate = crossings()[0]
    own = Place(name=gate.name, country=gate.country, kind="district")
    places = with_crossings([own])
    assert places[0] is own
    assert [place for place in places if place.name == gate.name and place.country == gate.country] == [own]
