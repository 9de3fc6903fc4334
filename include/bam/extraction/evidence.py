"""Evidence: places of the text that carry a fact, cut to the shortest clause and never beyond what can be checked."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate import Annotated
from bam.extraction.annotate.model import Spanned
from bam.model.claims import Evidence

MAX_QUOTE = 600
"""Characters; a longer quote is no evidence of one record."""
_TRIM = " \t\n\r\xa0,;:–—-•*|"


def evidence(annotated: Annotated, start: int, end: int) -> Evidence:
    """The stretch of text as evidence, trimmed of marks and spaces at its ends and cut at a word to `MAX_QUOTE` characters.

    Raises ValueError where nothing is left of it.
    """
    text = annotated.text
    start, end = max(0, start), min(end, len(text))
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    if end - start > MAX_QUOTE:
        cut = text.rfind(" ", start, start + MAX_QUOTE)
        end = cut if cut > start else start + MAX_QUOTE
    if start >= end:
        raise ValueError("evidence without text")
    page = annotated.block_of(annotated.sentence_at(start)).page
    return Evidence(start, end, text[start:end], page)


def clause_evidence(annotated: Annotated, *mentions: Spanned) -> Evidence:
    """The shortest run of clauses of one sentence that holds all the mentions.

    Mentions outside of the first one's sentence are left out: they are further evidence, not part of the quote.
    """
    first = mentions[0]
    sentence = annotated.sentence_at(first.start)
    inside = [m for m in mentions if sentence.start <= m.start and m.end <= sentence.end] or [first]
    low, high = min(m.start for m in inside), max(m.end for m in inside)
    clauses = [c for c in annotated.clauses_of(sentence) if c.end > low and c.start < high]
    start = min([low, *(c.start for c in clauses)])
    end = max([high, *(c.end for c in clauses)])
    if end - start > MAX_QUOTE:
        return around(annotated, low, high)
    return evidence(annotated, start, end)


def sentence_evidence(annotated: Annotated, mention: Spanned) -> Evidence:
    """The sentence of the mention, or the stretch around it where the sentence is too long."""
    sentence = annotated.sentence_at(mention.start)
    if sentence.end - sentence.start > MAX_QUOTE:
        return around(annotated, mention.start, mention.end)
    return evidence(annotated, sentence.start, max(sentence.end, mention.end))


def around(annotated: Annotated, start: int, end: int) -> Evidence:
    """At most `MAX_QUOTE` characters of the sentence with [start, end) in their middle, cut between words."""
    text = annotated.text
    sentence = annotated.sentence_at(start)
    spare = max(0, MAX_QUOTE - (end - start)) // 2
    low, high = max(sentence.start, start - spare), min(sentence.end, end + spare)
    while low > sentence.start and low < start and not text[low - 1].isspace():
        low += 1
    while high < sentence.end and high > end and not text[high].isspace():
        high -= 1
    return evidence(annotated, low, max(high, end))


def all_evidence(main: Evidence, others: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The main quote, then further ones in order of place, each stretch once."""
    seen = {(main.start, main.end)}
    result = [main]
    for item in sorted(others, key=lambda e: (e.start, e.end)):
        if (item.start, item.end) not in seen:
            seen.add((item.start, item.end))
            result.append(item)
    return tuple(result)
