"""Signs for the states of a facility: told apart by form, not only by colour."""

from __future__ import annotations

from bam.briefs.assets import Assets
from bam.briefs.charts.canvas import Canvas, text_width
from bam.briefs.charts.palette import ACCENT, GREY, PAPER, STATES

EDGE = STATES["operational"]


def sign(canvas: Canvas, state: str, x: float, y: float, radius: float = 1.5) -> None:
    """Planned: a ring. Under construction: half filled. In operation: a disc. Closed, cancelled: crossed. Suspended: a bar."""
    if state == "operational":
        canvas.circle(x, y, radius, EDGE, PAPER, 0.5)
        return
    edge = ACCENT if state in ("closed", "cancelled", "suspended") else EDGE
    canvas.circle(x, y, radius, PAPER, edge, 1.0)
    if state == "under_construction":
        canvas.circle(x, y, radius * 0.5, EDGE)
    elif state in ("closed", "cancelled"):
        arm = radius * 0.55
        canvas.line([(x - arm, y - arm), (x + arm, y + arm)], edge, 1.0)
        canvas.line([(x - arm, y + arm), (x + arm, y - arm)], edge, 1.0)
    elif state == "suspended":
        canvas.line([(x - radius * 0.55, y), (x + radius * 0.55, y)], edge, 1.2)


def legend(canvas: Canvas, entries: tuple[tuple[str, str], ...], x: float, y: float, assets: Assets, size: float = 7.5) -> None:
    """Signs with their names in one line."""
    for state, label in entries:
        sign(canvas, state, x + 1.5, y - 0.9)
        canvas.text(x + 4.2, y, label, size=size, colour=GREY)
        x += 4.2 + text_width(label, size, assets) + 5
