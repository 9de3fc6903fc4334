"""What was decided about the sum before: lists and tables say stage, giver, receiver, date and programme once for many sums."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.model import Money
from bam.extraction.context import Context


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions about one sum."""

    money: Money
    stage: str
    donors: tuple[str, ...]
    recipients: tuple[str, ...]
    date: str | None
    programme: str | None


def relation(context: Context, money: Money, previous: Decided | None) -> str:
    """How a sum stands to the one before: `none`, `sentence`, `rows`, `items`, `near`, `block`, `section` or `far`."""
    if previous is None:
        return "none"
    annotated = context.annotated
    here, there = annotated.sentence_at(money.start), annotated.sentence_at(previous.money.start)
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
