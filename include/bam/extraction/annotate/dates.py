"""Dates resolved: ISO prefixes for what the text says, by the anchor, the tense of the clause and the dates around."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Literal

from bam.extraction.annotate.calendar import add_days, end_of, prefix, shift, shift_exactly, weekday_near, years_with
from bam.extraction.annotate.date_points import Point, Scanned
from bam.extraction.annotate.date_words import DateMatchers, RoleName
from bam.extraction.annotate.model import Clause, Date, Precision, Sentence, Verb
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.model.dates import last_day

_LONGEST_ROLE = 6
_YEARS_AROUND = (0, -1, 1, -2)


@dataclass(slots=True)
class _Context:
    """What the dates before tell: the year of the section, the last date, the block and sentence that it stood in."""

    section: int | None = None
    section_year: int | None = None
    last: str | None = None
    last_year: int | None = None
    last_block: int = -1
    last_sentence: int = -1


@dataclass(frozen=True, slots=True)
class _Resolved:
    value: str
    until: str | None = None
    precision: Precision = "day"
    is_relative: bool = False
    is_yearless: bool = False
    due: str | None = None


class DateResolver:
    """Turns scanned dates into dates of the calendar, from left to right."""

    def __init__(
        self,
        tokens: Tokens,
        matchers: DateMatchers,
        sentences: tuple[Sentence, ...],
        clauses: tuple[Clause, ...],
        verbs: tuple[Verb, ...],
        anchor: str | None,
    ) -> None:
        self._tokens, self._matchers, self._anchor = tokens, matchers, anchor
        self._sentences, self._clauses, self._verbs = sentences, clauses, verbs
        self._sentence_starts = [sentence.first for sentence in sentences]
        self._clause_starts = [clause.first for clause in clauses]

    def resolve(self, scanned: list[Scanned]) -> tuple[Date, ...]:
        """All dates that can be told; those that need an anchor are left out where there is none."""
        context = _Context()
        dates: list[Date] = []
        for item in scanned:
            position = bisect_right(self._sentence_starts, item.first) - 1
            if position < 0:
                continue
            sentence = self._sentences[position]
            if sentence.section != context.section:
                context.section, context.section_year = sentence.section, self._year_of_section(sentence, scanned)
            date = self._date(item, sentence, context, len(dates))
            if date is not None:
                dates.append(date)
                context.last, context.last_year = date.until or date.value, int(date.value[:4])
                if date.role in ("since", "deadline") and date.until is None:
                    context.last = date.value
                context.last_block, context.last_sentence = sentence.block, sentence.index
        return tuple(dates)

    def _year_of_section(self, sentence: Sentence, scanned: list[Scanned]) -> int | None:
        """The year that the heading above names, where it names just one."""
        if sentence.section is None:
            return None
        heading = self._sentences[sentence.section]
        low = bisect_left(scanned, heading.first, key=attrgetter("first"))
        high = bisect_left(scanned, heading.last, key=attrgetter("first"))
        years = {item.start.year for item in scanned[low:high] if item.start.year and item.end is None}
        return years.pop() if len(years) == 1 else None

    def _date(self, item: Scanned, sentence: Sentence, context: _Context, index: int) -> Date | None:
        direction = self._direction(item, sentence)
        resolved = (
            self._range(item, sentence, context, direction) if item.end else self._point(item.start, sentence, context, direction)
        )
        if resolved is None:
            return None
        role, position, outer = self._role(item, sentence)
        due = resolved.due or self._due(resolved, item.start, position)
        value = resolved.value
        if role == "deadline" and resolved.precision == "year" and self._tokens.norms[outer] in self._matchers.words.exclusive:
            due = f"{int(value) - 1}-12-31" if len(value) == 4 and position is None else due
        if position == "period_end" and role == "at" and item.start.month is None and len(value) == 4:
            due = f"{value}-12-31"
        kind: Literal["at", "range", "deadline", "since", "until"] = "deadline" if item.start.is_deadline else role
        if item.end is not None and kind == "at":
            kind = "range"
        if kind == "since" and item.end is not None:
            kind = "range"
        return Date(
            index=index,
            start=self._tokens.starts[item.first],
            end=self._tokens.ends[item.last - 1],
            outer_start=self._tokens.starts[outer],
            value=value,
            until=resolved.until,
            precision=resolved.precision,
            role=kind,
            due=due,
            is_relative=resolved.is_relative,
            is_yearless=resolved.is_yearless,
            is_fiscal=item.start.is_fiscal,
        )

    def _role(
        self, item: Scanned, sentence: Sentence
    ) -> tuple[Literal["at", "deadline", "since", "until"], RoleName | None, int]:
        """What the words before the date make of it, the position in a period ("end of"), and where those words begin."""
        role: Literal["at", "deadline", "since", "until"] = "at"
        position: RoleName | None = None
        outer = item.first
        for _ in range(2):
            found = self._phrase_before(outer, sentence.first)
            if found is None:
                break
            name, begin = found
            phrase = self._tokens.norms[begin:outer]
            outer = begin
            if name in ("period_end", "period_start", "period_middle"):
                position = name
                continue
            if any(word in self._matchers.words.positions for word in phrase):
                position = {"end": "period_end", "start": "period_start", "middle": "period_middle"}[  # type: ignore[assignment]
                    next(self._matchers.words.positions[word] for word in phrase if word in self._matchers.words.positions)
                ]
            if name == "deadline" or name == "since" or name == "until":
                role = name
            break
        return role, position, outer

    def _phrase_before(self, index: int, floor: int) -> tuple[RoleName, int] | None:
        end = index
        while end > floor and (self._tokens.norms[end - 1] in HYPHENS or self._tokens.norms[end - 1] == "the"):
            end -= 1
        for stop in (index, end):
            for start in range(max(floor, stop - _LONGEST_ROLE), stop):
                match = self._matchers.roles.match_at(self._tokens, start, stop)
                if match is not None and match.last == stop:
                    return match.values[0], start
        return None

    def _direction(self, item: Scanned, sentence: Sentence) -> int:
        """-1 where the clause tells what was, 1 where it tells what is to come, 0 where it doesn't tell."""
        clause = self._clauses[max(0, bisect_right(self._clause_starts, item.first) - 1)]
        verbs = [self._verbs[i] for i in clause.verbs] or self._verbs_of(sentence)
        if not verbs:
            return 0
        verb = min(verbs, key=lambda v: (abs(v.first - item.first), v.first))
        if verb.form == "infinitive" and verb.governor is None and any(v.tense == "future" for v in self._verbs_of(sentence)):
            return 1
        if verb.form == "infinitive" and verb.governor is not None and self._verbs[verb.governor].tense != "past":
            return 1 if verb.modality in ("plan", "pledge", "need", "recommend") else 0
        if verb.tense == "future" or (verb.modality in ("plan", "pledge", "need") and verb.tense != "past"):
            return 1
        if verb.tense == "past" or verb.is_perfect or (verb.form == "participle" and verb.tense == "none"):
            return -1
        return 0

    def _verbs_of(self, sentence: Sentence) -> list[Verb]:
        low = bisect_right(self._clause_starts, sentence.first) - 1
        found: list[Verb] = []
        for clause in self._clauses[max(0, low) :]:
            if clause.sentence != sentence.index:
                break
            found += [self._verbs[i] for i in clause.verbs]
        return found

    def _range(self, item: Scanned, sentence: Sentence, context: _Context, direction: int) -> _Resolved | None:
        assert item.end is not None
        start, end = item.start, item.end
        if start.year is None and end.year is not None:
            later = start.month is not None and end.month is not None and start.month > end.month
            start = replace(start, year=end.year - 1 if later else end.year)
        if start.day is not None and start.month is None and end.month is None:
            low, high = self._day_of_known_month(start, context), self._day_of_known_month(end, context)
            return replace(low, until=high.value, due=high.value) if low and high else low
        if start.month is None and start.day is not None:
            start = replace(start, month=end.month, year=end.year)
        low = self._point(start, sentence, context, direction)
        if low is None:
            return None
        if end.year is None:
            year = int(low.value[:4])
            if end.month is not None and len(low.value) > 4 and end.month < int(low.value[5:7]):
                year += 1
            end = replace(end, year=year)
        high = self._point(end, sentence, context, direction)
        if high is None or high.value < low.value[: len(high.value)]:
            return low
        return replace(low, until=high.value, due=high.due or (high.value if len(high.value) == 10 else end_of(high.value)))

    def _point(self, point: Point, sentence: Sentence, context: _Context, direction: int) -> _Resolved | None:
        if point.relation is not None:
            return self._related(point, context)
        if point.shift is not None:
            return self._shifted(point, context, direction)
        if point.weekday is not None and point.day is None:
            return self._on_weekday(point, direction)
        if point.day is not None and point.month is None:
            return self._day_of_known_month(point, context)
        year, is_yearless = point.year, False
        if year is None:
            year = self._year(point, sentence, context, direction)
            is_yearless = True
        if year is None:
            return None
        if point.months is not None:
            return self._part(point, year, is_yearless)
        value = prefix(year, point.month, point.day)
        if value is None:
            return None
        precision: Precision = "day" if point.day else "month" if point.month else "year"
        return _Resolved(value, precision=precision, is_yearless=is_yearless, is_relative=point.year_relation is not None)

    def _part(self, point: Point, year: int, is_yearless: bool) -> _Resolved:
        assert point.months is not None
        low, high = point.months
        if point.is_season:
            return _Resolved(f"{year}", precision="season", is_yearless=is_yearless, due=f"{year}")
        start, end = prefix(year, low), prefix(year, high)
        if start is None or end is None:
            return _Resolved(f"{year}", is_yearless=is_yearless)
        return _Resolved(start, end, "quarter", is_yearless=is_yearless, due=end_of(end))

    def _year(self, point: Point, sentence: Sentence, context: _Context, direction: int) -> int | None:
        """The year of a date without one: what the words behind it say, the section, a date close before, the anchor."""
        anchor_year = int(self._anchor[:4]) if self._anchor else None
        relation = point.year_relation
        if relation == "year_of_same":
            return context.last_year or anchor_year
        if relation is not None and anchor_year is not None:
            return anchor_year + {"year_of_previous": -1, "year_of_current": 0, "year_of_next": 1}[relation]
        if point.weekday is not None and point.month is not None and point.day is not None and anchor_year is not None:
            fitting = years_with(point.month, point.day, point.weekday, [anchor_year + shift_ for shift_ in _YEARS_AROUND])
            if fitting:
                return fitting[0]
        if context.section_year is not None and direction < 1:
            return context.section_year
        near = context.last_year if context.last_block == sentence.block and sentence.index - context.last_sentence <= 2 else None
        if near is not None and (anchor_year is None or (near < anchor_year and direction < 1)):
            return near
        if anchor_year is None or self._anchor is None:
            return context.last_year
        return self._year_near_anchor(point, anchor_year, direction)

    def _year_near_anchor(self, point: Point, anchor_year: int, direction: int) -> int:
        """The year that puts the date before the anchor in the past tense, behind it in the future, else nearest."""
        assert self._anchor is not None
        month = point.month or (point.months[0] if point.months else None)
        if month is None or len(self._anchor) == 4:
            return anchor_year
        written = prefix(anchor_year, min(month, 12), point.day) or f"{anchor_year}-{min(month, 12):02d}"
        anchor = self._anchor[: len(written)]
        if direction < 0:
            return anchor_year - 1 if written > anchor else anchor_year
        if direction > 0:
            end = prefix(anchor_year, min(point.months[1], 12)) if point.months else written
            return anchor_year + 1 if (end or written)[: len(anchor)] < anchor[: len(end or written)] else anchor_year
        months_off = month - int(self._anchor[5:7])
        if months_off > 8:
            return anchor_year - 1
        return anchor_year + 1 if months_off < -9 else anchor_year

    def _shifted(self, point: Point, context: _Context, direction: int) -> _Resolved | None:
        assert point.shift is not None
        unit, count, base_name = point.shift
        base = context.last if base_name == "last" and context.last else self._anchor
        if base is None:
            return None
        if unit == "year" and count == 0 and direction < 0 and context.section_year is not None:
            base = f"{context.section_year}"
        if unit == "month_name":
            assert point.month is not None
            return self._named_month(point.month, count)
        if unit == "season_name":
            assert point.months is not None
            low, high = point.months
            year = int(base[:4])
            if count < 0 and len(base) > 4 and int(base[5:7]) <= high % 12:
                year -= 1
            if count > 0 and len(base) > 4 and int(base[5:7]) >= low:
                year += 1
            return _Resolved(f"{year}", precision="season", is_relative=True, due=f"{year}")
        value = shift(base, unit, count)
        if value is None:
            return None
        precision: Precision = "year" if len(value) == 4 else "month" if len(value) == 7 else "day"
        due = end_of(value) if point.is_deadline or unit in ("year", "month") else None
        if point.is_deadline and count > 0:
            due = shift_exactly(base, unit, count)
        if unit == "week" and len(base) == 10 and count == 0:
            due = weekday_near(base, 6, 1)
        return _Resolved(value, precision=precision, is_relative=True, due=due)

    def _named_month(self, month: int, direction: int) -> _Resolved | None:
        """ "last May", "this May", "next May" from the anchor."""
        if self._anchor is None:
            return None
        year = int(self._anchor[:4])
        own = int(self._anchor[5:7]) if len(self._anchor) > 4 else 6
        if direction < 0 and month >= own:
            year -= 1
        if direction > 0 and month <= own:
            year += 1
        value = prefix(year, month)
        return _Resolved(value, precision="month", is_relative=True) if value else None

    def _on_weekday(self, point: Point, direction: int) -> _Resolved | None:
        if self._anchor is None or point.weekday is None:
            return None
        towards = point.weekday_direction or (1 if direction > 0 else -1)
        value = weekday_near(self._anchor, point.weekday, towards)
        if value is None:
            return _Resolved(self._anchor, precision="month" if len(self._anchor) == 7 else "year", is_relative=True)
        return _Resolved(value, is_relative=True)

    def _day_of_known_month(self, point: Point, context: _Context) -> _Resolved | None:
        """ "until the 17th" behind "14 September 2020"."""
        base = context.last if context.last and len(context.last) >= 7 else self._anchor
        if base is None or len(base) < 7:
            return None
        value = prefix(int(base[:4]), int(base[5:7]), point.day)
        return _Resolved(value, is_relative=True) if value else None

    def _related(self, point: Point, context: _Context) -> _Resolved | None:
        last = context.last or self._anchor
        if last is None:
            return None
        match point.relation:
            case "same_day" | "same_week":
                value = last
            case "next_day":
                value = add_days(last, 1)
            case "previous_day":
                value = add_days(last, -1)
            case "same_month":
                value = last[:7]
            case "next_month_after":
                value = shift(last, "month", 1) or last
            case _:
                value = f"{int(last[:4]) + 1}"
        precision: Precision = "day" if len(value) == 10 else "month" if len(value) == 7 else "year"
        return _Resolved(value, precision=precision, is_relative=True)

    def _due(self, resolved: _Resolved, point: Point, position: RoleName | None) -> str:
        """The day or period by which, were it a deadline: the end of what "end of" names, else the date as written."""
        if resolved.until is not None:
            return resolved.until if len(resolved.until) == 10 else end_of(resolved.until)
        if position == "period_end":
            return last_day(resolved.value).isoformat()
        if position == "period_middle" and resolved.precision == "year":
            return f"{resolved.value}-06"
        return resolved.value
