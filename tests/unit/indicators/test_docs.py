"""docs/indicators.md names every column, reason, rule, flag and cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from bam.indicators.frames import columns_of
from bam.model.claims import Table
from bam.records.diff import CAUSES
from bam.records.ledger import REASONS
from bam.records.make import FLAGS
from bam.records.rules import RULES

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "indicators.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", list(Table))
def test_every_column_is_defined(table: Table) -> None:
    missing = [column for column in columns_of(table, "USD", "USD_2020") if f"`{column}`" not in TEXT]
    assert not missing


@pytest.mark.parametrize("codes", [REASONS, RULES, FLAGS, CAUSES], ids=["reasons", "rules", "flags", "causes"])
def test_every_code_is_explained(codes: dict[str, str]) -> None:
    missing = [code for code in codes if f"`{code}`" not in TEXT]
    assert not missing
