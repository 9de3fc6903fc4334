"""Reading an RSS or Atom feed with feedparser: entries with what the feed says of each."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from bam.model.errors import FetchError
from bam.sources.guard import joined

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_FULL_CONTENT = 400
"""A description of fewer characters is a teaser, not the article."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `link` is absolute where the feed says so, else as written; dates are ISO days; `html` is its content."""

    key: str
    link: str | None
    title: str | None
    published: str | None
    updated: str | None
    author: str | None
    html: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries in its order, each key once."""

    title: str | None
    entries: tuple[Entry, ...]


def parse_feed(data: bytes, address: str) -> Feed:
    """The feed in these bytes.

    Broken XML is read as far as it goes; entries without an id are known by their link or title.

    Raises:
        FetchError: there is no feed in it, or it declares entities (no feed needs them, bombs do).
    """
    import feedparser

    if _ENTITY.search(data[:200_000]):
        raise FetchError("the feed declares XML entities", where=address, remedy="Ask its publisher for a plain feed.")
    try:
        parsed = feedparser.parse(data, response_headers={"content-type": "application/xml"})
    except (ValueError, LookupError, AttributeError, RecursionError) as error:
        # What feedparser raises on some broken character references and encodings.
        raise FetchError(f"the feed can't be read ({error})", where=address, remedy="Check it in a browser.") from error
    if not parsed.entries and not parsed.get("version"):
        raise FetchError("there is no feed at the address", where=address, remedy="Check the address in a browser.")
    entries: dict[str, Entry] = {}
    for item in parsed.entries:
        entry = _entry(item)
        if entry is not None:
            entries.setdefault(entry.key, entry)
    return Feed(_text(parsed.feed.get("title")), tuple(entries.values()))


def absolute_link(entry: Entry, feed_address: str) -> str | None:
    """The address of an entry's page, None where it has none of the web."""
    return joined(feed_address, entry.link) if entry.link else None


def entry_page(entry: Entry) -> bytes:
    """An entry's content as a small page of its own, with its title and dates where pages have them."""
    metas = (("article:published_time", entry.published), ("article:modified_time", entry.updated))
    head = "".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in metas if value)
    title = escape(entry.title or "")
    body = f"<article><h1>{title}</h1>{entry.html or ''}</article>"
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def _entry(item: Any) -> Entry | None:
    link = item.get("link") or next((each.get("href") for each in item.get("links", []) if each.get("href")), None)
    title = _text(item.get("title"))
    key = item.get("id") or link or title
    if not key:
        return None
    contents = [each.get("value", "") for each in item.get("content", [])]
    full = max(contents, key=len, default="")
    summary = item.get("summary") or ""
    html = full or (summary if len(summary) >= _FULL_CONTENT else "")
    published, updated = _day(item.get("published_parsed")), _day(item.get("updated_parsed"))
    return Entry(str(key), link, title, published or updated, updated, _text(item.get("author")), html or None)


def _day(parsed: Any) -> str | None:
    if not parsed:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _text(value: Any) -> str | None:
    return " ".join(re.sub(r"<[^>]{0,500}>", " ", value).split()) or None if isinstance(value, str) else None
