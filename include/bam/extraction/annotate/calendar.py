"""Arithmetic on ISO date prefixes: what dates of a text are resolved with."""

from __future__ import annotations

import calendar
import datetime as dt

from bam.model.dates import first_day, last_day


def prefix(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The ISO prefix, or None where there is no such day."""
    if not 1000 <= year <= 9999:
        return None
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def shift(anchor: str, unit: str, count: int) -> str | None:
    """The period of that unit, `count` units from the anchor, no finer than the anchor and the unit allow.

    Weeks are counted in days and give the month where the day isn't meant: "three weeks ago" of 2014-03-05 is 2014-02.
    """
    start = first_day(anchor)
    if abs(count) > 500:
        return None
    if unit == "year" or len(anchor) == 4:
        years = count if unit == "year" else (count // 12 if unit == "month" else 0)
        return prefix(start.year + years)
    if unit in ("month", "quarter", "season"):
        months = start.year * 12 + start.month - 1 + count * (3 if unit == "quarter" else 1)
        return prefix(months // 12, months % 12 + 1)
    if len(anchor) < 10:
        return anchor
    days = count * {"day": 1, "week": 7, "fortnight": 14}.get(unit, 1)
    day = start + dt.timedelta(days=days)
    return day.isoformat() if unit == "day" else f"{day:%Y-%m}"


def shift_exactly(anchor: str, unit: str, count: int) -> str | None:
    """The day that lies so many units behind the anchor, as far as the anchor is known ("within three months")."""
    if len(anchor) < 10 or unit not in ("day", "week", "fortnight", "month", "quarter", "year"):
        return shift(anchor, unit, count)
    start = first_day(anchor)
    if unit in ("day", "week", "fortnight"):
        return (start + dt.timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])).isoformat()
    months = start.year * 12 + start.month - 1 + count * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return prefix(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def weekday_near(anchor: str, weekday: int, direction: int) -> str | None:
    """The day of that weekday (Monday is 0): the last one up to the anchor (-1), or the first one from it on (1).

    "last" (-2) and "next" (2) leave out the anchor's own day. None where the anchor is no day.
    """
    if len(anchor) < 10:
        return None
    day = first_day(anchor)
    if direction < 0:
        back = (day.weekday() - weekday) % 7
        if back == 0 and direction == -2:
            back = 7
        return (day - dt.timedelta(days=back)).isoformat()
    ahead = (weekday - day.weekday()) % 7
    if ahead == 0 and direction == 2:
        ahead = 7
    return (day + dt.timedelta(days=ahead)).isoformat()


def end_of(value: str) -> str:
    """The last day that a prefix covers, as a full date."""
    return last_day(value).isoformat()


def add_days(value: str, days: int) -> str:
    """The day so many days later; the value itself where it is no day."""
    return (first_day(value) + dt.timedelta(days=days)).isoformat() if len(value) == 10 else value


def years_with(month: int, day: int, weekday: int, years: list[int]) -> list[int]:
    """Which of the years have that weekday on that day."""
    result = []
    for year in years:
        written = prefix(year, month, day)
        if written is not None and first_day(written).weekday() == weekday:
            result.append(year)
    return result
