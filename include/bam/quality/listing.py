"""The list of all checks as Markdown: docs/checks.md is this text, and a test keeps it so."""

from __future__ import annotations

from bam.quality.checks import Check
from bam.quality.frames.documents import DRIFT_LEAST, FLOOD_FACTOR, FLOOD_LEAST, USUAL_DAYS
from bam.quality.frames.figures import JUMP_FACTOR, JUMP_LEAST_COMMON
from bam.quality.frames.limits import CUMULATIVE_LIMIT_COMMON, LEAST_COMMON, LIMITS_COMMON
from bam.quality.report import Severity
from bam.quality.suites import CHECKS, SUITES

_HEAD = """# All checks

This page is printed by `bam check --list > docs/checks.md`; a test fails when it is out of date.

Each check is one expectation of Great Expectations. **critical** stops the publication of tables and briefs until its cause is
gone; **warning** lets them out, and the brief says so; **info** is counted. *Quarantine*: rows that fail are kept out of the
tables, and come back by themselves when they pass. Why: docs/decisions/0040-the-gate.md. What to do: docs/analysts.md.
"""


def checks_as_markdown() -> str:
    """The whole page."""
    counts = ", ".join(f"{_count(severity)} {severity}" for severity in Severity)
    parts = [_HEAD, f"{len(CHECKS)} checks: {counts}.\n"]
    for suite in SUITES:
        rows = "".join(_row(check) for check in suite.checks)
        parts.append(
            f"## {suite.title}\n\nFrame `{suite.frame}`, rows named by `{suite.id_column}`. {suite.remedy}\n\n"
            f"| Check | Severity | Quarantine | Expectation | It protects |\n|---|---|---|---|---|\n{rows}"
        )
    parts.append(_limits())
    return "\n".join(parts)


def _count(severity: Severity) -> int:
    return sum(check.severity is severity for _, check in CHECKS.values())


def _row(check: Check) -> str:
    named = [value for key, value in check.arguments.items() if key.startswith("column")]
    columns = ", ".join(f"`{one}`" for value in named for one in ([value] if isinstance(value, str) else value))
    expectation = f"{check.expect.removeprefix('Expect')} on {columns}"
    return f"| {check.name} | {check.severity} | {'yes' if check.quarantines else ''} | {expectation} | {check.protects} |\n"


def _limits() -> str:
    rows = "".join(f"| {stage} | {kind} | {limit:,.0f} |\n" for (stage, kind), limit in LIMITS_COMMON.items())
    return (
        "## Limits\n\n"
        f"Sums, in the common currency; below {LEAST_COMMON:,.0f} is trifling, and a cumulative sum may be"
        f" {CUMULATIVE_LIMIT_COMMON:,.0f}:\n\n"
        f"| Stage | Kind | At most |\n|---|---|---|\n{rows}\n"
        f"A day is a flood with more than {FLOOD_FACTOR} times a source's median and at least {FLOOD_LEAST} documents, once"
        f" it had {USUAL_DAYS} days with news.\n\nTwo extractors are compared from {DRIFT_LEAST} claims of shared documents"
        f" on.\n\nA total jumps when it changes by a factor of {JUMP_FACTOR:g} and at least {JUMP_LEAST_COMMON:,.0f} between two"
        " publications.\n"
    )
