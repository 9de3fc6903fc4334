"""The first page in a mail: headlines, key figures and their sources, and nothing that a mail program would drop."""

from __future__ import annotations

from typing import Any

from bam.briefs.material import Material
from bam.briefs.model import BriefContext, Heading, Mark, Quality, Sentence, Source, Span, Tile
from bam.delivery.first_page import first_page
from bam.delivery.mail_html import safe_fragment

HEADING = Heading(
    brief_id="monthly",
    edition="en",
    language="en",
    layout="brief",
    cadence="Monthly",
    publisher="Monitor",
    subject="Border security",
    title="Monthly brief",
    audience="for readers",
    scope="",
    period="2014-03",
    period_label="March 2014",
    as_of="2014-03-31",
    as_of_label="31 March 2014",
    recorded_at="2026-11-01T00:00:00.000000+00:00",
    number=3,
    number_label="No. 3",
    currency="USD",
    tlp="clear",
    sections=("headlines",),
)
SENTENCE = Sentence((Span("USD 3 million", "f1"), Span(" was committed.")), (Mark(2, "a"), Mark(1, "b"), Mark(2, "c")))
TILE = Tile(
    "committed",
    "Committed",
    "f1",
    "USD 3 million",
    "USD 1 million up",
    1,
    (2.0, 3.0),
    "rose",
    "USD 9 million on record",
    (Mark(1, "a"),),
)


def source(number: int, address: str, title: str = "New support") -> Source:
    return Source(number, f"doc-{number}", "Embassy", title, "4 Mar 2014", address, "official", ())


def context(**changes: Any) -> BriefContext:
    values: dict[str, Any] = {
        "heading": HEADING,
        "is_empty": False,
        "headlines": (SENTENCE,),
        "tiles": (TILE,),
        "funding": None,
        "facilities": None,
        "workshops": None,
        "follow_ups": None,
        "changes": None,
        "quality": Quality("warning", "Fit for use, with reservations.", (), ("One sum is far off.",)),
        "method": (),
        "sources": (
            source(1, "https://embassy.example.org/1"),
            source(2, "javascript:alert(1)"),
            source(3, "https://e.example.org/3"),
        ),
        "figures": (),
        "series": (),
        "material": Material((), (), ()),
    }
    return BriefContext(**(values | changes))


def test_plain_text_says_everything() -> None:
    page = first_page(context())
    assert page.summary == "USD 3 million was committed."
    assert page.text == (
        "Border security\nMonthly brief, March 2014\nAs of 31 March 2014 · No. 3\n\n"
        "* USD 3 million was committed. [1] [2]\n\n"
        "KEY FIGURES\n\n* Committed: USD 3 million (USD 1 million up; USD 9 million on record) [1]\n\n"
        "Fit for use, with reservations.\n* One sum is far off.\n\n"
        "SOURCES\n\n[1] Embassy, New support, 4 Mar 2014\n    https://embassy.example.org/1\n"
        "[2] Embassy, New support, 4 Mar 2014\n"
    )


def test_html_says_the_same_and_a_mail_program_drops_nothing_of_it() -> None:
    page = first_page(context()).html
    for words in (
        "Monthly brief, March 2014",
        "As of 31 March 2014",
        "<b>USD 3 million</b> was committed.",
        "USD 1 million up",
        "One sum is",
    ):
        assert words in page
    kept = safe_fragment(page)
    assert kept.replace("&nbsp;", "") == page.replace("&nbsp;", "")


def test_only_web_addresses_are_links() -> None:
    page = first_page(context()).html
    assert 'href="https://embassy.example.org/1"' in page
    assert "javascript" not in page
    assert "e.example.org/3" not in page, "a source that the page doesn't mark"


def test_hostile_words_stay_words() -> None:
    hostile = '<script>alert(1)</script>"{title}'
    page = first_page(
        context(
            headlines=(Sentence((Span(hostile),), (Mark(1, "a"),)),),
            sources=(source(1, 'https://e.example.org/"><script>', hostile),),
        )
    )
    assert "<script>" not in page.html
    assert hostile in page.text
    assert page.summary == hostile


def test_page_without_figures_is_short() -> None:
    page = first_page(context(headlines=(), tiles=(), quality=None, sources=()))
    assert page.summary == "March 2014"
    assert "Key figures" not in page.html
    assert page.text.count("\n") == 4
