"""Adding up a total in whole hundredths, so that sums are exact in any order and entries can be taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bam.model.records import LedgerEntry, Total


def cents(amount: float) -> int:
    """An amount in hundredths of its currency."""
    return round(amount * 100)


class Tally:
    """One total in one currency: numbers and hundredths of what it counts, and by reason of what it leaves out."""

    def __init__(self, name: str, currency: str, *, is_common: bool) -> None:
        self.name, self.currency, self.is_common = name, currency, is_common
        self._counted = [0, 0, 0, 0]
        self._excluded: dict[str, list[int]] = {}

    def add(self, entry: LedgerEntry, sign: int = 1) -> None:
        """Take an entry in, or with `sign=-1` out again."""
        if not self.is_common:
            amount = low = high = cents(entry.amount)
        elif entry.amount_common is None:
            amount = low = high = 0
        else:
            amount = cents(entry.amount_common)
            low = amount if entry.common_min is None else cents(entry.common_min)
            high = amount if entry.common_max is None else cents(entry.common_max)
        reason = entry.reason
        if reason is None and self.is_common and entry.amount_common is None:
            reason = "no_rate"
        if reason is None:
            changed = self._counted
            for place, value in enumerate((1, amount, low, high)):
                changed[place] += sign * value
        else:
            left_out = self._excluded.setdefault(reason, [0, 0])
            left_out[0] += sign
            left_out[1] += sign * amount
            if left_out[0] == 0:
                del self._excluded[reason]

    @property
    def is_empty(self) -> bool:
        """Whether it sees nothing."""
        return self._counted[0] == 0 and not self._excluded

    def total(self) -> Total:
        """The total in units of the currency."""
        number, amount, low, high = self._counted
        by_reason = tuple((reason, found[0], found[1] / 100) for reason, found in sorted(self._excluded.items()))
        left_out = sum(found[1] for found in self._excluded.values())
        excluded = sum(found[0] for found in self._excluded.values())
        return Total(
            total=self.name,
            currency=self.currency,
            seen=number + excluded,
            counted=number,
            excluded=excluded,
            amount_seen=(amount + left_out) / 100,
            amount_counted=amount / 100,
            amount_excluded=left_out / 100,
            excluded_by_reason=by_reason,
            without_rate=self._excluded.get("no_rate", [0])[0],
            amount_counted_min=low / 100,
            amount_counted_max=high / 100,
        )

    def to_body(self) -> dict[str, Any]:
        """Plain JSON: `counted` as [number, hundredths, least, most], `excluded` by reason as [number, hundredths]."""
        return {"counted": list(self._counted), "excluded": {reason: list(v) for reason, v in sorted(self._excluded.items())}}

    @classmethod
    def from_body(cls, name: str, currency: str, body: Mapping[str, Any], *, is_common: bool) -> Tally:
        """The inverse of `to_body`."""
        tally = cls(name, currency, is_common=is_common)
        tally._counted = list(body["counted"])
        tally._excluded = {reason: list(found) for reason, found in body["excluded"].items()}
        return tally
