"""A report of ReliefWeb's API (one JSON item) to a document: its HTML body with the metadata that stands beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from typing import Any

from bam.documents import media_types
from bam.documents.dates_in_text import iso_prefix
from bam.documents.html_tree import parse_page
from bam.documents.text_formats import convert_html
from bam.model.errors import ConversionError
from bam.model.text import ConvertedDocument


def convert_report(data: bytes, name: str, content_type: str | None, address: str | None) -> list[ConvertedDocument]:
    """The one document of a report. Raises ConversionError where it isn't one."""
    try:
        fields = json.loads(data)["fields"]
        title, body = str(fields["title"]), str(fields["body-html"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConversionError("the report is not of ReliefWeb's shape", where=name, remedy="Check the source.") from error
    page = f"<html><body><article><h1>{escape(title)}</h1>{body}</article></body></html>"
    document = convert_html(parse_page(page, name), name, address)
    dates = fields.get("date") if isinstance(fields.get("date"), dict) else {}
    found = {
        "title": title,
        "publisher": ", ".join(_names(fields.get("source"))) or None,
        "published": iso_prefix(str(dates.get("original") or dates.get("created") or "")),
        "modified": iso_prefix(str(dates.get("changed") or "")),
    }
    known = {field: value for field, value in found.items() if value}
    origins = {**document.metadata.origins, **dict.fromkeys(known, "meta")}
    metadata = replace(document.metadata, origins=origins, address=address, **known)
    return [replace(document, metadata=metadata, media_type=media_types.RELIEFWEB)]


def _names(sources: Any) -> list[str]:
    listed = sources if isinstance(sources, list) else []
    return [str(each["name"]) for each in listed if isinstance(each, dict) and each.get("name")]
