"""What conferences agreed: conferences, commitments, parties, due dates and fates, on documents of our own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import annotate
from bam.extraction.confidence import probability
from bam.extraction.context import context_of
from bam.extraction.resources import Resources
from bam.extraction.tables.follow_ups import find
from bam.extraction.tables.follow_ups.meetings import Meeting, find_meetings
from bam.extraction.tables.follow_ups.words import matchers_of
from bam.model.claims import FollowUpStatus, FollowUpValues
from bam.model.text import Block, BlockKind, ConvertedDocument, Metadata

Line = tuple[BlockKind, str]
TITLE, BYLINE, HEADING = BlockKind.TITLE, BlockKind.BYLINE, BlockKind.HEADING
TEXT, ITEM, ROW = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW
Found = Callable[[list[Line]], list[FollowUpValues]]

HEAD: list[Line] = [
    (TITLE, "Third Highland Border Conference: conclusions"),
    (BYLINE, "Nairobi, 4-5 March 2014"),
    (
        TEXT,
        "Ministers of Kenya, Uganda, Rwanda and Burundi met in Nairobi on 4-5 March for the Third Highland Border Conference.",
    ),
]


def make(lines: list[Line]) -> ConvertedDocument:
    """A document of these blocks; cells of a row are parted by " | ", the first row of a table heads it."""
    blocks: list[Block] = []
    text = ""
    is_head = True
    for kind, line in lines:
        cells: list[tuple[int, int]] = []
        if kind is ROW:
            start = len(text)
            for cell in line.split(" | "):
                cells.append((start, start + len(cell)))
                start += len(cell) + 3
        level = 1 if kind in (ITEM, HEADING) else 0
        table = 1 if kind is ROW else None
        blocks.append(
            Block(
                kind, len(text), len(text) + len(line), level, table=table, cells=tuple(cells), header_row=kind is ROW and is_head
            )
        )
        is_head = kind is not ROW
        text += line + "\n"
    metadata = Metadata(title=lines[0][1], published="2014-03-06", language="en", origins={"published": "meta"})
    return ConvertedDocument("test.md", text, tuple(blocks), metadata, "text/markdown", "test")


@pytest.fixture
def follow_ups(resources: Resources) -> Found:
    """The follow-ups of a document, each quote checked against the text."""

    def found(lines: list[Line]) -> list[FollowUpValues]:
        document = make(lines)
        facts = find(context_of(annotate(document, resources), resources), resources).facts
        for fact in facts:
            assert fact.reasons
            assert 0 < fact.confidence < 1
            assert all(document.text[e.start : e.end] == e.quote for e in fact.evidence)
        return [fact.values for fact in facts if isinstance(fact.values, FollowUpValues)]

    return found


@pytest.fixture
def meetings(resources: Resources) -> Callable[[list[Line]], tuple[Meeting, ...]]:
    """The meetings of a document."""

    def found(lines: list[Line]) -> tuple[Meeting, ...]:
        context = context_of(annotate(make(lines), resources), resources)
        return find_meetings(context, resources.get(matchers_of))

    return found


def test_items_under_a_lead_take_the_conference_from_the_head(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (TEXT, "The participants agreed that:"),
            (ITEM, "Kenya will circulate a draft protocol on joint patrols by 30 June 2014;"),
            (ITEM, "Uganda and Rwanda shall open a liaison office at the lake;"),
            (ITEM, "Burundi will continue to host the training of dog handlers."),
        ]
    )
    assert [f.parties for f in found] == [("KE",), ("UG", "RW"), ("BI",)]
    assert [f.due for f in found] == ["2014-06-30", None, None]
    assert [f.status for f in found] == [FollowUpStatus.OPEN, FollowUpStatus.OPEN, FollowUpStatus.ONGOING]
    assert {f.conference for f in found} == {"Third Highland Border Conference"}
    assert {f.conference_date for f in found} == {"2014-03-04"}
    assert {f.conference_place for f in found} == {"Nairobi"}


def test_infinitives_with_a_to_of_their_own_are_commitments_of_their_own(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (
                TEXT,
                "The four states agreed to publish a common list of forged visas; to exchange duty rosters every month; "
                "and to set up a joint analysis group.",
            ),
        ]
    )
    assert [f.commitment.split()[0] for f in found] == ["publish", "exchange", "set"]
    assert [sorted(f.parties) for f in found] == [["BI", "KE", "RW", "UG"]] * 3


def test_two_subjects_in_one_item_are_two_commitments(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (TEXT, "The ministers agreed that:"),
            (ITEM, "Kenya will draft the manual by 1 May 2014, and Japan will print it by 1 July 2014."),
        ]
    )
    assert [(f.parties, f.due) for f in found] == [(("KE",), "2014-05-01"), (("JP",), "2014-07-01")]


def test_rows_give_owner_and_date(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (HEADING, "Decisions"),
            (ROW, "Decision | Responsible | By when"),
            (ROW, "Translate the patrol manual into French | Rwanda | 15 June 2014"),
            (ROW, "Nominate trainers for the regional pool | Kenya; OSCE | no date set"),
        ]
    )
    assert [(f.commitment, f.parties, f.due) for f in found] == [
        ("Translate the patrol manual into French", ("RW",), "2014-06-15"),
        ("Nominate trainers for the regional pool", ("KE", "OSCE"), None),
    ]


def test_a_table_of_earlier_promises_belongs_to_the_earlier_conference(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (HEADING, "What became of the decisions of the Second Conference"),
            (TEXT, "The Second Conference was held in Kigali on 7 and 8 May 2012. Its decisions stand as follows."),
            (ROW, "Undertaking | Lead | State of affairs"),
            (ROW, "Open a document laboratory | Uganda | Done in May 2013"),
            (ROW, "Buy a common patrol boat | Burundi | Dropped for want of money"),
            (ROW, "Train forty inspectors | Kenya | Under way"),
        ]
    )
    assert [f.status for f in found] == [FollowUpStatus.DONE, FollowUpStatus.DROPPED, FollowUpStatus.ONGOING]
    assert {f.conference_date for f in found} == {"2012-05-07"}
    assert {f.conference_place for f in found} == {"Kigali"}


def test_a_table_of_sums_is_no_table_of_decisions(follow_ups: Found) -> None:
    found = follow_ups([*HEAD, (ROW, "Project | Donor | Amount"), (ROW, "Patrol boats for the lake | Japan | USD 2 million")])
    assert found == []


def test_items_with_their_fate_behind_a_colon(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (TEXT, "The previous meeting had asked for four things:"),
            (ITEM, "Kenya to connect its register with the regional one: done."),
            (ITEM, "Uganda to repaint the boundary marks: under way."),
            (ITEM, "Rwanda to build a second kennel: abandoned, the first one being large enough."),
            (ITEM, "Burundi to adopt the law on visas: not done."),
        ]
    )
    assert [f.status for f in found] == [
        FollowUpStatus.DONE,
        FollowUpStatus.ONGOING,
        FollowUpStatus.DROPPED,
        FollowUpStatus.OPEN,
    ]
    assert [f.parties for f in found] == [("KE",), ("UG",), ("RW",), ("BI",)]


def test_a_document_without_a_conference_has_no_follow_ups(follow_ups: Found) -> None:
    assert follow_ups([(TITLE, "Boats for the lake"), (TEXT, "Japan will deliver four boats to Kenya by May 2014.")]) == []


def test_meetings_of_owners_and_scholars_commit_no_state(follow_ups: Found) -> None:
    found = follow_ups(
        [
            (TITLE, "Annual General Meeting of Shareholders of Lakeside Ferries"),
            (TEXT, "The meeting, held in Nairobi on 4 March 2014, decided:"),
            (ITEM, "to approve the accounts for 2013;"),
            (ITEM, "to pay a dividend by 1 June 2014."),
        ]
    )
    assert found == []


def test_what_was_only_discussed_is_no_follow_up(follow_ups: Found) -> None:
    found = follow_ups(
        [*HEAD, (TEXT, "Delegations discussed smuggling across the lake and recognised that the border remains long.")]
    )
    assert found == []


def test_the_series_number_tells_meetings_apart(meetings: Callable[[list[Line]], tuple[Meeting, ...]]) -> None:
    found = meetings(
        [
            *HEAD,
            (
                TEXT,
                "The second conference was held in Kigali on 7 and 8 May 2012. "
                "The fourth conference will be held in Kampala in 2016.",
            ),
        ]
    )
    assert [(m.ordinal, m.date, m.place, m.is_present, m.is_next) for m in found] == [
        (3, "2014-03-04", "Nairobi", True, False),
        (2, "2012-05-07", "Kigali", False, False),
        (4, "2016", "Kampala", False, True),
    ]


def test_a_meeting_of_two_days_that_ended_yesterday_began_the_day_before(
    meetings: Callable[[list[Line]], tuple[Meeting, ...]],
) -> None:
    found = meetings(
        [
            (TITLE, "Donors open their purses"),
            (TEXT, "NAIROBI, 6 March 2014 - The two-day High-Level Conference on the Great Lakes ended in Nairobi on Wednesday."),
        ]
    )
    assert [(m.name, m.date) for m in found] == [("two-day High-Level Conference on the Great Lakes", "2014-03-04")]


def test_the_body_names_its_meeting(meetings: Callable[[list[Line]], tuple[Meeting, ...]]) -> None:
    found = meetings(
        [
            (TITLE, "Note of the Secretariat"),
            (TEXT, "The Lake Transport Committee, in its meeting in Kampala on 3 February 2014, took two decisions."),
        ]
    )
    assert [(m.name, m.date, m.place) for m in found] == [("Lake Transport Committee, meeting", "2014-02-03", "Kampala")]


@pytest.mark.parametrize("body", ["Advisory Board of the College", "Kenyan-Ugandan Subcommission", "Ferry Working Party"])
def test_bodies_of_many_names_meet(meetings: Callable[[list[Line]], tuple[Meeting, ...]], body: str) -> None:
    (found,) = meetings([(TEXT, f"The {body} met in Kampala on 3 February 2014. It took two decisions.")])
    assert (found.name, found.date) == (body, "2014-02-03")


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by 30 June 2014", "2014-06-30"),
        ("in the course of 2015", "2015-12-31"),
        ("before the end of the year", "2014-12-31"),
        ("in the second quarter of 2015", "2015-06-30"),
        ("in October", "2014-10"),
        ("within three months", "2014-06-06"),
        ("before June", "2014-06"),
        ("every year", None),
    ],
)
def test_due_dates(follow_ups: Found, words: str, due: str | None) -> None:
    found = follow_ups([*HEAD, (TEXT, "The ministers agreed that:"), (ITEM, f"Kenya will open the new lake post {words}.")])
    assert [f.due for f in found] == [due]


def test_the_host_of_the_next_meeting_is_to_act(follow_ups: Found) -> None:
    found = follow_ups([*HEAD, (HEADING, "Next meeting"), (TEXT, "The fourth conference will be held in Kampala in 2016.")])
    assert [(f.parties, f.due) for f in found] == [(("UG",), "2016")]


def test_a_list_under_headings_keeps_the_sentence_that_enacts_it(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (TEXT, "The ministers agreed on the steps listed below, to be taken in 2015."),
            (HEADING, "Patrols"),
            (ITEM, "to hold joint patrols on the lake;"),
            (ITEM, "to share the cost of fuel."),
        ]
    )
    assert [f.due for f in found] == ["2015", "2015"]


def test_the_same_document_gives_the_same_facts(resources: Resources) -> None:
    lines = [*HEAD, (TEXT, "The ministers agreed that:"), (ITEM, "Kenya will open a post.")]
    one, other = (find(context_of(annotate(make(lines), resources), resources), resources) for _ in range(2))
    assert one == other


def test_items_of_a_lead_that_ends_with_to_begin_with_a_verb(follow_ups: Found) -> None:
    found = follow_ups(
        [
            *HEAD,
            (TEXT, "The ministers agreed to:"),
            (ITEM, "designate one officer in each country;"),
            (ITEM, "exchange passenger data by mid-2015."),
        ]
    )
    assert [f.commitment.split()[0] for f in found] == ["designate", "exchange"]
    assert found[1].due == "2015-06"


def test_what_the_ranker_saw_is_among_the_reasons(resources: Resources) -> None:
    lines = [
        *HEAD,
        (HEADING, "Agreed"),
        (TEXT, "The ministers agreed that Kenya will translate the patrol manual by 1 May 2014."),
    ]
    (fact,) = find(context_of(annotate(make(lines), resources), resources), resources).facts
    said = [reason.text for reason in fact.reasons]
    assert any("a commitment" in text for text in said)
    # The confidence has three digits, which near certainty are less than those of the weights.
    assert fact.confidence == pytest.approx(probability(sum(reason.weight for reason in fact.reasons)), abs=0.0006)
