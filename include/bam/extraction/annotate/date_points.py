"""What a text says of year, month and day, and how the pieces of a date are read off its tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bam.extraction.annotate.date_words import DateMatchers, Relation
from bam.extraction.annotate.tokens import HYPHENS, Tokens

CENTURY = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Point:
    """One date as written; what isn't said is None.

    `months` is a part of a year (a quarter, a season). `shift` is (unit, count, base) from the anchor or the date before.
    `weekday_direction` is -2 for "last", 2 for "next", 0 where only the tense tells. `relation` is a word such as
    "the next day", `year_relation` one such as "of the same year".
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    months: tuple[int, int] | None = None
    shift: tuple[str, int, Literal["anchor", "last"]] | None = None
    weekday_direction: int | None = None
    relation: Relation | None = None
    year_relation: Relation | None = None
    is_fiscal: bool = False
    is_season: bool = False
    is_deadline: bool = False


@dataclass(frozen=True, slots=True)
class Scanned:
    """A date or range as written. Tokens [first, last)."""

    first: int
    last: int
    start: Point
    end: Point | None = None


class DateReader:
    """Reads the pieces of dates at a token: days, months, years behind, words such as "of the same year"."""

    def __init__(self, tokens: Tokens, matchers: DateMatchers) -> None:
        self._tokens, self._matchers = tokens, matchers
        self._words = matchers.words
        self._norms, self._texts = tokens.norms, tokens.texts
        self._size = len(tokens)

    def _day(self, index: int) -> tuple[int, int] | None:
        if index >= self._size or not self._texts[index].isdecimal() or len(self._texts[index]) > 2:
            return None
        value, last = int(self._texts[index]), index + 1
        if last < self._size and self._norms[last] in ("st", "nd", "rd", "th") and self._tokens.is_adjacent(index):
            last += 1
        return (value, last) if 1 <= value <= 31 else None

    def _day_end(self, index: int) -> int:
        day = self._day(index)
        return day[1] if day else index

    def _skip_of(self, index: int) -> int:
        return index + 1 if index < self._size and self._norms[index] in ("of", ",") else index

    def _links_days(self, position: int) -> bool:
        norm = self._norms[position]
        return norm in HYPHENS or norm in self._words.range_links or norm in (",", "&", "/")

    def _month_at(self, index: int) -> tuple[int, int] | None:
        """The month named at this token and the token behind it (and behind the dot of an abbreviation)."""
        if index >= self._size:
            return None
        month = self._words.months.get(self._norms[index])
        if month is None or not self._texts[index][0].isupper():
            return None
        last = index + 1
        if last < self._size and self._texts[last] == "." and len(self._texts[index]) <= 4 and self._tokens.is_adjacent(index):
            following = self._texts[last + 1] if last + 1 < self._size else ""
            if following[:1].isdecimal() or following == "," or self._texts[index].lower() not in ("may", "june", "july"):
                last += 1
        return month, last

    def _year_behind(self, index: int) -> tuple[int | None, int]:
        """A year right behind, with or without a comma or "of"."""
        for position in (index, index + 1):
            if position >= self._size or (position > index and self._norms[index] not in (",", "of")):
                break
            text = self._texts[position]
            if text.isdecimal() and len(text) == 4 and int(text) in CENTURY:
                return int(text), position + 1
        return None, index

    def _weekday_before(self, index: int) -> int | None:
        for back in (1, 2):
            if index >= back and (back == 1 or self._norms[index - 1] in (",", "the")):
                weekday = self._words.weekdays.get(self._norms[index - back])
                if weekday is not None:
                    return weekday
        return None

    def _of_known_month(self, index: int, last: int, days: list[int]) -> Scanned | None:
        """ "27 and 28 of that month": days of a month that was named before."""
        match = self._matchers.phrases.match_at(self._tokens, last, self._size) if last < self._size else None
        if match is None or match.values[0].relation != "same_month":
            return None
        return Scanned(index, match.last, Point(day=days[0]), Point(day=days[-1]) if len(days) > 1 else None)

    def _days_behind(self, index: int) -> tuple[list[int], int]:
        days: list[int] = []
        position = index
        while True:
            day = self._day(position)
            if day is None:
                break
            days.append(day[0])
            position = day[1]
            norm = self._norms[position] if position < self._size else ""
            is_link = norm in HYPHENS or norm in self._words.range_links
            if not is_link or self._month_at(self._skip_of(self._day_end(position + 1))) is not None:
                break
            if self._day(position + 1) is None:
                break
            position += 1
        return days, position

    def _has_month_cue(self, index: int) -> bool:
        return index > 0 and self._norms[index - 1] in self._words.month_cues

    def _is_end_of_sentence(self, index: int) -> bool:
        return index >= self._size or self._texts[index][0].isupper()

    def _with_year_relation(self, item: Scanned) -> Scanned:
        """Take in "last year", "of the same year" behind a date without year."""
        if item.start.year is not None or item.last >= self._size:
            return item
        match = self._matchers.year_relations.match_at(self._tokens, item.last, self._size)
        if match is None:
            return item
        relation = match.values[0]
        end = replace(item.end, year_relation=relation) if item.end else None
        return Scanned(item.first, match.last, replace(item.start, year_relation=relation), end)
