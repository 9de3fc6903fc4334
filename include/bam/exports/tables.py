"""All tables of a snapshot as CSV files in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bam.indicators.constant_prices import ConstantPrices
from bam.indicators.frames import table_frame
from bam.indicators.record_frames import ledger_frame, record_frame, totals_frame
from bam.indicators.snapshot import Snapshot
from bam.indicators.text import to_csv
from bam.model.claims import Table

if TYPE_CHECKING:
    import pandas as pd


def export_frames(snapshot: Snapshot, constant: ConstantPrices | None = None) -> dict[str, pd.DataFrame]:
    """The tables by file name without its ending: `indicators_*`, `records_*`, `ledger`, `totals` and `totals_by_currency`.

    `constant` adds the sums at its prices to the tables of funding, and `ledger_usd_2020` and `totals_usd_2020`.
    """
    currency = snapshot.currency
    frames: dict[str, pd.DataFrame] = {}
    for table in Table:
        frames[f"indicators_{table}"] = table_frame(table, snapshot.figures, currency, constant=constant)
        frames[f"records_{table}"] = record_frame(table, snapshot.records, currency, constant)
    frames["ledger"] = ledger_frame(snapshot.ledger, currency)
    frames["totals"] = totals_frame(snapshot.totals)
    frames["totals_by_currency"] = totals_frame(snapshot.totals_by_currency)
    if constant is not None:
        unit = constant.unit.lower()
        frames[f"ledger_{unit}"] = ledger_frame(constant.ledger, unit)
        frames[f"totals_{unit}"] = totals_frame(constant.totals)
    return frames


def export_tables(snapshot: Snapshot, folder: Path, constant: ConstantPrices | None = None) -> list[Path]:
    """Write `export_frames` as UTF-8 CSV files; the same knowledge gives the same bytes. Returns the files, sorted."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in sorted(export_frames(snapshot, constant).items()):
        path = folder / f"{name}.csv"
        path.write_text(to_csv(frame), encoding="utf-8", newline="\n")
        written.append(path)
    return written
