"""The sums of a snapshot at the prices of one year: amounts, ledger, totals and figures beside those at current prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bam.indicators.figures import Amounts, Cell, add_to, contributions
from bam.indicators.snapshot import Snapshot
from bam.model.claims import Table
from bam.model.records import LedgerEntry, Total
from bam.records.constant_prices import BasePrices, ConstantAmount, at_constant_prices, prices_of
from bam.records.ledger import totals
from bam.records.tally import cents


@dataclass(frozen=True)
class ConstantPrices:
    """What a snapshot's sums are at constant prices. Its records, and which of them count, are the snapshot's."""

    snapshot: Snapshot
    prices: BasePrices

    @property
    def unit(self) -> str:
        """The unit of all sums here: `USD_2020`."""
        return self.prices.unit

    @cached_property
    def amounts(self) -> Mapping[str, ConstantAmount | None]:
        """The sum of each funding record, by id; None where there is no rate or no price level."""
        return {one.id: self.prices.amount_of(one) for one in self.snapshot.records if one.table is Table.FUNDING}

    @cached_property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """The snapshot's ledger with these sums; those without a price level are left out of the totals."""
        return tuple(at_constant_prices(self.snapshot.ledger, self.amounts))

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """All totals at these prices."""
        return tuple(totals(self.ledger, self.unit))

    @cached_property
    def figures(self) -> dict[Cell, Amounts]:
        """The measures `CONSTANT_MEASURES` of each cell of the funding table."""
        found: dict[Cell, list[int]] = {}
        for record in self.snapshot.records:
            if record.table is Table.FUNDING:
                constant = self.amounts[record.id]
                sums = (0, 0, 0) if constant is None else (constant.amount, constant.amount_min, constant.amount_max)
                without_level = constant is None and record.conversion is not None
                measures = (*map(cents, sums), int(without_level))
                add_to(found, dict.fromkeys(contributions(record), measures))
        return {cell: tuple(found[cell]) for cell in sorted(found)}


def constant_prices(snapshot: Snapshot, base_year: int) -> ConstantPrices:
    """The sums of a snapshot at the prices of a year, by the price levels that were known on the snapshot's day.

    Raises:
        BamError: there is no series for the snapshot's currency, or the mean of the year wasn't known by then.
    """
    return ConstantPrices(snapshot, prices_of(base_year, snapshot.currency, snapshot.on))
