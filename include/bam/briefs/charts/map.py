"""The map: borders of the portfolio's countries and their neighbours, facilities as signs with the names of their places."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from matplotlib.transforms import Bbox

from bam.briefs.assets import Assets
from bam.briefs.charts.canvas import Canvas, text_width
from bam.briefs.charts.palette import BORDER, GREY, HOME, INK, LAND, SEA
from bam.briefs.charts.signs import legend, sign
from bam.briefs.model import FacilityMap, MapPoint

Ring = np.ndarray[Any, np.dtype[np.float64]]
Extent = tuple[float, float, float, float]
Box = tuple[float, float, float, float]

MARGIN_DEGREES = 1.0
AROUND_POINTS_DEGREES = 3.0
MIN_SHARE = 0.45
"""Of the countries' extent, at least this much is drawn each way: a map of one town tells nobody where it is."""

SLACK_DEGREES = 30.0
"""Beyond the extent, because parallels are bent: cut off by the frame."""

DETAIL_MM = 0.3
MAX_HEIGHT = 76.0
LEGEND_HEIGHT = 6.0
LABEL_SIZE = 7.0
NAME_SIZE = 7.0
GRID_MM = 3.0
CROWD_MM = 10.0
BESIDE_MM = 2.5
CROSSING_COST_MM = 12.0
_REACHES_MM = (2.4, 5.0, 8.0, 11.0, 14.0, 18.0)
_ANGLES = [math.radians(degrees) for degrees in (0, 180, 270, 90, 30, 330, 150, 210, 60, 300, 120, 240)]
"""Directions in which a label may stand, clockwise from the right: beside the sign before above or below it."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Albers' equal-area conic around the middle of the extent: areas of countries can be compared, shapes look familiar."""

    n: float
    c: float
    rho: float
    longitude: float

    @classmethod
    def of(cls, west: float, south: float, east: float, north: float) -> Projection:
        """Standard parallels a sixth of the height inside the extent."""
        low, high = math.radians(south + (north - south) / 6), math.radians(north - (north - south) / 6)
        n = (math.sin(low) + math.sin(high)) / 2 or 1e-6
        c = math.cos(low) ** 2 + 2 * n * math.sin(low)
        middle = math.radians((south + north) / 2)
        return cls(n, c, math.sqrt(c - 2 * n * math.sin(middle)) / n, (west + east) / 2)

    def __call__(self, points: Ring) -> Ring:
        """Longitudes and latitudes in degrees to plane coordinates, y upwards."""
        rho = np.sqrt(np.maximum(self.c - 2 * self.n * np.sin(np.radians(points[:, 1])), 0)) / self.n
        theta = self.n * np.radians(points[:, 0] - self.longitude)
        return np.column_stack((rho * np.sin(theta), self.rho - rho * np.cos(theta)))


@dataclass(frozen=True, slots=True)
class Frame:
    """From degrees to millimetres of the drawing."""

    projection: Projection
    west: float
    north: float
    scale: float

    def __call__(self, points: Ring) -> Ring:
        plane = self.projection(points)
        return np.column_stack(((plane[:, 0] - self.west) * self.scale, (self.north - plane[:, 1]) * self.scale))


@lru_cache(maxsize=2)
def read_borders(path: Path) -> dict[str, list[Ring]]:
    """Rings of longitudes and latitudes by country (ISO 3166-1 alpha-2)."""
    data = json.loads(path.read_text(encoding="utf-8"))
    arcs = [np.cumsum(np.asarray(arc, dtype=np.int64).reshape(-1, 2), axis=0) * data["step"] for arc in data["arcs"]]

    def ring(numbers: list[int]) -> Ring:
        return np.vstack([arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers])

    return {code: [ring(numbers) for numbers in rings] for code, rings in data["countries"].items()}


def facility_map(chart: FacilityMap, assets: Assets, width: float = 174.0) -> str:
    """The extent takes in the portfolio's countries and every point."""
    borders = read_borders(assets.borders)
    extent = _extent(borders, chart)
    frame, height = _frame(extent, width)
    canvas = Canvas(width, height + LEGEND_HEIGHT, assets)
    canvas.box(0, 0, width, height, SEA)
    view = Bbox.from_extents(0, 0, width, height)
    largest: dict[str, Outline] = {}
    for code, rings in sorted(borders.items(), key=lambda item: (item[0] in chart.countries, item[0])):
        for ring in _visible(rings, extent):
            shape = Outline(_thinned(frame(ring)), closed=True).clip_to_bbox(view)
            if len(np.asarray(shape.vertices)) > 2:
                canvas.outline(shape, HOME if code in chart.countries else LAND, BORDER, 0.5)
                largest[code] = max(largest.get(code, shape), shape, key=lambda one: _area(np.asarray(one.vertices)))
    taken = _points(canvas, chart, frame, assets, (width, height))
    _names(canvas, chart, largest, assets, taken)
    legend(canvas, chart.legend, 0, height + LEGEND_HEIGHT - 1.6, assets)
    return canvas.svg(chart.alt)


