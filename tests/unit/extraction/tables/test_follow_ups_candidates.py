"""What can be a commitment or its fate, and which meetings there are: before any weights decide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.extraction.tables.test_follow_ups import HEAD, HEADING, ITEM, ROW, TEXT, TITLE, Line, make

from bam.extraction.annotate import annotate
from bam.extraction.context import context_of
from bam.extraction.resources import Resources
from bam.extraction.tables.follow_ups.finder import Reading, read
from bam.model.claims import FollowUpStatus
from bam.model.text import BlockKind

Read = Callable[[list[Line]], Reading]


@pytest.fixture
def reading(resources: Resources) -> Read:
    """Meetings and candidates of a document."""
    return lambda lines: read(context_of(annotate(make(lines), resources), resources), resources)


def said(found: Reading, kind: str) -> list[str]:
    """The words from the anchors of the candidates of a kind on."""
    text = found.context.text
    return [" ".join(text[c.anchor : c.anchor + 60].split()[:3]) for c in found.candidates if c.kind == kind]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("The ministers have instructed their services to prepare a joint map.", ["to prepare a"]),
        ("They directed Kenya to name an officer and the Secretariat to keep a list.", ["to name an", "to keep a"]),
        ("The ministers made up their minds to open a school.", ["to open a"]),
        ("They charged the customs services with keeping the register.", ["keeping the register."]),
        ("The two committed themselves to setting up a joint cell.", ["setting up a"]),
        (
            "They are to agree on a map by May; to pay salaries through banks; and to keep a list.",
            ["to pay salaries", "to keep a"],
        ),
    ],
)
def test_infinitives_and_gerunds_of_what_was_agreed(reading: Read, sentence: str, wanted: list[str]) -> None:
    assert said(reading([*HEAD, (TEXT, sentence)]), "to") == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("The common leaflet has been printed.", FollowUpStatus.DONE),
        ("The station on the lake is being equipped.", FollowUpStatus.ONGOING),
        ("Kenya was to appoint a manager. It did.", FollowUpStatus.DONE),
        ("Kenya was to appoint a manager. Nobody has seen one.", FollowUpStatus.OPEN),
        ("The exchange of officers goes on.", FollowUpStatus.ONGOING),
        ("The plan for a ferry has been forgotten.", FollowUpStatus.DROPPED),
    ],
)
def test_fates_are_told_by_the_verb_where_an_earlier_meeting_is_spoken_of(
    reading: Read, sentence: str, wanted: FollowUpStatus
) -> None:
    before = "The second conference, in Kigali on 6 May 2012, is not forgotten by those who paid for it. "
    statuses = [c.status for c in reading([*HEAD, (TEXT, before + sentence)]).candidates if c.kind == "cue"]
    assert wanted in statuses


def test_what_has_been_done_is_no_fate_where_no_earlier_meeting_is_spoken_of(reading: Read) -> None:
    found = said(reading([*HEAD, (TEXT, "The common leaflet has been printed.")]), "cue")
    assert not any("printed" in words for words in found)


def test_lines_without_a_verb_are_items(reading: Read) -> None:
    found = reading(
        [
            *HEAD,
            (HEADING, "Agreed"),
            (ITEM, "A shared curriculum on stolen cars"),
            (ITEM, "That the crossing stay open on Sundays"),
            (HEADING, "Next conference"),
            (TEXT, "Kampala, May 2015, at the invitation of Uganda"),
        ]
    )
    assert said(found, "item") == ["A shared curriculum", "That the crossing", "Kampala, May 2015,"]


def test_a_party_undertakes_in_the_present_tense_under_a_heading_about_the_outcome(reading: Read) -> None:
    line = (TEXT, "Kenya sends two officers to the school in Kigali.")
    assert said(reading([*HEAD, (HEADING, "Agreed"), line]), "now") == ["sends two officers"]
    assert said(reading([*HEAD, (HEADING, "Background"), line]), "now") == []


def test_rows_of_a_table_without_heads_speak_of_the_future(reading: Read) -> None:
    found = reading([*HEAD, (ROW, "R.1 Seals | The Parties shall recognise the seals of each other.")])
    assert said(found, "will") == ["shall recognise the"]


@pytest.mark.parametrize("row", ["$30 million for boats | Japan | paid", "----- ----- | ----- | -----"])
def test_sums_and_rules_are_no_decisions(reading: Read, row: str) -> None:
    rows = [(ROW, "Decision | Who | Status"), (ROW, row), (ROW, "Open a post on the lake | Kenya | done")]
    assert said(reading([*HEAD, *rows]), "row") == ["Open a post"]


def test_those_who_met_are_the_meeting_where_it_has_no_name(reading: Read) -> None:
    found = reading(
        [
            (TITLE, "Patrols on the lake"),
            (TEXT, "The interior ministers of Kenya and Uganda, who met in Kisumu on 3 March, decided to open a post."),
        ]
    )
    (meeting,) = found.meetings
    assert (meeting.name, meeting.date, meeting.place) == ("interior ministers of Kenya and Uganda", "2014-03-03", "Kisumu")


def test_those_who_met_under_the_name_of_a_meeting_are_no_other_one(reading: Read) -> None:
    found = reading(
        [
            (TITLE, "Lakes Security Dialogue"),
            (BlockKind.BYLINE, "Kisumu, 3 March 2014"),
            (TEXT, "The interior ministers of Kenya and Uganda met in Kisumu on 3 March. They decided to open a post."),
        ]
    )
    assert [meeting.name for meeting in found.meetings] == ["Lakes Security Dialogue"]


def test_an_object_that_reads_like_a_verb_is_no_second_commitment(reading: Read) -> None:
    found = reading([*HEAD, (TEXT, "The ministers agreed that:"), (ITEM, "Kenya will open the new lake post every year.")])
    assert said(found, "now") == []


def test_a_meeting_can_be_known_by_its_town(reading: Read) -> None:
    found = reading([*HEAD, (TEXT, "The protocol that was agreed in Kigali on 6 May 2012 is in force.")])
    assert ("Kigali", "2012-05-06") in [(m.name, m.date) for m in found.meetings]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("The third Highland Conference finished in Nairobi on 5 March after two days.", "2014-03-04"),
        ("The third Highland Conference sat in Nairobi from 2 March to 4 March.", "2014-03-02"),
        ("The third Highland Conference has agreed on a map. Meeting on 3 and 4 March, the delegations drew it.", "2014-03-03"),
    ],
)
def test_the_first_day_of_a_meeting(reading: Read, sentence: str, wanted: str) -> None:
    lines = [(TITLE, "A map of the highlands"), (BlockKind.BYLINE, "Nairobi, 6 March 2014"), (TEXT, sentence)]
    (meeting,) = [m for m in reading(lines).meetings if m.is_present]
    assert meeting.date == wanted


def test_a_meeting_of_long_ago_is_not_the_one_that_is_reported_on(reading: Read) -> None:
    found = reading([*HEAD, (TEXT, "The summit of 6 May 2012 had asked for a map.")])
    assert [m.date for m in found.meetings] == ["2014-03-04", "2012-05-06"]


def test_a_heading_with_a_day_alone_tells_of_an_earlier_session(reading: Read) -> None:
    lines = [*HEAD, (HEADING, "Earlier decisions (Kigali, November 2009)"), (TEXT, "The common leaflet has been printed.")]
    found = reading(lines)
    present = next(meeting for meeting in found.linker.meetings if meeting.is_present)
    earlier = [meeting for meeting in found.linker.meetings if not meeting.is_present]
    assert [(meeting.name, meeting.date, meeting.place) for meeting in earlier] == [(present.name, "2009-11", "Kigali")]


def test_a_heading_with_a_day_to_come_tells_of_no_session(reading: Read) -> None:
    found = reading([*HEAD, (HEADING, "Until November 2031"), (TEXT, "The common leaflet has been printed.")])
    assert all(meeting.is_present for meeting in found.linker.meetings)
