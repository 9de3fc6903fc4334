"""A drawing surface in millimetres on top of matplotlib's SVG backend.

matplotlib's output is brought into a form that goes into a page: text stays text in our fonts, sizes are attributes that every
renderer reads, ids and style sheets that could clash with those of the page are gone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from lxml import etree
from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from bam.briefs.assets import Assets
from bam.briefs.charts.palette import INK

SANS = "Monitor Sans"
_FACES = {400: "MonitorSans-Regular.ttf", 600: "MonitorSans-Semibold.ttf"}
_UNITS_PER_POINT = 64
MM_PER_INCH = 25.4
POINTS_PER_MM = 72 / MM_PER_INCH
_RC: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "brief",
    "font.family": SANS,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}
_SVG = "{http://www.w3.org/2000/svg}"
_DROPPED_ATTRIBUTES = ("id", "version", "style")
_NUMBER = re.compile(r"-?\d+\.\d+")
_GEOMETRY = ("d", "x", "y", "transform", "width", "height", "viewBox", "stroke-width", "stroke-dasharray")

Anchor = Literal["left", "center", "right"]


class Canvas:
    """Millimetres from the top left corner; sizes of text in points."""

    def __init__(self, width_mm: float, height_mm: float, assets: Assets) -> None:
        load_fonts(assets.fonts)
        self.assets = assets
        self.width, self.height = width_mm, height_mm
        with rc_context(_RC):
            self._figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), frameon=False)
        # From millimetres downwards to inches upwards.
        self.transform = Affine2D().scale(1, -1).translate(0, height_mm).scale(1 / MM_PER_INCH) + self._figure.dpi_scale_trans

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        self._add(Rectangle((x, y), width, height, facecolor=fill, edgecolor="none", linewidth=0))

    def line(self, points: Sequence[tuple[float, float]], colour: str, width_pt: float, *, dashed: bool = False) -> None:
        """A line through the points."""
        xs, ys = zip(*points, strict=True)
        style: Any = (0, (2.5, 2)) if dashed else "solid"
        self._add(
            Line2D(xs, ys, color=colour, linewidth=width_pt, linestyle=style, solid_capstyle="round", solid_joinstyle="round")
        )

    def circle(self, x: float, y: float, radius: float, fill: str, edge: str | None = None, width_pt: float = 0.8) -> None:
        """A disc, with an outline where `edge` is given."""
        self._add(Circle((x, y), radius, facecolor=fill, edgecolor=edge or "none", linewidth=width_pt if edge else 0))

    def outline(self, path: Outline, fill: str, edge: str, width_pt: float) -> None:
        """A polygon in millimetres."""
        self._add(PathPatch(path, facecolor=fill, edgecolor=edge, linewidth=width_pt, joinstyle="round"))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8,
        colour: str = INK,
        anchor: Anchor = "left",
        weight: int = 400,
        italic: bool = False,
    ) -> None:
        """One line of text; `y` is its baseline."""
        self._figure.text(
            x, y, self.assets.printable(text), transform=self.transform, fontsize=size, color=colour, ha=anchor, va="baseline",
            fontfamily=SANS, fontweight=weight, fontstyle="italic" if italic else "normal", parse_math=False,
        )  # fmt: skip

    def svg(self, alt: str) -> str:
        """The drawing as an inline `<svg>` element with its description."""
        out = io.BytesIO()
        backend: Any = FigureCanvasSVG(self._figure)
        with rc_context(_RC):
            backend.print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        return _inline(out.getvalue(), self.assets.printable(alt))

    def _add(self, artist: Any) -> None:
        artist.set_transform(self.transform)
        artist.set_clip_on(False)
        self._figure.add_artist(artist)


@lru_cache(maxsize=4)
def load_fonts(folder: Path) -> None:
    """Make the faces of the folder known to matplotlib, once per process."""
    for path in sorted(folder.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def text_width(text: str, size: float, assets: Assets, weight: int = 400) -> float:
    """Width of a line of text in millimetres."""
    face: Any = font_manager.get_font(assets.fonts / _FACES[weight])
    face.set_size(size, 72)
    face.set_text(assets.printable(text), 0.0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0]) / _UNITS_PER_POINT / POINTS_PER_MM


def _inline(svg: bytes, alt: str) -> str:
    root = etree.fromstring(svg, parser=etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    etree.strip_elements(root, f"{_SVG}metadata", f"{_SVG}style", f"{_SVG}defs", with_tail=False)
    etree.strip_tags(root, f"{_SVG}g")
    for element in root.iter():
        _simplify(element)
        element.text, element.tail = (element.text or "").strip() or None, None
    root.set("stroke-linejoin", "round")
    root.set("role", "img")
    title = etree.Element(f"{_SVG}title")
    title.text = alt
    root.insert(0, title)
    namespaces: Any = {None: "http://www.w3.org/2000/svg"}
    etree.cleanup_namespaces(root, top_nsmap=namespaces)
    return etree.tostring(root, encoding="unicode")


def _simplify(element: Any) -> None:
    """Style declarations as attributes that every renderer reads, lengths to a tenth of a point, no ids."""
    style = element.get("style") or ""
    for name in _DROPPED_ATTRIBUTES:
        element.attrib.pop(name, None)
    for declaration in style.split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        if colon:
            element.set(name, value.strip("'") if name == "font-family" else value)
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    for name in _GEOMETRY:
        if value := element.get(name):
            element.set(name, " ".join(_NUMBER.sub(_rounded, value).split()))


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match[0]):.1f}".removesuffix(".0")
