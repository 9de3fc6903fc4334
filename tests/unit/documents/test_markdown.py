"""Markdown: structure without its marks, tolerant of what machines make of PDFs."""

from __future__ import annotations

from bam.documents.convert import convert
from bam.documents.markdown_text import convert_markdown, inline
from bam.documents.text_builder import HAIR_SPACE
from bam.model.text import BlockKind


def shown(text: str) -> list[tuple[str, int, str | None, str]]:
    builder, _ = convert_markdown(text)
    return [(str(block.kind), block.level, block.number, builder.block_text(i)) for i, block in enumerate(builder.blocks)]


def test_headings_lists_quotes_and_rules() -> None:
    text = "# Title #\n\n## 2. Part\n\n> Said\n> so.\n\n1. one\n2) two\n   - inner\n* (a) star\n\n---\n\nSetext\n======\n\nEnd.\n"
    assert shown(text) == [
        ("title", 1, None, "Title"),
        ("heading", 2, "2.", "2. Part"),
        ("quote", 0, None, "Said so."),
        ("list_item", 1, "1.", "1. one"),
        ("list_item", 1, "2)", "2) two"),
        ("list_item", 2, None, "inner"),
        ("list_item", 1, "(a)", "(a) star"),
        ("heading", 1, None, "Setext"),
        ("paragraph", 0, None, "End."),
    ]


def test_bold_lines_are_headings() -> None:
    text = "**Recommendation of the  \nConference**\n\n**(4) Training.**\n\nText with **bold** inside it.\n"
    assert shown(text) == [
        ("title", 1, None, "Recommendation of the Conference"),
        ("heading", 4, "(4)", "(4) Training."),
        ("paragraph", 0, None, "Text with bold inside it."),
    ]


def test_tables() -> None:
    builder, _ = convert_markdown("| No. | Sum |\n|---|---:|\n| 1 | **USD** 3 \\| 4 m |\n\n| | |\n|---|---|\n| Donor | EU |\n")
    rows = [(block.table, block.header_row, builder.block_text(i)) for i, block in enumerate(builder.blocks)]
    assert rows == [(1, True, "No. | Sum"), (1, False, "1 | USD 3 | 4 m"), (2, False, "Donor | EU")]


def test_inline_marks() -> None:
    assert (
        inline("a [link](http://x) and ![picture](y.png) and `code` and <https://z.example>")
        == "a link and  and code and https://z.example"
    )
    assert inline("Kosovo* and snake_case and 2 * 3") == "Kosovo* and snake_case and 2 * 3"
    assert inline("**Sum:** USD\\* 3") == "Sum: USD* 3"
    assert inline("the 5<sup>th</sup> meeting") == "the 5<sup>th</sup> meeting"


def test_a_quote_is_found_in_its_source_also_beside_punctuation() -> None:
    """Where marks stood between a word and a comma, a hair space keeps the text comparable with the marked-up source."""
    assert inline("comes to **USD 3**.") == f"comes to USD 3{HAIR_SPACE}."
    builder, _ = convert_markdown("(the *Parties*), they said")
    assert builder.text == f"(the Parties{HAIR_SPACE}), they said"


def test_front_matter() -> None:
    text = '---\ntitle: "A note"\ndate: 2016-06-02\npublisher: Desk\n---\n\n# A note\n\nThe text of the note.\n'
    metadata = convert(text.encode(), "note.md")[0].metadata
    assert (metadata.title, metadata.published, metadata.publisher) == ("A note", "2016-06-02", "Desk")
    assert metadata.origins["published"] == "front-matter"


def test_a_list_item_that_runs_on_after_a_page_break() -> None:
    text = "- (4) The Union will go on with its work, notably building on BOMCA and the\n\nBorder Programme for the north.\n"
    builder, _ = convert_markdown(text)
    assert [block.kind for block in builder.blocks] == [BlockKind.LIST_ITEM]
    assert builder.text.endswith("on BOMCA and the Border Programme for the north.")


def test_unfinished_markdown_is_read_as_it_stands() -> None:
    for text in ("**", "[a](", "| a", "---\ntitle: x", "```\ncode", "![", "#", "> ", "* * *", "\\"):
        convert_markdown(text)
