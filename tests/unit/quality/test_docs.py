"""The documents say what the code does: every check, weight and key field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bam.model.claims import Table
from bam.quality import scores
from bam.quality.checks import Check
from bam.quality.listing import checks_as_markdown
from bam.quality.suites import CHECKS

DOCS = Path(__file__).parents[3] / "docs"


def test_list_of_checks_is_up_to_date() -> None:
    assert (DOCS / "checks.md").read_text(encoding="utf-8") == checks_as_markdown(), "run: bam check --list > docs/checks.md"


@pytest.mark.parametrize("name", CHECKS)
def test_check_says_what_it_protects(name: str) -> None:
    suite, check = CHECKS[name]

    assert re.fullmatch(r"[a-z0-9_]+", check.name)
    assert check.protects[0].isupper()
    assert check.protects.endswith(".")
    assert check.remedy or suite.remedy


def test_names_are_unique_and_short_enough_for_the_store() -> None:
    checks: list[Check] = [check for _, check in CHECKS.values()]

    assert len(CHECKS) == len(checks) >= 100
    assert max(map(len, CHECKS)) <= 80


def test_analysts_read_the_weights_that_are_used() -> None:
    text = (DOCS / "analysts.md").read_text(encoding="utf-8")

    for table in Table:
        assert f"| {table} | {', '.join(scores.KEY_FIELDS[table])} |" in text
    held = scores.HELD_POINTS
    assert f"| {held['critical']:g}, {held['warning']:g} |" in text
    assert f"{scores.WITNESS_POINTS} points for each independent source" in text
