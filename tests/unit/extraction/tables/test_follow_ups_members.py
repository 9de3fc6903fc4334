"""Who met, where no list at the head of the document names them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.extraction.tables.test_follow_ups import TEXT, TITLE, Line, make

from bam.extraction.annotate import annotate
from bam.extraction.context import context_of
from bam.extraction.resources import Resources
from bam.extraction.tables.follow_ups.draft import Draft, drafts_of
from bam.extraction.tables.follow_ups.finder import Reading, read
from bam.extraction.tables.follow_ups.members import members_of

LINES: list[Line] = [
    (TITLE, "Joint commission of Kenya and Uganda meets in Busia"),
    (TEXT, "The joint commission of Kenya and Uganda met in Busia on 4 March 2014. Kenya was host, Japan a guest."),
    (TEXT, "Uganda took notes. The two sides agreed to open a joint post by June 2015."),
]


@pytest.fixture
def reading(resources: Resources) -> Callable[[list[Line]], Reading]:
    """Meetings, candidates and parties of a document."""
    return lambda lines: read(context_of(annotate(make(lines), resources), resources), resources)


def test_the_two_named_most_and_those_of_the_title_can_have_met(reading: Callable[[list[Line]], Reading]) -> None:
    found = reading(LINES)
    present = next((meeting for meeting in found.meetings if meeting.is_present), None)
    signs: dict[frozenset[str], set[str]] = {}
    for member in members_of(found.context, present):
        signs.setdefault(frozenset(member.codes), set()).update(member.signs)
    assert {"most2", "title", "first_mention"} <= signs[frozenset({"KE", "UG"})]
    assert "most3" in signs[frozenset({"KE", "UG", "JP"})]


def _sets(found: Reading) -> dict[frozenset[str], set[str]]:
    draft: Draft = drafts_of(found.context, [(found.candidates[-1], 1.0)])[0]
    return {frozenset(choice.codes): set(choice.features) for choice in found.parties.sets(draft)}


def test_those_who_met_and_nobody_are_sets_to_choose_from(reading: Callable[[list[Line]], Reading]) -> None:
    sets = _sets(reading(LINES))
    assert "members" in sets[frozenset({"KE", "UG"})]
    assert "empty" in sets[frozenset()]


def test_parties_that_stand_together_are_a_set_too(reading: Callable[[list[Line]], Reading]) -> None:
    lines = [*LINES[:2], (TEXT, "Kenya, in turn, and Japan will open a joint post by June 2015.")]
    assert "union_subject" in _sets(reading(lines))[frozenset({"KE", "JP"})]
