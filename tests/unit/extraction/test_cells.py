"""What tables say of the things in their cells."""

from __future__ import annotations

from bam.documents.convert import convert
from bam.extraction.annotate import Annotated, annotate
from bam.extraction.annotate.model import Date, Party
from bam.extraction.cells import above_cell, cell_signs, is_other_row, over_table, table_words
from bam.extraction.resources import Resources

_TABLE = """# Support to three posts

Contributions since 2011

| Donor | Signed | Post | State |
|---|---|---|---|
| Japan | 4 March 2014 | Ustrovo | being built |
| Norway | May 2015 | Verhovo | in use |

Both are paid by the EU.
"""
_YEARS = """# Assistance

| Area | FY 2008 | FY 2009 |
|---|---|---|
| Borders | USD 1.5 million | USD 2.5 million |
"""


def _read(text: str, resources: Resources) -> Annotated:
    return annotate(convert(text.encode(), "table.md")[0], resources)


def _party(annotated: Annotated, code: str) -> Party:
    return next(party for party in annotated.parties if party.code == code)


def _date(annotated: Annotated, value: str) -> Date:
    return next(date for date in annotated.dates if date.value == value)


def test_an_item_of_the_same_row_is_told_by_the_head_of_its_column(resources: Resources) -> None:
    annotated = _read(_TABLE, resources)
    at = annotated.text.index("Ustrovo")
    giver = cell_signs(annotated, at, _party(annotated, "JP"))
    assert {"cell=beside", "cell=beside/headed", "cell.column=0", "cell.kind=giver", "cell.head=donor"} <= set(giver)
    assert "cell.kind=date" in cell_signs(annotated, at, _date(annotated, "2014-03-04"))


def test_items_of_other_rows_and_from_outside_are_told_apart(resources: Resources) -> None:
    annotated = _read(_TABLE, resources)
    at = annotated.text.index("Ustrovo")
    assert cell_signs(annotated, at, _party(annotated, "NO")) == {"cell=other_row": True}
    assert cell_signs(annotated, at, _party(annotated, "EU")) == {"cell=outside": True}
    assert cell_signs(annotated, annotated.text.index("Both"), _party(annotated, "NO")) == {"cell=of_table": True}


def test_text_without_tables_has_no_signs(resources: Resources) -> None:
    annotated = _read("Japan pays for the post at Ustrovo.\n", resources)
    assert cell_signs(annotated, annotated.text.index("post"), _party(annotated, "JP")) == {}


def test_another_full_row_speaks_of_something_else(resources: Resources) -> None:
    annotated = _read(_TABLE, resources)
    at = annotated.text.index("Ustrovo")
    others = [annotated.quote(s) for s in annotated.sentences if is_other_row(annotated, at, s)]
    assert len(others) == 2
    assert not any("Ustrovo" in other or "Both" in other for other in others)


def test_the_head_of_a_column_dates_the_sum_below_it(resources: Resources) -> None:
    annotated = _read(_YEARS, resources)
    assert [date.value[:4] for date in above_cell(annotated, annotated.text.index("2.5"), annotated.dates)] == ["2009"]
    assert list(above_cell(annotated, annotated.text.index("Assistance"), annotated.dates)) == []


def test_the_words_above_a_table_hold_for_its_rows(resources: Resources) -> None:
    annotated = _read(_TABLE, resources)
    assert [date.value for date in over_table(annotated, annotated.text.index("Verhovo"), annotated.dates)] == ["2011"]
    assert list(over_table(annotated, annotated.text.index("Both"), annotated.dates)) == []


def test_the_words_of_the_column_and_of_the_state_are_told(resources: Resources) -> None:
    annotated = _read(_TABLE, resources)
    assert set(table_words(annotated, annotated.text.index("Ustrovo"))) >= {"column=post", "state=being", "state=built"}


def test_the_same_entry_in_two_columns_has_both_heads(resources: Resources) -> None:
    text = "| Item | Approved | Spent |\n|---|---|---|\n| Post | USD 5,000 | USD 5,000 |\n"
    annotated = _read(text, resources)
    assert {"column=approved", "same=spent"} <= set(table_words(annotated, annotated.text.index("USD")))


def test_keys_with_their_values_are_all_of_one_thing(resources: Resources) -> None:
    text = "| Title | A post at Ustrovo |\n|---|---|\n| Donor | Japan |\n| Budget | USD 5,000 |\n"
    annotated = _read(text, resources)
    at = annotated.text.index("USD")
    assert not any(is_other_row(annotated, at, sentence) for sentence in annotated.sentences)
    assert set(cell_signs(annotated, at, _party(annotated, "JP"))) == {"cell=of_key", "cell.key=giver"}


def test_a_row_that_is_several_sentences_is_one_row(resources: Resources) -> None:
    wide = " | ".join(f"USD {number} million" for number in range(1, 301))
    annotated = _read(f"| Donor |{' Sum |' * 300}\n|{'---|' * 301}\n| Japan | {wide} |\n", resources)
    rows = [row for row in annotated.rows if not row.is_header]
    assert len(rows) > 1
    last = annotated.text.index("USD 300 million")
    assert "cell=beside" in cell_signs(annotated, last, _party(annotated, "JP"))
    assert not is_other_row(annotated, last, annotated.sentences[rows[0].sentence])
