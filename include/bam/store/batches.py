"""Many rows at once: long lists of ids in pieces (databases limit the parameters of a statement), short rows by the thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Table, insert

T = TypeVar("T")

BATCH_SIZE = 500
"""Fewer than the 999 parameters that old SQLite builds allow."""


def in_batches(items: Sequence[T], size: int = BATCH_SIZE) -> Iterator[Sequence[T]]:
    """The items in order, at most `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def insert_plain(connection: Connection, table: Table, rows: Sequence[Sequence[str | int]]) -> None:
    """Insert rows of texts and whole numbers, given in the order of the table's columns.

    Such values need no conversion, so they go to the driver as they are: for rows as short as these, looking at each value
    takes longer than storing it.
    """
    if not rows:
        return
    statement = insert(table).compile(dialect=connection.dialect)
    names = [column.name for column in table.columns]
    values = [tuple(row) for row in rows] if statement.positional else [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(str(statement), values)
