"""Words, numbers and dates in the language of an edition: gettext catalogues for our words, CLDR (through Babel) for the rest.

English stands in the code; `locale/<language>.po` holds the translations and is read as it is, without a compile step. A message
that a catalogue lacks is printed in English; a test fails on it.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from bam.model.dates import first_day, is_date_prefix
from bam.model.errors import ConfigurationError
from bam.model.periods import Cadence, Period

CATALOGUES = Path(__file__).parent / "locale"
NO_BREAK = "\u00a0"

_LOCALES: dict[str, tuple[str, Literal["short", "long"]]] = {"en": ("en_GB", "long"), "ru": ("ru", "short")}
"""CLDR locale and how millions are written (`2.5 million`, `2,5 млн`) per language."""

_COMPACT_FROM = 1_000_000
"""Sums below it are written in full: thousands in words read worse than their digits."""


def N_(message: str) -> str:
    """Mark a message for the catalogues where it is defined; it is translated where it is used."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:
    """The same for a message with a plural."""
    return one, many


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `say` and `say_many` give our words, the other methods numbers, dates and names."""

    code: str
    locale: Locale
    compact: Literal["short", "long"]
    catalogue: gettext.NullTranslations

    def say(self, message: str) -> str:
        """The message in this language."""
        return self.catalogue.gettext(message) if message else ""

    def say_many(self, one: str, many: str, number: int) -> str:
        """The form of the message that goes with the number."""
        return self.catalogue.ngettext(one, many, number)

    def number(self, value: float, digits: int = 0) -> str:
        """`1,234,567`; at most `digits` decimals, none where they are zero."""
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return str(format_decimal(_away_from_minus_zero(value), format=pattern, locale=self.locale))

    def number_fixed(self, value: float, digits: int) -> str:
        """`1,234.50`: always as many decimals, so that a column of numbers lines up."""
        pattern = "#,##0." + "0" * digits
        return str(format_decimal(_away_from_minus_zero(value), format=pattern, locale=self.locale))

    def percent(self, share: float) -> str:
        """`12%` for 0.12."""
        return str(format_percent(share, locale=self.locale))

    def amount(self, value: float) -> str:
        """A sum as a reader takes it in: `2.5 million` from a million on, in full below."""
        if abs(value) < _COMPACT_FROM:
            return self.number(value)
        digits = 0 if 100 * _COMPACT_FROM <= abs(value) < 999 * _COMPACT_FROM else 1
        written = format_compact_decimal(value, format_type=self.compact, locale=self.locale, fraction_digits=digits)
        return str(written).replace(" ", NO_BREAK)

    def money(self, value: float, currency: str) -> str:
        """`USD 2.5 million`."""
        return f"{currency}{NO_BREAK}{self.amount(value)}"

    def money_range(self, low: float, high: float, currency: str) -> str:
        """`USD 35–36 million` where both ends share their unit, else both in full; one sum where the ends print alike."""
        first, last = self.amount(low), self.amount(high)
        if first == last:
            return self.money(low, currency)
        number, gap, unit = first.partition(NO_BREAK)
        if gap and last.endswith(gap + unit) and not unit[0].isdigit():
            first = number
        return f"{currency}{NO_BREAK}{first}–{last}"

    def exact_money(self, value: float, currency: str) -> str:
        """`USD 2,530,000`: for tables, where digits are compared."""
        return f"{currency}{NO_BREAK}{self.number(value)}"

    def millions(self, low: float, high: float, digits: int = 2) -> str:
        """A sum or a range in millions for columns and charts; what rounds to nothing is `<0.01`."""
        smallest = 10.0**-digits
        if 0 < high < smallest / 2 * _COMPACT_FROM:
            return "<" + self.number_fixed(smallest, digits)
        first, last = (self.number_fixed(value / _COMPACT_FROM, digits) for value in (low, high))
        return first if first == last else f"{first}–{last}"

    def date(self, prefix: str | None, *, short: bool = False) -> str:
        """`2014`, `March 2014`, `4 March 2014` for an ISO prefix; empty for None, the text itself for anything else."""
        if not is_date_prefix(prefix):
            return prefix or ""
        assert prefix is not None
        if len(prefix) == 4:
            return prefix
        day = first_day(prefix)
        if short:
            written = format_skeleton("yMMMd" if len(prefix) == 10 else "yMMM", day, locale=self.locale)
            return str(written).replace(" ", NO_BREAK)
        if len(prefix) == 7:
            return str(format_skeleton("yMMMM", day, locale=self.locale))
        return str(format_date(day, "long", locale=self.locale))

    def span(self, start: str | None, end: str | None) -> str:
        """Two dates as one span: `3–7 March 2014` as far as CLDR knows the form, else `3 Mar 2014 – 2 Apr 2014`."""
        if not is_date_prefix(start) or not is_date_prefix(end) or start == end:
            return self.date(start or end, short=True)
        assert start is not None
        assert end is not None
        if len(start) == len(end) == 10:
            written = format_interval(first_day(start), first_day(end), "yMMMd", locale=self.locale)
            return str(written).replace("\u2009", "")
        return f"{self.date(start, short=True)} – {self.date(end, short=True)}"

    def period(self, period: Period, *, short: bool = False) -> str:
        """`March 2014`, `1st quarter 2014`, `2014`; short forms for charts: `Mar 2014`, `Q1 2014`."""
        if period.cadence is Cadence.YEAR:
            return str(period.first_day.year)
        letter = "Q" if period.cadence is Cadence.QUARTER else "M"
        skeleton = "y" + letter * (3 if short else 4)
        return str(format_skeleton(skeleton, period.first_day, locale=self.locale))

    def party(self, code: str) -> str:
        """The name of a country or union behind its code (`TJ`, `EU`); acronyms and names stay as they are."""
        name = self.locale.territories.get(code) if len(code) == 2 and code.isupper() else None
        return str(name or code)

    def parties(self, codes: Iterable[str]) -> str:
        """Several of them as an enumeration: `Japan, Tajikistan and UNDP`."""
        return self.join(self.party(code) for code in codes)

    def join(self, parts: Iterable[str]) -> str:
        """`a, b and c`."""
        listed = list(parts)
        return str(format_list(listed, locale=self.locale)) if listed else ""


@lru_cache(maxsize=8)
def language_of(code: str) -> Language:
    """The language of that code. Raises ConfigurationError where there is no catalogue for it."""
    if code not in _LOCALES:
        raise ConfigurationError(
            f"briefs can't be printed in {code!r}", where="briefs.yml", remedy=f"Use one of {', '.join(sorted(_LOCALES))}."
        )
    name, compact = _LOCALES[code]
    return Language(code, Locale.parse(name), compact, _catalogue(code))


def _catalogue(code: str) -> gettext.NullTranslations:
    if code == "en":
        return gettext.NullTranslations()
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        messages = read_po(file, locale=code, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _away_from_minus_zero(value: float) -> float:
    return 0.0 if value == 0 else value
