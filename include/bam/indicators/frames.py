"""The four indicator tables as tidy pandas tables: one row per period and value of each dimension, units in column names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bam.indicators.figures import DIMENSIONS, MEASURES, Amounts, Cell, column_of, in_units
from bam.model.claims import Table
from bam.model.periods import Cadence, Period, parse_period

if TYPE_CHECKING:
    import pandas as pd

STOCK = "facilities_count"


def columns_of(table: Table, currency: str) -> list[str]:
    """The columns of a table, in order."""
    measures = [column_of(measure, currency) for measure in MEASURES[table]]
    stock = [STOCK] if table is Table.FACILITIES else []
    return ["period", "cadence", *DIMENSIONS[table], *measures, *stock]


def table_frame(
    table: Table,
    figures: Mapping[Cell, Amounts],
    currency: str,
    *,
    cadence: Cadence | None = None,
    period: Period | None = None,
) -> pd.DataFrame:
    """One indicator table, sorted by length of period, period and dimensions.

    Args:
        table: which one.
        figures: the cells (of all tables; others are ignored).
        currency: the common currency, for the names of columns.
        cadence: only months, quarters or years.
        period: only this period.
    """
    import pandas as pd

    cells = sorted((cell for cell in figures if cell.table == table), key=_order)
    standing = stocks(cells, figures) if table is Table.FACILITIES else {}
    rows = []
    for cell in cells:
        own = parse_period(cell.period)
        if (cadence is not None and own.cadence is not cadence) or (period is not None and own != period):
            continue
        amounts = zip(MEASURES[table], figures[cell], strict=True)
        measures = [in_units(measure, value) if measure.endswith("_cents") else value for measure, value in amounts]
        rows.append([cell.period, str(own.cadence), *cell.dimensions.values(), *measures, *standing.get(cell, ())])
    return pd.DataFrame(rows, columns=columns_of(table, currency))


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
