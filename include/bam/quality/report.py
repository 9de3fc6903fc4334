"""What the checks found, in a form that the gate, the brief's quality box, the cockpit and the command line share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bam.model.errors import GateClosedError


class Severity(StrEnum):
    """What a failing check does: `critical` stops publication, `warning` lets the tables out with a box in the brief,
    `info` is only counted.
    """

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class FailingRow:
    """One row that failed a check: its id in the frame, and what was seen there (`currency=XXQ`)."""

    row_id: str
    observed: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check on one frame.

    `check` is unique over all suites (`claims.currency_is_iso_4217`), `expectation` the Great Expectations type that was
    run, `protects` the sentence that says why the check exists. `row_count` rows were looked at and `failing` names every one
    that failed; in results read back from the store it may hold the first ones only, and `failing_count` all. `remedy` says what
    a person does about it. `quarantines` tells whether those rows are kept out of the tables. `fault` is set where the check
    itself couldn't run (a missing column): it counts as failed.
    """

    suite: str
    check: str
    expectation: str
    severity: Severity
    success: bool
    protects: str
    row_count: int
    failing: tuple[FailingRow, ...] = ()
    quarantines: bool = False
    observed: str = ""
    fault: str | None = None
    failing_count: int = -1
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.failing_count < 0:
            object.__setattr__(self, "failing_count", len(self.failing))

    @property
    def failing_ids(self) -> tuple[str, ...]:
        """Ids of the rows that failed, in the frame's order."""
        return tuple(row.row_id for row in self.failing)

    @property
    def sentence(self) -> str:
        """One line for people: what failed, on how many rows, on which ones for example, and what the check protects."""
        if self.success:
            return f"{self.check}: {self.row_count} rows pass. {self.protects}"
        if self.fault:
            return f"{self.check} could not run: {self.fault}. {self.protects}"
        if not self.failing:
            return f"{self.check} failed ({self.observed}). {self.protects}"
        shown = ", ".join(f"{row.row_id} ({row.observed})" for row in self.failing[:3])
        more = f" and {self.failing_count - 3} more" if self.failing_count > 3 else ""
        return f"{self.check} failed on {self.failing_count} of {self.row_count} rows: {shown}{more}. {self.protects}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All results of one run of the checks. Reports of two phases of a run add up with `+`."""

    results: tuple[CheckResult, ...] = ()

    def __add__(self, other: CheckReport) -> CheckReport:
        return CheckReport(self.results + other.results)

    @property
    def is_publishable(self) -> bool:
        """Whether tables and briefs may leave: no critical check failed."""
        return not self.failed(Severity.CRITICAL)

    def failed(self, severity: Severity | None = None) -> tuple[CheckResult, ...]:
        """The results that failed, of one severity or of all."""
        return tuple(r for r in self.results if not r.success and severity in (None, r.severity))

    @property
    def passed_count(self) -> int:
        """How many checks passed."""
        return sum(r.success for r in self.results)

    def counts(self) -> dict[str, int]:
        """`passed` and the failures per severity: what a status line and the brief's box print."""
        return {"passed": self.passed_count} | {str(severity): len(self.failed(severity)) for severity in Severity}

    def held_ids(self, suite: str) -> frozenset[str]:
        """Ids of the rows of a suite's frame that a failed check keeps out of the tables."""
        return frozenset(_ids(r for r in self.failed() if r.suite == suite and r.quarantines))

    def require_publishable(self) -> None:
        """Raise GateClosedError with the reason in plain words if a critical check failed; else nothing."""
        critical = self.failed(Severity.CRITICAL)
        if not critical:
            return
        first = critical[0]
        more = f" ({len(critical) - 1} more critical checks failed)" if len(critical) > 1 else ""
        raise GateClosedError(
            f"Nothing was published, the last good tables stay: {first.sentence.rstrip('.')}{more}",
            remedy=first.remedy,
        )

    def merged(self, other: CheckReport) -> CheckReport:
        """Both reports as one where they hold results of the same checks on different rows."""
        mine = {result.check: result for result in self.results}
        for result in other.results:
            mine[result.check] = result if result.check not in mine else _merged(mine[result.check], result)
        return CheckReport(tuple(mine.values()))


def _merged(one: CheckResult, two: CheckResult) -> CheckResult:
    return replace(
        one,
        success=one.success and two.success,
        row_count=one.row_count + two.row_count,
        failing=one.failing + two.failing,
        failing_count=one.failing_count + two.failing_count,
        observed=one.observed or two.observed,
        fault=one.fault or two.fault,
    )


def _ids(results: Iterable[CheckResult]) -> Iterable[str]:
    return (row.row_id for result in results for row in result.failing)