def _extent(borders: dict[str, list[Ring]], chart: FacilityMap) -> Extent:
    """West, south, east and north of what is drawn: the portfolio's countries, narrowed to where the points are.

    Of a country its largest area counts, and points far from all countries stay outside: a far island or a seat on another
    continent would make the map of a region a map of the world.
    """
    corners = [max(borders[code], key=_area) for code in chart.countries if code in borders]
    points = np.array([(point.longitude, point.latitude) for point in chart.points])
    if not corners:
        low, high = points.min(axis=0), points.max(axis=0)
        return (*(low - AROUND_POINTS_DEGREES), *(high + AROUND_POINTS_DEGREES))
    region = np.vstack(corners)
    low, high = region.min(axis=0) - MARGIN_DEGREES, region.max(axis=0) + MARGIN_DEGREES
    near = points[np.all((points > low - MARGIN_DEGREES) & (points < high + MARGIN_DEGREES), axis=1)]
    if len(near):
        around = np.maximum(AROUND_POINTS_DEGREES, (MIN_SHARE * (high - low) - np.ptp(near, axis=0)) / 2)
        low, high = np.maximum(low, near.min(axis=0) - around), np.minimum(high, near.max(axis=0) + around)
    return (*low, *high)


def _area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


def _frame(extent: Extent, width: float) -> tuple[Frame, float]:
    """A frame that fills the width, or the height where the extent is taller than a page bears."""
    west, south, east, north = extent
    projection = Projection.of(*extent)
    edge = np.linspace(0, 1, 20)
    rim = np.vstack(
        [np.column_stack((west + (east - west) * edge, np.full(20, lat))) for lat in (south, north)]
        + [np.column_stack((np.full(20, lon), south + (north - south) * edge)) for lon in (west, east)]
    )
    plane = projection(rim)
    (left, bottom), (right, top) = plane.min(axis=0), plane.max(axis=0)
    scale = width / (right - left)
    height = (top - bottom) * scale
    if height > MAX_HEIGHT:
        scale *= MAX_HEIGHT / height
        left -= (width / scale - (right - left)) / 2
        height = MAX_HEIGHT
    return Frame(projection, float(left), float(top), float(scale)), float(height)


def _visible(rings: list[Ring], extent: Extent) -> Iterator[Ring]:
    """Rings that reach into the extent; what lies far outside would be distorted and is cut away later."""
    west, south, east, north = extent
    slack = SLACK_DEGREES
    for ring in rings:
        (left, bottom), (right, top) = ring.min(axis=0), ring.max(axis=0)
        if right < west - slack or left > east + slack or top < south - slack or bottom > north + slack:
            continue
        if left >= west - slack and right <= east + slack:
            yield ring
        else:
            yield np.column_stack((np.clip(ring[:, 0], west - slack, east + slack), np.clip(ring[:, 1], -80, 85)))


def _thinned(ring: Ring) -> Ring:
    """The ring without points that a printed line can't show: at least `DETAIL_MM` lie between two points."""
    cells = np.round(ring / DETAIL_MM)
    moved = np.any(np.diff(cells, axis=0) != 0, axis=1)
    return ring[np.concatenate(([True], moved))]


def _points(canvas: Canvas, chart: FacilityMap, frame: Frame, assets: Assets, size: tuple[float, float]) -> list[Box]:
    """Signs and the names of their places; where signs crowd, names are placed first, because there is least room for them."""
    places = [tuple(map(float, frame(np.array([[point.longitude, point.latitude]]))[0])) for point in chart.points]
    inside = [
        (point, x, y) for point, (x, y) in zip(chart.points, places, strict=True) if 0 <= x <= size[0] and 0 <= y <= size[1]
    ]
    taken: list[Box] = [(x - 2, y - 2, x + 2, y + 2) for _, x, y in inside]

    def crowd(item: tuple[MapPoint, float, float]) -> tuple[int, str]:
        return -sum(math.hypot(item[1] - x, item[2] - y) < CROWD_MM for _, x, y in inside), item[0].label

    labels = [(x, y, label) for point, x, y in sorted(inside, key=crowd) if (label := _label(point, x, y, taken, assets, size))]
    for x, y, label in labels:
        if label.reach > BESIDE_MM:
            canvas.line([(x, y), label.end], INK, 0.4)
    for point, x, y in inside:
        sign(canvas, point.status, x, y, _radius(point))
    for _, _, label in labels:
        canvas.text(label.left, label.baseline, label.text, size=LABEL_SIZE, colour=INK, weight=600)
    return taken


