"""What holds an issue back, and in which words operators read it."""

from __future__ import annotations

import pytest

from bam.delivery.approval import Approval
from bam.delivery.gate import Findings, Objection, objections_to

APPROVED = Approval("approved", "Ines approved it")


def codes(found: tuple[Objection, ...]) -> list[str]:
    return [objection.code for objection in found]


def test_nothing_against_it() -> None:
    assert objections_to(Findings(), approval=None, is_backfill=False, deliver=None) == ()
    assert objections_to(Findings(), approval=APPROVED, is_backfill=False, deliver=True) == ()


@pytest.mark.parametrize("deliver", [None, True])
@pytest.mark.parametrize(
    ("findings", "code", "reason"),
    [
        (
            Findings(critical=["claims.amount failed on 1 of 9 rows"]),
            "critical_check",
            "a critical check failed: claims.amount failed on 1 of 9 rows",
        ),
        (Findings(stale="no source was read since 1 March"), "stale_sources", "no source was read since 1 March"),
        (
            Findings(unverified=["f1", "f2", "f3", "f4"]),
            "unverified",
            "4 figures are not verified: f1; f2; f3 and 1 more",
        ),
    ],
)
def test_bad_figures_leave_for_nobody(findings: Findings, code: str, reason: str, deliver: bool | None) -> None:
    assert objections_to(findings, approval=APPROVED, is_backfill=False, deliver=deliver) == (Objection(code, reason),)


@pytest.mark.parametrize(
    ("is_backfill", "deliver", "expected"),
    [
        (False, None, []),
        (False, True, []),
        (False, False, ["not_asked"]),
        (True, None, ["backfill"]),
        (True, True, []),
        (True, False, ["not_asked"]),
    ],
)
def test_backfills_leave_where_somebody_asks(is_backfill: bool, deliver: bool | None, expected: list[str]) -> None:
    assert codes(objections_to(Findings(), approval=None, is_backfill=is_backfill, deliver=deliver)) == expected


@pytest.mark.parametrize("state", ["not_asked", "waiting", "rejected", "expired", "changed"])
def test_only_approval_opens(state: str) -> None:
    found = objections_to(Findings(), approval=Approval(state, "why"), is_backfill=False, deliver=True)  # type: ignore[arg-type]
    assert found == (Objection(f"approval_{state}", "why"),)


def test_all_reasons_are_told_at_once() -> None:
    found = objections_to(Findings(["x"], "y", ["z"]), approval=Approval("waiting", "w"), is_backfill=True, deliver=None)
    assert codes(found) == ["critical_check", "stale_sources", "unverified", "backfill", "approval_waiting"]
