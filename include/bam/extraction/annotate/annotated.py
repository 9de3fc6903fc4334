"""A document with everything that annotation found, and quick ways to ask for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bam.extraction.annotate.model import (
    Clause,
    Date,
    Head,
    HeadKind,
    Money,
    Number,
    Party,
    PersonCount,
    PlaceMention,
    ProgrammeMention,
    Publication,
    QuotedTitle,
    Region,
    Sentence,
    Spanned,
    TableRow,
    Verb,
)
from bam.extraction.annotate.tokens import Tokens
from bam.model.text import Block, ConvertedDocument

S = TypeVar("S", bound=Spanned)


@dataclass(frozen=True, slots=True)
class Annotated:
    """Annotations of one document; each tuple is in order of place.

    `flags` are the function-word classes of the tokens (see `grammar.Flag`). `numbers` maps a first token to its number.
    Mentions of one kind don't overlap; mentions of different kinds may (a capital is a party and a place). What is asked for
    again and again (the sentence of an offset, the verbs of a clause) is kept: the tables ask some hundred times a sentence.
    """

    document: ConvertedDocument
    blocks: tuple[Block, ...]
    tokens: Tokens
    flags: list[int]
    sentences: tuple[Sentence, ...]
    clauses: tuple[Clause, ...]
    verbs: tuple[Verb, ...]
    numbers: dict[int, Number]
    publication: Publication
    money: tuple[Money, ...] = ()
    dates: tuple[Date, ...] = ()
    parties: tuple[Party, ...] = ()
    regions: tuple[Region, ...] = ()
    programmes: tuple[ProgrammeMention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    persons: tuple[PersonCount, ...] = ()
    heads: tuple[Head, ...] = ()
    titles: tuple[QuotedTitle, ...] = ()
    rows: tuple[TableRow, ...] = ()
    _starts: dict[int, tuple[Sequence[Spanned], list[int]]] = field(default_factory=dict, repr=False, compare=False)
    _sentences_at: dict[int, Sentence] = field(default_factory=dict, repr=False, compare=False)
    _clauses_at: dict[int, Clause] = field(default_factory=dict, repr=False, compare=False)
    _within: dict[tuple[int, int, int], Any] = field(default_factory=dict, repr=False, compare=False)
    _heads_of: dict[str, tuple[Head, ...]] = field(default_factory=dict, repr=False, compare=False)
    _verbs_in: dict[tuple[int, int], tuple[Verb, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The canonical text that all offsets refer to."""
        return self.document.text

    def quote(self, item: Spanned) -> str:
        """The text of a mention, clause or sentence."""
        return self.document.text[item.start : item.end]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds the offset (the one before it, in a gap)."""
        known = self._sentences_at.get(offset)
        if known is None:
            position = bisect_right(self._starts_of(self.sentences), offset)
            known = self._sentences_at[offset] = self.sentences[max(0, position - 1)]
        return known

    def clause_at(self, offset: int) -> Clause:
        """The clause that holds the offset."""
        known = self._clauses_at.get(offset)
        if known is None:
            position = bisect_right(self._starts_of(self.clauses), offset)
            known = self._clauses_at[offset] = self.clauses[max(0, position - 1)]
        return known

    def clauses_of(self, sentence: Sentence) -> tuple[Clause, ...]:
        """The clauses of a sentence, in order."""
        starts = self._starts_of(self.clauses)
        return self.clauses[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]

    def verbs_of(self, span: Spanned) -> tuple[Verb, ...]:
        """The verbs whose group begins inside the span."""
        key = (span.start, span.end)
        known = self._verbs_in.get(key)
        if known is None:
            starts = self._starts_of(self.verbs)
            known = self._verbs_in[key] = self.verbs[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        return known

    def block_of(self, sentence: Sentence) -> Block:
        """The block of a sentence."""
        return self.blocks[sentence.block]

    def within(self, items: Sequence[S], span: Spanned) -> Sequence[S]:
        """Those of one of this document's tuples that begin inside the span, in logarithmic time."""
        if not items:
            return items
        key = (id(items), span.start, span.end)
        known: Sequence[S] | None = self._within.get(key)
        if known is None:
            starts = self._starts_of(items)
            known = self._within[key] = items[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        return known

    def before(self, items: Sequence[S], offset: int, limit: int = 40) -> Sequence[S]:
        """The last ones, at most `limit`, of one of this document's tuples that begin before the offset; the nearest is last."""
        position = bisect_left(self._starts_of(items), offset)
        return items[max(0, position - limit) : position]

    def behind(self, items: Sequence[S], offset: int, limit: int = 40) -> Sequence[S]:
        """The first ones, at most `limit`, of one of this document's tuples that begin at the offset or behind it."""
        position = bisect_left(self._starts_of(items), offset)
        return items[position : position + limit]

    def row_at(self, offset: int) -> TableRow | None:
        """The row of a table that holds the offset."""
        if not self.rows:
            return None
        sentence = self.sentence_at(offset).index
        position = bisect_left(self.rows, sentence, key=lambda row: row.sentence)
        return self.rows[position] if position < len(self.rows) and self.rows[position].sentence == sentence else None

    def heads_of(self, kind: HeadKind) -> tuple[Head, ...]:
        """The noun phrases of one kind."""
        known = self._heads_of.get(kind)
        if known is None:
            known = self._heads_of[kind] = tuple(head for head in self.heads if head.kind == kind)
        return known

    def _starts_of(self, items: Sequence[Spanned]) -> list[int]:
        """The offsets of a tuple's items; the tuple is kept with them, so that its id can't be given to another."""
        known = self._starts.get(id(items))
        if known is None:
            known = self._starts[id(items)] = (items, [item.start for item in items])
        return known[1]
