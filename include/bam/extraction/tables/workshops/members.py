"""Countries that a text counts instead of naming them again: "the three countries", "seven from each", "the five services"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bam.extraction.annotate.model import Sentence
from bam.extraction.context import Context
from bam.extraction.tables.workshops.words import WorkshopWords

_REACH = 4
_LEAST, _MOST = 2, 20


def lists_of(context: Context) -> tuple[tuple[str, ...], ...]:
    """The sets of two and more countries that sentences and regions of a document name, in order, each once."""
    annotated = context.annotated
    with_parties = sorted({annotated.sentence_at(party.start).index for party in annotated.parties if party.country})
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for index in with_parties:
        codes = context.countries_in(annotated.sentences[index])
        if len(codes) >= _LEAST:
            found.setdefault(frozenset(codes), codes)
    for region in annotated.regions:
        found.setdefault(frozenset(region.countries), region.countries)
    return tuple(found.values())


def counts_in(context: Context, words: WorkshopWords, sentence: Sentence) -> Iterator[int]:
    """How many countries a sentence speaks of without naming them: a number before a noun for countries or their services."""
    annotated = context.annotated
    tokens = annotated.tokens
    for index in tokens.where_in(words.members, sentence.first, sentence.last):
        for first in range(max(sentence.first, index - _REACH), index):
            number = annotated.numbers.get(first)
            if number is not None and number.last <= index and _LEAST <= number.value <= _MOST:
                yield int(number.value)


def counted_sets(context: Context, lists: Iterable[tuple[str, ...]], count: int) -> Iterator[tuple[str, ...]]:
    """The sets of so many countries: those listed, else as many as the document names most."""
    fitting = [codes for codes in lists if len(codes) == count]
    if fitting:
        yield from fitting[:2]
    elif len(context.topic.recipients) >= count:
        yield context.topic.recipients[:count]
