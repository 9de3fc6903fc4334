"""Sums multiplied by 1,000 or misread as unit prices stand out at every stage and kind; real ones don't."""

from __future__ import annotations

import pytest

from bam.quality.frames.limits import LIMITS_COMMON, implausible


@pytest.mark.parametrize(("stage", "kind"), LIMITS_COMMON)
def test_large_real_sums_pass_and_a_thousand_times_them_does_not(stage: str, kind: str) -> None:
    large = 100e6

    assert implausible(large, stage, kind) is None
    assert (
        implausible(large * 1000, stage, kind) == f"100,000,000,000 {stage} ({kind}), more than {LIMITS_COMMON[stage, kind]:,.0f}"
    )


def test_background_sums_may_be_larger() -> None:
    assert implausible(1.8e9, "disbursed", "cumulative") is None
    assert implausible(130e9, "disbursed", "cumulative") is None
    assert implausible(1.8e12, "disbursed", "cumulative") is not None


def test_trifles_are_named() -> None:
    assert implausible(2.0, "disbursed", "money") == "2.00, less than 100"
    assert implausible(0.0, "disbursed", "money") is None
