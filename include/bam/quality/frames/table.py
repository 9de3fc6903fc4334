"""Making a pandas frame from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def frame_of(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """A frame with exactly these columns, even without rows. Cells that a row lacks are null.

    Columns that hold only nulls keep the type object: an empty column of faults must not become one of numbers.
    """
    import pandas as pd

    cells = [tuple(row.get(column) for column in columns) for row in rows]
    frame = pd.DataFrame(cells, columns=list(columns), dtype=object)
    numbers = {column: pd.to_numeric(frame[column]) for column in columns if _is_numeric(frame[column])}
    return frame.assign(**numbers)


def _is_numeric(column: pd.Series[Any]) -> bool:
    """Whether all cells are numbers or null, with at least one number. Truth values are no numbers."""
    present = [cell for cell in column if cell is not None]
    return bool(present) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in present)
