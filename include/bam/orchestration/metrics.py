"""Metrics of the work itself over OpenTelemetry: documents, claims, records, checks, deliveries, and how long tasks take.

Airflow has metrics of its own (queues, pools, heartbeats; `AIRFLOW__METRICS__OTEL_ON`). These tell what came through. They are
sent when an address is set in the standard variable `OTEL_EXPORTER_OTLP_ENDPOINT`; without one nothing is loaded. What can't be
sent is logged and fails no task.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter

log = logging.getLogger(__name__)

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
EXPORT_TIMEOUT_MS = 5_000


@dataclass(frozen=True, slots=True)
class Count:
    """One figure of a step as a counter: its name, what it counts, and the attributes that tell it from others of that name."""

    name: str
    unit: str
    step: str
    figure: str
    attributes: tuple[tuple[str, str], ...] = ()


COUNTS = (
    Count("bam.documents", "{document}", "read_source", "documents_new", (("outcome", "new"),)),
    Count("bam.documents", "{document}", "read_source", "versions_new", (("outcome", "new_version"),)),
    Count("bam.documents", "{document}", "read_source", "unchanged", (("outcome", "unchanged"),)),
    Count("bam.documents", "{document}", "read_source", "vanished", (("outcome", "vanished"),)),
    Count("bam.documents", "{document}", "read_source", "failures", (("outcome", "failed"),)),
    Count("bam.quarantine", "{item}", "read_source", "quarantined", (("kind", "document"),)),
    Count("bam.quarantine", "{item}", "update_tables", "quarantined", (("kind", "claim"),)),
    Count("bam.extractions", "{version}", "announce", "versions", (("outcome", "extracted"),)),
    Count("bam.extractions", "{version}", "announce", "failures", (("outcome", "failed"),)),
    Count("bam.extractions", "{version}", "announce", "waiting", (("outcome", "waiting"),)),
    Count("bam.claims", "{claim}", "announce", "claims"),
    Count("bam.records", "{record}", "update_tables", "added", (("change", "added"),)),
    Count("bam.records", "{record}", "update_tables", "modified", (("change", "modified"),)),
    Count("bam.records", "{record}", "update_tables", "removed", (("change", "removed"),)),
    Count("bam.restatements", "{figure}", "update_tables", "restated"),
    Count("bam.checks", "{check}", "update_tables", "passed", (("outcome", "passed"),)),
    Count("bam.checks", "{check}", "update_tables", "critical", (("outcome", "critical"),)),
    Count("bam.checks", "{check}", "update_tables", "warning", (("outcome", "warning"),)),
    Count("bam.deliveries", "{delivery}", "deliver", "sent_now", (("outcome", "sent"),)),
    Count("bam.deliveries", "{delivery}", "deliver", "failed", (("outcome", "failed"),)),
    Count("bam.deliveries", "{delivery}", "deliver", "unknown", (("outcome", "unknown"),)),
)
"""Which figure of which step (a task's id) is which metric. docs/operators.md lists the names."""

DURATION = "bam.task.duration"
"""Histogram of seconds per task, with the attributes `dag`, `task` and `outcome`."""


def send_figures(step: str, figures: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
    """Count what a step has done. `attributes` tell where: the source, the brief."""
    with _meter() as meter:
        if meter is not None:
            record_figures(meter, step, figures, attributes)


def send_duration(dag: str, task: str, outcome: str, seconds: float) -> None:
    """Note how long a task took."""
    with _meter() as meter:
        if meter is not None:
            meter.create_histogram(DURATION, unit="s").record(seconds, {"dag": dag, "task": task, "outcome": outcome})


def record_figures(meter: Meter, step: str, figures: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
    """Add the figures of a step to its counters; a figure that is counted by table (`claims`) once per table."""
    for count in COUNTS:
        value = figures.get(count.figure)
        if count.step != step or not value:
            continue
        counter = meter.create_counter(count.name, unit=count.unit)
        own = {**attributes, **dict(count.attributes)}
        for table, number in value.items() if isinstance(value, Mapping) else [("", value)]:
            counter.add(number, {**own, "table": table} if table else own)


@contextmanager
def _meter() -> Iterator[Meter | None]:
    """A meter whose figures are sent at the end: tasks are short, so nothing is gathered over time."""
    if not os.environ.get(ENDPOINT):
        yield None
        return
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource

    reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=float("inf"))
    provider = MeterProvider([reader], Resource.create({"service.name": "border-assistance-monitor"}))
    try:
        yield provider.get_meter("bam")
    finally:
        try:
            provider.force_flush(timeout_millis=EXPORT_TIMEOUT_MS)
            provider.shutdown(timeout_millis=EXPORT_TIMEOUT_MS)
        except Exception:
            log.warning("The metrics could not be sent to %s", os.environ[ENDPOINT], exc_info=True)
