"""Constant prices: sums in the common currency at the price level of one year, by a kept series of annual means.

A sum is converted at the rate of its date first (`bam.records.money`) and brought from the prices of that date's year to those of
the base year then. Nothing of it is stored: the tables hold current prices, and constant ones are worked out when they are asked
for. A year without a mean, because it still runs or lies before the series, gives no constant price.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pydantic import PositiveFloat, field_validator

from bam.model.errors import BamError
from bam.model.records import LedgerEntry, Record
from bam.portfolio.yaml_files import Strict, read_model
from bam.records.ledger import funding_values
from bam.records.money import days_of

_LEVELS_FILE = Path(__file__).with_name("price_levels.yml")

_OPTION = "--constant-prices"


class PriceSeries(Strict):
    """How dear things were in the country of a currency: annual means of an index, by year. Only their proportions matter: the
    index can have any base.
    """

    name: str
    publisher: str
    annual_means: dict[int, PositiveFloat]

    @field_validator("annual_means")
    @classmethod
    def _follow_each_other(cls, means: dict[int, float]) -> dict[int, float]:
        if not means:
            raise ValueError("no year is given")
        missing = sorted(set(range(min(means), max(means) + 1)) - set(means))
        if missing:
            raise ValueError(f"years are missing between the first and the last: {', '.join(map(str, missing))}")
        return means


class PriceLevelsFile(Strict):
    """`price_levels.yml`: the series by currency (ISO 4217)."""

    series: dict[str, PriceSeries]


@dataclass(frozen=True, slots=True)
class ConstantAmount:
    """A sum at the prices of `base_year`, in `unit` (`USD_2020`), and what made it: the sum in the common currency, at the prices
    of `price_year`, times `factor`, by the index `source`.
    """

    amount: float
    amount_min: float
    amount_max: float
    unit: str
    factor: float
    price_year: int
    base_year: int
    source: str


@dataclass(frozen=True, slots=True)
class BasePrices:
    """The prices of one year, to which sums of other years are brought.

    `annual_means` are those that were known on the day that was asked for; `base_year` is one of them. `source` names the index
    and who publishes it.
    """

    currency: str
    base_year: int
    annual_means: Mapping[int, float]
    source: str

    @property
    def unit(self) -> str:
        """The currency at these prices: `USD_2020`. Columns end in it."""
        return f"{self.currency}_{self.base_year}"

    @property
    def sentence(self) -> str:
        """What the unit means, in one line."""
        first, last = min(self.annual_means), max(self.annual_means)
        return (
            f"{self.unit} is {self.currency} at the prices of {self.base_year}: {self.source}, annual means of {first} to {last}."
            " Sums of other years are left out (no_price_level)."
        )

    def factor(self, year: int) -> float | None:
        """By how much a sum at the prices of that year is multiplied; None for a year without a mean."""
        mean = self.annual_means.get(year)
        return None if mean is None else float(f"{self.annual_means[self.base_year] / mean:.8g}")

    def amount_of(self, record: Record) -> ConstantAmount | None:
        """A record's sum at these prices; None where it has none, or there is no rate, no date or no mean of its year."""
        common = record.conversion
        days = None if common is None else days_of(funding_values(record).date, record.first_published_on)
        if common is None or days is None:
            return None
        price_year = days[0].year
        factor = self.factor(price_year)
        if factor is None:
            return None
        middle, low, high = (round(amount * factor, 2) for amount in (common.amount, common.amount_min, common.amount_max))
        return ConstantAmount(middle, low, high, self.unit, factor, price_year, self.base_year, self.source)


def prices_of(base_year: int, currency: str, on: dt.date) -> BasePrices:
    """The prices of a year, with the annual means that were known on a day.

    Raises:
        BamError: there is no series for the currency, or no mean of that year was known.
        ConfigurationError: the file of the series can't be used.
    """
    known_series = _price_levels().series
    if currency not in known_series:
        raise BamError(
            f"there is no series of prices in {currency} (only in {', '.join(sorted(known_series))})",
            where=_OPTION,
            remedy=f"Add one to {_LEVELS_FILE}, or ask without constant prices.",
        )
    series = known_series[currency]
    known = {year: mean for year, mean in series.annual_means.items() if known_from(year) <= on}
    if base_year not in known:
        raise BamError(
            f"the mean price level of {base_year} wasn't known on {on.isoformat()}, or isn't kept",
            where=_OPTION,
            remedy=f"Name a year from {min(known)} to {max(known)}." if known else "Ask as of a later day.",
        )
    return BasePrices(currency, base_year, known, f"{series.name}, {series.publisher}")


def known_from(year: int) -> dt.date:
    """From when on the world knows the mean price level of a year: it is published in the middle of the next January."""
    return dt.date(year + 1, 2, 1)


def at_constant_prices(entries: Iterable[LedgerEntry], amounts: Mapping[str, ConstantAmount | None]) -> list[LedgerEntry]:
    """A ledger whose sums in the common currency are at constant prices; `amounts` are those of its records, by id.

    What would be counted and has a rate, though no price level, is excluded with `no_price_level`.
    """
    return [entry if entry.amount_common is None else _at(entry, amounts.get(entry.record_id)) for entry in entries]


def _at(entry: LedgerEntry, constant: ConstantAmount | None) -> LedgerEntry:
    if constant is None:
        reason = entry.reason or "no_price_level"
        return replace(entry, is_counted=False, reason=reason, amount_common=None, common_min=None, common_max=None)
    return replace(entry, amount_common=constant.amount, common_min=constant.amount_min, common_max=constant.amount_max)


@lru_cache(maxsize=1)
def _price_levels() -> PriceLevelsFile:
    return read_model(_LEVELS_FILE, PriceLevelsFile)
