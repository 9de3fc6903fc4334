"""What the rows of a run are compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

ToCommon = Callable[[float, str, str | None], float | None]
"""(amount, currency, date prefix) to the common currency; None where there is no rate."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """`today` is the day of the run (UTC). `known_parties` are the parties that the portfolio names beside countries.
    `to_common` converts for the limits of plausible amounts; without it only sums in the common currency are limited.
    `has_rates` tells whether there are exchange rates for a currency at any time.
    """

    today: dt.date
    common_currency: str = "USD"
    known_parties: Collection[str] = ()
    to_common: ToCommon | None = None
    has_rates: Callable[[str], bool] = lambda currency: True

    def in_common(self, amount: float, currency: str, date: str | None) -> float | None:
        """The amount in the common currency, None where there is no rate."""
        if currency == self.common_currency:
            return amount
        return None if self.to_common is None else self.to_common(amount, currency, date)
