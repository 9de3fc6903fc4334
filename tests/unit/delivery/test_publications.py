"""Folder, object store and feed: what readers find there, whatever the order of arrival."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import feedparser
import pytest

from bam.delivery.channels.base import Assignment, Outcome, Result
from bam.delivery.channels.feed import FeedChannel
from bam.delivery.channels.folder import FolderChannel
from bam.delivery.channels.shelf import Shelf
from bam.delivery.issue import parcel_of

from .conftest import NOON, make_issue

MARCH = make_issue(id="iss-march", period="2014-03", pdf=b"%PDF march")
APRIL = make_issue(id="iss-april", period="2014-04", pdf=b"%PDF april")
APRIL_CORRECTED = make_issue(id="iss-april2", period="2014-04", pdf=b"%PDF april 2", issued_at="2026-11-03T10:00:00.000000+00:00")
RUSSIAN = make_issue(id="iss-march-ru", edition="ru", language="ru", pdf=b"%PDF mart")


def publish(channel: Any, *issues: Any) -> list[Outcome]:
    return [channel.deliver(Assignment("dlv-1", parcel_of(issue), "shelf", NOON), lambda: None) for issue in issues]


def memory_shelf(name: str) -> Shelf:
    return Shelf.open(f"memory://{name}", Path())


def test_every_issue_and_the_latest_are_there(tmp_path: Path) -> None:
    channel = FolderChannel("folder:shelf", Shelf(tmp_path))
    [outcome] = publish(channel, MARCH)

    assert outcome.result is Result.SENT
    assert (tmp_path / "iss-march" / "monthly-brief-2014-03-en.pdf").read_bytes() == b"%PDF march"
    assert (tmp_path / "latest" / "monthly-en.pdf").read_bytes() == b"%PDF march"
    assert json.loads((tmp_path / "latest" / "monthly-en.json").read_text())["id"] == "iss-march"


@pytest.mark.parametrize("order", list(itertools.permutations([MARCH, APRIL, APRIL_CORRECTED, RUSSIAN])))
def test_latest_is_the_newest_period_in_any_order(tmp_path: Path, order: Any) -> None:
    publish(FolderChannel("folder:shelf", Shelf(tmp_path)), *order)
    assert (tmp_path / "latest" / "monthly-en.pdf").read_bytes() == b"%PDF april 2"
    assert (tmp_path / "latest" / "monthly-ru.pdf").read_bytes() == b"%PDF mart"


def test_object_store_works_like_a_folder(tmp_path: Path) -> None:
    store = memory_shelf("bucket/briefs")
    publish(FolderChannel("folder:shelf", store), APRIL, MARCH)
    assert store.read("latest/monthly-en.pdf") == b"%PDF april"
    assert [entry.id for entry in store.entries()] == ["iss-march", "iss-april"]


def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    channel = feed(tmp_path)
    publish(channel, MARCH, APRIL)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    publish(channel, APRIL, MARCH)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_shelf_that_cant_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for channel in (FolderChannel("folder:shelf", Shelf(tmp_path / "file")), feed(tmp_path / "file")):
        [outcome] = publish(channel, MARCH)
        assert outcome.result is Result.RETRY
        assert str(tmp_path / "file") in outcome.reason


def feed(root: Path, limit: int = 50) -> FeedChannel:
    return FeedChannel("feed:public", Shelf(root), "Border <briefs>", "Monitor & Co", "https://monitor.example.org/feed/", limit)


def test_feed_is_read_by_a_feed_reader(tmp_path: Path) -> None:
    publish(feed(tmp_path), APRIL, MARCH)
    parsed = feedparser.parse((tmp_path / "feed.xml").read_bytes())

    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.title == "Border <briefs>"
    assert parsed.feed.author == "Monitor & Co"
    assert [entry.enclosures[0].href for entry in parsed.entries] == [
        "https://monitor.example.org/feed/iss-april/monthly-brief-2014-04-en.pdf",
        "https://monitor.example.org/feed/iss-march/monthly-brief-2014-03-en.pdf",
    ]
    assert (parsed.entries[0].enclosures[0].type, parsed.entries[0].enclosures[0].length) == ("application/pdf", "10")
    assert len({entry.id for entry in parsed.entries} | {parsed.feed.id}) == 3
    assert parsed.entries[0].summary == "USD 3 million were committed."


def test_feed_keeps_the_newest(tmp_path: Path) -> None:
    publish(feed(tmp_path, limit=1), APRIL_CORRECTED, MARCH)
    parsed = feedparser.parse((tmp_path / "feed.xml").read_bytes())
    assert [entry.enclosures[0].href.rsplit("/", 2)[1] for entry in parsed.entries] == ["iss-april2"]


def test_hostile_title_stays_text(tmp_path: Path) -> None:
    title = "<script>alert(1)</script>\x00\x0b]]> & \ud800"
    publish(feed(tmp_path), make_issue(title=title, summary=title))
    parsed = feedparser.parse((tmp_path / "feed.xml").read_bytes())
    assert not parsed.bozo
    assert parsed.entries[0].title_detail.type == "text/plain"
