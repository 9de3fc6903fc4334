"""Tables as text: CSV and JSON with the same bytes for the same figures on every machine."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def to_csv(frame: pd.DataFrame) -> str:
    """Comma-separated with a head, `\\n` line ends, empty cells for what isn't known, `true` and `false`."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_as_text(value) for value in row] for row in _rows(frame))
    return stream.getvalue()


def to_json(frame: pd.DataFrame) -> str:
    """A list of objects, one per row, in the order of the columns; what isn't known is null."""
    names = list(frame.columns)
    objects = [dict(zip(names, row, strict=True)) for row in _rows(frame)]
    return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"


def _rows(frame: pd.DataFrame) -> Iterator[list[Any]]:
    """Plain Python values row by row; NaN and NaT as None."""
    for row in frame.astype(object).itertuples(index=False, name=None):
        yield [None if _is_missing(value) else _plain(value) for value in row]


def _is_missing(value: Any) -> bool:
    return value is None or value != value


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        text = f"{Decimal(repr(value)):f}"
        return text.removesuffix(".0")
    return str(value)
