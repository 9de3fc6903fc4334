"""Mentions of what can be a facility: noun phrases, the names of a list, sites that only a place names, table cells."""

from __future__ import annotations

from bam.extraction.context import Context
from bam.extraction.tables.facilities.mention import Mention
from bam.extraction.tables.facilities.phrases import PhraseReader
from bam.extraction.tables.facilities.sites import SiteReader
from bam.extraction.tables.facilities.words import FacilitySigns


def mentions_of(context: Context, words: FacilitySigns) -> list[Mention]:
    """All mentions of the document in order, without overlap of bare places with the others."""
    annotated = context.annotated
    heads = [head for head in annotated.heads if head.kind == "facility"]
    if not heads:
        return []
    taken: set[int] = set()
    phrases = PhraseReader(annotated, words, taken, heads)
    found = phrases.phrases()
    sites = SiteReader(annotated, words, taken, phrases.heads)
    found += sites.listed()
    found += sites.sites()
    found.sort(key=lambda mention: (mention.start, mention.end))
    return found
