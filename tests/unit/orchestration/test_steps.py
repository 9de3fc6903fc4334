"""What tasks do beside calling the library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bam.orchestration import steps
from bam.orchestration.steps import LOOKS, deliver_patiently
from bam.pipeline.posting import DeliveryReport


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SECONDS_BETWEEN_LOOKS", 0.0)


def _reports(*states: dict[str, int]) -> Iterator[DeliveryReport]:
    return (DeliveryReport("iss-1", "Monthly brief", states=each) for each in states)


def test_what_another_run_is_sending_is_looked_at_again_until_it_is_sent() -> None:
    answers = _reports({"sending": 2}, {"sending": 1, "sent": 1}, {"sent": 2}, {"sent": 99})
    assert deliver_patiently(lambda: next(answers)).states == {"sent": 2}


def test_what_waits_for_a_server_is_left_to_the_next_try() -> None:
    answers = _reports({"waiting": 1, "sending": 1}, {"sent": 2})
    assert deliver_patiently(lambda: next(answers)).is_waiting


def test_patience_ends() -> None:
    answers = _reports(*[{"sending": 1}] * (LOOKS + 1))
    assert deliver_patiently(lambda: next(answers)).is_waiting
    assert next(answers, None) is None
