"""Running a suite with Great Expectations: in memory, without telemetry or progress bars, every failing row named.

Importing the library takes seconds, so it happens in the first call and not before.
"""

from __future__ import annotations

import gc
import logging
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bam.quality.checks import Check, Suite
from bam.quality.report import CheckResult, FailingRow

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

_COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list")


@lru_cache(maxsize=1)
def great_expectations() -> Any:
    """The library, imported once. Its telemetry is switched off before the import, where it reads its settings."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    # The 300,000 objects of the library stay as long as the process. A collector that goes through them takes 0.3 s each time,
    # once or twice in an update.
    gc.freeze()
    # Where somebody logs information, as Airflow does, the library would tell of each of its steps.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    return gx


def quiet_context() -> Any:
    """A context that lives in memory: no files, no telemetry, no progress bars, nothing in the log."""
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig

    gx = great_expectations()
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(project_config=config, mode="ephemeral")


class Checker:
    """Runs suites. `outcomes` keeps what Great Expectations says of each, by frame, for the Data Docs."""

    def __init__(self) -> None:
        self._context: Any = None
        self.outcomes: dict[str, Any] = {}

    def run(self, suite: Suite, frame: pd.DataFrame) -> tuple[CheckResult, ...]:
        """Results of all checks of a suite on its frame, in the suite's order. An empty frame passes: it holds no wrong row."""
        if frame.empty:
            return tuple(_result(suite, check, success=True, row_count=0) for check in suite.checks)
        outcome = self._validation(suite).run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [suite.id_column]},
        )
        self.outcomes[suite.frame] = outcome
        by_name = {result.expectation_config.meta["check"]: result.to_json_dict() for result in outcome.results}
        return tuple(_read_result(suite, check, by_name[check.name]) for check in suite.checks)

    def _validation(self, suite: Suite) -> Any:
        """The suite as a validation definition of the context, made on first use."""
        gx = great_expectations()
        if self._context is None:
            self._context = quiet_context()
        context = self._context
        if suite.frame in {existing.name for existing in context.validation_definitions.all()}:
            return context.validation_definitions.get(suite.frame)
        asset = context.data_sources.add_pandas(suite.frame).add_dataframe_asset(suite.frame)
        batch = asset.add_batch_definition_whole_dataframe(suite.frame)
        expectations = context.suites.add(
            gx.ExpectationSuite(name=suite.title, expectations=[_expectation(suite, check) for check in suite.checks])
        )
        return context.validation_definitions.add(gx.ValidationDefinition(name=suite.frame, data=batch, suite=expectations))


def _expectation(suite: Suite, check: Check) -> Any:
    import great_expectations.expectations as gxe

    condition = {"row_condition": check.when, "condition_parser": "pandas"} if check.when else {}
    return getattr(gxe, check.expect)(
        **check.arguments,
        **condition,
        severity=str(check.severity),
        notes=check.protects,
        meta={"check": check.name, "suite": suite.frame},
    )


def _read_result(suite: Suite, check: Check, outcome: dict[str, Any]) -> CheckResult:
    raised = outcome.get("exception_info") or {}
    fault = _first_message(raised)
    if fault:
        log.error("Check %s.%s could not run: %s", suite.frame, check.name, raised)
        return _result(suite, check, success=False, row_count=0, fault=fault)
    found = outcome.get("result") or {}
    rows = found.get("unexpected_index_list") or []
    failing = tuple(
        FailingRow(
            str(row[suite.id_column]),
            ", ".join(f"{name}={value}" for name, value in row.items() if name != suite.id_column) or _columns(check),
        )
        for row in rows
    )
    return _result(
        suite,
        check,
        success=bool(outcome["success"]),
        row_count=int(found.get("element_count") or 0),
        failing=failing,
        observed=str(found.get("observed_value", "")),
    )


def _first_message(raised: dict[str, Any]) -> str | None:
    """The message of an exception in a result: the library nests them by metric where several went wrong."""
    if raised.get("raised_exception"):
        return str(raised.get("exception_message")).splitlines()[0]
    for nested in raised.values():
        if isinstance(nested, dict) and nested.get("raised_exception"):
            return str(nested.get("exception_message")).splitlines()[0]
    return None


def _columns(check: Check) -> str:
    return ", ".join(str(check.arguments[key]) for key in _COLUMN_ARGUMENTS if key in check.arguments)


def _result(suite: Suite, check: Check, *, success: bool, row_count: int, **found: Any) -> CheckResult:
    return CheckResult(
        suite=suite.frame,
        check=f"{suite.frame}.{check.name}",
        expectation=check.expect,
        severity=check.severity,
        success=success,
        protects=check.protects,
        row_count=row_count,
        quarantines=check.quarantines,
        remedy=check.remedy or suite.remedy,
        **found,
    )
