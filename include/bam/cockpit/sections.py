"""The sections of the pages: what the navigation shows."""

from __future__ import annotations

SECTIONS = (
    ("overview", "Overview", ""),
    ("indicators", "Indicators", "indicators"),
    ("review", "Review", "review"),
    ("quality", "Quality", "quality"),
    ("briefs", "Briefs", "briefs"),
)
"""The sections of the pages: key, name, path below the root."""
