"""Facilities on a line of time: each state as a sign at its date, the time between as a bar."""

from __future__ import annotations

import math

from bam.briefs.assets import Assets
from bam.briefs.charts.canvas import Canvas, text_width
from bam.briefs.charts.palette import ACCENT, GREY, RULE, STAGES
from bam.briefs.charts.signs import legend, sign
from bam.briefs.model import Timeline

ROW = 5.8
TEXT = 8.0
TOP = 12.0
_BARS = {"planned": STAGES["planned"], "under_construction": STAGES["pledged"], "operational": STAGES["committed"]}


def timeline(chart: Timeline, assets: Assets, width: float = 174.0) -> str:
    """One row per facility; the as-of date is a line through all of them."""
    label_width = min(66.0, max(text_width(row.label, TEXT, assets) for row in chart.rows) + 4)
    first = math.floor(min(event.at for row in chart.rows for event in row.events))
    last = max(chart.now, max(event.at for row in chart.rows for event in row.events))
    room = width - label_width - 3
    scale = room / max(1.0, last - first)
    height = TOP + ROW * len(chart.rows) + 1

    def x_of(year: float) -> float:
        return label_width + (year - first) * scale

    canvas = Canvas(width, height, assets)
    legend(canvas, chart.legend, 0, 3.2, assets)
    for year in range(first, math.floor(last) + 1, _step(last - first)):
        canvas.line([(x_of(year), TOP - 2.2), (x_of(year), height)], RULE, 0.5)
        canvas.text(x_of(year), TOP - 3.2, str(year), size=7, colour=GREY, anchor="center")
    canvas.line([(x_of(chart.now), TOP - 2.2), (x_of(chart.now), height)], ACCENT, 0.7, dashed=True)
    for number, row in enumerate(chart.rows):
        y = TOP + number * ROW + ROW / 2 - 1
        canvas.text(0, y + 1, row.label, size=TEXT)
        ends = [event.at for event in row.events[1:]] + [chart.now]
        for event, end in zip(row.events, ends, strict=True):
            if event.status in _BARS and end > event.at:
                canvas.box(x_of(event.at), y - 0.7, (end - event.at) * scale, 1.4, _BARS[event.status])
        for event in row.events:
            sign(canvas, event.status, x_of(event.at), y, 1.4)
    return canvas.svg(chart.alt)


def _step(span: float) -> int:
    """Years between two labels, so that there are at most a dozen."""
    return next((step for step in (1, 2, 5, 10, 20) if span / step <= 12), 50)
