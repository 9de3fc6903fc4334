"""Metrics: what a step counted arrives at a collector, under the documented names."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from bam.orchestration.metrics import COUNTS, DURATION, ENDPOINT, send_duration, send_figures

OPERATORS = Path(__file__).parents[3] / "docs" / "operators.md"
Point = tuple[str, frozenset[tuple[str, str]], float]


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Point]]:
    """What a collector on this machine receives."""
    points: list[Point] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = ExportMetricsServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
            for metric in sent.resource_metrics[0].scope_metrics[0].metrics:
                for point in [*metric.sum.data_points, *metric.histogram.data_points]:
                    attributes = frozenset((each.key, each.value.string_value) for each in point.attributes)
                    points.append((metric.name, attributes, getattr(point, "as_int", None) or getattr(point, "sum", 0)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{server.server_port}")
    yield points
    server.shutdown()
    server.server_close()


def test_figures_of_a_step_arrive(collected: list[Point]) -> None:
    send_figures("read_source", {"documents_new": 3, "unchanged": 0, "quarantined": 1}, {"source": "gazette"})
    assert sorted(collected) == [
        ("bam.documents", frozenset({("source", "gazette"), ("outcome", "new")}), 3),
        ("bam.quarantine", frozenset({("source", "gazette"), ("kind", "document")}), 1),
    ]


def test_claims_are_counted_by_table(collected: list[Point]) -> None:
    send_figures("announce", {"claims": {"funding": 4, "workshops": 2}}, {})
    assert {(name, dict(attributes)["table"], value) for name, attributes, value in collected} == {
        ("bam.claims", "funding", 4),
        ("bam.claims", "workshops", 2),
    }


def test_durations_arrive(collected: list[Point]) -> None:
    send_duration("ingest", "read_source", "success", 2.5)
    assert collected == [(DURATION, frozenset({("dag", "ingest"), ("task", "read_source"), ("outcome", "success")}), 2.5)]


def test_without_a_collector_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, collected: list[Point]) -> None:
    monkeypatch.delenv(ENDPOINT)
    send_figures("read_source", {"documents_new": 3}, {})
    assert collected == []


def test_a_collector_that_is_away_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")
    send_duration("ingest", "read_source", "success", 2.5)


def test_every_name_is_documented() -> None:
    text = OPERATORS.read_text(encoding="utf-8")
    assert [name for name in sorted({count.name for count in COUNTS} | {DURATION}) if f"`{name}`" not in text] == []
