"""Dates as a text writes them, counted from 5 March 2014 (a Wednesday) where it leaves something out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import Annotated, annotate
from bam.extraction.annotate.model import Date
from bam.extraction.resources import Resources

from .conftest import document

Read = Callable[..., Annotated]


def only(annotated: Annotated) -> Date:
    (date,) = annotated.dates
    return date


@pytest.mark.parametrize(
    ("written", "value", "until"),
    [
        ("held on 30 November 2018", "2018-11-30", None),
        ("held on November 30, 2018", "2018-11-30", None),
        ("held on the 16th of May 2013", "2013-05-16", None),
        ("held on 30.04.2012", "2012-04-30", None),
        ("held on 2014-03-04", "2014-03-04", None),
        ("held on 27-28 May 2013", "2013-05-27", "2013-05-28"),
        ("held on 5 and 6 July 2013", "2013-07-05", "2013-07-06"),
        ("held from 17 March to 5 April 2025", "2025-03-17", "2025-04-05"),
        ("held on September 19 to 23, 2022", "2022-09-19", "2022-09-23"),
        ("held in June 2012", "2012-06", None),
        ("held in spring 2015", "2015", None),
        ("paid in FY 2009", "2009", None),
        ("paid in FY 2008-2010", "2008", "2010"),
        ("paid between 2015 and 2018", "2015", "2018"),
        ("due in the second quarter of 2024", "2024-04", "2024-06"),
    ],
)
def test_absolute_dates(read: Read, written: str, value: str, until: str | None) -> None:
    date = only(read(f"It was {written}."))
    assert (date.value, date.until, date.is_relative) == (value, until, False)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("The minister spoke last Thursday.", "2014-02-27"),
        ("It opened on Monday.", "2014-03-03"),
        ("It will open on Monday.", "2014-03-10"),
        ("It opened in April.", "2013-04"),
        ("It will open in April.", "2014-04"),
        ("It will open in February.", "2015-02"),
        ("It opened last May.", "2013-05"),
        ("It opened yesterday.", "2014-03-04"),
        ("It opened three weeks ago.", "2014-02"),
        ("It will open next month.", "2014-04"),
        ("It was built last year.", "2013"),
        ("It opened earlier this year.", "2014"),
        ("It was signed on 11 November last year.", "2013-11-11"),
    ],
)
def test_dates_counted_from_the_anchor(read: Read, sentence: str, value: str) -> None:
    assert only(read(sentence)).value == value


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("by 15 February 2023", "2023-02-15"),
        ("not later than 31 January 2019", "2019-01-31"),
        ("by end-2021", "2021-12-31"),
        ("by the end of 2018", "2018-12-31"),
        ("within this year", "2014-12-31"),
        ("before the year is out", "2014-12-31"),
        ("by the end of the first quarter of 2021", "2021-03-31"),
        ("before June", "2014-06"),
        ("by 2024", "2024"),
        ("before 2018", "2017-12-31"),
        ("within the next three months", "2014-06-05"),
        ("within thirty days", "2014-04-04"),
        ("by Christmas", "2014-12-25"),
    ],
)
def test_deadlines(read: Read, phrase: str, due: str) -> None:
    date = only(read(f"The parties will report {phrase}."))
    assert (date.role, date.due) == ("deadline", due)


def test_a_date_without_year_takes_it_from_the_sentence_before(read: Read) -> None:
    text = "They met in Berlin on 5 April 2022. Three months later, on 15 July, they met again. The next day they left."
    values = [date.value for date in read(text, "2024-07-04").dates]
    assert values == ["2022-04-05", "2022-07", "2022-07-15", "2022-07-16"]


def test_a_lone_ordinal_takes_the_month_before(read: Read) -> None:
    first, second = read("The course began on 14 September 2020 and lasted until the 17th.").dates
    assert (first.value, second.value, second.role) == ("2020-09-14", "2020-09-17", "until")


@pytest.mark.parametrize(
    "sentence",
    [
        "He may go.",
        "2000 officers took part.",
        "Decision 2018/1788 stands.",
        "It cost $2014.",
        "They march on.",
        "In the 1990s it was shut.",
    ],
)
def test_what_is_no_date(read: Read, sentence: str) -> None:
    assert read(sentence).dates == ()


def test_publication_from_metadata_then_dateline(resources: Resources) -> None:
    by_metadata = annotate(document("It opened today.", published="2019-05-06"), resources)
    assert (by_metadata.publication.date, by_metadata.dates[0].value) == ("2019-05-06", "2019-05-06")
    by_dateline = annotate(document("TBILISI, 25 August 2014 - It opened today."), resources)
    assert (by_dateline.publication.date, by_dateline.publication.origin) == ("2014-08-25", "dateline")


def test_a_weekday_finds_the_year_of_a_dateline(resources: Resources) -> None:
    annotated = annotate(document("Dushanbe, Tuesday, January 24\nIt opened today.\nYear of issue: 2017"), resources)
    assert annotated.publication.date == "2017-01-24"


def test_without_any_anchor_relative_dates_are_left_out(read: Read) -> None:
    assert read("It opened yesterday.", None).dates == ()
