"""Facilities: which mentions are found, which of them mean one thing, and what the facts say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.documents.convert import convert
from bam.extraction.annotate import Annotated, annotate
from bam.extraction.context import context_of
from bam.extraction.registry import Found
from bam.extraction.resources import Resources
from bam.extraction.tables.facilities import decide, find
from bam.extraction.tables.facilities.features import DocumentSigns
from bam.extraction.tables.facilities.links import Neighbourhood, place_options
from bam.extraction.tables.facilities.mention import Mention
from bam.extraction.tables.facilities.mentions import mentions_of
from bam.extraction.tables.facilities.parts import part_of
from bam.extraction.tables.facilities.things import things_of
from bam.extraction.tables.facilities.types import TypeSigns
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityStatus, FacilityValues

Read = Callable[..., Annotated]

OPENING = (
    "On 3 February 2014 Japan handed over a new border post at Ustrovo, built with a grant of $400,000 from Tokyo.\n"
    "The border post at Ustrovo has a kennel and a generator."
)


@pytest.fixture
def words(resources: Resources) -> FacilitySigns:
    """The words of the table."""
    return resources.words(FacilitySigns)


def _found(read: Read, resources: Resources, text: str) -> Found:
    return find(context_of(read(text), resources), resources)


def test_names_of_a_list_are_mentions_of_their_own(read: Read, resources: Resources, words: FacilitySigns) -> None:
    context = context_of(read("The crossing points of Dalny, Verhovo and Ustrovo were renovated."), resources)
    names = {mention.name for mention in mentions_of(context, words) if mention.via == "listed"}
    assert {"Dalny", "Verhovo", "Ustrovo"} <= names


def test_a_noun_left_out_is_found_by_its_site(read: Read, resources: Resources, words: FacilitySigns) -> None:
    text = "The border post at Verhovo was opened in May.\nAnother, at Ustrovo, is still being built."
    sites = [m for m in mentions_of(context_of(read(text), resources), words) if m.via == "place"]
    assert [site.place for site in sites] == ["Ustrovo"]
    assert sites[0].head.lemma == "border post"


def test_the_town_of_a_single_thing_is_no_site(read: Read, resources: Resources, words: FacilitySigns) -> None:
    context = context_of(read("In Ustrovo a laboratory was opened."), resources)
    assert [mention.via for mention in mentions_of(context, words)] == ["head"]


def test_a_known_crossing_can_be_a_site_wherever_it_stands(read: Read, resources: Resources, words: FacilitySigns) -> None:
    text = "Georgia has a border post at Ustrovo. A clerk wrote that somebody had locked Belgate in the evening."
    sites = [m.name for m in mentions_of(context_of(read(text), resources), words) if m.via == "place"]
    assert sites == ["Belgate"]


def test_mentions_of_one_post_are_one_thing(read: Read, resources: Resources, words: FacilitySigns) -> None:
    things = things_of(context_of(read(OPENING), resources), words)
    posts = [thing for thing in things if thing.main.via == "head" and thing.main.head.lemma == "border post"]
    assert [len(thing.mentions) for thing in posts] == [2]


def test_a_post_that_was_built_and_handed_over_is_a_fact(read: Read, resources: Resources) -> None:
    found = _found(read, resources, OPENING)
    posts = [fact for fact in found.facts if fact.values.type == "border_post"]
    assert len(posts) == 1
    assert (posts[0].values.place, posts[0].values.status) == ("Ustrovo", "operational")


def test_evidence_stands_in_the_text_and_reasons_make_the_confidence(read: Read, resources: Resources) -> None:
    annotated = read(OPENING)
    found = find(context_of(annotated, resources), resources)
    assert found.facts
    for fact in found.facts:
        assert fact.reasons
        assert 0 < fact.confidence < 1
        assert all(annotated.text[e.start : e.end] == e.quote for e in fact.evidence)


def test_what_is_passed_over_has_a_reason(read: Read, resources: Resources) -> None:
    found = _found(read, resources, "Prices rose again, and a bridge between the two theories is missing.")
    assert not found.facts
    assert all(item.reason == "no_facility" and item.text for item in found.passed_over)


def test_a_text_without_facilities_is_empty(read: Read, resources: Resources) -> None:
    assert _found(read, resources, "The choir of Ustrovo sang for an hour.") == Found()


def _phrases(read: Read, resources: Resources, words: FacilitySigns, text: str) -> dict[str, Mention]:
    return {mention.name: mention for mention in mentions_of(context_of(read(text), resources), words)}


def test_a_shell_is_no_thing_beside_what_it_holds(read: Read, resources: Resources, words: FacilitySigns) -> None:
    found = _phrases(read, resources, words, "The ambassador opened the new building of the laboratory.")
    assert list(found) == ["laboratory"]
    assert found["laboratory"].outer < found["laboratory"].start


def test_the_region_around_a_site_is_no_site(read: Read, resources: Resources, words: FacilitySigns) -> None:
    text = "Scanners went to two crossing points: Dalny, on the border in the Verhovo region, and Ustrovo."
    sites = {mention.place for mention in mentions_of(context_of(read(text), resources), words) if mention.via != "head"}
    assert "Dalny" in sites
    assert not any(place and "Verhovo" in place for place in sites)


def test_a_name_in_apposition_names_the_thing(read: Read, resources: Resources, words: FacilitySigns) -> None:
    found = _phrases(read, resources, words, "A first post, Ustrovo, was built in six months.")
    assert found["Ustrovo"].via == "head"


def test_a_date_in_apposition_is_no_name(read: Read, resources: Resources, words: FacilitySigns) -> None:
    assert list(_phrases(read, resources, words, "Guests on the parade ground, Nov. 6.")) == ["parade ground"]


def test_a_name_ends_with_its_sentence(read: Read, resources: Resources, words: FacilitySigns) -> None:
    found = _phrases(read, resources, words, "The police get a faculty of their own\nDushanbe, 17 June 2010")
    assert [(name, mention.place) for name, mention in found.items()] == [("faculty of their own", None)]


def test_an_ordinal_counts_nothing(read: Read) -> None:
    (head,) = read("They opened its 3rd Regional command in Dushanbe.").heads_of("facility")
    assert (head.count, head.determiner, head.is_plural) == (None, "possessive", False)


def test_an_unnamed_thing_takes_in_what_belongs_to_it(read: Read, resources: Resources, words: FacilitySigns) -> None:
    found = _phrases(read, resources, words, "The charge d'affaires inaugurated a post for forty men that was paid for by Japan.")
    assert list(found) == ["post for forty men"]


def test_an_activity_is_no_building(read: Read, resources: Resources, words: FacilitySigns) -> None:
    assert _phrases(read, resources, words, "Money was set aside for capacity building in Ustrovo.") == {}


def test_a_document_without_a_certain_thing_has_none(read: Read, resources: Resources) -> None:
    found = _found(
        read, resources, "The summer camp by the lake was sunny.\nThe team walked to the harbour and took the road home."
    )
    assert not found.facts
    assert found.passed_over


def test_the_words_before_a_plain_noun_tell_the_type(read: Read, resources: Resources, words: FacilitySigns) -> None:
    context = context_of(read("Japan built a vocational school in Ustrovo."), resources)
    assert [TypeSigns(context, words).told(thing) for thing in things_of(context, words)] == ["training_centre"]


def _names(read: Read, resources: Resources, words: FacilitySigns, text: str) -> set[str]:
    return {mention.name for mention in mentions_of(context_of(read(text), resources), words)}


def test_what_follows_in_time_or_space_is_no_noun_of_its_own(read: Read, resources: Resources, words: FacilitySigns) -> None:
    assert "language laboratory" in _names(read, resources, words, "Norway may add a language laboratory next year.")


@pytest.mark.parametrize(
    "text",
    [
        "The project is about capacity building.",
        "He completed the six-month school in May.",
        "The lower house voted on Monday.",
    ],
)
def test_courses_funds_and_organisations_are_no_places(read: Read, resources: Resources, words: FacilitySigns, text: str) -> None:
    assert not _names(read, resources, words, text)


def test_a_number_belongs_to_the_name_of_a_thing(read: Read, resources: Resources, words: FacilitySigns) -> None:
    assert "Fort 28" in _names(read, resources, words, "The ceremony took place at Fort 28 on Monday.")
    assert "Region 4 Station" in _names(read, resources, words, "The Region 4 Station was handed over in March.")


def test_the_acronym_in_brackets_is_no_second_thing(read: Read, resources: Resources, words: FacilitySigns) -> None:
    text = "A border-crossing point (BCP) was opened at Ustrovo.\nThe BCP has two lanes."
    things = things_of(context_of(read(text), resources), words)
    assert [len(thing.mentions) for thing in things if thing.main.via == "head"] == [2]


def test_the_place_before_a_colon_is_that_of_the_thing(read: Read, resources: Resources, words: FacilitySigns) -> None:
    found = _phrases(read, resources, words, "Dushanbe: the search bay for coaches is in use.")
    assert next(mention.place for name, mention in found.items() if name.startswith("search bay")) == "Dushanbe"


def test_how_far_a_thing_has_come_does_not_make_it_another_one(read: Read, resources: Resources, words: FacilitySigns) -> None:
    text = "The United States wants to build a training centre near Osh. The proposed centre would have a canteen."
    things = things_of(context_of(read(text), resources), words)
    assert [len(thing.mentions) for thing in things if "centre" in thing.nouns] == [2]
    other = "The United States wants to build a training centre near Osh. The medical centre would be renovated."
    things = things_of(context_of(read(other), resources), words)
    assert [len(thing.mentions) for thing in things if "centre" in thing.nouns] == [1, 1]


def test_another_thing_is_not_the_one_before(read: Read, resources: Resources, words: FacilitySigns) -> None:
    text = "New centre opens\nThe centre was built in May.\nA similar centre was opened in Verhovo."
    things = things_of(context_of(read(text), resources), words)
    assert len([thing for thing in things if thing.main.via == "head"]) == 2


@pytest.mark.parametrize(
    ("signs", "part"),
    [
        ({"object=work", "on=staff"}, "worked"),
        ({"on=staff"}, "staffed"),
        ({"subject=state/active"}, "acts"),
        ({"listed", "like.object=open"}, "worked"),
        ({"opens"}, "none"),
    ],
)
def test_the_most_telling_sign_makes_the_part(signs: set[str], part: str) -> None:
    assert part_of(frozenset(signs)) == part


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The border post at Ustrovo, for which Japan gave 2 million dollars, is under construction.", "under_construction"),
        ("Japan will give 2 million dollars for a new border post at Ustrovo, which is still on the drawing board.", "planned"),
        ("The border post at Ustrovo, a gift of Japan, was opened in May and is in use.", "operational"),
    ],
)
def test_a_set_phrase_tells_the_status(read: Read, resources: Resources, text: str, status: str) -> None:
    posts = [fact.values.status for fact in _found(read, resources, text).facts if fact.values.place == "Ustrovo"]
    assert posts == [status]


@pytest.mark.parametrize(("read_day", "kept"), [("2014-02-03", "2014-02-03"), ("2014-12-07", None)])
def test_what_works_did_not_open_on_a_day_to_come(
    read: Read, resources: Resources, monkeypatch: pytest.MonkeyPatch, read_day: str, kept: str | None
) -> None:
    monkeypatch.setattr(decide, "date_of", lambda *_: read_day)
    (fact,) = _found(read, resources, OPENING).facts
    assert isinstance(fact.values, FacilityValues)
    assert (fact.values.status, fact.values.status_date) == (FacilityStatus.OPERATIONAL, kept)


def test_a_cell_under_the_head_site_is_the_place_of_its_row(resources: Resources, words: FacilitySigns) -> None:
    table = b"| Site | Works |\n|---|---|\n| Ustrovo | Rehabilitation of the customs terminal |\n"
    context = context_of(annotate(convert(table, "works.md")[0], resources), resources)
    places = {mention.head.lemma: mention.place for mention in mentions_of(context, words) if mention.via == "head"}
    assert places["customs terminal"] == "Ustrovo"


@pytest.mark.parametrize(
    ("name", "place"), [("the Santa Elena Border Station", "Santa Elena"), ("the OSCE Border Management Staff College", None)]
)
def test_a_thing_called_after_its_owner_does_not_say_where_it_is(
    read: Read, resources: Resources, words: FacilitySigns, name: str, place: str | None
) -> None:
    context = context_of(read(f"Japan built {name} with a grant of $400,000."), resources)
    (thing,) = things_of(context, words)
    named = [option.value for option in place_options(Neighbourhood(context, thing)) if option.features.get("from_name")]
    assert named == ([place] if place else [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b"Ustrovo. A guardhouse with a stove, built by Japan. Opened in May 2016.\n", "guardhouse (Ustrovo)"),
        (b"* **Ustrovo (Norland).** A guardhouse with a stove, built by Japan.\n", "guardhouse (Ustrovo)"),
        (b"- Ustrovo: a guardhouse, built by Japan\n", "guardhouse"),
        (b"Summary. A guardhouse was built; a summary follows.\n", "guardhouse"),
    ],
)
def test_the_name_that_opens_an_entry_is_that_of_its_site(
    resources: Resources, words: FacilitySigns, text: bytes, name: str
) -> None:
    context = context_of(annotate(convert(text, "posts.md")[0], resources), resources)
    assert [mention.name for mention in mentions_of(context, words) if mention.via == "head"] == [name]


def test_a_site_alone_in_its_entry_is_read_with_what_follows(resources: Resources, words: FacilitySigns) -> None:
    text = b"The posts of the north.\n\nVerkhino. Closed since 2018.\n\nDalnovo. Rebuilt by Japan in 2016.\n"
    context = context_of(annotate(convert(text, "posts.md")[0], resources), resources)
    things = things_of(context, words)
    signs = DocumentSigns(context, things, words)
    entries = {thing.main.name: signs.of(thing) for thing in things if thing.main.via == "place"}
    assert "entry.works" in entries["Dalnovo"]
    assert "entry.works" not in entries["Verkhino"]


def test_adjectives_of_countries_are_no_sites(read: Read, resources: Resources, words: FacilitySigns) -> None:
    text = "He saw three crossings on the Iranian and Afghan frontiers."
    assert all(mention.via == "head" for mention in mentions_of(context_of(read(text), resources), words))


def test_a_list_of_names_is_known_by_what_stands_before_its_first(read: Read, resources: Resources, words: FacilitySigns) -> None:
    context = context_of(read("Posts were rebuilt in Dalnovo, Verkhino and Ustrovo."), resources)
    things = things_of(context, words)
    signs = DocumentSigns(context, things, words)
    sites = [signs.of(thing) for thing in things if thing.main.via == "place"]
    assert ["list_before=in" in features for features in sites] == [False, True, True]


@pytest.mark.parametrize("noun", ["forensic suite", "isolation ward", "rail platform", "canine unit"])
def test_rooms_and_units_can_be_facilities(read: Read, resources: Resources, words: FacilitySigns, noun: str) -> None:
    assert noun in _phrases(read, resources, words, f"Canada built a {noun} at Ustrovo.").popitem()[0]
