"""Sentences: each within one block; headings, list items and table rows are sentences of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bam.extraction.annotate.grammar import Grammar
from bam.extraction.annotate.model import Sentence
from bam.extraction.annotate.tokens import Tokens
from bam.model.text import Block, BlockKind, ConvertedDocument

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n|\s*[-*•–]\s|\s*\(?\d{1,2}[.)]\s)[^\n]+)*")
MAX_TOKENS = 250
_CLOSERS = frozenset("\"'”’»)]")
_OPENERS = frozenset("\"'“‘«„([")
_ENDS = frozenset(".!?…")
_RUNNING_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.CAPTION, BlockKind.BYLINE})


def blocks_of(document: ConvertedDocument) -> tuple[Block, ...]:
    """The blocks of a document; paragraphs by empty lines where the converter gave none."""
    if document.blocks or not document.text.strip():
        return document.blocks
    return tuple(Block(BlockKind.PARAGRAPH, m.start(), m.end()) for m in _PARAGRAPH.finditer(document.text))


def find_sentences(blocks: tuple[Block, ...], tokens: Tokens, grammar: Grammar) -> tuple[Sentence, ...]:
    """All sentences in order, with their section and, for items of a list, the sentence that introduces it."""
    sentences: list[Sentence] = []
    section: int | None = None
    for number, block in enumerate(blocks):
        first, last = tokens.span(block.start, block.end)
        ranges = _split(first, last, tokens, grammar) if block.kind in _RUNNING_TEXT else iter([(first, last)])
        for begin, stop in _bounded(ranges, tokens):
            if begin < stop:
                start, end = tokens.starts[begin], tokens.ends[stop - 1]
                index = len(sentences)
                sentences.append(
                    Sentence(index, start, end, begin, stop, number, block.kind, number=block.number, section=section)
                )
        if block.kind in (BlockKind.HEADING, BlockKind.TITLE) and first < last:
            section = sentences[-1].index
    return tuple(_with_leads(sentences, blocks))


def _with_leads(sentences: list[Sentence], blocks: tuple[Block, ...]) -> Iterator[Sentence]:
    """A list item's lead is the last sentence before the first item of its level."""
    leads: dict[int, int] = {}
    previous: Sentence | None = None
    for sentence in sentences:
        if sentence.kind is not BlockKind.LIST_ITEM:
            leads.clear()
            yield sentence
        else:
            level = blocks[sentence.block].level
            if (previous is None or previous.block != sentence.block) and level not in leads and previous is not None:
                leads[level] = previous.index
            for deeper in [known for known in leads if known > level]:
                del leads[deeper]
            yield replace(sentence, lead=leads.get(level))
        previous = sentence


def _bounded(ranges: Iterator[tuple[int, int]], tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Cut what is longer than any sentence, so that work per sentence stays bounded whatever a file holds."""
    for begin, stop in ranges:
        while stop - begin > MAX_TOKENS:
            window = range(begin + MAX_TOKENS, begin + MAX_TOKENS // 2, -1)
            cut = next((i for i in window if tokens.texts[i - 1] in ";,"), begin + MAX_TOKENS)
            yield begin, cut
            begin = cut
        yield begin, stop


def _split(first: int, last: int, tokens: Tokens, grammar: Grammar) -> Iterator[tuple[int, int]]:
    begin = first
    for index in range(first, last):
        if tokens.texts[index][-1] in _ENDS and _ends_sentence(index, last, tokens, grammar):
            stop = index + 1
            while stop < last and tokens.texts[stop] in _CLOSERS and tokens.ends[stop - 1] == tokens.starts[stop]:
                stop += 1
            if stop > begin:
                yield begin, stop
            begin = stop
    if begin < last:
        yield begin, last


def _ends_sentence(index: int, last: int, tokens: Tokens, grammar: Grammar) -> bool:
    """Whether the mark at `index` closes a sentence: what follows looks like a beginning, what precedes is no abbreviation."""
    following = index + 1
    while following < last and tokens.texts[following] in _CLOSERS and tokens.ends[following - 1] == tokens.starts[following]:
        following += 1
    if following >= last:
        return False
    if tokens.starts[following] == tokens.ends[following - 1]:
        return False
    opener = tokens.texts[following]
    if opener == "(" and following + 3 < last and tokens.texts[following + 2] == ")" and len(tokens.texts[following + 1]) <= 4:
        opener = tokens.texts[following + 3]
    elif opener in _OPENERS and following + 1 < last:
        opener = tokens.texts[following + 1]
    if not (opener[0].isupper() or opener[0].isdecimal() or opener[0] in "€$£¥•-–—*"):
        return False
    if tokens.texts[index] != ".":
        return _is_full_stop_of_initials(index, following, tokens, grammar) if tokens.texts[index][0].isalpha() else True
    if index == 0:
        return True
    before, norm = tokens.texts[index - 1], tokens.norms[index - 1]
    if tokens.ends[index - 1] != tokens.starts[index]:
        return True
    words = grammar.words
    if norm in words.final_abbreviations:
        return opener[0].isupper() and _begins_sentence(tokens, following, grammar)
    if norm in words.abbreviations:
        return False
    return not (len(before) == 1 and before.isalpha() and before.isupper())


def _is_full_stop_of_initials(index: int, following: int, tokens: Tokens, grammar: Grammar) -> bool:
    """After "U.S." or "a.m." a new sentence begins only with a word that begins sentences."""
    return _begins_sentence(tokens, following, grammar)


def _begins_sentence(tokens: Tokens, index: int, grammar: Grammar) -> bool:
    while index < len(tokens) and tokens.texts[index] in _OPENERS:
        index += 1
    if index >= len(tokens):
        return False
    return tokens.norms[index] in grammar.flags and tokens.texts[index][:1].isupper()
