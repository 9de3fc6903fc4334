"""The order of an issue: which brief, for which period, in which edition, by which clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bam.model.periods import Period


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that trainings are grouped by: `key` names it in every language, `words` are beginnings of words."""

    key: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Which issue is wanted. It holds everything of the portfolio that an issue prints, in the issue's language, and nothing of
    who gets it: it travels with the issue.

    `countries` are the ISO 3166-1 alpha-2 codes that this edition follows, `edition` its key (`en`, `ru-TJ`); `is_narrowed`
    tells that they are a choice of the portfolio's. `donors` and `programmes` keep only records of these, `tlp` is the highest
    confidentiality of sources. `recorded_at` (ISO 8601, UTC) is the time of the publication that it is made from.
    """

    brief_id: str
    title: str
    audience: str
    cadence: str
    layout: str
    sections: tuple[str, ...]
    tables: str
    publisher: str
    subject: str
    topics: tuple[Topic, ...]
    period: Period
    as_of: dt.date
    recorded_at: str
    language: str
    edition: str
    countries: tuple[str, ...]
    is_narrowed: bool
    donors: tuple[str, ...]
    programmes: tuple[str, ...]
    tlp: str
    currency: str

    def of_period_before(self) -> Order:
        """The same for the period before, as of its end."""
        period = self.period.previous
        return replace(self, period=period, as_of=period.last_day)