@dataclass(frozen=True, slots=True)
class Label:
    """Where the name of a place is written; `end` is where a line from its sign arrives, `reach` how far away that is."""

    text: str
    left: float
    baseline: float
    end: tuple[float, float]
    reach: float


def _label(point: MapPoint, x: float, y: float, taken: list[Box], assets: Assets, size: tuple[float, float]) -> Label | None:
    """The nearest free spot, where a line that crosses a sign or a name counts as a long way; None without any."""
    text = point.label if point.count == 1 else f"{point.label} ({point.count})"
    width = text_width(text, LABEL_SIZE, assets)
    own = (x - 2, y - 2, x + 2, y + 2)
    others = [box for box in taken if box != own]
    best: tuple[float, Box, Label] | None = None
    for reach in _REACHES_MM:
        for turn, angle in enumerate(_ANGLES):
            dx, dy = reach * math.cos(angle), reach * math.sin(angle)
            left = x + dx if dx > 0.3 else x + dx - width if dx < -0.3 else x - width / 2
            box = (left - 0.3, y + dy - 1.3, left + width + 0.3, y + dy + 1.3)
            is_inside = box[0] >= 0.5 and box[2] <= size[0] - 0.5 and box[1] >= 0.5 and box[3] <= size[1] - 0.5
            if not is_inside or any(_overlap(box, other) for other in others):
                continue
            end = (min(max(x, left), left + width), y + dy - math.copysign(1.0, dy) if abs(dx) <= 0.3 else y + dy)
            cost = reach + turn / 100 + CROSSING_COST_MM * _crossings((x, y), end, others)
            if best is None or cost < best[0]:
                best = (cost, box, Label(text, left, y + dy + 0.9, end, reach))
    if best is None:
        return None
    taken.append(best[1])
    return best[2]


def _crossings(start: tuple[float, float], end: tuple[float, float], boxes: list[Box]) -> int:
    """How many boxes a line touches."""
    steps = [(start[0] + (end[0] - start[0]) * t / 12, start[1] + (end[1] - start[1]) * t / 12) for t in range(1, 12)]
    return sum(any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in steps) for box in boxes)


def _radius(point: MapPoint) -> float:
    """Larger where more facilities stand at one place."""
    return 1.5 + 0.25 * min(point.count - 1, 4)


def _names(canvas: Canvas, chart: FacilityMap, shapes: dict[str, Outline], assets: Assets, taken: list[Box]) -> None:
    """Names of the countries, as near to the middle of what is seen of them as they fit without hiding anything."""
    for code, label in zip(chart.countries, chart.country_labels, strict=True):
        if code not in shapes:
            continue
        text = label.upper()
        half = text_width(text, NAME_SIZE, assets) / 2
        for x, y in _spots(shapes[code]):
            box = (x - half, y - 1.5, x + half, y + 1.5)
            rim = [(box[0] + (box[2] - box[0]) * step / 8, level) for step in range(9) for level in (box[1], box[3])]
            if not any(_overlap(box, other) for other in taken) and shapes[code].contains_points(rim).all():
                taken.append(box)
                canvas.text(x, y + 0.9, text, size=NAME_SIZE, colour=GREY, anchor="center")
                break


def _spots(shape: Outline) -> list[tuple[float, float]]:
    """Points of a grid over the shape, those nearest to its middle first."""
    corners = np.asarray(shape.vertices)
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = (low + high) / 2
    xs, ys = np.meshgrid(np.arange(low[0] + 1, high[0], GRID_MM), np.arange(low[1] + 1, high[1], GRID_MM))
    grid = np.column_stack((xs.ravel(), ys.ravel()))
    order = np.lexsort((grid[:, 0], grid[:, 1], np.round(np.hypot(*(grid - middle).T), 3)))
    return [(float(x), float(y)) for x, y in grid[order]]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
