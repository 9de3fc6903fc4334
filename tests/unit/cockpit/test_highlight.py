"""Text is cut where quotes begin and end, and none of it is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bam.cockpit.highlight import MarkedBlock, marked_blocks
from bam.model.claims import Claim, Evidence, FacilityType, FacilityValues, Table, Witness
from bam.model.text import Block, BlockKind
from bam.store.claims import StoredClaim

TEXT = "The post was opened. The bridge was repaired in May. Nothing else is known."
WITNESS = Witness("doc-1", "doc-1", "s", None, "media", "clear", None, "a")


def claim(name: str, *spans: tuple[int, int]) -> StoredClaim:
    values = FacilityValues("post", FacilityType.BORDER_POST)
    evidence = tuple(Evidence(start, end, TEXT[start:end]) for start, end in spans)
    return StoredClaim(
        Claim(name, "ver-1", Table.FACILITIES, values, evidence, 0.9, "x", None, "2026", WITNESS), None, None, None, True
    )


def shown(blocks: list[MarkedBlock]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, tuple(each.claim.id for each in one.claims)) for block in blocks for one in block.stretches]


def test_overlapping_quotes_share_a_stretch() -> None:
    blocks = [Block(BlockKind.PARAGRAPH, 0, len(TEXT))]
    found = marked_blocks(TEXT, blocks, [claim("a", (4, 20)), claim("b", (9, 32))])
    assert shown(found)[:4] == [
        (TEXT[:4], ()),
        (TEXT[4:9], ("a",)),
        (TEXT[9:20], ("a", "b")),
        (TEXT[20:32], ("b",)),
    ]
    assert [[each.claim.id for each in one.begins] for one in found[0].stretches[1:3]] == [["a"], ["b"]]


def test_a_quote_over_two_blocks_begins_once() -> None:
    blocks = [Block(BlockKind.PARAGRAPH, 0, 20), Block(BlockKind.PARAGRAPH, 21, len(TEXT))]
    found = marked_blocks(TEXT, blocks, [claim("a", (4, 30))])
    assert [one.text for block in found for one in block.stretches if one.claims] == [TEXT[4:20], TEXT[21:30]]
    assert sum(len(one.begins) for block in found for one in block.stretches) == 1


def test_cells_are_cut_by_themselves() -> None:
    row = Block(BlockKind.TABLE_ROW, 0, 20, cells=((0, 8), (9, 20)))
    (found,) = marked_blocks(TEXT, [row], [claim("a", (4, 15))])
    assert ["".join(one.text for one in cell) for cell in found.cells] == [TEXT[0:8], TEXT[9:20]]
    assert [one.text for cell in found.cells for one in cell if one.claims] == [TEXT[4:8], TEXT[9:15]]


def test_text_without_structure_is_one_paragraph() -> None:
    assert shown(marked_blocks(TEXT, [], [])) == [(TEXT, ())]


spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).filter(lambda span: span[0] < span[1])


@given(st.lists(st.lists(spans, min_size=1, max_size=3), max_size=6))
def test_nothing_of_a_block_is_lost_or_doubled(found: list[list[tuple[int, int]]]) -> None:
    stored = [claim(f"c{number}", *spans) for number, spans in enumerate(found)]
    (block,) = marked_blocks(TEXT, [Block(BlockKind.PARAGRAPH, 0, len(TEXT))], stored)
    assert "".join(one.text for one in block.stretches) == TEXT
    for number, spans in enumerate(found):
        marked = {
            place
            for one, start in zip(block.stretches, _starts(block), strict=True)
            if any(each.claim.id == f"c{number}" for each in one.claims)
            for place in range(start, start + len(one.text))
        }
        assert marked == {place for start, end in spans for place in range(start, end)}
    assert sorted(each.claim.id for one in block.stretches for each in one.begins) == [each.claim.id for each in stored]


def _starts(block: MarkedBlock) -> list[int]:
    starts, place = [], 0
    for one in block.stretches:
        starts.append(place)
        place += len(one.text)
    return starts
