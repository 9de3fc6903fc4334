"""Make `borders.json` out of the npm package world-atlas 2.0.2 (Natural Earth 4.1, 1:50 million, public domain).

Kept: the arcs of the country polygons on a grid of 0.02 degrees (about 2 km, finer than a printed page shows) and, per country,
the rings that they form. Dropped: Antarctica, names, the land layer. Run it again only for a newer release of the data:

    npm pack world-atlas@2.0.2    # unpack it
    python make_borders.py package/countries-50m.json borders.json

Arcs are lists of integers x0, y0, dx1, dy1, ... in units of `step` degrees; a negative arc number n in a ring means arc -n-1
reversed, as in TopoJSON.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

STEP_DEGREES = 0.02
WITHOUT_CODE = {"Kosovo": "XK"}
SKIPPED = {"AQ"}


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    rings_by_country: dict[str, list[list[int]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = _alpha_2(geometry)
        if code not in SKIPPED:
            rings_by_country.setdefault(code, []).extend(_rings(geometry))
    used = sorted({arc if arc >= 0 else ~arc for rings in rings_by_country.values() for ring in rings for arc in ring})
    number = {old: new for new, old in enumerate(used)}
    arcs = [_thin(topology["arcs"][old], scale, translate) for old in used]
    countries = {
        code: [[number[arc] if arc >= 0 else ~number[~arc] for arc in ring] for ring in rings]
        for code, rings in sorted(rings_by_country.items())
    }
    data = {
        "origin": "Natural Earth 4.1, 1:50 million, public domain",
        "step": STEP_DEGREES,
        "arcs": arcs,
        "countries": countries,
    }
    Path(sys.argv[2]).write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def _alpha_2(geometry: dict[str, Any]) -> str:
    """ISO 3166-1 alpha-2 of a polygon; areas without a code of their own are kept under their name, as land without a label."""
    name = geometry["properties"]["name"]
    country = pycountry.countries.get(numeric=geometry.get("id", ""))
    return country.alpha_2 if country else WITHOUT_CODE.get(name, name)


def _rings(geometry: dict[str, Any]) -> list[list[int]]:
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry["arcs"] for ring in polygon]


def _thin(arc: list[list[int]], scale: list[float], translate: list[float]) -> list[int]:
    """The arc on our grid, without points that fall on their predecessor; its ends stay, so that rings close."""
    x = y = 0
    points: list[tuple[int, int]] = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        point = (
            round((x * scale[0] + translate[0]) / STEP_DEGREES),
            round((y * scale[1] + translate[1]) / STEP_DEGREES),
        )
        if not points or point != points[-1]:
            points.append(point)
    steps = [b - a for before, after in pairwise(points) for a, b in zip(before, after, strict=True)]
    return [*points[0], *steps]


if __name__ == "__main__":
    main()
