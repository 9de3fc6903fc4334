"""What a page says of itself in its head: JSON-LD, meta tags, time elements, the title's site suffix, the canonical address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bam.documents.dates_in_text import iso_prefix
from bam.documents.html_tree import Element, name_parts, tag, text_of
from bam.documents.text_builder import clean
from bam.model.text import Metadata
from bam.sources.guard import joined

_PUBLISHED_NAMES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "article-date",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
)
_MODIFIED_NAMES = ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified", "datemodified")
_PUBLISHER_NAMES = ("og:site_name", "dc.publisher", "dcterms.publisher", "publisher", "citation_publisher", "application-name")
_AUTHOR_NAMES = ("author", "article:author", "dc.creator", "dcterms.creator", "byl", "parsely-author", "citation_author")
_TITLE_NAMES = ("og:title", "dcterms.title", "dc.title", "twitter:title", "citation_title")
_ARTICLE_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "PressRelease", "WebPage", "Event", "Course")
_TITLE_PARTS = re.compile(r"\s+[|–—»·•-]\s+|\s*\|\s*")
_LOGO_NAMES = frozenset({"logo", "brand", "navbarbrand", "sitetitle", "sitename", "sitebranding", "mastheadtitle"})
_FOOTER_NAMES = frozenset({"footer", "ft", "foot", "copyright", "colophon"})
_COPYRIGHT = re.compile(
    r"(?:©|\([cC]\)|[Cc]opyright)\s*(?:(?:19|20)\d{2}(?:\s*[-–—]\s*(?:19|20)\d{2})?)?\s*(?P<name>[A-Z][^.,|©·•\d]{1,50})"
)


def page_metadata(root: Element, address: str | None) -> Metadata:
    """Metadata of a page with the place where each field was found. Read it before the tree is changed."""
    facts = _Facts()
    metas = _metas(root)
    for item in _json_ld(root):
        _read_json_ld(item, facts)
    for name in _PUBLISHED_NAMES:
        facts.set("published", iso_prefix(metas.get(name, "")), "meta")
    for name in _MODIFIED_NAMES:
        facts.set("modified", iso_prefix(metas.get(name, "")), "meta")
    _read_times(root, facts)
    for field, names in (("title", _TITLE_NAMES), ("publisher", _PUBLISHER_NAMES), ("author", _AUTHOR_NAMES)):
        for name in names:
            facts.set(field, _plain(metas.get(name)), "meta")
    _read_title(root, facts)
    language = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2].lower()
    facts.set("language", language or None, "html-lang")
    canonical = canonical_address(root, address)
    if canonical:
        facts.set("address", canonical, "canonical")
    values = {**facts.values}
    values.setdefault("address", address or "")
    return Metadata(
        title=values.get("title"),
        publisher=values.get("publisher"),
        author=values.get("author"),
        published=values.get("published"),
        modified=values.get("modified"),
        language=values.get("language"),
        address=values["address"] or None,
        origins=facts.origins,
    )


class _Facts:
    """The first value found for each field, and where it was found."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.origins: dict[str, str] = {}

    def set(self, field: str, value: str | None, origin: str) -> None:
        if value and field not in self.values:
            self.values[field] = value
            self.origins[field] = origin


