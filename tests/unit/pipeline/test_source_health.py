"""Plain sentences for sources that need attention, trying a source out, adding one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select
from tests.unit.pipeline.desk import STORY, Desk, Web, paragraphs

from bam.model.errors import ConfigurationError, FetchError
from bam.pipeline.source_health import SourceHealth, source_health
from bam.pipeline.source_trial import add_source, guess_kind, try_source
from bam.sources.web import WebClient
from bam.store.schema.documents import documents
from bam.store.schema.sources import addresses
from bam.store.sources import begin_visit


def health(desk: Desk) -> SourceHealth:
    with desk.context as context:
        return source_health(context)[-1]


def test_a_source_that_was_never_read(desk: Desk) -> None:
    assert health(desk).attention == "inbox has never been read."


def test_a_source_that_is_being_read_for_the_first_time(desk: Desk) -> None:
    with desk.context as context, context.store.write() as connection:
        begin_visit(connection, "inbox", context.timestamp())
    assert health(desk).attention is None


def test_a_source_that_is_well(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    found = health(desk)
    assert (found.document_count, found.silent_days, found.attention) == (1, 0, None)


def test_a_silent_source(desk: Desk) -> None:
    desk.sources[0]["rhythm_days"] = 10
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    desk.now += dt.timedelta(days=20, hours=1)
    desk.ingest()
    assert health(desk).attention is None
    desk.now += dt.timedelta(days=1)
    desk.ingest()
    assert health(desk).attention == "inbox has given nothing new for 21 days; usual is every 10."


def test_a_source_that_nobody_reads(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    desk.now += dt.timedelta(days=5)
    assert health(desk).attention == "inbox was last read 5 days ago: is its schedule on?"


def test_a_source_that_fails(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    desk.inbox.rename(desk.base / "elsewhere")
    for _ in range(2):
        desk.now += dt.timedelta(days=1)
        with pytest.raises(FetchError):
            desk.ingest()
    attention = health(desk).attention or ""
    assert attention.startswith("inbox failed at its last 2 visits; it last worked on 2014-03-05. ")
    assert "the folder is missing" in attention


def test_quarantine_and_switched_off_sources(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    (desk.inbox / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    desk.ingest()
    assert health(desk).attention == "inbox works, but 1 of its documents are in quarantine."
    desk.sources[0]["enabled"] = False
    assert health(desk).attention is None


def test_trying_a_source_stores_nothing(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY), canonical="https://gazette.example/a")
    (desk.inbox / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    with desk.context as context:
        trial = try_source(context, context.portfolio.source("inbox"))
    assert trial.listed == ("file:inbox/a.html", "file:inbox/b.pdf")
    good, bad = trial.pages
    assert (good.address, good.title) == ("https://gazette.example/a", "Radios for the north")
    assert bad.problem == "the PDF is damaged"
    assert desk.rows(select(func.count()).select_from(documents)) == [(0,)]
    assert desk.rows(select(func.count()).select_from(addresses)) == [(0,)]


@pytest.fixture
def client() -> WebClient:
    return WebClient("desk@example.org", internal=True, pause_seconds=0)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>x</title></entry></feed>', "feed"),
        ("<urlset><url><loc>https://x.example/a</loc></url></urlset>", "sitemap"),
        ('<iati-activities version="2.03"/>', "iati"),
        ("<html><body><a href=/a>a</a></body></html>", "pages"),
    ],
)
def test_the_kind_follows_from_what_stands_there(web: Web, client: WebClient, tmp_path: Path, body: str, kind: str) -> None:
    web.answers["/x"] = (200, body.encode(), {})
    assert guess_kind(f"{web.address}/x", tmp_path, client) == {"kind": kind, "url": f"{web.address}/x"}


def test_a_page_that_announces_a_feed(web: Web, client: WebClient, tmp_path: Path) -> None:
    body = '<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>x</body></html>'
    web.answers["/x"] = (200, body.encode(), {})
    assert guess_kind(f"{web.address}/x", tmp_path, client) == {"kind": "feed", "url": f"{web.address}/rss"}
    with pytest.raises(FetchError, match="the address can't be read: answered 404"):
        guess_kind(f"{web.address}/missing", tmp_path, client)


def test_folders_and_files(client: WebClient, tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "aid.xml").write_text('<iati-activities version="2.03"/>')
    assert guess_kind(str(tmp_path / "incoming"), tmp_path, client) == {"kind": "folder", "path": "incoming"}
    assert guess_kind(str(tmp_path / "aid.xml"), tmp_path, client) == {"kind": "iati", "url": "aid.xml", "internal": True}
    with pytest.raises(FetchError, match="there is no such file or folder"):
        guess_kind(str(tmp_path / "missing"), tmp_path, client)


def test_adding_keeps_comments_and_order(tmp_path: Path) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(
        "# who speaks where\nsources:\n  - id: one  # the first\n    kind: folder\n    path: x\n    officiality: media\n"
    )
    entry: dict[str, Any] = {"id": "two", "kind": "feed", "url": "https://two.example/feed", "officiality": "official"}
    add_source(tmp_path, entry)
    text = path.read_text()
    assert text.startswith("# who speaks where\nsources:\n  - id: one  # the first\n")
    assert [source["id"] for source in yaml.safe_load(text)["sources"]] == ["one", "two"]
    with pytest.raises(ConfigurationError, match="ids that stand twice: two"):
        add_source(tmp_path, entry)
    with pytest.raises(ConfigurationError, match="source three"):
        add_source(tmp_path, {**entry, "id": "three", "officiality": "rumour"})
    assert path.read_text() == text
