"""HTML, Markdown and plain text to documents."""

from __future__ import annotations

from dataclasses import replace

from bam.documents import media_types
from bam.documents.dates_in_text import iso_prefix
from bam.documents.decoding import decode
from bam.documents.html_metadata import known_titles, page_metadata, site_in_title, site_names
from bam.documents.html_page import convert_page
from bam.documents.html_tree import Element, parse_page
from bam.documents.library_versions import library_version
from bam.documents.markdown_text import convert_markdown
from bam.documents.plain_text import convert_plain_text
from bam.documents.text_metadata import complete_metadata
from bam.model.text import ConvertedDocument, Metadata

CONVERTER_VERSION = "1"
"""Goes up with each change after which the same bytes give another text."""


def convert_text_format(data: bytes, name: str, content_type: str | None, address: str | None) -> list[ConvertedDocument]:
    """The one document of an HTML, Markdown or text file."""
    text = decode(data, content_type, name=name)
    media_type = media_types.media_type_of(data, name, content_type)
    if media_type == media_types.HTML:
        return [convert_html(parse_page(text, name), name, address)]
    if media_type == media_types.MARKDOWN:
        builder, front = convert_markdown(text)
        known = _front_metadata(front, address)
        converter = f"bam-markdown/{CONVERTER_VERSION}"
    else:
        builder, known = convert_plain_text(text), Metadata(address=address)
        converter = f"bam-text/{CONVERTER_VERSION}"
    metadata = complete_metadata(builder, known)
    assert media_type is not None
    return [ConvertedDocument(name, builder.text, tuple(builder.blocks), metadata, media_type, converter)]


def convert_html(root: Element, name: str, address: str | None) -> ConvertedDocument:
    """The document of a page's tree, which is changed by it."""
    known = page_metadata(root, address)
    titles, sites = known_titles(root), site_names(root)
    builder = convert_page(root, titles)
    metadata = complete_metadata(builder, known)
    if metadata.publisher is None or metadata.origins.get("publisher") == "byline":
        metadata = _with_site(metadata, titles, sites)
    converter = f"bam-html/{CONVERTER_VERSION} lxml/{library_version('lxml')}"
    return ConvertedDocument(name, builder.text, tuple(builder.blocks), metadata, media_types.HTML, converter)


def _with_site(metadata: Metadata, titles: list[str], sites: list[tuple[str, str]]) -> Metadata:
    """The publisher by the name of the site: in the page's title, its logo, its copyright line."""
    in_titles = (site_in_title(title, metadata.title or "") for title in titles)
    found = [(name, "page-title") for name in in_titles if name] + sites
    if not found:
        return metadata
    name, origin = found[0]
    return replace(metadata, publisher=name, origins={**metadata.origins, "publisher": origin})


_FRONT_FIELDS = {
    "title": ("title", "headline"),
    "publisher": ("publisher", "source", "site", "publication"),
    "author": ("author", "authors", "by"),
    "published": ("date", "published", "issued", "created"),
}


def _front_metadata(front: dict[str, str], address: str | None) -> Metadata:
    """Metadata of a Markdown file's front matter."""
    found: dict[str, str] = {}
    for field, keys in _FRONT_FIELDS.items():
        value = next((front[key] for key in keys if front.get(key)), None)
        if value and field == "published":
            value = iso_prefix(value)
        if value:
            found[field] = value
    return Metadata(
        title=found.get("title"),
        publisher=found.get("publisher"),
        author=found.get("author"),
        published=found.get("published"),
        address=front.get("url") or front.get("canonical") or address,
        origins=dict.fromkeys(found, "front-matter"),
    )