def canonical_address(root: Element, address: str | None) -> str | None:
    """The address that the page declares as its own, where it is one of the web."""
    declared = [link.get("href") for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    declared += [meta.get("content") for meta in root.iter("meta") if (meta.get("property") or "").lower() == "og:url"]
    for href in declared:
        absolute = joined(address or "", href or "")
        if absolute is not None:
            return absolute
    return None


def _metas(root: Element) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = meta.get("content")
        for key in (meta.get("property"), meta.get("name"), meta.get("itemprop")):
            if key and content:
                metas.setdefault(key.strip().lower(), content)
    return metas


def _json_ld(root: Element) -> Iterator[dict[str, Any]]:
    """The JSON-LD items that describe the page's article; those that say when they were published come first."""
    items: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                items += _items(json.loads(script.text or ""))
            except (ValueError, RecursionError):
                continue
    yield from sorted(items, key=lambda item: "datePublished" not in item)


def _items(data: Any, depth: int = 0) -> list[dict[str, Any]]:
    if depth > 5:
        return []
    if isinstance(data, list):
        return [item for each in data for item in _items(each, depth + 1)]
    if not isinstance(data, dict):
        return []
    found = _items(data.get("@graph"), depth + 1)
    types = data.get("@type")
    names = types if isinstance(types, list) else [types]
    return [*([data] if any(name in _ARTICLE_TYPES for name in names) else []), *found]


def _read_json_ld(item: dict[str, Any], facts: _Facts) -> None:
    facts.set("title", _plain(item.get("headline") or item.get("name")), "json-ld")
    facts.set("publisher", _name(item.get("publisher") or item.get("provider") or item.get("sourceOrganization")), "json-ld")
    facts.set("author", _name(item.get("author")), "json-ld")
    for field, key in (("published", "datePublished"), ("published", "dateCreated"), ("modified", "dateModified")):
        value = item.get(key)
        facts.set(field, iso_prefix(value) if isinstance(value, str) else None, "json-ld")


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        names = [name for each in value[:10] if (name := _name(each))]
        return ", ".join(names) or None
    return _plain(value.get("name")) if isinstance(value, dict) else _plain(value)


def _plain(value: Any) -> str | None:
    """Readable text of a metadata value; addresses are no names."""
    if not isinstance(value, str) or value.strip().lower().startswith(("http://", "https://")):
        return None
    return clean(value)[:500] or None


def _read_times(root: Element, facts: _Facts) -> None:
    times = list(root.iter("time"))
    marked = [each for each in times if each.get("itemprop") == "datePublished" or each.get("pubdate") is not None]
    for element in marked or times[:1]:
        facts.set("published", iso_prefix(element.get("datetime") or "") or iso_prefix(text_of(element)), "time")


def known_titles(root: Element) -> list[str]:
    """What the page's head calls it, for telling its title among its headings."""
    metas = _metas(root)
    found = [item.get("headline") or item.get("name") for item in _json_ld(root)]
    found += [metas.get(name) for name in _TITLE_NAMES]
    element = root.find(".//title")
    found.append(text_of(element) if element is not None else None)
    return list(dict.fromkeys(title for each in found if (title := _plain(each))))


def site_names(root: Element) -> list[tuple[str, str]]:
    """Names that the page's furniture gives to its site, each with where it stands, the most telling first."""
    found: list[tuple[str, str]] = []
    for element in root.iter("a", "div", "span", "h1", "h2", "h3", "p", "td"):
        if name_parts(element) & _LOGO_NAMES and 2 <= len(text := text_of(element)) <= 50:
            found.append((text, "logo"))
    for header in root.iter("header"):
        headings = (
            [] if any(tag(up) in ("article", "main") for up in header.iterancestors()) else list(header.iter("h1", "h2", "h3"))
        )
        found += [(text, "logo") for heading in headings if 2 <= len(text := text_of(heading)) <= 40]
    for element in root.iter("footer", "div", "p", "td"):
        is_foot = tag(element) == "footer" or bool(name_parts(element) & _FOOTER_NAMES)
        if is_foot and (match := _COPYRIGHT.search(text_of(element))):
            found.append((match["name"].strip(" ,."), "copyright"))
    return found


def site_in_title(page_title: str, headline: str) -> str | None:
    """The site's name that a template puts before or after the headline in the page's title."""
    if headline not in page_title or headline == page_title:
        return None
    before, _, after = page_title.partition(headline)
    side = _TITLE_PARTS.split(after)[-1] if after.strip() else _TITLE_PARTS.split(before)[0]
    name = side.strip(" |–—»·•:-/")
    return name if 2 <= len(name) <= 60 else None


def _read_title(root: Element, facts: _Facts) -> None:
    element = root.find(".//title")
    if element is not None:
        facts.set("title", text_of(element), "title")
