"""Pages: the article with its structure, and nothing of what stands around it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from bam.documents.convert import convert
from bam.model.errors import ConversionError
from bam.model.text import BlockKind, ConvertedDocument

LONG = (
    "The border service of the northern province received thirty vehicles from the partner programme on Tuesday, and its "
    "commander said that patrols along the river would now stay in touch with one another."
)


def page(body: str, head: str = "") -> ConvertedDocument:
    return convert(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "page.html")[0]


def shown(document: ConvertedDocument) -> list[tuple[str, str]]:
    return [(str(block.kind), document.text[block.start : block.end]) for block in document.blocks]


def article(body: str) -> list[tuple[str, str]]:
    return shown(page(f"<article><h1>Headline</h1>{body}<p>{LONG}</p></article>"))[1:-1]


def test_kinds_of_blocks() -> None:
    assert article("<h2>Part</h2><blockquote>Said so.</blockquote><figure><figcaption>At the river</figcaption></figure>") == [
        ("heading", "Part"),
        ("quote", "Said so."),
        ("caption", "At the river"),
    ]
    assert article('<p class="byline">By A. Desk</p><p><strong>Background</strong></p><p>Photo: Desk</p>') == [
        ("byline", "By A. Desk"),
        ("heading", "Background"),
        ("caption", "Photo: Desk"),
    ]


def test_lists_carry_the_numbers_that_a_browser_prints() -> None:
    document = page(
        f"<article><h1>H</h1><p>{LONG}</p><ol start=3><li>three<ol type=a><li>first<li>second</ol><li value=9>nine</ol>"
        "<ul><li>bullet</ul><ol type=I><li>(1) written out</ol></article>"
    )
    items = [block for block in document.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [(block.number, block.level, document.text[block.start : block.end]) for block in items] == [
        ("3.", 1, "three"),
        ("a.", 2, "first"),
        ("b.", 2, "second"),
        ("9.", 1, "nine"),
        (None, 1, "bullet"),
        ("(1)", 1, "(1) written out"),
    ]


def test_tables_become_rows_with_cells() -> None:
    table = """<table><caption>Sums</caption><tr><th>Donor<th>Amount<th>Year</tr>
    <tr><td rowspan=2>Japan<td>USD 3<br>million<td>2014</tr><tr><td colspan=2>nothing yet</tr></table>"""
    document = page(f"<article><h1>H</h1><p>{LONG}</p>{table}</article>")
    rows = [block for block in document.blocks if block.kind is BlockKind.TABLE_ROW]
    assert [document.text[row.start : row.end] for row in rows] == [
        "Donor | Amount | Year",
        "Japan | USD 3 million | 2014",
        " | nothing yet | ".strip("\n"),
    ]
    assert [row.header_row for row in rows] == [True, False, False]
    assert [document.text[start:end] for start, end in rows[1].cells] == ["Japan", "USD 3 million", "2014"]
    assert {row.table for row in rows} == {1}


def test_definition_lists_are_rows_and_layout_tables_are_not() -> None:
    assert article("<dl><dt>Budget<dd>EUR 9 million<dt>Start<dd>2015</dl>") == [
        ("table_row", "Budget | EUR 9 million"),
        ("table_row", "Start | 2015"),
    ]
    layout = page(f"<table role=presentation><tr><td><h1>Headline</h1><p>{LONG}</p></td></tr></table>")
    assert shown(layout) == [("title", "Headline"), ("paragraph", LONG)]


def test_descriptions_that_are_sentences_are_text_under_their_term() -> None:
    first, second = (
        "The Parties shall accept each other's seals from May on.",
        "Tanzania shall lend its neighbour five hundred seals for a year.",
    )
    assert article(f"<dl><dt>R.1 Seals<dd>{first}<dt>R.2 Loan<dd>{second}<dt>R.3 Next meeting<dd>To be told in time</dl>") == [
        ("heading", "R.1 Seals"),
        ("paragraph", first),
        ("heading", "R.2 Loan"),
        ("paragraph", second),
        ("heading", "R.3 Next meeting"),
        ("paragraph", "To be told in time"),
    ]


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><a href=/a>News</a></nav>",
        "<div class=cookie-bar>We use cookies. <button>Accept</button></div>",
        "<div class='share-buttons'><a href=#>Tweet</a> <a href=#>Mail</a></div>",
        "<aside class=related><h3>Related</h3><ul><li>Donor gives $13 million for lamps</li></ul></aside>",
        "<section><h3>Read also</h3><p>World Bank lends 40 million dollars for roads</p></section>",
        "<div><h4>You may also like</h4><div>Minister opens $2 million hotel</div></div>",
        "<p><strong>READ MORE:</strong> <a href=/x>Bank approves $25 million</a></p>",
        "<div class=inline><a href=/x>Bank approves $25 million for roads</a></div>",
        "<div id=comments><h2>Comments</h2><p>I gave 5 million dollars once.</p></div>",
        "<ul><li><a href=/a>One million for a bridge</a></li><li><a href=/b>Two million for a road</a></li></ul>",
        "<aside class='newsletter-box'><h3>Get the Review by mail</h3><p>Our budget: $38,000 a year. Join us now.</p></aside>",
        "<div><b>Most read</b><br><a href=/a>Bank lends $40 million</a><br><a href=/b>$2 million burnt</a></div>",
        "<marquee>Customs: $1.8 million collected in July</marquee>",
        "<div style='display: none'>USD 9 million</div><p hidden>EUR 3 million</p><div aria-hidden=true>JPY 4 million</div>",
        "<h3>Most read</h3><ol><li><a href=/a>Mayor spends $1 million</a></li></ol>",
        "<p>Home &gt; News &gt; Borders</p><p>Back to top</p>",
        "<script>var money = 'USD 5 million'</script><noscript>USD 6 million</noscript><template>USD 7 million</template>",
        "<footer>© 2014 Desk. USD 3 is the price of the print edition.</footer>",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    wanted = [("title", "Headline"), ("paragraph", LONG), ("paragraph", f"Second. {LONG}")]
    for body in (
        f"<article><h1>Headline</h1><p>{LONG}</p>{furniture}<p>Second. {LONG}</p></article>",
        f"<main><h1>Headline</h1><p>{LONG}</p><p>Second. {LONG}</p></main>{furniture}",
        f"<div id=wrap>{furniture}<div class=story><h1>Headline</h1><p>{LONG}</p><p>Second. {LONG}</p></div></div>",
    ):
        assert shown(page(body)) == wanted


def test_the_columns_beside_an_article_that_is_laid_out_by_a_table_are_left_out() -> None:
    side = "<b>On sale</b> Lorry of 1999, $14,500, at the bazaar"
    text = f"<h1>Headline</h1><p>{LONG}</p><p>Second. {LONG}</p>"
    laid_out = page(f"<table><tr><td>{side}</td><td>{text}</td><td>{side}</td></tr></table>")
    assert [kind for kind, _ in shown(laid_out)] == ["title", "paragraph", "paragraph"]


def test_what_only_looks_like_furniture_stays() -> None:
    assert article(
        "<aside class=factbox><h4>The programme</h4><p>It has a budget of EUR 3 million. It began in 2012.</p></aside>"
        "<div class=views-row><p>The donors paid USD 4 million for it in the year before. Two posts were built.</p></div>"
        "<h2>Related measures</h2><p>Two courses were held. Forty officers took part in them.</p>"
    ) == [
        ("heading", "The programme"),
        ("paragraph", "It has a budget of EUR 3 million. It began in 2012."),
        ("paragraph", "The donors paid USD 4 million for it in the year before. Two posts were built."),
        ("heading", "Related measures"),
        ("paragraph", "Two courses were held. Forty officers took part in them."),
    ]


def test_a_whole_page_inside_a_form_or_a_share_class_is_not_lost() -> None:
    assert LONG in page(f"<form><h1>Headline</h1><p>{LONG}</p></form>").text
    assert LONG in page(f"<div class='share'><p>{LONG}</p></div>").text


def test_a_title_that_sounds_like_a_box_heads_the_page() -> None:
    text = page(f"<h1>Border Programme Newsletter, issue 5</h1><p>Autumn 2016</p><h2>News</h2><p>{LONG}</p>").text
    assert text.startswith("Border Programme Newsletter, issue 5\n\nAutumn 2016\n\nNews")
    two = page(f"<h1>Two posts opened</h1><p>{LONG}</p><h1>Newsletter</h1><p>Get it by mail</p>").text
    assert "by mail" not in two


def test_titles_are_headlines_and_not_the_name_of_the_site() -> None:
    body = f"<div><h1>The Daily</h1><h2>Friday, 19 October 2012</h2><h3>Two posts opened</h3><p>{LONG}</p></div>"
    document = page(body, "<title>Two posts opened - The Daily</title>")
    assert (document.metadata.title, document.metadata.publisher) == ("Two posts opened", "The Daily")
    assert document.metadata.published == "2012-10-19"


def test_metadata_and_where_it_comes_from() -> None:
    head = """<title>x</title><meta property="og:site_name" content="Desk"><meta name="author" content="A. Writer">
    <link rel="canonical" href="https://desk.example/story#top"><meta property="article:modified_time" content="2014-03-09">
    <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2014-03-04T23:00:00Z",
    "publisher": {"name": "The Desk"}}]}</script>"""
    metadata = page(f"<article><h1>Headline</h1><p>{LONG}</p></article>", head).metadata
    assert (metadata.title, metadata.publisher, metadata.author) == ("Headline", "The Desk", "A. Writer")
    assert (metadata.published, metadata.modified, metadata.language) == ("2014-03-04", "2014-03-09", "en")
    assert metadata.address == "https://desk.example/story"
    assert metadata.origins["publisher"] == "json-ld"
    assert metadata.origins["address"] == "canonical"


@pytest.mark.parametrize("head", ["<script type='application/ld+json'>{broken</script>", "<link rel=canonical href='http://['>"])
def test_broken_metadata_is_no_fault(head: str) -> None:
    assert page(f"<article><p>{LONG}</p></article>", head).text == LONG


def test_charsets() -> None:
    text = f"<meta charset=iso-8859-1><p>“Здесь” no, but “caf\u00e9” yes. {LONG}</p>"
    assert "“Здесь” no, but “café” yes." in convert(text.encode(), "p.html")[0].text
    latin = f"<p>The caf\u00e9 \u201cPamir\u201d. {LONG}</p>"
    assert "The café “Pamir”." in convert(latin.encode("windows-1252"), "p.html", "text/html; charset=iso-8859-1")[0].text
    assert "The café “Pamir”." in convert(latin.encode("utf-16"), "p.html")[0].text


def test_deep_and_wide_pages_end() -> None:
    assert LONG in page("<div>" * 150 + f"<p>{LONG}</p>").text
    with suppress(ConversionError):
        page("<div>" * 100_000 + f"<p>{LONG}</p>")
    assert page("<p>word word word</p>" * 20_000).text.count("word") == 60_000
