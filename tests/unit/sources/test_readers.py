"""What each kind of source lists, against the loopback server."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bam.model.errors import FetchError
from bam.portfolio.sources import Source
from bam.sources.model import Content, Gone, Known, Reader, Refused
from bam.sources.readers import Surroundings, reader_of
from bam.sources.web import WebClient

MARCH = (dt.date(2014, 3, 1), dt.date(2014, 4, 1))


@pytest.fixture
def kept() -> list[Content]:
    return []


@pytest.fixture
def make(tmp_path: Path, client: WebClient, kept: list[Content]) -> Any:
    def reader(known: Known | None = None, **settings: object) -> Reader:
        source = TypeAdapter(Source).validate_python({"id": "x", "officiality": "media", "internal": True, **settings})
        surroundings = Surroundings(
            tmp_path, frozenset({".html", ".txt"}), known=lambda _: known, keep=kept.append, client=lambda *_: client
        )
        return reader_of(source, surroundings)

    return reader


def _feed(*entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{"".join(entries)}</feed>'.encode()


def test_feed_follows_entries(site: Any, make: Any, answer: Any, kept: list[Content]) -> None:
    body = _feed(
        '<entry><id>1</id><title>A</title><link href="/a"/><content type="html">short form</content></entry>',
        "<entry><id>tag:f,2014:2</id><title>B</title><content type='html'>only here</content></entry>",
    )
    site.routes |= {
        "/feed": answer(200, body, {"ETag": '"f1"'}),
        "/a": answer(200, b"<p>full</p>", {"Content-Type": "text/html"}),
    }
    reader = make(kind="feed", url=site.url("/feed"))
    first, second = reader.candidates(None)
    assert (first.address, first.content, first.hints.title) == (site.url("/a"), None, "A")
    assert second.address == site.url("/feed") + "#tag:f,2014:2"
    visited = reader.visit(first, None)
    assert isinstance(visited, Content)
    assert (visited.data, visited.hints.publisher) == (b"<p>full</p>", "F")
    inline = reader.visit(second, None)
    assert isinstance(inline, Content)
    assert b"only here" in inline.data
    assert [content.data for content in kept] == [body]


def test_feed_that_has_not_changed(site: Any, make: Any, answer: Any) -> None:
    site.routes["/feed"] = answer(304)
    assert list(make(Known('"f1"'), kind="feed", url=site.url("/feed")).candidates(None)) == []


@pytest.mark.parametrize(("status", "reason"), [(404, "answered 404"), (500, "answered 500"), (403, "answered 403")])
def test_a_listing_that_fails_is_an_error(site: Any, make: Any, answer: Any, status: int, reason: str) -> None:
    site.routes["/feed"] = answer(status)
    with pytest.raises(FetchError, match=f"the listing can't be read: {reason}"):
        list(make(kind="feed", url=site.url("/feed")).candidates(None))


def test_feed_in_a_file_leads_to_files(make: Any, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    body = _feed(
        '<entry><id>1</id><link href="https://gone.example/1"/><content type="html">carried</content></entry>',
        '<entry><id>2</id><link href="second%20story.html"/><summary>s</summary></entry>',
        '<entry><id>3</id><link href="../../outside.html"/><summary>s</summary></entry>',
    )
    (tmp_path / "news" / "feed.atom").write_bytes(body)
    (tmp_path / "news" / "second story.html").write_text("<p>second</p>")
    reader = make(kind="feed", url="news/feed.atom")
    carried, file, outside = reader.candidates(None)
    assert carried.content is not None
    visited = reader.visit(file, None)
    assert isinstance(visited, Content)
    assert visited.data == b"<p>second</p>"
    assert reader.visit(outside, None) in (
        Refused("the file lies outside of the portfolio's folder"),
        Gone("the file is no longer there"),
    )


def test_pages_and_links(site: Any, make: Any, answer: Any) -> None:
    page = """<a href="/news/2014/03/05/a.html">a</a> <a href="/news/2014/04/05/b.html#x">b</a> <a href="/news/c">c</a>
    <a href="/news/c">again</a> <a href="https://elsewhere.example/news/d">d</a> <a href="mailto:x@y">m</a> <a>none</a> <a href="http://[">x</a>"""
    site.routes["/news/"] = answer(200, page.encode(), {"Content-Type": "text/html"})
    settings = {"kind": "pages", "url": site.url("/news/"), "pages": [site.url("/fixed")]}
    everything = [each.address for each in make(**settings).candidates(None)]
    assert everything == [site.url(path) for path in ("/fixed", "/news/2014/03/05/a.html", "/news/2014/04/05/b.html", "/news/c")]
    march = [each.address for each in make(**settings).candidates(MARCH)]
    assert march == [site.url(path) for path in ("/fixed", "/news/2014/03/05/a.html", "/news/c")]
    chosen = [each.address for each in make(**{**settings, "only": "elsewhere"}).candidates(None)]
    assert chosen == [site.url("/fixed"), "https://elsewhere.example/news/d"]


def test_dates_in_the_address_of_a_listing(site: Any, make: Any, answer: Any) -> None:
    site.routes["/search?from=2014-03-01&to=2014-03-31"] = answer(200, b"<a href='/search/hit'>x</a>")
    reader = make(kind="pages", url=site.url("/search?from={from}&to={to}"))
    assert [each.address for each in reader.candidates(MARCH)] == [site.url("/search/hit")]


def test_sitemaps(site: Any, make: Any, answer: Any) -> None:
    index = f"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>{site.url("/old.xml")}</loc><lastmod>2013-01-01</lastmod></sitemap>
    <sitemap><loc>{site.url("/new.xml.gz")}</loc><lastmod>2014-05-01</lastmod></sitemap></sitemapindex>"""
    pages = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>{site.url("/a")}</loc><lastmod>2014-03-05T10:00:00+00:00</lastmod></url>
    <url><loc>{site.url("/b")}</loc><lastmod>2014-04-01</lastmod></url>
    <url><loc>{site.url("/c")}</loc></url><url><loc>file:///etc/passwd</loc></url><url/></urlset>"""
    site.routes |= {"/sitemap.xml": answer(200, index.encode()), "/new.xml.gz": answer(200, gzip.compress(pages.encode()))}
    reader = make(kind="sitemap", url=site.url("/sitemap.xml"))
    assert [each.address for each in reader.candidates(MARCH)] == [site.url("/a"), site.url("/c")]
    assert "/old.xml" not in site.paths()


