"""Dates as documents write them: what day, month or year a stretch of text names. For publication dates, not for facts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

_MONTH_LANGUAGES = ("en", "ru")
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?\s*(?:-|–|—|to|and|/)\s*)?(?P<day>\d{1,2})(?:st|nd|rd|th)?"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at `start`-`end` of the text that was searched. `value` is an ISO prefix; of a range it is the last day."""

    start: int
    end: int
    value: str


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names and abbreviations in lower case without full stop: their numbers."""
    from babel.dates import get_month_names

    months: dict[str, int] = {"sept": 9}
    for language in _MONTH_LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    months[name.lower().rstrip(".")] = number
    return months


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    month = rf"(?P<month>{names})\b\.?"
    shapes = (
        rf"\b{_YEAR}-(?P<month_number>\d{{2}})-(?P<day>\d{{2}})(?!\d)",
        rf"\b{_YEAR}/(?P<month_number>\d{{2}})/(?P<day>\d{{2}})(?!\d)",
        rf"(?<![\d.]){_DAY}[\s/,-]+{month}[\s/,-]+{_YEAR}\b",
        rf"\b{month}\s+{_DAY}(?:,|\s)\s*{_YEAR}\b",
        rf"(?<![\d.])(?P<day>\d{{1,2}})\.(?P<month_number>\d{{1,2}})\.{_YEAR}\b",
        rf"(?<![\d/])(?P<first>\d{{1,2}})([/-])(?P<second>\d{{1,2}})\2{_YEAR}\b",
        rf"\b{month},?\s+{_YEAR}\b",
    )
    return tuple(re.compile(shape, re.IGNORECASE) for shape in shapes)


@lru_cache(maxsize=1)
def _without_year() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    month = rf"(?P<month>{names})\b\.?"
    return tuple(re.compile(shape, re.IGNORECASE) for shape in (rf"\b{_DAY}\s+{month}", rf"\b{month}\s+{_DAY}\b(?!\d)"))


def find_dates(text: str, *, month_first: bool = False) -> list[FoundDate]:
    """All dates with a year, in order of their place; `month_first` decides what 03/04/2015 means."""
    found: list[FoundDate] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            value = _value(match.groupdict(), month_first)
            if value and not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(FoundDate(match.start(), match.end(), value))
    return sorted(found, key=lambda date: date.start)


def find_day_without_year(text: str, year: int) -> FoundDate | None:
    """The first day and month that the text names without a year, in the given year."""
    for pattern in _without_year():
        for match in pattern.finditer(text):
            value = _value({**match.groupdict(), "year": str(year)}, False)
            if value:
                return FoundDate(match.start(), match.end(), value)
    return None


def iso_prefix(value: str, *, month_first: bool = False) -> str | None:
    """The date that a metadata value stands for: ISO date or time, a bare year or month, or a date in words."""
    value = value.strip()
    match = re.match(r"((?:19|20)\d{2})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])", value)
    if match:
        year, month, day = match.groups()
        return _checked(int(year), int(month) if month else None, int(day) if day else None)
    compact = re.fullmatch(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?", value)
    if compact:
        return _checked(*(int(part) for part in compact.groups()))
    dates = find_dates(value, month_first=month_first)
    return dates[0].value if dates else None


def _value(groups: dict[str, str | None], month_first: bool) -> str | None:
    year = int(groups["year"] or 0)
    name, number = groups.get("month"), groups.get("month_number")
    first, second = groups.get("first"), groups.get("second")
    if first and second:
        day, month = int(first), int(second)
        if (month_first and day <= 12) or month > 12:
            day, month = month, day
        return _checked(year, month, day)
    month = _months()[name.lower().rstrip(".")] if name else int(number or 0)
    day_text = groups.get("day")
    return _checked(year, month, int(day_text) if day_text else None)


def _checked(year: int, month: int | None = None, day: int | None = None) -> str | None:
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
