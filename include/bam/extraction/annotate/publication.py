"""When a document was published, where its metadata doesn't say: from its head, its dateline or its foot."""

from __future__ import annotations

from bisect import bisect_right

from bam.extraction.annotate.calendar import prefix, years_with
from bam.extraction.annotate.date_points import Scanned
from bam.extraction.annotate.model import Publication, Sentence
from bam.extraction.annotate.tokens import Tokens
from bam.model.dates import is_date_prefix
from bam.model.text import BlockKind, ConvertedDocument

_HEAD_SENTENCES = 8
_HEAD_TOKENS = 25
_SHORT = 30


def find_publication(
    document: ConvertedDocument, tokens: Tokens, sentences: tuple[Sentence, ...], scanned: list[Scanned], anchor: str | None
) -> Publication:
    """The caller's anchor, else the metadata, else the first full date in the head or foot of the text."""
    if anchor is not None:
        return Publication(anchor, "caller")
    published = document.metadata.published
    if is_date_prefix(published):
        return Publication(published, document.metadata.origins.get("published", "metadata"))
    starts = [sentence.first for sentence in sentences]
    years = sorted({item.start.year for item in scanned if item.start.year})
    for item in scanned:
        sentence = sentences[max(0, bisect_right(starts, item.first) - 1)]
        if sentence.index >= _HEAD_SENTENCES:
            break
        if not _is_head(item, sentence):
            continue
        value = _full_date(item, years)
        if value is not None:
            return Publication(value, "dateline")
    return _from_foot(sentences, scanned, starts)


def _is_head(item: Scanned, sentence: Sentence) -> bool:
    """A short line, or the dateline at the beginning of the first paragraph."""
    is_line = sentence.last - sentence.first <= _SHORT and sentence.kind is not BlockKind.LIST_ITEM
    return is_line or item.first - sentence.first < _HEAD_TOKENS // 2


def _full_date(item: Scanned, years: list[int]) -> str | None:
    start = item.start
    if start.month is None or start.day is None or item.end is not None:
        return None
    if start.year is not None:
        return prefix(start.year, start.month, start.day)
    if start.weekday is not None and years:
        fitting = years_with(start.month, start.day, start.weekday, years)
        return prefix(fitting[-1], start.month, start.day) if fitting else None
    return prefix(years[-1], start.month, start.day) if len(years) == 1 else None


def _from_foot(sentences: tuple[Sentence, ...], scanned: list[Scanned], starts: list[int]) -> Publication:
    """A short last line with a date; failing that, a month or year in a short line of the head or foot."""
    best: Publication | None = None
    for item in scanned:
        position = max(0, bisect_right(starts, item.first) - 1)
        sentence = sentences[position]
        is_edge = position >= len(sentences) - 3 or position < _HEAD_SENTENCES
        if not is_edge or sentence.last - sentence.first > _SHORT or item.start.year is None or item.end is not None:
            continue
        value = prefix(item.start.year, item.start.month, item.start.day)
        if value is not None and (best is None or len(value) > len(best.date or "")):
            best = Publication(value, "text")
    return best or Publication(None, None)


def is_to_come(day: str | None, published: str | None) -> bool:
    """Whether a day lay ahead when the document was published. Both are ISO prefixes (`2024-05`); of two with different length
    the common part is compared, so that a day in the month of publication isn't ahead of that month.
    """
    return day is not None and published is not None and day[: len(published)] > published[: len(day)]
