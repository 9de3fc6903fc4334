"""Nothing that runs or loads from afar gets into a mail, and what a reader needs stays."""

from __future__ import annotations

import re

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bam.delivery.mail_html import mail_html, safe_fragment

HOSTILE = [
    "<script>alert(1)</script>after",
    "<p onclick=alert(1)>after</p>",
    '<a href="javascript:alert(1)">after</a>',
    '<a href=" java\tscript:alert(1)">after</a>',
    '<a href="data:text/html,<script>alert(1)</script>">after</a>',
    '<a href="file:///etc/passwd">after</a>',
    '<img src="https://evil.example/pixel.gif">after',
    '<img src=x onerror=alert(1) alt="words">after',
    '<iframe src="https://evil.example"></iframe>after',
    '<object data="https://evil.example"></object>after',
    '<link rel="stylesheet" href="https://evil.example/x.css">after',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">after',
    '<base href="https://evil.example">after',
    "<style>@import url(https://evil.example/x.css); p{background:url(https://evil.example/x)}</style>after",
    '<p style="background:url(https://evil.example/x)">after</p>',
    '<p style="background-color:red;background-image:url(//evil.example)">after</p>',
    '<p style="color:red;width:expression(alert(1))">after</p>',
    '<p style="color:\\75rl(https://evil.example)">after</p>',
    '<p style="font-family:url(https://evil.example/f)">after</p>',
    '<table background="https://evil.example/x"><tr><td>after</td></tr></table>',
    '<video poster="https://evil.example/x" src="https://evil.example/y"></video>after',
    '<svg><image href="https://evil.example/x"/><script>alert(1)</script></svg>after',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>after',
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>after",
    '<form action="https://evil.example"><input type=password></form>after',
    '<!--[if mso]><img src="https://evil.example/x"><![endif]-->after',
    "<noscript><img src='https://evil.example/x'></noscript>after",
    '<p srcset="https://evil.example/x 2x">after</p>',
    "<template><img src=https://evil.example/x></template>after",
    "</body></html><script>alert(1)</script>after",
    "<?xml-stylesheet href='https://evil.example'?>after",
]


@pytest.mark.parametrize("page", HOSTILE)
def test_nothing_runs_or_loads(page: str) -> None:
    clean = safe_fragment(page)
    assert "after" in clean
    assert_safe(clean)


def assert_safe(clean: str) -> None:
    """No element, attribute or style but those that can't load or run anything."""
    if not clean:
        return
    root = lxml.html.fragment_fromstring(clean, create_parent="div")
    for element in root.iter():
        assert isinstance(element.tag, str)
        assert element.tag not in {"script", "style", "img", "iframe", "object", "link", "meta", "base", "svg", "form", "input"}
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert name not in {"src", "srcset", "background", "poster", "action"}
            assert name != "style" or not re.search(r"url|expression|\\|@|/\*", value)
            assert name != "href" or re.match(r"https?://|mailto:", value)


PIECES = st.sampled_from([
    "<p>", "</p>", "<script>", "</script>", "<style>", "</style>", "<svg>", "</svg>", "<img src=//e>", "<!--", "-->", "<a href='",
    "'>", "javascript:", "<table><td>", 'style="color:url(', '")', "\0", "<![CDATA[", "]]>", "&lt;script&gt;", "<b/onload=1>",
    "\ud800", "<title>", "<?x", "<math>", "<base href=//e>",
])  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_broken_markup_is_no_way_in(pieces: list[str]) -> None:
    assert_safe(safe_fragment("".join(pieces)))


def test_what_a_reader_needs_stays() -> None:
    page = """<html><head><title>t</title><style>p{color:red}</style></head><body class="x">
    <main><section><h1 style="font-size:20px; color:#123456">Border brief</h1>
    <p>USD 3 million <sup><a href="https://example.org/a?b=1&amp;c=2">1a</a></sup> &lt;safe&gt;</p>
    <table border="0" cellpadding="4"><tr><th scope="col" style="text-align:left">Donor</th></tr></table>
    <figure><svg role="img" aria-label="Committed rose from 1 to 3 million."><path d="M0 0"/></svg></figure>
    <img src="data:image/png;base64,AAAA" alt="A map"></section></main></body></html>"""
    clean = safe_fragment(page)

    assert '<h1 style="font-size:20px;color:#123456">Border brief</h1>' in clean
    assert 'href="https://example.org/a?b=1&amp;c=2"' in clean
    assert "&lt;safe&gt;" in clean
    assert '<th scope="col" style="text-align:left">Donor</th>' in clean
    assert "<em>Committed rose from 1 to 3 million.</em>" in clean
    assert "<em>A map</em>" in clean
    assert "class" not in clean
    assert "<main>" not in clean


def test_page_is_whole_and_its_foot_is_text() -> None:
    page = mail_html("<p>Hi</p>", ["See <b> https://example.org/x?a=1&b=2.", "TLP:CLEAR"], 'A "title" <x>', "ru")
    root = lxml.html.document_fromstring(page)
    assert root.get("lang") == "ru"
    assert root.findtext("head/title") == 'A "title" <x>'
    [link] = root.iterfind(".//a")
    assert link.get("href") == "https://example.org/x?a=1&b=2"
    assert "See <b> https://example.org/x?a=1&b=2." in root.text_content()


@pytest.mark.parametrize("page", ["", "   ", "\x00", "<html></html>", "<body>"])
def test_empty_pages(page: str) -> None:
    assert "script" not in safe_fragment(page)


def test_large_page_is_cleaned_whole() -> None:
    page = "<div>" * 100 + "<p style='color:red'>x</p>" * 20_000
    assert safe_fragment(page).count('<p style="color:red">') == 20_000
