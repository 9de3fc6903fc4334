"""All checks, one module per step of the way of the data. docs/checks.md lists them."""

from __future__ import annotations

from bam.quality.checks import Check, Suite
from bam.quality.suites.claims import CLAIMS
from bam.quality.suites.documents import DOCUMENTS, EXTRACTORS, SOURCES
from bam.quality.suites.figures import INDICATORS, LEDGER, TOTALS
from bam.quality.suites.records import RECORDS

SUITES: tuple[Suite, ...] = (DOCUMENTS, SOURCES, EXTRACTORS, CLAIMS, RECORDS, LEDGER, TOTALS, INDICATORS)
"""In the order of the way of the data: a fault is reported first where it comes from."""

CHECKS: dict[str, tuple[Suite, Check]] = {
    f"{suite.frame}.{check.name}": (suite, check) for suite in SUITES for check in suite.checks
}
"""Every check by its full name."""
