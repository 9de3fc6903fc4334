"""Moments as the store keeps them."""

from __future__ import annotations

import datetime as dt


def stamp(moment: dt.datetime) -> str:
    """ISO 8601 in UTC with microseconds: text that compares as time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
