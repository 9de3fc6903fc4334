"""What is a change and what is only a clock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bam.documents.changes import Change, changes, is_cosmetic
from bam.documents.plain_text import convert_plain_text


def _compare(old: str, new: str) -> tuple[bool, list[Change]]:
    a, b = convert_plain_text(old), convert_plain_text(new)
    return is_cosmetic(a.text, a.blocks, b.text, b.blocks), changes(a.text, a.blocks, b.text, b.blocks)


BODY = "\n\nThirty vehicles came. They cost USD 3 million. The donor paid.\n\n"


def test_changes_read_sentence_by_sentence() -> None:
    cosmetic, found = _compare(f"Head{BODY}", f"Head{BODY.replace('Thirty', 'Thirteen')}Correction: thirteen, not thirty.")
    assert not cosmetic
    assert found == [Change("Thirty vehicles came.", "Thirteen vehicles came."), Change("", "Correction: thirteen, not thirty.")]


def test_quotation_marks_and_spaces_are_no_change() -> None:
    assert _compare(f"Head{BODY}“So”, she said – twice.", f'Head{BODY}"So", she  said - twice.') == (True, [])


def test_counters_change_but_sums_beside_them_count() -> None:
    assert _compare(f"Head{BODY}Views: 17", f"Head{BODY}Views: 18")[0]
    assert not _compare(f"Head{BODY}Views: 17", f"Head{BODY.replace('3', '4')}Views: 18")[0]
    assert not _compare(f"Head{BODY}Post 17", f"Head{BODY}Post 18")[0]


@given(st.text(max_size=300))
def test_a_text_is_no_change_of_itself(text: str) -> None:
    assert _compare(text, text) == (True, [])


@given(
    st.lists(st.sampled_from(["Thirty vehicles came.", "It cost USD 3.", "Views: 9", "A man said so."]), max_size=6), st.data()
)
def test_changes_tell_all_that_differs(sentences: list[str], data: st.DataObject) -> None:
    """What was taken out and what was put in, together, account for the whole difference."""
    other = data.draw(st.permutations(sentences))
    _, found = _compare("\n\n".join(sentences), "\n\n".join(other))
    before, after = " ".join(change.before for change in found), " ".join(change.after for change in found)
    assert sorted(before.split()) == sorted(after.split())