def test_sitemap_bombs(site: Any, make: Any, answer: Any) -> None:
    site.routes["/s.xml.gz"] = answer(200, gzip.compress(bytes(60_000_000)))
    with pytest.raises(FetchError, match="the sitemap can't be read"):
        list(make(kind="sitemap", url=site.url("/s.xml.gz")).candidates(None))
    bomb = b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    site.routes["/e.xml"] = answer(200, bomb)
    assert list(make(kind="sitemap", url=site.url("/e.xml")).candidates(None)) == []


def test_reliefweb(site: Any, make: Any, answer: Any, kept: list[Content]) -> None:
    item = {
        "id": "1",
        "fields": {
            "title": "T",
            "body-html": "<p>x</p>",
            "url_alias": "https://rw.example/1",
            "date": {"created": "2014-03-05T00:00:00+00:00"},
        },
    }
    answers: list[str] = []

    def script(handler: Any) -> None:
        answers.append(handler.path)
        body = json.dumps({"data": [item, {"id": "2", "fields": {"title": "no text"}}, "odd"]}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    class AnyPath(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            return script if path.startswith("/v2") else default

    site.routes = AnyPath()
    reader = make(kind="reliefweb", url=site.url("/v2/reports"), appname="desk", query="border AND training")
    (candidate,) = reader.candidates(MARCH)
    assert (candidate.address, candidate.hints.modified) == ("https://rw.example/1", "2014-03-05")
    assert "appname=desk" in answers[0]
    assert "2014-03-01T00%3A00%3A00" in answers[0]
    assert len(kept) == 1


def test_folder(tmp_path: Path, make: Any) -> None:
    for name in (
        "in/b.html",
        "in/a.html",
        "in/a-corrected.html",
        "in/.hidden.html",
        "in/sub/c.txt",
        "in/x.xls",
        "in/skip/d.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "secret.html").write_text("outside")
    (tmp_path / "in/link.html").symlink_to(tmp_path / "secret.html")
    reader = make(kind="folder", path="in", leave_out=["skip/*"])
    addresses = [each.address for each in reader.candidates(None)]
    assert addresses == ["file:in/a.html", "file:in/a-corrected.html", "file:in/b.html", "file:in/sub/c.txt"]
    assert dict(reader.left_out) == {".xls": 1}
    visited = reader.visit(next(iter(make(kind="folder", path="in/sub").candidates(None))), None)
    assert isinstance(visited, Content)
    assert visited.data == b"in/sub/c.txt"


def test_a_missing_folder(make: Any) -> None:
    with pytest.raises(FetchError, match=r"nowhere: the folder is missing\. Create it, or correct `path` in sources\.yml"):
        list(make(kind="folder", path="nowhere").candidates(None))
