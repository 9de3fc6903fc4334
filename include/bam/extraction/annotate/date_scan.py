"""Dates as written, found in one pass over the tokens, before anything is resolved against other dates."""

from __future__ import annotations

from dataclasses import replace

from bam.extraction.annotate.date_points import CENTURY, DateReader, Point, Scanned
from bam.extraction.annotate.date_words import DateMatchers, Phrase
from bam.extraction.annotate.model import Number
from bam.extraction.annotate.tokens import HYPHENS, Tokens


class DateScanner(DateReader):
    """Finds dates as written in one document, in one pass over its tokens."""

    def __init__(self, tokens: Tokens, numbers: dict[int, Number], matchers: DateMatchers) -> None:
        super().__init__(tokens, matchers)
        self._numbers = numbers

    def scan(self) -> list[Scanned]:
        """All dates from left to right without overlap, ranges joined."""
        found: list[Scanned] = []
        triggers, behind = self._matchers.triggers, 0
        for index in sorted({*self._tokens.where(triggers), *self._tokens.digits}):
            if index < behind:
                continue
            item = self._at_word(index) if self._norms[index] in triggers else self._at_digits(index)
            item = item or self._at_number(index)
            if item is not None:
                found.append(item)
                behind = item.last
        return self._joined(found)

    def _at_number(self, index: int) -> Scanned | None:
        """A count of units: "three weeks ago", "a year later"."""
        number = self._numbers.get(index)
        if number is not None:
            return self._counted(index, number.last, int(min(number.value, 999)))
        return self._counted(index, index + 1, 1) if self._norms[index] in ("a", "an") else None

    def _at_digits(self, index: int) -> Scanned | None:
        text = self._texts[index]
        if not text.isdecimal():
            return self._dotted(index, text)
        if len(text) <= 2:
            return self._days_then_month(index) or self._slashed(index) or self._bare_ordinal(index)
        if len(text) == 4 and int(text) in CENTURY:
            return self._iso(index) or self._year(index)
        return None

    def _dotted(self, index: int, text: str) -> Scanned | None:
        """30.04.2012"""
        parts = text.split(".")
        if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(parts[2]) == 4:
            day, month, year = map(int, parts)
            if 1 <= day <= 31 and 1 <= month <= 12:
                return Scanned(index, index + 1, Point(year, month, day))
        return None

    def _slashed(self, index: int) -> Scanned | None:
        """30/04/2012 or 04/30/2012; where both could be, the day comes first."""
        norms = self._norms[index : index + 5]
        if len(norms) < 5 or norms[1] != "/" or norms[3] != "/" or not (norms[2].isdecimal() and norms[4].isdecimal()):
            return None
        day, month, year = int(norms[0]), int(norms[2]), int(norms[4])
        if month > 12 and day <= 12:
            day, month = month, day
        if len(norms[4]) == 4 and 1 <= day <= 31 and 1 <= month <= 12:
            return Scanned(index, index + 5, Point(year, month, day))
        return None

    def _iso(self, index: int) -> Scanned | None:
        norms = self._norms[index : index + 5]
        if len(norms) < 5 or norms[1] != "-" or norms[3] != "-" or len(norms[2]) != 2 or len(norms[4]) != 2:
            return None
        if not (norms[2].isdecimal() and norms[4].isdecimal() and 1 <= int(norms[2]) <= 12 and 1 <= int(norms[4]) <= 31):
            return None
        return Scanned(index, index + 5, Point(int(norms[0]), int(norms[2]), int(norms[4])))

    def _days_then_month(self, index: int) -> Scanned | None:
        """5 July [2018], 27-28 May, 5 and 6 July, 18 to 29 January, the 4th of October."""
        days: list[int] = []
        position = index
        while True:
            day = self._day(position)
            if day is None:
                return None
            value, position = day
            days.append(value)
            month = self._month_at(self._skip_of(position))
            if month is not None:
                break
            if position >= self._size or not self._links_days(position) or len(days) > 5:
                return self._of_known_month(index, position, days)
            position += 1
            if position < self._size and self._norms[position] == "the":
                position += 1
        number, last = month
        year, last = self._year_behind(last)
        weekday = self._weekday_before(index)
        start = Point(year, number, days[0], weekday)
        end = Point(year, number, days[-1]) if len(days) > 1 else None
        return self._with_year_relation(Scanned(index, last, start, end))

    def _bare_ordinal(self, index: int) -> Scanned | None:
        """ "until the 17th": a day whose month was named before."""
        day = self._day(index)
        if day is None or day[1] != index + 2 or index < 2 or self._norms[index - 1] != "the":
            return None
        before = self._norms[index - 2]
        after = self._norms[day[1]] if day[1] < self._size else "."
        role = self._matchers.roles.match_at(self._tokens, index - 2, index)
        if before not in ("on", "to") and role is None:
            return None
        if after[0].isalpha() and after not in self._matchers.function_words:
            return None
        return Scanned(index, day[1], Point(day=day[0]))

    def _year(self, index: int) -> Scanned | None:
        """2014, 2018-2021, 2018/19; no year where it counts things ("2000 participants") or numbers a decision."""
        norms, last = self._norms, index + 1
        if index and (self._texts[index - 1] in "$€£¥" or norms[index - 1] in ("no", "nos", "/")):
            return None
        number = self._numbers.get(index)
        if number is not None and number.last > last:
            return None
        after = norms[last] if last < self._size else "."
        if after == "/" and last + 1 < self._size and norms[last + 1].isdecimal():
            second = norms[last + 1]
            if len(second) == 2:
                return Scanned(index, last + 2, Point(int(norms[index])), Point(int(norms[index][:2] + second)))
            if int(second) not in CENTURY:
                return None
        if after in HYPHENS and last + 1 < self._size and self._tokens.is_adjacent(last):
            second = norms[last + 1]
            if second.isdecimal() and len(second) == 2 and int(second) == (int(norms[index]) + 1) % 100:
                return Scanned(index, last + 2, Point(int(norms[index])), Point(int(norms[index][:2] + second)))
        if after in ("%", "percent", "per") or (after == "s" and self._tokens.is_adjacent(index)):
            return None
        before = norms[index - 1] if index else ""
        if self._counts_things(index, last, before):
            return None
        return Scanned(index, last, Point(int(norms[index])))

    def _counts_things(self, index: int, last: int, before: str) -> bool:
        """ "2000 participants": a plural noun behind, and none of the words before that introduce a year."""
        after = self._norms[last] if last < self._size else "."
        words = self._words
        is_plural = after[0].isalpha() and after.endswith(("s", "men", "women", "people")) and self._texts[last][0].islower()
        return is_plural and after not in words.seasons and after not in words.after_years and before not in words.before_years

    def _at_word(self, index: int) -> Scanned | None:
        norm, words = self._norms[index], self._words
        if norm in words.months:
            found = self._month_first(index)
            if found is not None:
                return found
        if norm in words.weekdays and self._texts[index][0].isupper():
            return self._weekday(index)
        match = self._matchers.phrases.match_at(self._tokens, index, self._size)
        if match is not None:
            return self._phrase(index, match.last, match.values[0])
        if norm in words.seasons:
            return self._season(index)
        if norm in words.holidays:
            year, last = self._year_behind(index + 1)
            return Scanned(index, last, Point(year, *words.holidays[norm]))
        if norm in words.day_words:
            return Scanned(index, index + 1, Point(shift=("day", words.day_words[norm], "anchor")))
        return self._relative(index)

    def _phrase(self, index: int, last: int, phrase: Phrase) -> Scanned | None:
        if phrase.shift is not None:
            return Scanned(index, last, Point(shift=(*phrase.shift, "anchor"), is_deadline=phrase.is_deadline))
        if phrase.relation is not None:
            return Scanned(index, last, Point(relation=phrase.relation))
        if phrase.months is not None:
            return self._part(index, last, phrase.months)
        return self._fiscal(index, last)

    def _month_first(self, index: int) -> Scanned | None:
        """May 2013, November 30, 2018, September 19 to 23, 2022, Nov. 6, May-June 2019, or a month alone."""
        month = self._month_at(index)
        if month is None:
            return None
        number, last = month
        weekday = self._weekday_before(index)
        days, behind = self._days_behind(last)
        if days:
            year, behind = self._year_behind(behind)
            start = Point(year, number, days[0], weekday)
            end = Point(year, number, days[-1]) if len(days) > 1 else None
            return self._with_year_relation(Scanned(index, behind, start, end))
        year, behind = self._year_behind(last)
        if year is not None:
            return Scanned(index, behind, Point(year, number))
        if self._norms[index] in self._words.ambiguous_months and not self._has_month_cue(index):
            return None
        last = index + 1 if last == index + 2 and behind == last and self._is_end_of_sentence(last) else last
        return self._with_year_relation(Scanned(index, last, Point(None, number)))

    def _weekday(self, index: int) -> Scanned | None:
        """A weekday alone or before a full date; with the date it is only a check on the year."""
        position = index + 1
        while position < self._size and self._norms[position] in (",", "the", ".") and position < index + 3:
            position += 1
        if position < self._size:
            dated = self._at_digits(position) if self._texts[position][0].isdecimal() else None
            if dated is None and self._month_at(position) is not None:
                dated = self._month_first(position)
            if dated is not None and dated.start.day is not None:
                return Scanned(
                    index, dated.last, replace(dated.start, weekday=self._words.weekdays[self._norms[index]]), dated.end
                )
        return Scanned(index, index + 1, Point(weekday=self._words.weekdays[self._norms[index]], weekday_direction=0))

    def _part(self, index: int, last: int, months: tuple[int, int]) -> Scanned | None:
        """second quarter of 2024, Q1 2021, the first half of the year."""
        position = last
        while position < self._size and self._norms[position] in ("of", "the", "in", ",", "fiscal") and position < last + 3:
            position += 1
        if position < self._size and self._texts[position].isdecimal() and len(self._texts[position]) == 4:
            return Scanned(index, position + 1, Point(int(self._texts[position]), months=months))
        relation = self._matchers.year_relations.match_at(self._tokens, position, self._size)
        if relation is not None:
            return Scanned(index, relation.last, Point(months=months, year_relation=relation.values[0]))
        if position < self._size and self._norms[position] == "year":
            return Scanned(index, position + 1, Point(months=months, year_relation="year_of_current"))
        return None

    def _fiscal(self, index: int, last: int) -> Scanned | None:
        """FY 2009, FY09, FY 2008-2010, fiscal year 2010."""
        if last >= self._size or not self._texts[last].isdecimal():
            return None
        text = self._texts[last]
        year = int(text) if len(text) == 4 else 2000 + int(text) if len(text) == 2 else 0
        if year not in CENTURY:
            return None
        end, behind = None, last + 1
        if behind + 1 < self._size and self._norms[behind] in HYPHENS and self._texts[behind + 1].isdecimal():
            second = self._texts[behind + 1]
            value = int(second) if len(second) == 4 else 2000 + int(second) if len(second) == 2 else 0
            if value in CENTURY:
                end, behind = Point(value, is_fiscal=True), behind + 2
        return Scanned(index, behind, Point(year, is_fiscal=True), end)

    def _season(self, index: int) -> Scanned | None:
        norm = self._norms[index]
        months = self._words.seasons[norm]
        year, last = self._year_behind(index + 1)
        if year is not None:
            return Scanned(index, last, Point(year, months=months, is_season=True))
        before = self._norms[index - 1] if index else ""
        if before not in self._words.season_cues:
            return None
        match = self._matchers.year_relations.match_at(self._tokens, index + 1, self._size) if index + 1 < self._size else None
        if match is not None:
            return Scanned(index, match.last, Point(months=months, is_season=True, year_relation=match.values[0]))
        if norm in self._words.ambiguous_seasons and before not in ("in", "last", "next", "this"):
            return None
        return Scanned(index, index + 1, Point(months=months, is_season=True))

    def _relative(self, index: int) -> Scanned | None:
        """last|this|next with a unit, weekday, month or season."""
        words, norms = self._words, self._norms
        norm = norms[index]
        direction = -1 if norm in words.previous else 1 if norm in words.following else 0
        position = index + 1
        if position >= self._size or not (direction or norm in words.current):
            return None
        target = norms[position]
        if target in words.weekdays and self._texts[position][0].isupper():
            dated = self._weekday(position)
            if dated is not None and dated.start.day is not None:
                return Scanned(index, dated.last, dated.start, dated.end)
            return Scanned(index, position + 1, Point(weekday=words.weekdays[target], weekday_direction=direction * 2))
        month = self._month_at(position)
        if month is not None:
            year, last = self._year_behind(month[1])
            return Scanned(index, last, Point(year, month[0], shift=None if year else ("month_name", direction, "anchor")))
        if target in words.seasons:
            return Scanned(
                index,
                position + 1,
                Point(months=words.seasons[target], is_season=True, shift=("season_name", direction, "anchor")),
            )
        if target in words.units and not target.endswith("s") and (words.units[target] != "day" or direction == 0):
            return Scanned(index, position + 1, Point(shift=(words.units[target], direction, "anchor")))
        return None

    def _counted(self, index: int, last: int, count: int) -> Scanned | None:
        """three weeks ago, two days later, a month earlier."""
        words, norms = self._words, self._norms
        if last >= self._size or count > 200 or norms[last] not in words.units:
            return None
        unit = words.units[norms[last]]
        first = self._within(index)
        if first is not None:
            return Scanned(first, last + 1, Point(shift=(unit, count, "anchor"), is_deadline=True))
        behind = norms[last + 1] if last + 1 < self._size else ""
        if behind in words.backward:
            return Scanned(index, last + 2, Point(shift=(unit, -count, "anchor")))
        if behind in words.forward:
            return Scanned(index, last + 2, Point(shift=(unit, count, "anchor")))
        if behind in words.earlier:
            return Scanned(index, last + 2, Point(shift=(unit, -count, "last")))
        if behind in words.later:
            return Scanned(index, last + 2, Point(shift=(unit, count, "last")))
        return None

    def _within(self, index: int) -> int | None:
        """Where "within" stands before a number of units ("within the next three months")."""
        position = index - 1
        while position >= max(0, index - 4) and self._norms[position] in self._words.within_fillers:
            position -= 1
        return position if position >= 0 and self._norms[position] in self._words.within else None

    def _joined(self, found: list[Scanned]) -> list[Scanned]:
        """Join "17 March to 5 April 2025", "2015-2018", "between March and May 2019"."""
        result: list[Scanned] = []
        for item in found:
            previous = result[-1] if result else None
            if previous is not None and previous.end is None and item.end is None and self._is_range(previous, item):
                result[-1] = Scanned(previous.first, item.last, previous.start, item.start)
            else:
                result.append(item)
        return result

    def _is_range(self, low: Scanned, high: Scanned) -> bool:
        gap = high.first - low.last
        if gap == 2 and self._norms[high.first - 1] == "the":
            gap = 1
        if gap != 1:
            return False
        link = self._norms[low.last]
        if low.start.shift or high.start.shift or (low.start.weekday is not None and low.start.day is None):
            return False
        if link == "and":
            return low.first > 0 and self._norms[low.first - 1] == "between"
        return link in HYPHENS or link in self._words.range_links
