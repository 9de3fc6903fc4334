"""`bam check`, `bam queue`, `bam review` and `bam verify`, as a person uses them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bam.cli import bam
from bam.documents.archive import Archive, Origin
from bam.model.claims import FundingValues, Stage
from bam.quality.review.actions import ReviewError
from bam.store.engine import Store

TEXT = "The embassy gave 2 million dollars for scanners. The mission paid 300,000 dollars for radios."
GRANT = (FundingValues(2e6, "USD", Stage.DISBURSED, ("US",), ("TJ",)), "gave 2 million dollars for scanners")
RADIOS = (FundingValues(3e5, "UDS", Stage.DISBURSED, ("JP",), ("TJ",)), "paid 300,000 dollars for radios")

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("BAM_HOME", str(tmp_path))
    monkeypatch.setenv("BAM_REVIEWER", "A. Analyst")
    return lambda *words: CliRunner().invoke(bam, words)


@pytest.fixture
def claims(make_desk: Any, tmp_path: Path, run: Run) -> list[str]:
    """A store with a good claim and one in a currency that doesn't exist."""
    desk = make_desk()
    desk.store = Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")
    Archive.open(str(tmp_path / "archive")).put(TEXT.encode(), Origin("https://example.org/news", desk.now(), "embassy"))
    found: list[str] = desk.extract(desk.publish(TEXT), [GRANT, RADIOS])
    desk.store.engine.dispose()
    return found


def test_way_of_a_doubtful_claim(run: Run, claims: list[str]) -> None:
    checked = run("check")
    assert checked.exit_code == 0
    assert f"WARNING  claims.currency_is_iso_4217 failed on 1 of 2 rows: {claims[1]} (currency=UDS)." in checked.stdout
    assert re.search(r"\d+ checks passed; failed: 0 critical, 1 warning, \d+ info\.", checked.stdout)
    assert "data_docs/index.html" in checked.stderr
    assert run("check", "--last").stdout == checked.stdout

    queue = run("queue").stdout
    assert queue.startswith(
        f"{claims[1]}  funding  UDS 300,000 disbursed\n    weakness 42.5, T 7/20, C 5/9: quarantined: currency=UDS."
    )

    show = run("review", "show", claims[1][:10]).stdout
    assert f"{claims[1]}  funding  quarantined by claims.currency_is_iso_4217; confidence 0.90; rules 1" in show
    assert "...The embassy gave 2 million dollars for scanners. The mission paid 300,000 dollars for radios" in show
    assert "quarantine since" in show
    assert f"beside it: {claims[0]}  funding  stands" in show

    edited = run("review", "edit", claims[1], "--set", "currency=USD", "--reason", "misprint")
    assert re.fullmatch(rf"rev-\w+: {claims[1]} now says currency=USD \(was UDS\)\.\n", edited.stdout)
    assert "failed: 0 critical, 0 warning" in run("check").stdout
    assert "currency: UDS -> USD" in run("review", "history", claims[1]).stdout

    undone = run("review", "undo", claims[1], "--reason", "wrong annex")
    assert "is taken back." in undone.stdout
    assert "failed: 0 critical, 1 warning" in run("check").stdout


def test_lists_and_empty_values_can_be_set(run: Run, claims: list[str]) -> None:
    run("review", "edit", claims[0], "--set", "donors=US, JP", "--set", "recipients=", "--set", "date=2026-10", "--reason", "x")

    history = run("review", "history").stdout
    assert "donors: ['US'] -> ['US', 'JP']" in history
    assert "recipients: ['TJ'] -> []" in history
    assert "date: None -> 2026-10" in history


def test_wrong_use_is_told_in_one_line(run: Run, claims: list[str]) -> None:
    assert isinstance(run("review", "accept", "clm-", "--reason", "x").exception, ReviewError)
    assert "is the beginning of several ids" in str(run("review", "accept", "clm-", "--reason", "x").exception)
    assert "no claim has the id 'clm-zz'" in str(run("review", "reject", "clm-zz", "--reason", "x").exception)
    assert "no record has the id 'rec-zz'" in str(run("review", "reject", "rec-zz", "--reason", "x").exception)
    assert run("review", "accept", claims[0]).exit_code == 2
    assert "'amount' is not FIELD=VALUE." in run("review", "edit", claims[0], "--set", "amount", "--reason", "x").stderr
    assert run("review", "history").stdout == "Nothing was decided yet.\n"


def test_json_for_scripts(run: Run, claims: list[str]) -> None:
    results = json.loads(run("check", "--json").stdout)
    queue = json.loads(run("queue", "--json").stdout)

    (failed,) = [result for result in results if not result["success"] and result["severity"] == "warning"]
    assert failed["failing"] == [{"id": claims[1], "observed": "currency=UDS"}]
    assert [item["id"] for item in queue["items"]] == [claims[1]]
    assert (queue["waiting"], queue["stale_corrections"]) == ([], {})


def test_critical_failure_gives_exit_code_1_and_verify_names_it(run: Run, claims: list[str], tmp_path: Path) -> None:
    verified = run("verify")
    assert (verified.exit_code, verified.stderr) == (0, "")
    assert verified.stdout.startswith("1 document versions, 2 claims, 0 records and 0 ledger entries: each leads back")

    (archived,) = (path for path in (tmp_path / "archive").rglob("*") if path.is_file() and path.suffix != ".json")
    archived.chmod(0o644)
    archived.write_bytes(TEXT.replace("2", "3").encode())

    assert run("check").exit_code == 1
    damaged = run("verify")
    assert damaged.exit_code == 1
    assert "have changed" in damaged.stdout
    assert f"claim {claims[0]}" in damaged.stdout
    assert damaged.stderr.startswith("3 faults. Restore what is damaged")


def test_empty_store(run: Run) -> None:
    assert run("queue").stdout == "Nothing waits for a person.\n"
    assert run("verify").exit_code == 0
    assert run("check").exit_code == 0
    assert run("check", "--last").exit_code == 0
