"""A run's note holds what its tasks said, as much as Airflow keeps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bam.orchestration.run_notes import MAX_NOTE_LENGTH, join_sentences


def test_sentences_are_lines() -> None:
    assert join_sentences(["18 new documents", "3 mails"]) == "18 new documents\n3 mails"
    assert join_sentences([]) == ""


def test_what_does_not_fit_is_counted() -> None:
    note = join_sentences([f"source-{number}: 12 new documents, 0 new versions" for number in range(100)])
    assert note.splitlines()[0] == "source-0: 12 new documents, 0 new versions"
    assert note.splitlines()[-1] == f"... and {100 - len(note.splitlines()) + 1} more"


@given(st.lists(st.text("abcdefgh ;", min_size=1, max_size=1500), max_size=60))
def test_a_note_is_never_too_long(sentences: list[str]) -> None:
    note = join_sentences(sentences)
    assert len(note) <= MAX_NOTE_LENGTH
    assert bool(note) == bool(sentences)
