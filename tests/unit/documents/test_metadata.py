"""Publication dates, publishers and authors as texts write them."""

from __future__ import annotations

import pytest

from bam.documents.convert import convert
from bam.documents.dates_in_text import find_dates, iso_prefix

BODY = "The ministry received thirty vehicles from the partner programme, and its commander said that patrols would go on. " * 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4 March 2014", "2014-03-04"),
        ("March 4, 2014", "2014-03-04"),
        ("Mar. 4th 2014", "2014-03-04"),
        ("Sept. 4, 2018", "2018-09-04"),
        ("4-5 March 2014", "2014-03-05"),
        ("March 4-5, 2014", "2014-03-05"),
        ("7 to 9 October 2018", "2018-10-09"),
        ("22/May/2014", "2014-05-22"),
        ("2014-03-04", "2014-03-04"),
        ("2014/03/04", "2014-03-04"),
        ("04.03.2014", "2014-03-04"),
        ("13/03/2014", "2014-03-13"),
        ("03/04/2014", "2014-04-03"),
        ("October 2022", "2022-10"),
        ("4 марта 2014", "2014-03-04"),
    ],
)
def test_dates_in_words_and_figures(text: str, value: str) -> None:
    (found,) = find_dates(f"said on {text}, and so on")
    assert found.value == value
    assert text.startswith(f"said on {text}"[8 : found.end][:4]) or text


@pytest.mark.parametrize("text", ["31.02.2014", "99/99/2014", "12.5 million", "phone 2014-333", "March", "Room 4, 2014"])
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_month_first_where_the_page_says_so() -> None:
    assert [date.value for date in find_dates("03/04/2014", month_first=True)] == ["2014-03-04"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2014-03-04T10:00:00+05:00", "2014-03-04"),
        ("2014-03", "2014-03"),
        ("2011", "2011"),
        ("20140304", "2014-03-04"),
        ("Tue, 4 Mar 2014 10:00", "2014-03-04"),
        ("2014-13-45", None),
        ("soon", None),
        ("", None),
    ],
)
def test_metadata_values(value: str, expected: str | None) -> None:
    assert iso_prefix(value) == expected


@pytest.mark.parametrize(
    ("head", "published", "publisher"),
    [
        ("DUSHANBE, March 3, 2015, Asia-Desk -- ", "2015-03-03", "Asia-Desk"),
        ("BISHKEK, October 30, 2015 (Chu News Service) - ", "2015-10-30", "Chu News Service"),
        ("Tashkent, Uzbekistan (16 September 2010) -- ", "2010-09-16", None),
        ("Dushanbe, 27 July 2015. ", "2015-07-27", None),
        ("Dushanbe, 3 September 2015 – ", "2015-09-03", None),
        ("Bamako, 2013. -- ", "2013", None),
    ],
)
def test_datelines(head: str, published: str, publisher: str | None) -> None:
    metadata = convert(f"Thirty vehicles for the north\n\n{head}{BODY}".encode(), "a.txt")[0].metadata
    assert (metadata.title, metadata.published, metadata.publisher) == ("Thirty vehicles for the north", published, publisher)


@pytest.mark.parametrize(
    ("line", "published", "publisher"),
    [
        ("Wednesday, 22 February 2023 | EU4Posts", "2023-02-22", None),
        ("Kabul, 17 June 2010 | Provincial Review", "2010-06-17", "Provincial Review"),
        ("Embassy of Japan in Tajikistan | Press release", None, "Embassy of Japan in Tajikistan"),
        ("BorderNet.org, February 19, 2016", "2016-02-19", "BorderNet.org"),
        ("By our staff · Tbilisi · 6 November 2017", "2017-11-06", None),
        ("Source: Ministry of the Interior", None, "Ministry of the Interior"),
    ],
)
def test_bylines(line: str, published: str | None, publisher: str | None) -> None:
    metadata = convert(f"Thirty vehicles for the north\n\n{line}\n\n{BODY}".encode(), "a.txt")[0].metadata
    assert metadata.published == published
    if publisher:
        assert metadata.publisher == publisher


def test_dates_in_the_address_and_at_the_foot() -> None:
    page = f"<article><h1>Vehicles for the north</h1><p>{BODY}</p></article>".encode()
    metadata = convert(page, "a.html", address="https://news.example/2014/03/04/vehicles.html")[0].metadata
    assert (metadata.published, metadata.origins["published"]) == ("2014-03-04", "url")
    signed = convert(f"Vehicles\n\n{BODY}\n\nDone at Dushanbe, 24 April 2015\n".encode(), "a.txt")[0].metadata
    assert (signed.published, signed.origins["published"]) == ("2015-04-24", "foot")


def test_a_day_in_the_head_and_a_year_at_the_foot() -> None:
    text = f"Ten contracts\n\nDushanbe, Tuesday, January 24\n\n{BODY}\n\nYear of the release: 2017.\n"
    assert convert(text.encode(), "a.txt")[0].metadata.published == "2017-01-24"


def test_other_languages_are_told() -> None:
    russian = "Пограничная служба получила тридцать автомобилей от партнёров, сообщили во вторник в посольстве страны. " * 2
    persian = "نیروهای مرزی سی خودرو از برنامه همکاری دریافت کردند و فرمانده آن گفت که گشت ها ادامه خواهد داشت. " * 2
    assert convert(russian.encode(), "a.txt")[0].metadata.language == "ru"
    assert convert(persian.encode(), "a.txt")[0].metadata.language == "fa"
