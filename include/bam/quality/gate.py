"""The gate: frames in, a report out. What the report means for publication is `CheckReport.is_publishable`.

- `bam.quality.frames` makes a frame of each kind from the objects of a run; a frame that isn't given isn't checked.
- `run_checks(frames)` runs the suite of each frame.
- `report.require_publishable()` raises GateClosedError, whose text is the last line of the task's log.

See docs/decisions/0040-the-gate.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bam.quality.expectations import Checker
from bam.quality.report import CheckReport
from bam.quality.suites import SUITES

if TYPE_CHECKING:
    import pandas as pd


def run_checks(frames: Mapping[str, pd.DataFrame], checker: Checker | None = None) -> CheckReport:
    """Run the suite of each frame, in the order of `SUITES`. Without any row nothing is imported and nothing fails.

    Args:
        frames: by name of suite (`documents`, `sources`, `extractors`, `claims`, `records`, `ledger`, `totals`,
            `indicators`); see `bam.quality.frames` for the columns. Frames that are left out are not checked.
        checker: keeps what Great Expectations says, for the Data Docs.

    Raises:
        KeyError: a frame's name is no suite's.
    """
    known = {suite.frame for suite in SUITES}
    if unknown := sorted(set(frames) - known):
        raise KeyError(f"no suite checks the frames {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    checker = checker or Checker()
    results = (result for suite in SUITES if suite.frame in frames for result in checker.run(suite, frames[suite.frame]))
    return CheckReport(tuple(results))
