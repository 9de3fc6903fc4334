"""Small curves as the points of an inline SVG: they need no script and no style of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 120, 24, 3


@dataclass(frozen=True, slots=True)
class Curve:
    """`points` are those of a polyline in a box of WIDTH by HEIGHT; `last` is the end of it; `told` says the same in words."""

    points: str
    last: tuple[float, float]
    told: str


def curve(values: Sequence[float], told: str) -> Curve | None:
    """The curve of at least two values, from the oldest to the newest; None of fewer."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    level = HEIGHT / 2 if high == low else None
    points = [
        (round(MARGIN + place * step, 1), round(level or HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN), 1))
        for place, value in enumerate(values)
    ]
    return Curve(" ".join(f"{x},{y}" for x, y in points), points[-1], told)
