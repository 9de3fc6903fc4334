"""How two sums of a document stand to each other."""

from __future__ import annotations

from bam.extraction.annotate.model import Money
from bam.extraction.context import Context


def relation(context: Context, money: Money, other: Money) -> str:
    """How a sum stands to one before it: `sentence`, `rows`, `items`, `near`, `block`, `section` or `far`."""
    annotated = context.annotated
    here, there = annotated.sentence_at(money.start), annotated.sentence_at(other.start)
    if here.index == there.index:
        return "sentence"
    if here.kind == there.kind == "table_row":
        return "rows"
    if here.kind == there.kind == "list_item":
        return "items"
    if here.index - there.index == 1:
        return "near"
    if here.block == there.block:
        return "block"
    return "section" if here.section == there.section and here.index - there.index < 8 else "far"
