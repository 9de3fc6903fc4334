"""Reports: counts, sentences, and the one line that a closed gate says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bam.model.errors import GateClosedError
from bam.quality.report import CheckReport, CheckResult, FailingRow, Severity

GOOD = CheckResult("claims", "claims.good", "Expect", Severity.CRITICAL, True, "It protects.", 10)
BAD = replace(
    GOOD,
    check="claims.bad",
    success=False,
    failing=(FailingRow("clm-1", "amount=-1"), FailingRow("clm-2", "amount=-2")),
    failing_count=2,
    quarantines=True,
    remedy="Reject them.",
)
MANY = replace(BAD, failing=tuple(FailingRow(f"clm-{n}", "x") for n in range(5)), failing_count=5)


def test_counts_and_held_rows() -> None:
    report = CheckReport((GOOD, BAD, replace(BAD, check="claims.odd", severity=Severity.WARNING, quarantines=False)))

    assert report.counts() == {"passed": 1, "critical": 1, "warning": 1, "info": 0}
    assert report.held_ids("claims") == {"clm-1", "clm-2"}
    assert report.held_ids("records") == frozenset()
    assert not report.is_publishable


def test_sentences() -> None:
    assert GOOD.sentence == "claims.good: 10 rows pass. It protects."
    assert BAD.sentence == "claims.bad failed on 2 of 10 rows: clm-1 (amount=-1), clm-2 (amount=-2). It protects."
    assert MANY.sentence == "claims.bad failed on 5 of 10 rows: clm-0 (x), clm-1 (x), clm-2 (x) and 2 more. It protects."
    assert replace(BAD, fault="no column amount").sentence == "claims.bad could not run: no column amount. It protects."


def test_closed_gate_says_what_to_do_in_one_line() -> None:
    CheckReport((GOOD,)).require_publishable()

    with pytest.raises(GateClosedError) as closed:
        CheckReport((BAD, replace(BAD, check="claims.worse"))).require_publishable()

    assert str(closed.value) == (
        "Nothing was published, the last good tables stay: claims.bad failed on 2 of 10 rows: clm-1 (amount=-1),"
        " clm-2 (amount=-2). It protects (1 more critical checks failed). Reject them."
    )


def test_merging_adds_rows_of_the_same_check() -> None:
    merged = CheckReport((GOOD, BAD)).merged(CheckReport((replace(BAD, success=True, failing=(), failing_count=0), GOOD)))

    by_name = {result.check: result for result in merged.results}
    assert by_name["claims.good"].row_count == 20
    assert by_name["claims.bad"].row_count == 20
    assert by_name["claims.bad"].failing_count == 2
    assert not by_name["claims.bad"].success
