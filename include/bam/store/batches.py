"""Many rows at once: long lists of ids in pieces (databases limit the parameters of a statement), short rows by the thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Dialect, Row, Table, bindparam, insert, select

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


def select_plain(connection: Connection, table: Table, column: Column[Any], values: Sequence[int]) -> Iterator[Row[Any]]:
    """The rows of a table that have one of these values in a column: see `insert_plain` for what is plain."""
    statement, names = _select_of(connection.dialect, table, column)
    for batch in in_batches(values):
        # The statement has one place for each of a whole batch: what is missing is made up by repetition.
        filled = [*batch, *repeat(batch[-1], BATCH_SIZE - len(batch))]
        yield from connection.exec_driver_sql(
            statement, tuple(filled) if names is None else dict(zip(names, filled, strict=True))
        )


@lru_cache(maxsize=8)
def _select_of(dialect: Dialect, table: Table, column: Column[Any]) -> tuple[str, tuple[str, ...] | None]:
    """The statement of `select_plain`, and the names of its places where they have names."""
    names = tuple(f"value_{place}" for place in range(BATCH_SIZE))
    places = [bindparam(name, type_=column.type) for name in names]
    statement = select(table).where(column.in_(places)).compile(dialect=dialect)
    return str(statement), None if statement.positional else names
