"""Reading sources of the web into the store, from a server on loopback; and IATI files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.pipeline.desk import STORY, Desk, Web, paragraphs

from bam.model.errors import FetchError
from bam.store.schema.documents import claims, documents, version_texts, versions
from bam.store.schema.sources import aliases, source_states


def test_a_feed_is_read_once_and_conditionally(desk: Desk, web: Web, feed: Callable[[], Any]) -> None:
    web.page("/a", paragraphs(STORY), ETag='"a1"')
    web.feed("/a", ETag='"f1"')
    assert feed().documents_new == 1
    for _ in range(2):
        assert not feed().changed_anything
    assert [path for path, _ in web.requests].count("/a") == 1
    desk.now += dt.timedelta(days=2)
    assert feed().unchanged == 1
    conditional = [headers.get("if-none-match") for path, headers in web.requests if path == "/a"]
    assert conditional == [None, '"a1"']


def test_a_corrected_page_is_found_when_its_time_comes(desk: Desk, web: Web, feed: Callable[[], Any]) -> None:
    web.page("/a", paragraphs(STORY), ETag='"a1"')
    web.feed("/a")
    feed()
    web.page("/a", paragraphs(STORY.replace("thirty", "thirteen")), ETag='"a2"')
    assert feed().versions_new == 0
    desk.now += dt.timedelta(days=1, minutes=1)
    assert feed().versions_new == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_vanishes_is_noted_and_kept(desk: Desk, web: Web, feed: Callable[[], Any], status: int) -> None:
    web.page("/a", paragraphs(STORY))
    web.page("/b", paragraphs("Another page that stays where it is, with enough words to be read as one. " * 3))
    web.feed("/a", "/b")
    feed()
    web.answers["/a"] = (status, b"", {})
    desk.now += dt.timedelta(days=1, minutes=1)
    assert [problem.reason for problem in feed().vanished] == [f"answered {status}"]
    gone = {row.address: row.vanished_at for row in desk.rows(select(documents))}
    assert (gone[f"{web.address}/a"] is None, gone[f"{web.address}/b"] is None) == (False, True)
    assert len(desk.rows(select(version_texts))) == 2


def test_an_entry_that_fails_is_tried_again_though_the_feed_stays_the_same(desk: Desk, web: Web, feed: Callable[[], Any]) -> None:
    web.page("/a", paragraphs(STORY))
    web.answers["/b"] = (503, b"", {"Retry-After": "1800"})
    web.feed("/b", "/a", ETag='"f1"')
    first = feed()
    assert (first.documents_new, len(first.postponed)) == (1, 1)
    web.page("/b", paragraphs("The second page, which was not to be had at first, with words enough to be read. " * 3))
    desk.now += dt.timedelta(hours=2)
    assert feed().documents_new == 1
    web.answers["/c"] = (403, b"", {})
    web.feed("/c", "/a", "/b", ETag='"f2"')
    desk.now += dt.timedelta(days=2)
    partly = feed()
    assert (len(partly.postponed), partly.unchanged) == (1, 2)
    web.page("/c", paragraphs("A third page, which comes an hour later than the feed had said it would. " * 3))
    desk.now += dt.timedelta(minutes=59)
    assert feed().documents_new == 0
    desk.now += dt.timedelta(minutes=2)
    assert feed().documents_new == 1


def test_not_modified_after_a_failure_is_no_success(desk: Desk, web: Web, feed: Callable[[], Any]) -> None:
    web.page("/a", paragraphs(STORY))
    web.feed("/a", ETag='"f1"')
    feed()
    good = web.answers["/feed"]
    web.answers["/feed"] = (200, b"<html>maintenance</html>", {})
    with pytest.raises(FetchError, match="there is no feed"):
        feed()
    web.answers["/feed"] = (304, b"", {})
    with pytest.raises(FetchError, match="but was not asked that"):
        feed()
    (state,) = desk.rows(select(source_states))
    assert state.failures == 2
    web.answers["/feed"] = good
    feed()
    assert [headers.get("if-none-match") for path, headers in web.requests if path == "/feed"][-1] is None
    assert desk.rows(select(source_states))[0].failures == 0


def test_a_page_that_moves_stays_the_same_document(desk: Desk, web: Web, feed: Callable[[], Any]) -> None:
    web.page("/a", paragraphs(STORY))
    web.feed("/a")
    feed()
    web.answers["/a"] = (301, b"", {"Location": "/archive/a"})
    web.page("/archive/a", paragraphs(STORY.replace("thirty", "thirteen")))
    desk.now += dt.timedelta(days=1, minutes=1)
    assert feed().versions_new == 1
    assert [row.address for row in desk.rows(select(documents))] == [f"{web.address}/a"]
    assert [row.address for row in desk.rows(select(aliases))] == [f"{web.address}/archive/a"]


def test_a_page_may_not_pose_as_one_of_another_host(desk: Desk, web: Web, feed: Callable[[], Any]) -> None:
    desk.write("a.html", paragraphs(STORY), canonical="https://ministry.example/statement")
    desk.ingest()
    head = '<head><link rel="canonical" href="https://ministry.example/statement"></head>'
    body = f"<html>{head}<body><p>All of it is false, we now say, and you should believe us.</p></body></html>"
    web.answers["/evil"] = (200, body.encode(), {"Content-Type": "text/html"})
    web.feed("/evil")
    assert feed().documents_new == 1
    found = {row.address for row in desk.rows(select(documents))}
    assert found == {"https://ministry.example/statement", f"{web.address}/evil"}


def test_a_dead_source_fails_alone(desk: Desk, web: Web, feed: Callable[[], Any]) -> None:
    web.answers["/feed"] = (404, b"", {})
    desk.write("a.html", paragraphs(STORY))
    with pytest.raises(FetchError, match="the listing can't be read: answered 404"):
        feed()
    assert desk.ingest().documents_new == 1
    states = {row.source_id: row.failures for row in desk.rows(select(source_states))}
    assert states == {"wire": 1, "inbox": 0}


IATI = """<iati-activities version="2.03"><iati-activity default-currency="USD" last-updated-datetime="2014-02-01T00:00:00">
<iati-identifier>XX-1-R1</iati-identifier><reporting-org ref="JP-4"><narrative>Japan Desk</narrative></reporting-org>
<title><narrative>Crossing at the upper river</narrative></title>
<participating-org role="1" ref="JP-4"><narrative>Japan Desk</narrative></participating-org>
<recipient-country code="TJ"/>
<transaction><transaction-type code="2"/><transaction-date iso-date="2013-11-20"/><value>3,900,000</value></transaction>
<transaction><transaction-type code="3"/><transaction-date iso-date="2014-01-15"/><value currency="JPY">{amount}</value>
</transaction>
<transaction><transaction-type code="1"/><value>5</value></transaction>
<transaction><transaction-type code="3"/><value>-20</value></transaction></iati-activity></iati-activities>"""


def test_iati_gives_claims_with_the_element_as_evidence(desk: Desk) -> None:
    desk.sources.append({"id": "aid", "kind": "iati", "url": "aid.xml", "officiality": "official", "internal": True})
    (desk.base / "aid.xml").write_text(IATI.format(amount=1000))
    report = desk.ingest("aid")
    assert (report.documents_new, report.claims) == (1, 2)
    found = desk.rows(select(claims, version_texts.c.text).join(version_texts, version_texts.c.version_id == claims.c.version_id))
    for row in found:
        (evidence,) = row.evidence
        assert row.text[evidence["start"] : evidence["end"]] == evidence["quote"]
        assert evidence["quote"].startswith("<transaction>")
    values = {row.values["stage"]: row.values for row in found}
    assert (values["committed"]["amount"], values["committed"]["donors"], values["committed"]["recipients"]) == (
        3900000.0,
        ["JP"],
        ["TJ"],
    )
    assert (values["disbursed"]["currency"], values["disbursed"]["date"]) == ("JPY", "2014-01-15")
    assert not desk.ingest("aid").changed_anything
    (desk.base / "aid.xml").write_text(IATI.format(amount=2000))
    assert desk.ingest("aid").versions_new == 1
    standing = desk.rows(select(claims).where(claims.c.closed_at.is_(None)))
    assert sorted(row.values["amount"] for row in standing) == [2000.0, 3900000.0]
    assert {row.status for row in desk.rows(select(versions))} == {"structured"}
