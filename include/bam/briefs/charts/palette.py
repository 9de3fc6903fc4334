"""Colours that keep their order in grey print and for colour-blind eyes: one hue from light to dark, one warm accent.

Relative luminance (WCAG 2.2) falls from stage to stage and stays apart by a ratio of at least 1.4; text colours have at least 4.5
against white.
"""

from __future__ import annotations

INK = "#16232e"
GREY = "#5a6872"
RULE = "#c9d1d6"
PAPER = "#ffffff"
WASH = "#eef2f4"
LAND = "#f4f1ea"
HOME = "#e3dccb"
SEA = "#dfe8ec"
BORDER = "#a39b88"
ACCENT = "#b4451f"

STAGES = {"planned": "#c3d3db", "pledged": "#8cb0c2", "committed": "#417f9f", "disbursed": "#0d4763"}
STATES = {
    "planned": "#ffffff",
    "under_construction": "#8cb0c2",
    "operational": "#0d4763",
    "closed": "#b4451f",
    "suspended": "#d99a7f",
    "cancelled": "#b4451f",
}
"""Fill of a state's sign; planned is an empty ring, closed and cancelled are crossed out, so that colour is never needed."""

LINE = STAGES["committed"]
