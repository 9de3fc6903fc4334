"""The form of a check: one Great Expectations expectation with its severity and the sentence that says what it protects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bam.quality.report import Severity

FUNDING = 'table == "funding"'
NOT_FUNDING = 'table != "funding"'
UNREVIEWED = "is_reviewed == False"


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation on one frame.

    `name` is unique in its suite. `expect` is the class in `great_expectations.expectations`, `arguments` its keyword
    arguments. `when` is a pandas query that picks the rows it applies to. `quarantines` keeps failing rows out of the tables.
    `remedy` says what a person does about a failure, where that is something else than the suite's.
    """

    name: str
    expect: str
    severity: Severity
    protects: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    when: str | None = None
    quarantines: bool = False
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """All checks of one frame. `id_column` names its rows; `frame` is its key in the mapping given to the gate; `remedy` says
    what a person does when a check fails.
    """

    frame: str
    title: str
    id_column: str
    remedy: str
    checks: tuple[Check, ...]
