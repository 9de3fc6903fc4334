"""The two clocks as fields of a page: published by a day, recorded by a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bam.model.errors import BamError

_REMEDY = "Write a day as 2014-03-31."


@dataclass(frozen=True, slots=True)
class Clocks:
    """What was asked for. `as_of` is the last day of publication, `recorded_on` the day by whose end it was published here; None
    where a clock isn't limited.
    """

    as_of: dt.date | None
    recorded_on: dt.date | None

    @property
    def recorded_at(self) -> str | None:
        """The end of `recorded_on` as the store writes times."""
        if self.recorded_on is None:
            return None
        return dt.datetime.combine(self.recorded_on, dt.time.max, dt.UTC).isoformat(timespec="microseconds")


def read_clocks(as_of: str, recorded: str) -> Clocks:
    """The clocks from the text of two fields, empty where they aren't set. Raises BamError for what is no day."""
    return Clocks(_day(as_of, "published by"), _day(recorded, "recorded by"))


def _day(text: str, name: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise BamError(f"{text!r} is no day", where=name, remedy=_REMEDY) from error
