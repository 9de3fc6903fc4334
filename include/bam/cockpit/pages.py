"""Pages from templates: autoescaped, strict about what is undefined, with the few filters that they need."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bam.cockpit.sections import SECTIONS

_CODE = re.compile(r"[a-z]+(_[a-z]+)+")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The environment of all pages."""
    environment = Environment(
        loader=PackageLoader("bam.cockpit", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day,
        "minute": minute,
        "count": count,
        "money": money,
        "words": words,
        "value": value_text,
        "column": column,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "plain_times": lambda text: _STAMP.sub(r"\1 \2", text),
        "percent": lambda share: f"{share:.0%}",
    }
    environment.tests["web_address"] = lambda address: bool(_WEB_ADDRESS.match(address or ""))
    environment.globals["sections"] = SECTIONS
    return environment


def path_with(path: str, **query: Any) -> str:
    """A path with a query; what is None or empty is left out. Values are quoted, the path's own parts aren't: see `part`."""
    told = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(told)}" if told else path


def part(text: str) -> str:
    """A text as one part of a path."""
    return quote(text, safe="")


def day(moment: str | None) -> str:
    """The day of a time stamp."""
    return moment[:10] if moment else "-"


def minute(moment: str | None) -> str:
    """A time stamp to the minute."""
    return moment[:16].replace("T", " ") if moment else "-"


def count(number: int | float) -> str:
    """A number with thousands apart."""
    return f"{number:,.0f}"


def money(amount: float, digits: int = 0) -> str:
    """An amount with thousands apart."""
    return f"{amount:,.{digits}f}"


def words(code: str | None) -> str:
    """A code as words: `under_construction` as `under construction`."""
    return (code or "-").replace("_", " ")


def value_text(value: Any) -> str:
    """A value of a record or claim as people read it."""
    if value is None or value in ((), []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.2f}".removesuffix(".00")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return words(value) if _CODE.fullmatch(str(value)) else str(value)


def column(name: str) -> str:
    """The name of a column as a heading: `amount_min_usd` as `Amount min USD`."""
    told = name.removesuffix("_count").replace("_", " ")
    head, _, last = told.rpartition(" ")
    told = f"{head} {last.upper()}" if head.startswith("amount") else told
    return told[:1].upper() + told[1:]


def since(moment: str | None, now: dt.datetime) -> str:
    """How long ago a time was, roughly: `3 hours ago`."""
    if moment is None:
        return "never"
    seconds = (now - dt.datetime.fromisoformat(moment)).total_seconds()
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"
