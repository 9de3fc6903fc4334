"""Trainings: what is taken for an event, and its days, place, people, givers and audience, on texts of our own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.extraction.conftest import document

from bam.extraction.annotate import Annotated, annotate
from bam.extraction.annotate.model import Date
from bam.extraction.context import context_of
from bam.extraction.resources import Resources
from bam.extraction.tables.workshops import find
from bam.extraction.tables.workshops.countries import country_choices
from bam.extraction.tables.workshops.events import events_of
from bam.extraction.tables.workshops.finder import at_the_time, days
from bam.extraction.tables.workshops.links import items_around, options_of, places_of, surroundings_of
from bam.extraction.tables.workshops.members import counted_sets, counts_in
from bam.extraction.tables.workshops.mentions import Scene, scene_of
from bam.extraction.tables.workshops.words import matchers_of
from bam.model.claims import WorkshopStatus, WorkshopValues
from bam.model.text import Block, BlockKind, ConvertedDocument, Metadata

Found = Callable[[str], list[WorkshopValues]]


@pytest.fixture
def workshops(resources: Resources) -> Found:
    """The workshops of a text published on 10 March 2014, each quote checked against it."""

    def found(text: str) -> list[WorkshopValues]:
        made = document(text, published="2014-03-10")
        result = find(context_of(annotate(made, resources), resources), resources)
        assert all(made.text[e.start : e.end] == e.quote for fact in result.facts for e in fact.evidence)
        return [fact.values for fact in result.facts if isinstance(fact.values, WorkshopValues)]

    return found


@pytest.fixture
def scene(resources: Resources, read: Callable[..., Annotated]) -> Callable[[str], Scene]:
    return lambda text: scene_of(context_of(read(text), resources), resources.get(matchers_of))


def test_an_event_is_read_with_all_that_is_told_of_it(workshops: Found) -> None:
    text = (
        "From 24 to 28 February 2014 the OSCE held a training course on the profiling of passengers in Khorog, Tajikistan, "
        "for eighteen Tajik customs officers."
    )
    (course,) = workshops(text)
    assert (course.start, course.end) == ("2014-02-24", "2014-02-28")
    assert (course.country, course.place, course.participants) == ("TJ", "Khorog", 18)
    assert course.organisers == ("OSCE",)
    assert course.audience == ("TJ",)
    assert course.status is WorkshopStatus.HELD
    assert "profiling of passengers" in course.topic


def test_what_is_still_to_come_is_planned(workshops: Found) -> None:
    (course,) = workshops(
        "The European Union will hold a workshop on risk analysis in Tbilisi from 7 to 9 April 2014 for 20 officers."
    )
    assert course.status is WorkshopStatus.PLANNED
    assert (course.start, course.end) == ("2014-04-07", "2014-04-09")


def test_phrases_that_only_sound_like_training_are_no_events(workshops: Found) -> None:
    assert workshops("In the course of the year ministers signed an exchange of notes on customs data.") == []
    assert workshops("The choir sang in the village hall on 3 March 2014, and forty guests stayed for supper.") == []


def test_groups_in_one_sentence_are_summed(workshops: Found) -> None:
    text = (
        "A workshop on forged documents was held in Khorog on 3 March 2014; "
        "12 Tajik and 14 Kenyan officers took part in the workshop."
    )
    assert [course.participants for course in workshops(text)] == [26]


def test_a_sentence_is_cut_at_semicolons_and_between_nouns(scene: Callable[[str], Scene]) -> None:
    mentions = scene(
        "A course on first aid opened in Khorog on 3 March; another twenty came in April; "
        "and a seminar on search techniques and a study visit to Poland are to follow."
    ).mentions
    assert [mention.kind for mention in mentions] == ["head", "number", "head", "head"]


def test_idioms_are_no_heads_and_bare_numbers_count_people(scene: Callable[[str], Scene]) -> None:
    found = scene("In the course of the week ten of them learned to drive, and 300 tons were moved.")
    assert found.heads == ()
    assert [item.count for item in found.bare] == [10]


def test_first_and_last_day_come_from_different_mentions() -> None:
    opened = Date(0, 0, 6, 0, "2014-03-03", None, "day")
    closed = Date(1, 10, 16, 10, "2014-03-07", None, "day", "until")
    assert days(opened, closed) == ("2014-03-03", "2014-03-07")
    assert days(None, closed) == (None, "2014-03-07")
    assert days(closed, opened) == (None, "2014-03-03")
    assert days(Date(0, 0, 6, 0, "2014-03-09", None, "day"), closed) == ("2014-03-09", None)
    whole = Date(0, 0, 6, 0, "2014-03-03", "2014-03-07", "day", "range")
    assert days(whole, None) == days(None, whole) == ("2014-03-03", "2014-03-07")


def test_reasons_add_up_to_the_confidence_and_name_features(resources: Resources) -> None:
    made = document("The OSCE trained 14 Tajik border guards in Khorog from 3 to 7 March 2014.", published="2014-03-10")
    (fact,) = find(context_of(annotate(made, resources), resources), resources).facts
    assert len(fact.reasons) > 3
    assert fact.confidence > 0.5


@pytest.mark.parametrize(
    ("status", "start", "end", "expected"),
    [
        ("held", "2026-05-12", "2026-05-14", "held"),
        ("held", "2026-06-02", "2026-06-04", "planned"),
        ("ongoing", "2026-06-02", None, "planned"),
        ("held", "2026-05-12", "2026-06-04", "ongoing"),
        ("held", "2026-05", "2026-05", "held"),
        ("held", "2026-05-30", None, "planned"),
        ("held", None, "2026-11-30", "planned"),
        ("planned", "2026-05-12", "2026-05-14", "planned"),
        ("held", None, None, "held"),
    ],
)
def test_nothing_was_held_before_its_day(status: str, start: str | None, end: str | None, expected: str) -> None:
    assert at_the_time(WorkshopStatus(status), start, end, "2026-05-20") == expected


def test_a_day_in_the_month_of_publication_is_not_later_than_that_month() -> None:
    assert at_the_time(WorkshopStatus.HELD, "2026-05-30", "2026-05-31", "2026-05") == "held"


def test_the_topic_says_what_was_taught_and_not_when_and_where(workshops: Found) -> None:
    (course,) = workshops(
        "The OSCE held a course on the profiling of air passengers in Khorog on 28 February 2014 for 18 officers."
    )
    assert course.topic == "course on the profiling of air passengers"


def test_the_topic_of_a_list_item_is_the_part_that_says_most(workshops: Found) -> None:
    text = (
        "The OSCE has trained customs officers this winter in three courses:\n\n"
        "- Khorog, 3-7 February 2014: interviewing of travellers, 20 officers trained.\n"
        "- Osh, 10-14 February 2014: search of lorries and containers, 18 officers trained.\n"
    )
    topics = [course.topic for course in workshops(text)]
    assert topics[-2:] == ["interviewing of travellers", "search of lorries and containers"]


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ("A fourth is under way in Khorog.", [("fourth", "bare")]),
        ("The next one, on seals, has been moved to May.", [("next one", "one")]),
        ("A second, shorter session on seals follows.", [("second", "bare")]),
        ("A second week for patrol leaders is to follow.", [("second week", "noun")]),
        ("Another is planned for the autumn.", [("Another", "bare")]),
        ("The first two had been given in Tbilisi.", [("first two", "bare")]),
        ("A follow-up for supervisors had to be shelved.", [("follow-up", "repeat")]),
        ("A third of the officers came in the second lorry.", []),
        ("The first course was held in Osh.", []),
        ("A second batch of young inspectors arrived in May.", [("second batch", "noun")]),
        ("A second batch of scanners arrived in May.", []),
        ("The neighbours got to know one another.", []),
        ("There was one first course, and another in May.", [("another", "bare")]),
    ],
)
def test_further_events_are_counted_without_their_noun(
    scene: Callable[[str], Scene], sentence: str, phrases: list[tuple[str, str]]
) -> None:
    found = scene(sentence)
    assert [(found.context.text[one.start : one.end], one.how) for one in found.ellipses] == phrases


def test_an_event_counted_without_its_noun_may_be_one_of_its_own(scene: Callable[[str], Scene]) -> None:
    mentions = scene("A course on first aid was held in Osh in March. A second week is envisaged, funds permitting.").mentions
    assert [mention.kind for mention in mentions] == ["head", "series"]


def test_an_event_without_its_noun_is_about_what_the_one_before_was(workshops: Found) -> None:
    text = (
        "In January and February 2014 UNODC held eight training courses on the search of lorries in Khorog, Tajikistan, "
        "for 146 officers. "
        "A ninth will be given in Isfara from 1 to 4 April 2014 for 20 officers."
    )
    first, second = workshops(text)
    assert (first.place, second.place) == ("Khorog", "Isfara")
    assert "search of lorries" in second.topic
    assert "ninth" not in second.topic


def test_a_row_of_a_table_of_courses_may_be_one(resources: Resources) -> None:
    text = "Topic | Trained\nHealth checks | 60\nGrazing rights | 35"
    blocks, start = [], 0
    for line in text.split("\n"):
        middle, end = start + line.index("|"), start + len(line)
        cells = ((start, middle - 1), (middle + 2, end))
        blocks.append(Block(BlockKind.TABLE_ROW, start, end, table=1, cells=cells, header_row=start == 0))
        start = end + 1
    made = ConvertedDocument("test.txt", text, tuple(blocks), Metadata(language="en"), "text/plain", "test")
    found = scene_of(context_of(annotate(made, resources), resources), resources.get(matchers_of))
    assert [(mention.kind, text[mention.start : mention.end].strip()) for mention in found.mentions] == [
        ("row", "Health checks"),
        ("row", "Grazing rights"),
    ]
    assert [item.count for item in found.bare] == [60, 35]


@pytest.mark.parametrize(
    ("sentence", "sets"),
    [
        ("Officers of the three countries met in Mombasa.", [("GE", "KE", "TJ")]),
        ("All five border services sent officers.", [("KZ", "KG", "TJ", "TM", "UZ")]),
        ("Two officers came from the ministry.", []),
    ],
)
def test_countries_that_are_counted_are_those_named_together(
    scene: Callable[[str], Scene], sentence: str, sets: list[tuple[str, ...]]
) -> None:
    found = scene(f"Georgia, Kenya and Tajikistan signed the plan. Central Asia looked on. {sentence}")
    last = found.context.annotated.sentences[-1]
    counts = list(counts_in(found.context, found.words, last))
    assert [codes for count in counts for codes in counted_sets(found.context, found.lists, count)] == sets


def test_who_a_document_is_by_is_told_by_its_opening_and_its_publisher(resources: Resources) -> None:
    made = document(
        "News of the OSCE in Georgia\nThe State Department sent books.\nTwo weeks passed.\n"
        "Our course on seals began in Tbilisi.\nThe OSCE taught drivers. Japan watched.",
        publisher="OSCE Mission to Georgia",
    )
    hosts = scene_of(context_of(annotate(made, resources), resources), resources.get(matchers_of)).hosts
    assert hosts.is_ours
    assert "OSCE" in hosts.publishers & hosts.opening
    assert "JP" not in hosts.publishers | hosts.opening
    assert (hosts.givers[0], hosts.bodies[0]) == ("OSCE", "OSCE")
    assert hosts.features("OSCE")["ours&publisher"]


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("A seminar on seals, attended by 26, was held in Osh.", [26]),
        ("A second course, with 60 places, runs in Osh.", [60]),
        ("Twelve more are to sit through it in April.", [12]),
        ("The lorry weighed 26, the trailer 300 tons.", []),
    ],
)
def test_bare_numbers_count_people_where_words_around_say_so(
    scene: Callable[[str], Scene], sentence: str, counts: list[int]
) -> None:
    assert [item.count for item in scene(sentence).bare] == counts


def test_nowhere_is_a_choice_beside_the_countries_named(scene: Callable[[str], Scene]) -> None:
    found = scene("A seminar on seals for Kenya lasted a week.")
    (event,) = events_of(found, [(mention, 1.0) for mention in found.mentions], 0.5)
    around = surroundings_of(found, event, places_of([event]))
    choices = {choice.code: choice.features for choice in country_choices(around)}
    assert choices["KE"]["inside"]
    assert choices[None]["none&of=1"]


def test_days_are_weighed_against_none(scene: Callable[[str], Scene]) -> None:
    found = scene("A seminar on seals was held on 4 May 2011.")
    (event,) = events_of(found, [(mention, 1.0) for mention in found.mentions], 0.5)
    around = surroundings_of(found, event, places_of([event]))
    options = options_of(around, items_around(around, found.context.annotated.dates))
    assert [option.item.value if option.item else None for option in options] == [None, "2011-05-04"]
    assert "inside" not in options[0].features
    assert options[1].features["inside"]
