"""What the text itself says of its publication: title, dateline, byline, source line, and the language."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from bam.documents.dates_in_text import find_dates, find_day_without_year
from bam.documents.language import detect_language
from bam.documents.page_words import page_words
from bam.documents.text_builder import TextBuilder
from bam.model.text import BlockKind, Metadata

_HEAD_BLOCKS = 8
_FOOT_BLOCKS = 4
_SHORT = 170
_DATELINE_REACH = 140
_DATE_REACH = 75
_DATELINE_END = re.compile(
    r"\)?(?:,\s*(?P<agency>[A-Z][^,.()]{1,40}?))?(?:\s*\((?P<source>[^)]{2,60})\))?(?:[\s.,]*(?:--|[–—:]|(?<=\s)-(?=\s))|\.(?=\s)|(?<=\))(?=\s))"
)
_YEAR_DATELINE = re.compile(r"[A-Z][^.,()]{1,30},\s*(?P<year>(?:19|20)\d{2})\s*[.:]?\s*(?:--|[-–—])")
_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})(?:[/-](\d{1,2}))?(?=[/-]|\b)")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_IN_BRACKETS = re.compile(r"\((?P<name>[A-Z][^,()\d]{3,60})\)\s*$")
_CAMEL_NAME = re.compile(r"(?P<name>[A-Z][a-z]+[A-Z][\w.]+|[A-Z]+\d[A-Z\d]+)(?=,|$)")
_SEGMENTS = re.compile(r"\s*[|·•]\s*|\s+[—–]\s+|\s+-\s+")
_TRAILING_NUMBER = re.compile(r",?\s+(?:no|nr|vol|issue)\.?\s*\d+.*$", re.IGNORECASE)


def complete_metadata(builder: TextBuilder, known: Metadata) -> Metadata:
    """`known` with what the blocks tell; blocks that are nothing but date, place and author become bylines."""
    reading = _Reading(builder, known)
    reading.read_title()
    reading.read_head()
    reading.read_url()
    reading.read_foot()
    reading.settle_published()
    reading.read_language()
    return reading.metadata


class _Reading:
    """One pass over the head and the foot of a document; each step fills only what is still missing."""

    def __init__(self, builder: TextBuilder, known: Metadata) -> None:
        self.builder = builder
        self.metadata = replace(known, origins=dict(known.origins))
        self._month_first = False
        self._vague: tuple[str, str] | None = None
        self._day_without_year: str | None = None

    def _set(self, field: str, value: str | None, origin: str) -> None:
        if value and not getattr(self.metadata, field):
            self._replace(field, value, origin)

    def _replace(self, field: str, value: str, origin: str) -> None:
        changes: dict[str, str] = {field: value}
        self.metadata = replace(self.metadata, **changes)  # type: ignore[arg-type]
        self.metadata.origins[field] = origin

    def read_title(self) -> None:
        """The title block; a sub-heading that goes on in lower case belongs to it."""
        blocks = self.builder.blocks
        index = next((i for i, block in enumerate(blocks) if block.kind is BlockKind.TITLE), None)
        if index is None:
            return
        title = self.builder.block_text(index)
        if match := page_words().subject_line.match(title):
            title = match["title"].strip()
        if index + 1 < len(blocks) and blocks[index + 1].kind is BlockKind.HEADING:
            following = self.builder.block_text(index + 1)
            if following[:1].islower():
                title = f"{title} {following}"
        self._replace("title", title, "heading")
        dates = find_dates(title)
        if dates:
            self._vague = (dates[-1].value, "title")

    def read_head(self) -> None:
        """Bylines, and the dateline that opens the first paragraph."""
        days: list[str] = []
        for index, block in enumerate(self.builder.blocks[:_HEAD_BLOCKS]):
            text = self.builder.block_text(index)
            if block.kind in (BlockKind.CAPTION, BlockKind.TITLE):
                continue
            if len(text) <= _SHORT:
                days += self._read_short_line(index, text)
            else:
                self._read_dateline(text)
                if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
                    break
        if days:
            # A report is not out before the latest date that its own head carries.
            self._set("published", max(days), "byline")

    def _read_short_line(self, index: int, text: str) -> list[str]:
        words = page_words()
        kind = self.builder.blocks[index].kind
        title = self.metadata.title
        if (match := words.subject_line.match(text)) and (not title or words.is_label(title)):
            self._replace("title", match["title"].strip(), "subject-line")
        if match := words.author_line.match(text):
            self._set("author", match["name"].strip(), "byline")
        if match := words.source_line.match(text):
            self._set("publisher", match["name"].strip(" ."), "source-line")
        if text.endswith((".", "!", "?")) and kind is not BlockKind.BYLINE:
            return []
        self._read_labelled_publisher(text)
        dates = find_dates(text, month_first=self._month_first)
        if kind is BlockKind.TABLE_ROW and not words.published_label.match(text):
            return []
        if not dates:
            may_be_dateline = kind in (BlockKind.PARAGRAPH, BlockKind.BYLINE, BlockKind.HEADING)
            partial = find_day_without_year(text, 2000) if may_be_dateline else None
            self._day_without_year = self._day_without_year or (text if partial else None)
            return []
        self._read_byline_publisher(text)
        if kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            self.builder.retitle(index, BlockKind.BYLINE)
        exact = [date.value for date in dates if len(date.value) == len("2014-03-04")]
        if not exact:
            self._vague = self._vague or (dates[-1].value, "byline")
        return exact[-1:]

    def _read_byline_publisher(self, text: str) -> None:
        for pattern in (_IN_BRACKETS, _CAMEL_NAME):
            match = pattern.search(text)
            if match and (pattern is _CAMEL_NAME or _is_name(match["name"])):
                self._set("publisher", match["name"], "byline")
        for segment in _SEGMENTS.split(text):
            name = _TRAILING_NUMBER.sub("", segment).strip(" ,()")
            if _is_name(name) and not page_words().is_label(name):
                self._set("publisher", name, "byline")

    def _read_labelled_publisher(self, text: str) -> None:
        """The name beside a label: "Embassy of ... | Press release"."""
        segments = [segment.strip(" ,()") for segment in _SEGMENTS.split(text)]
        labels = [segment for segment in segments if page_words().is_label(segment)]
        names = [segment for segment in segments if segment not in labels and _is_name(segment)]
        if labels and names:
            self._set("publisher", names[0], "byline")

    def _read_dateline(self, text: str) -> None:
        head = text[:_DATELINE_REACH]
        dates = find_dates(head[:_DATE_REACH], month_first=self._month_first)
        if dates and (end := _DATELINE_END.match(head, dates[0].end)):
            self._set("published", dates[0].value, "dateline")
            self._set("publisher", end["source"] or end["agency"], "dateline")
        elif year := _YEAR_DATELINE.match(head):
            self._vague = self._vague or (year["year"], "dateline")

    def read_url(self) -> None:
        """A date in the address, as many newspapers write it."""
        match = _URL_DATE.search(urlsplit(self.metadata.address or "").path)
        if match:
            year, month, day = match.groups()
            dates = find_dates(f"{year}-{int(month):02d}-{int(day or 1):02d}")
            if dates:
                self._set("published", dates[0].value if day else dates[0].value[:7], "url")

    def read_foot(self) -> None:
        """Place and date of signature, "last modified", a source line."""
        count = len(self.builder.blocks)
        for index in range(count - 1, max(0, count - _FOOT_BLOCKS) - 1, -1):
            text = self.builder.block_text(index)
            if len(text) > _SHORT or self.builder.blocks[index].kind is BlockKind.TABLE_ROW:
                continue
            if match := page_words().source_line.match(text):
                self._set("publisher", match["name"].strip(" ."), "source-line")
            dates = find_dates(text, month_first=self._month_first)
            if dates and not text.endswith("."):
                self._set("published", dates[-1].value, "foot")
            elif (year := _YEAR.search(text)) and self._day_without_year and not self.metadata.published:
                found = find_day_without_year(self._day_without_year, int(year.group()))
                self._set("published", found.value if found else None, "head-and-foot")

    def settle_published(self) -> None:
        """Where nothing names the day: a month or year in the head, the end of what the title announces, the last change."""
        if self._vague:
            self._set("published", *self._vague)
        self._set("published", self.metadata.modified, "modified")

    def read_language(self) -> None:
        """By the text, since templates often declare the wrong one."""
        detected = detect_language(self.builder.text)
        if detected:
            self._replace("language", detected, "text")


def _is_name(text: str) -> bool:
    """Whether a stretch of a byline reads like the name of a body: several capitals and no date."""
    capitals = sum(word[:1].isupper() for word in text.split())
    return capitals >= 2 and not find_dates(text) and not _YEAR.search(text)
