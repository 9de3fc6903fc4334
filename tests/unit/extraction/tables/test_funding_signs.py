"""Funding: sums said twice, what a sum hangs on, which stage a clause says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import Annotated
from bam.extraction.annotate.model import Money
from bam.extraction.context import context_of
from bam.extraction.resources import Resources
from bam.extraction.roles import Numbers
from bam.extraction.tables.funding import decide
from bam.extraction.tables.funding.drafts import RECIPIENT, Choice, Draft
from bam.extraction.tables.funding.features import document_features, relations, stage_features
from bam.extraction.tables.funding.links import date_candidates, date_features
from bam.extraction.tables.funding.parties import weighed
from bam.extraction.tables.funding.purpose import purpose_of
from bam.extraction.tables.funding.receivers import candidates_of, countries_of
from bam.extraction.tables.funding.sums import sums_of
from bam.extraction.tables.funding.totals import head_of_run, part_marks, total_features
from bam.extraction.tables.funding.words import FundingWords

Read = Callable[..., Annotated]


@pytest.fixture
def words(resources: Resources) -> FundingWords:
    """The words of the table."""
    return resources.words(FundingWords)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Japan gave 215 million yen, or roughly $5 million, for the post.", [215e6]),
        ("Japan gave 310 million yen and the EU 2 million euros.", [310e6, 2e6]),
    ],
)
def test_a_sum_said_in_two_currencies_is_one(
    read: Read, resources: Resources, words: FundingWords, text: str, amounts: list[float]
) -> None:
    assert [found.main.amount for found in sums_of(context_of(read(text), resources), words)] == amounts


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Japan signed a grant of 3 million dollars.", "of=grant"),
        ("Japan donated 3 million dollars to the service.", "object~donate"),
        ("They opened a $3 million project.", "noun=project"),
    ],
)
def test_what_a_sum_hangs_on(read: Read, resources: Resources, words: FundingWords, text: str, sign: str) -> None:
    context = context_of(read(text), resources)
    assert sign in relations(context, context.annotated.money[0], words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Japan plans to give 3 million dollars.", "open"),
        ("Japan pledged 3 million dollars.", "promised"),
        ("Japan will give 3 million dollars.", "ahead"),
        ("Japan approved 3 million dollars.", "bound"),
        ("Japan paid 3 million dollars.", "done"),
    ],
)
def test_the_stage_that_a_clause_says(read: Read, resources: Resources, words: FundingWords, text: str, said: str) -> None:
    context = context_of(read(text), resources)
    features = stage_features(context, context.annotated.money[0], words, document_features(context, words), None)
    assert features.get(f"clause.said={said}")


def test_parties_are_weighed_against_their_rivals(read: Read, resources: Resources) -> None:
    context = context_of(read("Japan gave 3 million dollars to Georgia and Kenya."), resources)
    around = {candidate.codes[0]: features for candidate, features in weighed(context, context.annotated.money[0])}
    assert around["GE"].get("here=True&rivals=1/1")
    assert around["JP"].get("here=True&rivals=2/0")


def test_the_name_of_a_currency_is_no_party(read: Read) -> None:
    annotated = read("Japan gave US$ 3 million and 900,000 Australian dollars to Georgia.")
    assert [party.code for party in annotated.parties] == ["JP", "GE"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Japan gave 3 million dollars to Chad, Mali and Niger.", {"TD", "ML", "NE"}),
        ("Japan gave 3 million dollars to Central Asia.", {"KZ", "KG", "TJ", "TM", "UZ"}),
        ("Japan gave 3 million dollars to Georgia.", {"GE"}),
    ],
)
def test_receivers_come_in_the_sets_that_the_text_forms(read: Read, resources: Resources, text: str, codes: set[str]) -> None:
    context = context_of(read(text), resources)
    found = candidates_of(context, context.annotated.money[0], countries_of(context))
    assert codes in [set(candidate.codes) for candidate in found]


def test_receivers_can_be_those_that_the_opening_lists(read: Read, resources: Resources) -> None:
    text = (
        "The project helps Chad, Mali and Niger. It has a board. The board meets in spring. Nobody is paid for that. Lamps were "
        "bought. Chad has posts of its own. Radios cost 3 million dollars."
    )
    context = context_of(read(text), resources)
    found = candidates_of(context, context.annotated.money[0], countries_of(context))
    assert {frozenset(one.codes): one.via for one in found}[frozenset({"TD", "ML", "NE"})] == "opening_list"


def test_who_gives_a_sum_does_not_receive_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odds:
        def scores(self, features: Numbers) -> dict[str, float]:
            return {"yes": float(features["odds"])}

    monkeypatch.setattr(decide, "_ranker", lambda task: Odds())
    region = ("KZ", "KG", "TJ", "TM", "UZ")
    sets = [("JP", *region), region[:4], region[1:]]
    choices: list[Choice] = [(("JP",), {"odds": 0.1}), (("AF",), {"odds": 0.1}), *((codes, {"odds": 0.5}) for codes in sets)]
    draft = Draft(Money(0, 0, 1, 0, 1.0, "USD"), {}, {RECIPIENT: choices})
    assert set(decide.recipients_of(draft, ("JP",))) == set(region)


def test_a_sum_without_a_verb_inherits_what_was_said_of_the_one_before(
    read: Read, resources: Resources, words: FundingWords
) -> None:
    context = context_of(read("Japan pledged 3 million dollars. Norway: 2 million dollars."), resources)
    first, second = context.annotated.money
    features = stage_features(context, second, words, document_features(context, words), first)
    assert features.get("earlier.said=promised/no_verb")
    assert features.get("inherited.object=promising")


@pytest.mark.parametrize(
    ("text", "adds_up"),
    [
        ("The plan costs 6 million dollars. Japan gives 4 million dollars. Norway gives 2 million dollars.", True),
        ("Japan gives 4 million dollars. Norway gives 2 million dollars. Together that is 6 million dollars.", True),
        ("The plan costs 9 million dollars. Japan gives 4 million dollars. Norway gives 2 million dollars.", False),
    ],
)
def test_parts_add_up_to_their_total(read: Read, resources: Resources, words: FundingWords, text: str, adds_up: bool) -> None:
    context = context_of(read(text), resources)
    sums = list(context.annotated.money)
    total, part = max(sums, key=lambda money: money.amount), next(money for money in sums if money.amount == 4e6)
    assert total_features(context, part, total, sums, words, frozenset())["adds_up"] is adds_up


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("The conference raised 9 million dollars. Japan gave 4 million, and Norway gave 2 million dollars.", [None, None, None]),
        ("The conference raised 9 million dollars.\n\nJapan: 4 million dollars. Norway: 2 million dollars.", [None, 9e6, 9e6]),
    ],
)
def test_a_paragraph_is_headed_by_the_sum_before_it(
    read: Read, resources: Resources, text: str, heads: list[float | None]
) -> None:
    context = context_of(read(text), resources)
    sums = list(context.annotated.money)
    found = [head_of_run(context, money, sums) for money in sums]
    assert [head.amount if head else None for head in found] == heads


def test_words_that_open_a_part_are_seen_where_they_stand(read: Read, resources: Resources, words: FundingWords) -> None:
    context = context_of(read("Japan gave 6 million dollars, of which 2 million dollars went to Georgia."), resources)
    whole, part = context.annotated.money
    assert "part_before" in part_marks(context, part, words)
    assert "part_before" not in part_marks(context, whole, words)


@pytest.mark.parametrize(
    ("text", "purposes"),
    [
        ("Norway reserved 2.5 million euros for radios and 1.8 million euros for courses.", ["radios", "courses"]),
        ("Of the $50 million set aside for fences in 2013, $43 million has been spent.", ["fences", "fences"]),
        ("Of the $50 million set aside for it in 2013, $43 million has been spent.", [None, None]),
        ("Norway gave four boats with a total value of $3 million.", ["four boats"]),
    ],
)
def test_a_purpose_ends_before_the_next_sum(
    read: Read, resources: Resources, words: FundingWords, text: str, purposes: list[str | None]
) -> None:
    context = context_of(read(text), resources)
    assert [purpose_of(context, money, words) for money in context.annotated.money] == purposes


def test_a_house_named_only_by_the_text_is_nobody_who_gives(read: Read, resources: Resources) -> None:
    context = context_of(read("The Longar Training Centre was opened. The Longar Relief Fund paid $2 million for it."), resources)
    assert {party.code: party.is_donor for party in context.annotated.parties} == {
        "Longar Training Centre": False,
        "Longar Relief Fund": True,
    }
    assert context.topic.donors == ("Longar Relief Fund",)


def test_the_day_of_a_sum_can_be_that_of_the_event_at_the_top(read: Read, resources: Resources) -> None:
    text = (
        "On 4 March 2014 the ambassador opened the post at Osh. It has two lanes. Guests came from the province. The cooks had "
        "been busy. Japan paid USD 2 million for it, and the works began in May 2012."
    )
    context = context_of(read(text), resources)
    money = context.annotated.money[0]
    found = {(candidate.value, candidate.via) for candidate in date_candidates(context, money)}
    assert {("2014-03-04", "opening"), ("2012-05", "earlier0"), (None, "none")} <= found


def test_what_is_told_of_a_sum_is_told_of_its_day(read: Read, resources: Resources) -> None:
    context = context_of(read("Japan has paid USD 2 million since 1992; in May 2012 the EU gave 3 million euros."), resources)
    money = context.annotated.money[0]
    candidates = {candidate.value: candidate for candidate in date_candidates(context, money)}
    nothing = date_features(context, money, candidates[None], ["clause.said=done"])
    assert nothing["none&clause.said=done"]
    since = date_features(context, money, candidates["1992"], [])
    assert since["before=since"]
    assert since["earlier0&role=since"]
    assert not since.get("earlier0&rival=True")
    assert date_features(context, money, candidates["2012-05"], [])["earlier0&rival=True"]
