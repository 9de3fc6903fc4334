"""The four indicator tables as tidy pandas tables: one row per period and value of each dimension, units in column names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bam.indicators.figures import CONSTANT_MEASURES, DIMENSIONS, MEASURES, Amounts, Cell, column_of, in_units
from bam.model.claims import Table
from bam.model.periods import Cadence, Period, parse_period

if TYPE_CHECKING:
    import pandas as pd

    from bam.indicators.constant_prices import ConstantPrices

STOCK = "facilities_count"


def columns_of(table: Table, currency: str, constant_unit: str | None = None) -> list[str]:
    """The columns of a table, in order; those of funding with sums in `constant_unit` (`USD_2020`) too, where it is given."""
    measures = [column_of(measure, currency) for measure in MEASURES[table]]
    stock = [STOCK] if table is Table.FACILITIES else []
    constant = []
    if table is Table.FUNDING and constant_unit is not None:
        constant = [column_of(measure, constant_unit) for measure in CONSTANT_MEASURES]
    return ["period", "cadence", *DIMENSIONS[table], *measures, *stock, *constant]


def table_frame(
    table: Table,
    figures: Mapping[Cell, Amounts],
    currency: str,
    *,
    cadence: Cadence | None = None,
    period: Period | None = None,
    constant: ConstantPrices | None = None,
) -> pd.DataFrame:
    """One indicator table, sorted by length of period, period and dimensions.

    Args:
        table: which one.
        figures: the cells (of all tables; others are ignored).
        currency: the common currency, for the names of columns.
        cadence: only months, quarters or years.
        period: only this period.
        constant: adds the sums at these prices to the columns of funding.
    """
    import pandas as pd

    cells = sorted((cell for cell in figures if cell.table == table), key=_order)
    standing = stocks(cells, figures) if table is Table.FACILITIES else {}
    rows = []
    for cell in cells:
        own = parse_period(cell.period)
        if (cadence is not None and own.cadence is not cadence) or (period is not None and own != period):
            continue
        measures = _shown(MEASURES[table], figures[cell])
        if constant is not None and table is Table.FUNDING:
            measures += _shown(CONSTANT_MEASURES, constant.figures[cell])
        rows.append([cell.period, str(own.cadence), *cell.dimensions.values(), *measures, *standing.get(cell, ())])
    return pd.DataFrame(rows, columns=columns_of(table, currency, None if constant is None else constant.unit))


def _shown(measures: Sequence[str], amounts: Amounts) -> list[float]:
    """Sums in units of their currency, counts as whole numbers."""
    named = zip(measures, amounts, strict=True)
    return [in_units(measure, value) if measure.endswith("_cents") else value for measure, value in named]


def _order(cell: Cell) -> tuple[int, Cell]:
    return list(Cadence).index(parse_period(cell.period).cadence), cell


def stocks(cells: list[Cell], figures: Mapping[Cell, Amounts]) -> dict[Cell, tuple[int]]:
    """How many facilities are in the status of each cell at the end of its period. The cells are in order.

    All years before and, within the year, the periods of the same length up to this one. A step that is only known by its year
    counts from the end of that year.
    """
    by_year: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for cell in cells:
        if len(cell.period) == 4:
            by_year[cell.key].append((cell.period, _net(figures[cell])))
    within: dict[tuple[str, str, str], int] = defaultdict(int)
    found: dict[Cell, tuple[int]] = {}
    for cell in cells:
        year = cell.period[:4]
        place = cell.key, year, parse_period(cell.period).cadence
        within[place] += _net(figures[cell])
        found[cell] = (sum(net for earlier, net in by_year[cell.key] if earlier < year) + within[place],)
    return found


def _net(amounts: Amounts) -> int:
    entered, left = amounts
    return entered - left
