"""Rows of tables of decisions: which cell holds the decision, its owner, its date, its fate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bam.extraction.annotate.model import TableRow
from bam.extraction.annotate.tokens import fold
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.words import ColumnRole, FollowUpMatchers
from bam.model.claims import FollowUpStatus

_MIN_WORDS = 2


@dataclass(frozen=True, slots=True)
class RowParts:
    """Columns of a row by what they hold; None where the table has none. `status` is what the state's cell says."""

    what: int
    who: int | None
    when: int | None
    state: int | None
    status: FollowUpStatus | None


def find_rows(context: Context, matchers: FollowUpMatchers) -> Iterator[tuple[TableRow, RowParts]]:
    """Rows of tables whose heads name a decision and its owner or fate, and no place or price."""
    known: dict[tuple[int, tuple[str, ...]], dict[ColumnRole, int] | None] = {}
    for row in context.annotated.rows:
        if row.is_header or not row.heads:
            continue
        key = (row.table, row.heads)
        if key not in known:
            known[key] = _columns(matchers, row.heads)
        columns = known[key]
        if columns is None or columns["what"] >= len(row.cells):
            continue
        start, end = row.cells[columns["what"]]
        words = [word for word in context.text[start:end].split() if any(map(str.isalnum, word))]
        if len(words) < _MIN_WORDS or _opens_with_sum(context, start):
            continue
        state = columns.get("state")
        status = _status(context, matchers, row, state) if state is not None and state < len(row.cells) else None
        yield row, RowParts(columns["what"], columns.get("who"), columns.get("when"), state, status)


def _opens_with_sum(context: Context, start: int) -> bool:
    """Whether a cell begins with a sum: a pledge of money, no decision."""
    annotated = context.annotated
    return any(money.start <= start < money.end for money in annotated.within(annotated.money, annotated.sentence_at(start)))


def _columns(matchers: FollowUpMatchers, heads: tuple[str, ...]) -> dict[ColumnRole, int] | None:
    """The role of each column by the words of its head; None where it is no table of decisions."""
    columns: dict[ColumnRole, int] = {}
    for index, head in enumerate(heads):
        role = _role(matchers, head)
        if role is not None:
            columns.setdefault(role, index)
    is_other = any(matchers.other_columns & set(fold(head).split()) for head in heads)
    if "what" not in columns or not {"who", "state"} & set(columns) or is_other:
        return None
    return columns


def _role(matchers: FollowUpMatchers, head: str) -> ColumnRole | None:
    """The role of a head: of the whole head, else of its first or last words."""
    words = fold(head).replace(":", " ").split()
    for size in range(len(words), 0, -1):
        for begin in (0, len(words) - size):
            role = matchers.columns.get(" ".join(words[begin : begin + size]).strip(" ,.()"))
            if role is not None:
                return role
    return None


def _status(context: Context, matchers: FollowUpMatchers, row: TableRow, column: int) -> FollowUpStatus | None:
    tokens = context.annotated.tokens
    first, last = tokens.span(*row.cells[column])
    matches = matchers.statuses_in(tokens, first, last)
    return matches[0].values[0] if matches else None
