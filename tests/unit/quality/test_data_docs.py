"""Data Docs: pages that load nothing, show rows as text, and are kept for the last runs only."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bam.model.claims import FundingValues, Stage
from bam.portfolio.load import PortfolioFile
from bam.portfolio.quality import QualityRules
from bam.quality.data_docs import prune
from bam.quality.intake import check_intake
from bam.store.quality import read_runs

TEXT = "The embassy gave 2 million dollars for scanners."
GRANT = (FundingValues(2e6, "U<b>S", Stage.DISBURSED, ("US",), ("TJ",)), "gave 2 million dollars")


@pytest.fixture
def pages(desk: Any, tmp_path: Path) -> Path:
    """The Data Docs of one run with a failing row."""
    desk.folder = tmp_path / "data_docs"
    desk.extract(desk.publish(TEXT), [GRANT])
    desk.intake()
    return Path(desk.folder)


def test_first_page_says_what_failed(pages: Path) -> None:
    (run,) = (path for path in pages.iterdir() if path.is_dir())
    page = (run / "index.html").read_text(encoding="utf-8")

    assert "The data may be published." in page
    assert "claims.currency_is_iso_4217" in page
    assert "currency=U&lt;b&gt;S" in page
    assert f'href="{run.name}/index.html"' in (pages / "index.html").read_text(encoding="utf-8")


def test_pages_load_nothing_from_elsewhere_and_run_nothing(pages: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in pages.rglob("*.html")}

    assert {"index.html", "claims.html", "documents.html", "sources.html"} <= set(texts)
    for text in texts.values():
        assert not re.findall(r"https?://", text)
        assert not re.findall(r"<(?:script|img|iframe|form|object)\b", text)
        assert not re.findall(r"\son\w+\s*=", text)
        assert "default-src 'none'" in text


def test_what_was_found_in_rows_is_text(pages: Path) -> None:
    (page,) = pages.rglob("claims.html")

    assert "U&lt;b&gt;S" in page.read_text(encoding="utf-8")
    assert "U<b>S" not in page.read_text(encoding="utf-8")


def test_pages_are_kept_for_the_last_runs(desk: Any, pages: Path) -> None:
    rules = QualityRules(kept_runs=2)
    for _ in range(3):
        bench = desk.bench()
        about = PortfolioFile(title="Test", countries=("TJ",), quality=rules)
        check_intake(replace(bench, portfolio=replace(bench.portfolio, about=about)))

    kept = sorted((path.name for path in pages.iterdir() if path.is_dir()), reverse=True)
    with desk.store.read() as connection:
        runs = read_runs(connection)
    assert len(runs) == 4
    assert [run.id for run in runs if run.has_data_docs] == kept
    assert len(kept) == 2


def test_pruning_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "2026-11-02T09-00-00-000000-intake").mkdir()
    (tmp_path / "2026-11-02T09-00-01-000000-tables").mkdir()

    assert prune(tmp_path, 1) == ["2026-11-02T09-00-00-000000-intake"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-11-02T09-00-01-000000-tables", "notes"]


def test_full_disk_stops_no_run(desk: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    desk.folder = blocker / "data_docs"
    desk.extract(desk.publish(TEXT), [GRANT])

    desk.intake()

    assert "The Data Docs can't be written" in caplog.text
