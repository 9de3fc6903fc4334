"""Bars and trend lines."""

from __future__ import annotations

from collections.abc import Sequence

from bam.briefs.assets import Assets
from bam.briefs.charts.canvas import Canvas, text_width
from bam.briefs.charts.palette import ACCENT, GREY, INK, LINE, RULE, STAGES
from bam.briefs.labels import shorten
from bam.briefs.model import BarChart, StageChart

ROW = 5.4
BAR = 3.4
TEXT = 8.0
STAGE_LABELS = 42.0
LABEL_GAP = 1.6


def trend(values: Sequence[float], alt: str, assets: Assets, width: float = 46.0, height: float = 11.0) -> str:
    """A line without axes, its last point marked; a flat line at the bottom where nothing happened."""
    canvas = Canvas(width, height, assets)
    top, margin = max(values) or 1.0, 1.4
    step = (width - 2 * margin) / max(1, len(values) - 1)
    points = [
        (margin + index * step, height - margin - (height - 2 * margin) * value / top) for index, value in enumerate(values)
    ]
    canvas.line([(margin, height - margin), (width - margin, height - margin)], RULE, 0.5)
    canvas.line(points, LINE, 1.1)
    canvas.circle(*points[-1], 1.0, ACCENT)
    return canvas.svg(alt)


def stage_bars(chart: StageChart, assets: Assets, width: float = 174.0) -> str:
    """One row per donor or recipient, one column per stage, one scale for all columns."""
    label_width = STAGE_LABELS
    column = (width - label_width) / len(chart.stages)
    value_width = max((text_width(bar.text, TEXT - 0.5, assets) for row in chart.rows for bar in row.bars), default=0.0)
    room = column - value_width - 3 * LABEL_GAP
    largest = max((bar.value for row in chart.rows for bar in row.bars), default=0.0) or 1.0
    height = 7.5 + ROW * len(chart.rows)
    canvas = Canvas(width, height, assets)
    for index, stage in enumerate(chart.stages):
        x = label_width + index * column
        canvas.text(x, 3.4, stage, size=TEXT, weight=600)
        canvas.line([(x, 5.2), (x, height)], RULE, 0.5)
    for number, row in enumerate(chart.rows):
        top = 6.5 + number * ROW
        canvas.text(0, top + BAR - 0.6, shorten(row.label, 34), size=TEXT)
        for index, bar in enumerate(row.bars):
            if not bar.text:
                continue
            x = label_width + index * column
            length = max(0.7, room * bar.value / largest)
            canvas.box(x, top, length, BAR, STAGES[bar.stage])
            canvas.text(x + length + LABEL_GAP, top + BAR - 0.7, bar.text, size=TEXT - 0.5, colour=INK)
    return canvas.svg(chart.alt)


def bars(chart: BarChart, assets: Assets, width: float = 84.0) -> str:
    """One bar per row, longest first as given, each with its number."""
    labels = [shorten(bar.label, 30) for bar in chart.bars]
    label_width = min(width * 0.5, max(text_width(label, TEXT, assets) for label in labels) + 3)
    value_width = max(text_width(bar.text, TEXT, assets) for bar in chart.bars)
    room = width - label_width - value_width - 2 * LABEL_GAP
    largest = max(bar.value for bar in chart.bars) or 1.0
    canvas = Canvas(width, ROW * len(chart.bars), assets)
    for number, (bar, label) in enumerate(zip(chart.bars, labels, strict=True)):
        top = number * ROW + 1.0
        canvas.text(0, top + BAR - 0.6, label, size=TEXT)
        length = max(0.4, room * bar.value / largest)
        canvas.box(label_width, top, length, BAR, STAGES["planned"] if bar.is_rest else LINE)
        canvas.text(label_width + length + LABEL_GAP, top + BAR - 0.6, bar.text, size=TEXT, colour=GREY)
    return canvas.svg(chart.alt)
