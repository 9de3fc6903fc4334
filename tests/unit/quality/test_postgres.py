"""PostgreSQL gives the same as SQLite: the way of a few claims through checks, quarantine, review and corrections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bam.model.claims import FundingValues, Stage
from bam.portfolio.corrections import Correction
from bam.quality.review.actions import edit, reject, undo
from bam.quality.verification import verify_store
from bam.store.engine import Store
from bam.store.quality import read_results, read_runs
from bam.store.reviews import read_decisions

TEXT = "The embassy gave 2 million dollars for scanners. The centre cost 8 thousand dollars, or 8 million with its fence."
GRANT = (FundingValues(2e6, "USD", Stage.DISBURSED, ("US",), ("TJ",)), "gave 2 million dollars for scanners")
CENTRE = (FundingValues(8000.0, "USD", Stage.DISBURSED), "The centre cost 8 thousand dollars, or 8 million with its fence")
WRONG = (replace(GRANT[0], currency="UDS"), GRANT[1])
CORRECTION = Correction.model_validate(
    {
        "id": "centre",
        "document": "https://example.org/news",
        "table": "funding",
        "quote": "centre cost",
        "changes": [{"field": "amount", "expected": 8000, "corrected": 8e6}],
        "reason": "misprint",
        "author": "A",
        "date": "2026-11-02",
    }
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_desk(request: pytest.FixtureRequest, make_desk: Any) -> Iterator[Any]:
    """A desk on each database."""
    desk = make_desk()
    if request.param == "postgresql":
        desk.store = Store.open(str(request.getfixturevalue("postgres_url")))
    yield desk
    desk.store.engine.dispose()


def _way(desk: Any) -> list[Any]:
    """What can be seen of the store after each step."""
    seen: list[Any] = []
    desk.corrections = (CORRECTION,)
    version = desk.publish(TEXT)
    wrong, _ = desk.extract(version, [WRONG, CENTRE])
    steps = (
        lambda _: None,
        lambda connection: edit(connection, wrong, {"currency": "USD"}, desk.hand()),
        lambda connection: undo(connection, wrong, desk.hand()),
        lambda connection: reject(connection, wrong, desk.hand()),
    )
    for step in steps:
        with desk.store.write() as connection:
            step(connection)
        desk.intake()
        seen.append((desk.standing(), desk.held()))
    desk.extract(desk.publish(TEXT + " More."), [GRANT, CENTRE], "rules 2")
    desk.intake()
    seen.append(desk.standing())
    with desk.store.read() as connection:
        runs = read_runs(connection)
        seen += [read_decisions(connection), runs, [read_results(connection, run.id) for run in runs]]
    seen.append(verify_store(desk.store, desk.archive.get))
    return seen


def test_both_databases_give_the_same(any_desk: Any, make_desk: Any) -> None:
    assert _way(any_desk) == _way(make_desk())
