"""Plain text: paragraphs that were wrapped, headings, lists, tabular rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bam.documents.convert import convert
from bam.documents.plain_text import convert_plain_text
from bam.model.text import BlockKind


def shown(text: str) -> list[tuple[str, str]]:
    builder = convert_plain_text(text)
    return [(str(block.kind), builder.block_text(index)) for index, block in enumerate(builder.blocks)]


WRAPPED = """CHAIR'S CONCLUSIONS
Dushanbe, 3 May 2018

A.  The meeting

The heads of the services met for two days at the invitation of the
Government and of the Mission, which had paid for it. Of the
USD 70 million that the programme needs a third has been found.

   - each country is to name a point of contact before the
     end of the year;
   - the next meeting will be held in Astana.

(1) A first numbered thing that is long enough to be broken over
two lines of the file.
(2) A second one.
"""


def test_hard_wrapped_text() -> None:
    assert shown(WRAPPED) == [
        ("title", "CHAIR'S CONCLUSIONS"),
        ("paragraph", "Dushanbe, 3 May 2018"),
        ("heading", "A. The meeting"),
        (
            "paragraph",
            "The heads of the services met for two days at the invitation of the Government and of the Mission, which had paid "
            "for it. Of the USD 70 million that the programme needs a third has been found.",
        ),
        ("list_item", "each country is to name a point of contact before the end of the year;"),
        ("list_item", "the next meeting will be held in Astana."),
        ("list_item", "(1) A first numbered thing that is long enough to be broken over two lines of the file."),
        ("list_item", "(2) A second one."),
    ]


def test_numbers_are_told_and_stay_in_the_text() -> None:
    builder = convert_plain_text(
        "Head\n\n(1) one\n\n2. two\n\na) three\n\n1.4 four\n\n2014. A year is no mark.\n\n- (iii) five\n"
    )
    numbers = [(block.number, builder.block_text(index)) for index, block in enumerate(builder.blocks)][1:]
    assert numbers == [
        ("(1)", "(1) one"),
        ("2.", "2. two"),
        ("a)", "a) three"),
        ("1.4", "1.4 four"),
        (None, "2014. A year is no mark."),
        (None, "(iii) five"),
    ]


def test_long_lines_are_paragraphs_of_their_own() -> None:
    long = (
        "The border service received thirty vehicles from the programme on Tuesday, and its commander said more than that. " * 2
    )
    assert shown(f"Head\n\n{long}\n{long}") == [("title", "Head"), ("paragraph", long.strip()), ("paragraph", long.strip())]


def test_tabular_rows() -> None:
    text = (
        "Head\n\nCountry      2012         2013\nTajikistan   $15.4 m      $1.1 m\nUzbekistan   $5.7 m       n/a\n\nAfter it.\n"
    )
    builder = convert_plain_text(text)
    rows = [(builder.block_text(i), block.header_row) for i, block in enumerate(builder.blocks) if block.cells]
    assert rows == [
        ("Country | 2012 | 2013", True),
        ("Tajikistan | $15.4 m | $1.1 m", False),
        ("Uzbekistan | $5.7 m | n/a", False),
    ]


def test_a_label_and_a_slug_are_no_title() -> None:
    assert shown("Delegation of the Union\nPRESS RELEASE\n\nFirst stone laid\n\nBody text follows here.")[2] == (
        "title",
        "First stone laid",
    )
    assert ("title", "Japan to pay for posts") in shown(
        "WIRE / TJ-JP-BORDER\nJapan to pay for posts\nDUSHANBE - Body of it.\n\nx"
    )


def test_a_sentence_that_a_page_break_cut_in_two() -> None:
    text = "Head\n\nIt will go on with its work through the programmes BOMCA, CADAP and the\n\nHeroin Routes Programme there.\n"
    assert shown(text)[1:] == [
        ("paragraph", "It will go on with its work through the programmes BOMCA, CADAP and the Heroin Routes Programme there.")
    ]


@given(st.text(max_size=400))
def test_blocks_cover_the_text_and_nothing_invisible_is_in_it(text: str) -> None:
    builder = convert_plain_text(text)
    end = 0
    for block in builder.blocks:
        assert builder.text[end : block.start].strip() == ""
        assert builder.text[block.start : block.end].strip() or block.kind is BlockKind.TABLE_ROW
        end = block.end
    assert end == len(builder.text)
    assert not set(builder.text) & {"\x00", "\u200b", "\u00ad", "\ufeff", "\r", "\t"}


def test_the_same_bytes_give_the_same_document() -> None:
    data = WRAPPED.encode()
    assert convert(data, "a.txt") == convert(data, "a.txt")
