"""How large a sum may be before a person has to confirm it, per stage and kind."""

from __future__ import annotations

LIMITS_COMMON: dict[tuple[str, str], float] = {
    ("disbursed", "goods"): 500e6,
    ("disbursed", "money"): 5e9,
    ("committed", "goods"): 500e6,
    ("committed", "money"): 5e9,
    ("pledged", "goods"): 1e9,
    ("pledged", "money"): 20e9,
    ("planned", "goods"): 1e9,
    ("planned", "money"): 20e9,
}
"""In the common currency. The largest bilateral border and security programmes on public record commit a few hundred million a
year for one country; a limit stands at about ten times that, so that it stops a sum that was multiplied by 1,000 and no real one.
"""

CUMULATIVE_LIMIT_COMMON = 500e9
"""Sums over many years add up decades and countries, whatever their stage."""

LEAST_COMMON = 100.0
"""Sums below this are unit prices, rates per day or a lost "thousand"."""


def implausible(amount_common: float, stage: str, kind: str) -> str | None:
    """What is implausible about the sum, in words; None where nothing is. `kind` is `money`, `goods` or `cumulative`.

    Sums of zero and below are another check's matter.
    """
    limit = CUMULATIVE_LIMIT_COMMON if kind == "cumulative" else LIMITS_COMMON.get((stage, kind), CUMULATIVE_LIMIT_COMMON)
    if amount_common > limit:
        return f"{amount_common:,.0f} {stage} ({kind}), more than {limit:,.0f}"
    if 0 < amount_common < LEAST_COMMON:
        return f"{amount_common:,.2f}, less than {LEAST_COMMON:,.0f}"
    return None
