"""Feeds as they come: Atom, RSS, broken, without dates, with ids that stand twice."""

from __future__ import annotations

import pytest

from bam.model.errors import FetchError
from bam.sources.feeds import absolute_link, entry_page, parse_feed

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Desk news</title>
<entry><id>a</id><title>One &amp; two</title><link href="https://desk.example/1"/><updated>2014-03-05T23:30:00-02:00</updated>
<content type="html">&lt;p&gt;Text&lt;/p&gt;</content></entry>
<entry><id>a</id><title>Twice</title><link href="https://desk.example/2"/></entry>
<entry><title>No id</title><link href="/3"/></entry>
<entry><summary>nothing to know it by</summary></entry></feed>"""

RSS = b"""<rss version="2.0"><channel><title>Desk</title><item><title>T</title><link>https://desk.example/1</link>
<pubDate>Tue, 04 Mar 2014 10:00:00 +0500</pubDate><description>A teaser.</description></item>
<item><title>Undated</title><guid isPermaLink="false">g2</guid><description>%s</description></item></channel></rss>""" % (
    b"long " * 100
)


def test_atom() -> None:
    feed = parse_feed(ATOM, "https://desk.example/feed")
    assert feed.title == "Desk news"
    assert [(entry.key, entry.title, entry.published) for entry in feed.entries] == [
        ("a", "One & two", "2014-03-06"),
        ("/3", "No id", None),
    ]
    assert feed.entries[0].html == "<p>Text</p>"
    assert absolute_link(feed.entries[1], "https://desk.example/feed") == "https://desk.example/3"


def test_rss_with_teasers_and_without_dates() -> None:
    first, second = parse_feed(RSS, "https://desk.example/feed").entries
    assert (first.published, first.html) == ("2014-03-04", None)
    assert (second.key, second.published, second.link) == ("g2", None, None)
    assert second.html is not None


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    feed = parse_feed(ATOM[: ATOM.index(b"No id")], "https://desk.example/feed")
    assert [entry.key for entry in feed.entries] == ["a"]


@pytest.mark.parametrize("data", [b"", b"<html><body>Not found</body></html>", b"\x00\x01\x02", b"{}"])
def test_what_is_no_feed(data: bytes) -> None:
    with pytest.raises(FetchError, match="there is no feed at the address"):
        parse_feed(data, "https://desk.example/feed")


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>'
    with pytest.raises(FetchError, match="the feed declares XML entities"):
        parse_feed(bomb, "https://desk.example/feed")


def test_an_entry_as_a_page_escapes_its_title() -> None:
    entry = parse_feed(ATOM.replace(b"One &amp; two", b"&lt;script&gt;x&lt;/script&gt;"), "x").entries[0]
    assert b"<script>" not in entry_page(entry)
