"""What kind of facility a thing is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import Annotated
from bam.extraction.context import Context, context_of
from bam.extraction.resources import Resources
from bam.extraction.tables.facilities.things import Thing, things_of
from bam.extraction.tables.facilities.types import TypeSigns
from bam.extraction.tables.facilities.words import FacilitySigns

Things = Callable[[str], tuple[Context, list[Thing]]]


@pytest.fixture
def words(resources: Resources) -> FacilitySigns:
    return resources.words(FacilitySigns)


@pytest.fixture
def things(read: Callable[..., Annotated], resources: Resources, words: FacilitySigns) -> Things:
    """A text's context and things."""

    def found(text: str) -> tuple[Context, list[Thing]]:
        context = context_of(read(text), resources)
        return context, things_of(context, words)

    return found


def test_what_the_noun_tells_is_one_sign_among_others(things: Things, words: FacilitySigns) -> None:
    context, (hall, *_) = things("A new passenger hall for travellers was built at the crossing.")
    signs = TypeSigns(context, words)
    features = signs.of(hall)
    assert features[f"told={signs.told(hall)}"]
    assert {"head:noun=hall", "head:clause=travellers", "head:after=for"} <= set(features)
    assert "head:here=border_crossing" in features


def test_a_phrase_and_a_bare_place_have_signs_of_their_own(things: Things, words: FacilitySigns) -> None:
    context, found = things("The border posts of Dalny and Ustrovo were rebuilt.")
    by_via = {thing.main.via: TypeSigns(context, words).of(thing) for thing in found}
    site = next(features for via, features in by_via.items() if via != "head")
    assert any(name.startswith("site:clause=") for name in site)
    assert not any(name.startswith(("head:", "name=")) for name in site)
