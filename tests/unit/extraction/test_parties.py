"""Parties, programmes, places and counts of people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import Annotated

Read = Callable[..., Annotated]


@pytest.mark.parametrize(
    ("phrase", "code", "use"),
    [
        ("Tajikistan", "TJ", "name"),
        ("the Kyrgyz Republic", "KG", "name"),
        ("the Japanese government", "JP", "organ"),
        ("the U.S. Embassy in Dushanbe", "US", "organ"),
        ("the Embassy of Japan in Tajikistan", "JP", "organ"),
        ("the Government of the Republic of Kenya", "KE", "organ"),
        ("the Georgian Interior Ministry", "GE", "organ"),
        ("Ministry of Interior of Montenegro", "ME", "organ"),
        ("Kazakhstan's State Border Service", "KZ", "organ"),
        ("the Organization for Security and Co-operation in Europe", "OSCE", "organisation"),
        ("the State Department", "US", "organisation"),
        ("Kosovo", "XK", "name"),
    ],
)
def test_how_parties_are_written(read: Read, phrase: str, code: str, use: str) -> None:
    (party,) = read(f"The post was opened by {phrase}.").parties
    assert (party.code, party.use.value) == (code, use)


def test_an_embassy_keeps_the_country_where_it_is(read: Read) -> None:
    (party,) = read("The post was opened by the Embassy of Japan in Tajikistan.").parties
    assert (party.code, party.host) == ("JP", "TJ")


def test_a_capital_acts_before_a_verb_and_is_a_place_behind_a_preposition(read: Read) -> None:
    actor = read("Tokyo has promised a grant.").parties[0]
    place = read("They met in Tokyo.").parties[0]
    assert actor.code == place.code == "JP"
    assert actor.weight > 0.5 > place.weight


def test_an_acronym_defined_in_the_text_is_the_party_from_then_on(read: Read) -> None:
    annotated = read("The Council for Mountain Patrol Development (CMPD) met. CMPD paid the rest.")
    assert [party.code for party in annotated.parties] == ["CMPD", "CMPD", "CMPD"]


@pytest.mark.parametrize(
    "name", ["Lake Malawi", "the Gulf of Oman", "the Sea of Japan", "the Niger Delta", "the Congo River", "the Panama Canal"]
)
def test_a_water_is_not_the_country_in_its_name(read: Read, name: str) -> None:
    assert not read(f"Patrols on {name} began in May.").parties


def test_a_country_on_a_water_is_a_party(read: Read) -> None:
    (party,) = read("On the lake Malawi patrols with two boats.").parties
    assert party.code == "MW"


def test_pronoun_us_is_no_country(read: Read) -> None:
    assert read("They told us about it.").parties == ()


def test_programmes_known_and_defined_in_the_text(read: Read) -> None:
    annotated = read(
        "The Highland Patrol Programme ended. The Better Gates Project (BGP) began. BGP is small, the QZT project large."
    )
    assert [(p.code, p.is_known) for p in annotated.programmes] == [
        ("HILLTOP", True),
        ("BGP", False),
        ("BGP", False),
        ("BGP", False),
        ("QZT", False),
    ]


@pytest.mark.parametrize(
    ("sentence", "name", "country"),
    [
        ("A post was opened in Ustrovo district.", "Ustrovo district", "TJ"),
        ("A post was opened in Khorog, Tajikistan.", "Khorog", "TJ"),
        ("In Georgia, workers came from the village of Zarvani.", "Zarvani", None),
        ("Kenya opened a post in Mombasa.", "Mombasa", "KE"),
    ],
)
def test_places(read: Read, sentence: str, name: str, country: str | None) -> None:
    assert [(place.name, place.country) for place in read(sentence).places] == [(name, country)]


@pytest.mark.parametrize(("country", "code"), [("Georgia", "GE"), ("Kenya", "KE")])
def test_a_crossing_is_in_the_country_that_the_document_names(read: Read, country: str, code: str) -> None:
    places = read(f"{country} repairs its road. The hall at Belgate was opened.").places
    assert [(place.name, place.country, place.kind) for place in places] == [("Belgate", code, "crossing")]


def test_ordinary_words_are_no_places(read: Read) -> None:
    assert read("Support came late. The Mobile Unit of the Border Guard left. March was cold.").places == ()


@pytest.mark.parametrize(
    ("phrase", "counts"),
    [
        ("12 Afghan and 14 Tajik officers", [(12, ("AF",)), (14, ("TJ",))]),
        ("more than 1,400 officials", [(1400, ())]),
        ("twenty-five women from the police", [(25, ())]),
        ("a dozen young instructors", [(12, ())]),
        ("twelve senior customs officers", [(12, ())]),
    ],
)
def test_counts_of_people(read: Read, phrase: str, counts: list[tuple[int, tuple[str, ...]]]) -> None:
    assert [(person.count, person.parties) for person in read(f"It trained {phrase} there.").persons] == counts


def test_numbers_of_things_are_no_people(read: Read) -> None:
    assert read("It has 12 posts, 3 vehicles and 2014 was dry.").persons == ()
