"""Quoted titles."""

from __future__ import annotations

from bam.extraction.annotate.model import QuotedTitle, Sentence
from bam.extraction.annotate.tokens import Tokens
from bam.extraction.lexicon import Words


class TitleWords(Words):
    """Quotation marks that open, with those that close."""

    FILE = "titles"
    quotes: dict[str, str]
    max_tokens: int


def find_titles(tokens: Tokens, sentences: tuple[Sentence, ...], words: TitleWords) -> tuple[QuotedTitle, ...]:
    """Words between quotation marks within one block, in order."""
    found: list[QuotedTitle] = []
    closers: frozenset[str] = frozenset(words.quotes.values())
    marks = closers | words.quotes.keys()
    opened: int | None = None
    block = -1
    texts = tokens.texts
    for sentence in sentences:
        if sentence.block != block:
            opened, block = None, sentence.block
        if marks.isdisjoint(texts[sentence.first : sentence.last]):
            continue
        for index in range(sentence.first, sentence.last):
            text = texts[index]
            if text not in closers and text not in words.quotes:
                continue
            if opened is not None and words.quotes[texts[opened]] == text and index > opened + 1:
                if index - opened <= words.max_tokens:
                    start, end = tokens.starts[opened + 1], tokens.ends[index - 1]
                    found.append(QuotedTitle(len(found), start, end, tokens.text[start:end]))
                opened = None
            elif text in words.quotes and (text not in closers or opened is None):
                opened = index
    return tuple(found)
