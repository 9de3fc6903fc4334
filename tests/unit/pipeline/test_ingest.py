"""Reading into the store: once is enough, corrections are versions, what can't be read stops nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from tests.unit.pipeline.desk import STORY, Desk, paragraphs

from bam.model.errors import FetchError
from bam.pipeline.context import open_context
from bam.pipeline.ingest import ingest_paths
from bam.settings import read_settings
from bam.store.documents import versions_of
from bam.store.schema.documents import claims, documents, version_texts, versions
from bam.store.schema.sources import copy_links, source_states


def test_three_times_is_once(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    (desk.inbox / "b.txt").write_text("A title\n\nA second document, in plain text, that says something else.\n")
    first = desk.ingest()
    assert (first.documents_new, first.versions_new, first.unchanged) == (2, 0, 0)
    for _ in range(2):
        again = desk.ingest()
        assert not again.changed_anything
        assert again.unchanged == 2
    assert len(desk.rows(select(versions))) == 2
    with desk.context as context:
        assert list(context.archive.verify()) == [None, None]


def test_a_correction_is_a_version_and_closes_the_claims_of_the_old_one(desk: Desk) -> None:
    address = "https://gazette.example/radios"
    desk.write("a.html", paragraphs(STORY), canonical=address)
    desk.ingest()
    with desk.context as context, context.store.write() as connection:
        version_id = connection.execute(select(versions.c.id)).scalar_one()
        connection.execute(insert(claims).values(_claim("clm-1", version_id)))
    desk.now += dt.timedelta(days=1)
    desk.write("a-corrected.html", paragraphs(STORY.replace("thirty", "thirteen")), canonical=address)
    report = desk.ingest()
    assert (report.documents_new, report.versions_new) == (0, 1)
    (document,) = desk.rows(select(documents))
    assert document.address == address
    old, new = desk.rows(select(versions).order_by(versions.c.number))
    assert (old.superseded_at is None, new.superseded_at is None) == (False, True)
    (claim,) = desk.rows(select(claims))
    assert (claim.closed_because, claim.closed_by) == ("superseded", new.id)
    assert claim.closed_at == new.recorded_at
    # The old file is still there: reading it again doesn't bring the old text back.
    assert not desk.ingest().changed_anything


def _claim(claim_id: str, version_id: str) -> dict[str, Any]:
    return {
        "id": claim_id,
        "version_id": version_id,
        "table_name": "funding",
        "values": {},
        "evidence": [],
        "confidence": 0.9,
        "reasons": [],
        "extractor": "test/1",
        "recorded_at": "2014-03-05T12:00:00.000000+00:00",
        "is_reviewed": False,
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Views: 1 846", "Views: 1 902"),
        ("Wednesday, 12:31", "Wednesday, 12:45"),
        ("3 hours ago", "2 days ago"),
        ("Advertisement: new boots", ""),
        ("", "Advertisement: rent a crane from $950 a day"),
        ("USD 5.5104 EUR 6.1755", "USD 5.5210 EUR 6.2001"),
    ],
)
def test_clocks_counters_and_adverts_are_no_version(desk: Desk, before: str, after: str) -> None:
    desk.write("a.html", paragraphs(before, STORY))
    desk.ingest()
    desk.write("a.html", paragraphs(after, STORY.replace("'", "’")))
    report = desk.ingest()
    assert (report.cosmetic, report.versions_new) == (1, 0)
    assert len(desk.rows(select(versions))) == 1
    assert desk.ingest().unchanged == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The grant: USD 500,000", "The grant: USD 5,000,000"),
        ("", "Correction: the number of vehicles was wrong."),
        ("It was signed on 3 March.", "It was signed on 4 March."),
        ("A short line", ""),
    ],
)
def test_a_changed_number_or_sentence_is_a_version(desk: Desk, before: str, after: str) -> None:
    desk.write("a.html", paragraphs(before, STORY))
    desk.ingest()
    desk.write("a.html", paragraphs(after, STORY))
    assert desk.ingest().versions_new == 1


def test_an_older_text_that_comes_late_is_history(desk: Desk) -> None:
    address = "https://gazette.example/radios"
    desk.write("b.html", paragraphs(STORY), canonical=address, modified="2014-03-05")
    desk.ingest()
    desk.write("c.html", paragraphs(STORY.replace("thirty", "three")), canonical=address, modified="2014-03-01")
    report = desk.ingest()
    assert (report.older, report.versions_new) == (1, 0)
    standing = desk.rows(select(version_texts.c.text).join(versions).where(versions.c.superseded_at.is_(None)))
    assert "thirty" in standing[0].text


def test_a_correction_that_is_taken_back(desk: Desk) -> None:
    for text in (STORY, STORY.replace("thirty", "thirteen"), STORY):
        desk.write("a.html", paragraphs(text))
        desk.ingest()
    found = desk.rows(select(versions).order_by(versions.c.number))
    assert [row.superseded_at is None for row in found] == [False, False, True]
    assert found[0].text_sha256 == found[2].text_sha256
    assert len({row.id for row in found}) == 3


def test_a_file_that_is_deleted_has_vanished_and_may_come_back(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    (desk.inbox / "a.html").unlink()
    assert [problem.reason for problem in desk.ingest().vanished] == ["the file is no longer there"]
    assert desk.rows(select(documents))[0].vanished_at is not None
    assert not desk.ingest().changed_anything
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    (document,) = desk.rows(select(documents))
    assert document.vanished_at is None
    assert len(desk.rows(select(versions))) == 1


def test_a_folder_that_is_missing_is_a_failure_and_no_loss(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    desk.inbox.rename(desk.base / "moved")
    with pytest.raises(FetchError, match="the folder is missing"):
        desk.ingest()
    assert desk.rows(select(documents))[0].vanished_at is None
    (state,) = desk.rows(select(source_states))
    assert (state.failures, "folder is missing" in state.reason) == (1, True)


def test_what_cant_be_read_is_quarantined_and_stops_nothing_else(desk: Desk) -> None:
    (desk.inbox / "a.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (desk.inbox / "b.html").write_bytes(b"")
    (desk.inbox / "c.html").write_bytes(bytes(range(256)) * 50)
    desk.write("d.html", paragraphs(STORY))
    report = desk.ingest()
    assert report.documents_new == 1
    reasons = {Path(problem.address).name: problem.reason for problem in report.quarantined}
    assert reasons == {
        "a.pdf": "the PDF is damaged. Fetch it again.",
        "b.html": "the file is empty. Fetch it again or remove it.",
        "c.html": "the content is no text (binary data). Check what kind of file it is.",
    }
    stored = desk.rows(select(versions).where(versions.c.status == "quarantined").order_by(versions.c.reason))
    assert [row.reason for row in stored] == ["the PDF is damaged", "the content is no text (binary data)", "the file is empty"]
    assert not desk.ingest().changed_anything
    (desk.inbox / "b.html").write_text("<p>Now it has been written and is long enough to be a sentence.</p>")
    assert desk.ingest().versions_new == 1
    good = desk.rows(select(versions).where(versions.c.superseded_at.is_(None)))
    assert {row.status for row in good if row.document_id == stored[2].document_id} == {"converted"}


def test_a_damaged_answer_leaves_the_good_version_standing(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    desk.ingest()
    (desk.inbox / "a.html").write_bytes(b"")
    assert len(desk.ingest().quarantined) == 1
    with desk.context as context, context.store.read() as connection:
        (document,) = connection.execute(select(documents)).all()
        states = [(row.status, row.superseded_at is None) for row in versions_of(connection, document.id)]
    assert states == [("converted", True), ("quarantined", True)]


def test_near_copies_are_one_group_in_any_order(tmp_path: Path) -> None:
    texts = {
        "a.html": paragraphs(STORY),
        "b.html": paragraphs("By our desk", STORY, "The ministry made no comment."),
        "c.html": paragraphs("Quite another story about a bridge over the same river, opened by two ministers in the rain, " * 3),
    }
    groups = []
    for number, order in enumerate((["a.html", "b.html", "c.html"], ["c.html", "b.html", "a.html"])):
        desk = Desk(tmp_path / str(number))
        for name in order:
            desk.write(name, texts[name], canonical=f"https://{name[0]}.example/story")
            desk.ingest()
        groups.append({row.address: row.copy_group for row in desk.rows(select(documents))})
        assert len(desk.rows(select(copy_links))) == 1
    assert groups[0] == groups[1]
    assert groups[0]["https://a.example/story"] == groups[0]["https://b.example/story"] != groups[0]["https://c.example/story"]


def test_a_copy_that_becomes_another_story_leaves_its_group(desk: Desk) -> None:
    desk.write("a.html", paragraphs(STORY))
    desk.write("b.html", paragraphs(STORY, "With a closing line."))
    desk.ingest()
    assert len({row.copy_group for row in desk.rows(select(documents))}) == 1
    desk.write("b.html", paragraphs("A story about a harbour and its cranes, told at some length by those who work there. " * 4))
    desk.ingest()
    assert all(row.copy_group == row.id for row in desk.rows(select(documents)))


def test_files_given_by_hand(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A note\n\nThe embassy gave forty radios to the border service on Monday, it said.\n")
    desk.write("a.html", paragraphs(STORY))
    with desk.context as context:
        report = ingest_paths(context, [tmp_path / "note.txt", desk.inbox, tmp_path / "missing"])
    assert report.documents_new == 2
    assert [problem.reason for problem in report.failures] == ["there is no such file or folder"]
    assert {row.source_id for row in desk.rows(select(documents))} == {"files", "inbox"}


def test_open_context_reads_the_portfolio_of_the_project(tmp_path: Path) -> None:
    with open_context(read_settings({"BAM_HOME": str(tmp_path)})) as context:
        assert any(source.id == "samples-press" for source in context.portfolio.sources)
