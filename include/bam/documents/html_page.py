"""A page to canonical text: its article's blocks, with the title marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bam.documents.html_blocks import PageWriter
from bam.documents.html_main import isolate_article
from bam.documents.html_tree import Element
from bam.documents.text_builder import TextBuilder
from bam.model.text import BlockKind

_KICKER_LENGTH = 60


def convert_page(root: Element, titles: Sequence[str] = ()) -> TextBuilder:
    """Blocks of the page's article; `titles` is what its head calls it. The tree is changed: read its metadata before."""
    builder = PageWriter().write(isolate_article(root))
    _mark_title(builder, titles)
    return builder


def _mark_title(builder: TextBuilder, titles: Sequence[str]) -> None:
    """The title is the heading that the page's head repeats, else the first one of the highest level."""
    headings = [i for i, block in enumerate(builder.blocks) if block.kind is BlockKind.HEADING]
    if not headings:
        return
    folded = [_folded(title) for title in titles]
    named = [i for i in headings[:8] if any(_folded(builder.block_text(i)) in title for title in folded)]
    # A site's name stands in the title of its pages too; the headline is longer.
    best = max(named, key=lambda i: len(builder.block_text(i)), default=None)
    if best is None:
        top = min(builder.blocks[i].level for i in headings)
        best = next(i for i in headings if builder.blocks[i].level == top)
    builder.retitle(best, BlockKind.TITLE, level=1)
    for index in range(best):
        # What stands over the headline is a section's name or a date.
        if builder.blocks[index].kind is BlockKind.PARAGRAPH and len(builder.block_text(index)) <= _KICKER_LENGTH:
            builder.retitle(index, BlockKind.BYLINE)


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
