"""What a visit gave, read outside of any transaction."""

from __future__ import annotations

from tests.unit.pipeline.desk import STORY, Desk

from bam.pipeline.ingest_reading import read_arrival, signed
from bam.sources.model import Content, Hints
from bam.store.sources import AddressState, Visit

VISIT = Visit("file:a.txt", "same")


def state(sha256: str, outcome: str) -> AddressState:
    return AddressState("file:a.txt", "doc-1", sha256, None, None, "2014", "2014", None, outcome, 0)


def test_arrivals_wait_without_their_bytes(desk: Desk) -> None:
    content = Content(STORY.encode(), "file:a.txt", "a.txt", hints=Hints(title="Radios"))
    arrival = read_arrival(desk.context, content, "0" * 64, VISIT, None)
    assert arrival.content.data == b""
    (read,) = arrival.documents
    assert read.document.text == STORY
    assert read.document.metadata.title == "Radios"
    assert read.signature is None
    assert signed(read).signature is not None


def test_bytes_of_the_last_visit_are_not_read_again(desk: Desk) -> None:
    content = Content(STORY.encode(), "file:a.txt", "a.txt")
    assert read_arrival(desk.context, content, "0" * 64, VISIT, state("0" * 64, "same")).documents == ()
    assert read_arrival(desk.context, content, "0" * 64, VISIT, state("1" * 64, "same")).documents != ()
    assert read_arrival(desk.context, content, "0" * 64, VISIT, state("0" * 64, "later")).documents != ()


def test_what_cant_be_read_says_why(desk: Desk) -> None:
    arrival = read_arrival(desk.context, Content(b"%PDF-1.7 broken", "file:a.pdf", "a.pdf"), "0" * 64, VISIT, None)
    assert arrival.documents == ()
    assert arrival.error is not None
    assert "damaged" in str(arrival.error)
