"""Trying a source out, and making one for an address: nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from lxml import html
from pydantic import ValidationError

from bam.documents.convert import convert
from bam.documents.media_types import IATI, media_type_of
from bam.model.errors import BamError, ConfigurationError, ConversionError, FetchError
from bam.model.yaml_loading import load_yaml
from bam.pipeline.context import RunContext
from bam.pipeline.ingest import READABLE, base_of
from bam.pipeline.ingest_structured import read_structured
from bam.portfolio.sources import Source, SourcesFile
from bam.portfolio.yaml_files import read_yaml
from bam.sources.feeds import parse_feed
from bam.sources.guard import joined
from bam.sources.model import Content, Window
from bam.sources.readers import Surroundings, reader_of
from bam.sources.web import WebClient


@dataclass(frozen=True, slots=True)
class TrialPage:
    """What one address of a source would give; `problem` says why it gives nothing."""

    address: str
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    characters: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source lists, and what the first of its addresses give."""

    listed: tuple[str, ...]
    pages: tuple[TrialPage, ...]


def try_source(context: RunContext, source: Source, *, limit: int = 3, window: Window | None = None) -> Trial:
    """List a source and read its first addresses. Raises FetchError where the listing can't be read."""
    surroundings = Surroundings(base_of(context), READABLE, context.portfolio.contact, context.settings.passwords)
    reader = reader_of(source, surroundings)
    candidates = list(islice(reader.candidates(window), 5000))
    pages: list[TrialPage] = []
    for candidate in candidates[:limit]:
        outcome = reader.visit(candidate, None)
        if isinstance(outcome, Content):
            pages += _pages(context, outcome)
        else:
            pages.append(TrialPage(candidate.address, problem=getattr(outcome, "reason", "not modified")))
    return Trial(tuple(each.address for each in candidates), tuple(pages))


def _pages(context: RunContext, content: Content) -> Iterator[TrialPage]:
    try:
        if media_type_of(content.data, content.name, content.content_type) == IATI:
            documents = [each.document for each in read_structured(context, content.data, content.name)]
        else:
            documents = convert(content.data, content.name, content.content_type, content.address)
    except ConversionError as error:
        yield TrialPage(content.address, problem=error.what)
        return
    for document in documents:
        metadata = document.metadata
        yield TrialPage(
            metadata.address or content.address,
            metadata.title or content.hints.title,
            metadata.published or content.hints.published,
            metadata.publisher or content.hints.publisher,
            len(document.text),
        )


def guess_kind(location: str, base: Path, client: WebClient) -> dict[str, Any]:
    """The keys `kind` and `url` or `path` of a source for an address of the web, a folder or a file.

    Raises:
        FetchError: the address can't be read, or what it gives is nothing that a source can be made of.
    """
    if not location.startswith(("http://", "https://")):
        return _local(location, base)
    outcome = client.get(location)
    if not isinstance(outcome, Content):
        reason = getattr(outcome, "reason", "not modified")
        raise FetchError(f"the address can't be read: {reason}", where=location, remedy="Check it in a browser.")
    head = outcome.data[:3000]
    if b"<iati-activit" in head:
        return {"kind": "iati", "url": location}
    if b"<urlset" in head or b"<sitemapindex" in head:
        return {"kind": "sitemap", "url": location}
    if _is_feed(outcome):
        return {"kind": "feed", "url": location}
    feed = _announced_feed(outcome)
    return {"kind": "feed", "url": feed} if feed else {"kind": "pages", "url": location}


def add_source(portfolio_folder: Path, entry: dict[str, Any]) -> str:
    """Write a source to the end of `sources.yml`, comments kept; gives the lines that were added.

    Raises:
        ConfigurationError: the entry isn't valid, or the file can't take it at its end.
    """
    path = portfolio_folder / "sources.yml"
    before = path.read_text(encoding="utf-8") if path.is_file() else "sources:\n"
    known = read_yaml(path) if path.is_file() else {}
    sources = [*((known or {}).get("sources") or []), entry]
    try:
        SourcesFile.model_validate({**(known or {}), "sources": sources})
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"][2:])
        raise ConfigurationError(f"{fault['msg']}", where=f"source {entry.get('id')}, key {key}", remedy="Correct it.") from error
    block = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=120)
    lines = "".join(f"  {line}\n" for line in block.splitlines())
    after = before.rstrip("\n").removesuffix(" []") + "\n" + lines
    if (load_yaml(after) or {}).get("sources") != sources:
        raise ConfigurationError("the source can't be added at the file's end", where=str(path), remedy=f"Add by hand:\n{lines}")
    temporary = path.with_suffix(".yml.new")
    temporary.write_text(after, encoding="utf-8")
    temporary.replace(path)
    return lines


def _local(location: str, base: Path) -> dict[str, Any]:
    path = Path(location).expanduser().resolve()
    if not path.exists():
        raise FetchError("there is no such file or folder", where=location, remedy="Check its name.")
    shown = str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
    if path.is_dir():
        return {"kind": "folder", "path": shown}
    if path.suffix in (".atom", ".rss", ".xml"):
        is_iati = b"<iati-activit" in path.read_bytes()[:3000]
        return {"kind": "iati" if is_iati else "feed", "url": shown, "internal": True}
    raise FetchError("a single file is no source", where=location, remedy="Use `bam ingest FILE`, or its folder.")


def _is_feed(content: Content) -> bool:
    try:
        return bool(parse_feed(content.data, content.address).entries)
    except BamError:
        return False


def _announced_feed(content: Content) -> str | None:
    """The feed that a page announces in its head."""
    try:
        root = html.document_fromstring(content.data)
    except ValueError:
        return None
    for link in root.iter("link"):
        kind = (link.get("type") or "").lower()
        if "alternate" in (link.get("rel") or "").lower() and kind in ("application/rss+xml", "application/atom+xml"):
            return joined(content.address, link.get("href") or "")
    return None
