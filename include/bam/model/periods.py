"""Months, quarters and years by name: `2014-03`, `2014-Q1`, `2014`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from bam.model.dates import first_day, last_day
from bam.model.errors import BamError


class Cadence(StrEnum):
    """How long a period is."""

    MONTH = "monthly"
    QUARTER = "quarterly"
    YEAR = "yearly"


_MONTHS = {Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.YEAR: 12}
_NAME = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, quarter or year; `name` is what people and files call it. Made by `parse_period` or `period_of`."""

    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def cadence(self) -> Cadence:
        """Whether it is a month, a quarter or a year."""
        if "Q" in self.name:
            return Cadence.QUARTER
        return Cadence.MONTH if "-" in self.name else Cadence.YEAR

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        year = int(self.name[:4])
        if self.cadence is Cadence.QUARTER:
            return dt.date(year, 3 * int(self.name[-1]) - 2, 1)
        return dt.date(year, int(self.name[5:] or 1), 1)

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        return self.shifted(1).first_day - dt.timedelta(days=1)

    @property
    def previous(self) -> Period:
        """The period of the same length before it."""
        return self.shifted(-1)

    def shifted(self, steps: int) -> Period:
        """The period that many periods later (earlier where negative)."""
        months = _MONTHS[self.cadence]
        index = (self.first_day.year * 12 + self.first_day.month - 1) // months + steps
        year, month = divmod(index * months, 12)
        return period_of(dt.date(year, month + 1, 1), self.cadence)

    def covers(self, day: dt.date) -> bool:
        """Whether the day lies in it."""
        return self.first_day <= day <= self.last_day


def period_of(day: dt.date, cadence: Cadence) -> Period:
    """The period of that length which the day falls in."""
    if cadence is Cadence.QUARTER:
        return Period(f"{day.year:04d}-Q{(day.month + 2) // 3}")
    return Period(f"{day.year:04d}-{day.month:02d}" if cadence is Cadence.MONTH else f"{day.year:04d}")


def parse_period(name: str) -> Period:
    """The period of that name.

    Raises:
        BamError: it is no month, quarter or year.
    """
    match = _NAME.fullmatch(name.strip())
    if match and int(match[1]) > 0 and (match[3] is None or 1 <= int(match[3]) <= 12):
        return Period(match[0])
    raise BamError(f"{name!r} is no period", remedy="Write a month as 2014-03, a quarter as 2014-Q1 or a year as 2014.")


def fits(prefix: str, period: Period) -> bool:
    """Whether all days that the date prefix stands for lie in the period."""
    return period.first_day <= first_day(prefix) and last_day(prefix) <= period.last_day


def periods_of(prefix: str) -> tuple[Period, ...]:
    """The month, quarter and year that contain all days of the date prefix, as far as it is precise enough to tell."""
    day = first_day(prefix)
    return tuple(period for cadence in Cadence if fits(prefix, period := period_of(day, cadence)))
