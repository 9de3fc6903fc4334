"""ISO date prefixes: `2014`, `2014-03`, `2014-03-04`. Each stands for all the days that it covers."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_PREFIX = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def first_day(prefix: str) -> dt.date:
    """The first day that the prefix covers. Raises ValueError for anything that is not a date prefix."""
    year, month, day = _parts(prefix)
    return dt.date(year, month or 1, day or 1)


def last_day(prefix: str) -> dt.date:
    """The last day that the prefix covers."""
    year, month, day = _parts(prefix)
    if month is None:
        return dt.date(year, 12, 31)
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


def is_date_prefix(value: object) -> bool:
    """Whether the value is a string that `first_day` accepts."""
    if not isinstance(value, str):
        return False
    try:
        first_day(value)
    except ValueError:
        return False
    return True


def covers(wide: str, narrow: str) -> bool:
    """Whether the prefix `wide` contains all days of `narrow` (`2014` covers `2014-03`)."""
    return first_day(wide) <= first_day(narrow) and last_day(narrow) <= last_day(wide)


def _parts(prefix: str) -> tuple[int, int | None, int | None]:
    match = _PREFIX.fullmatch(prefix)
    if match is None:
        raise ValueError(f"{prefix!r} is not an ISO date prefix")
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None
