"""A commitment on its way to a record: an accepted candidate with its stretch of text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.candidate import Candidate

_MAX_SAID = 240
_MAX_BEFORE, _MAX_BEHIND = 250, 330


class Span(NamedTuple):
    """A stretch of text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An accepted candidate. `start`..`end` is its part of the sentence, `said` the commitment itself, `who` and `when` the
    cells of a table's row. `reach` is the end of its part of the sentence where `end` cuts a long one, `probability` what the
    ranker gives it.
    """

    candidate: Candidate
    start: int
    end: int
    said: Span
    reach: int
    who: Span | None = None
    when: Span | None = None
    probability: float = 0.5


def drafts_of(context: Context, accepted: list[tuple[Candidate, float]]) -> list[Draft]:
    """The drafts of accepted candidates in order; candidates of one sentence share it out among them."""
    result: list[Draft] = []
    for position, (candidate, probability) in enumerate(accepted):
        before = accepted[position - 1][0] if position else None
        behind = accepted[position + 1][0] if position + 1 < len(accepted) else None
        before = before if before is not None and before.sentence is candidate.sentence else None
        behind = behind if behind is not None and behind.sentence is candidate.sentence else None
        result.append(_draft(context, candidate, before, behind, probability))
    return result


def _draft(
    context: Context, candidate: Candidate, before: Candidate | None, behind: Candidate | None, probability: float
) -> Draft:
    if candidate.kind in ("row", "report"):
        draft = Draft(
            candidate,
            candidate.start,
            candidate.end,
            Span(candidate.start, candidate.end),
            candidate.end,
            probability=probability,
        )
        row, parts = candidate.row, candidate.parts
        if row is None or parts is None:
            return draft
        return replace(draft, who=_cell(row.cells, parts.who), when=_cell(row.cells, parts.when))
    sentence = candidate.sentence
    start = sentence.start if before is None else _boundary(context, before.anchor, candidate.anchor)
    if candidate.anchor - start > _MAX_BEFORE:
        start = max(start, _after_semicolon(context, candidate.start, candidate.anchor))
    end = sentence.end if behind is None else _boundary(context, candidate.anchor, behind.anchor)
    reach = end
    if end - candidate.anchor > _MAX_BEHIND:
        clauses = context.annotated.clauses_of(sentence)
        end = max([c.end for c in clauses if candidate.anchor < c.end <= candidate.anchor + _MAX_BEHIND], default=end)
        end = min(end, candidate.anchor + 2 * _MAX_BEHIND)
    start = min(start, candidate.anchor)
    # Neighbours can share a word; a draft always holds the one that it speaks with.
    end = max(end, context.annotated.tokens.ends[context.annotated.tokens.index_at(candidate.anchor)])
    return Draft(candidate, start, end, _said(context, candidate, start, end), reach, probability=probability)


def _after_semicolon(context: Context, low: int, high: int) -> int:
    """Behind the last semicolon of a stretch, else its beginning."""
    tokens = context.annotated.tokens
    first, last = tokens.span(low, high)
    return next((tokens.starts[i + 1] for i in range(last - 1, first, -1) if tokens.texts[i] == ";"), low)


def _cell(cells: tuple[tuple[int, int], ...], column: int | None) -> Span | None:
    return Span(*cells[column]) if column is not None and column < len(cells) else None


def _boundary(context: Context, low: int, high: int) -> int:
    """Where one commitment ends and the next begins: the last semicolon between them, else the beginning of the clause."""
    annotated = context.annotated
    tokens = annotated.tokens
    first, last = tokens.span(low, high)
    for index in range(last - 1, first, -1):
        if tokens.texts[index] == ";":
            return tokens.starts[index + 1]
    clause = annotated.clause_at(high)
    if clause.start > low:
        return clause.start
    for index in range(last - 1, first, -1):
        if tokens.norms[index] in (",", "and", "or"):
            return tokens.starts[index]
    return high


def _said(context: Context, candidate: Candidate, start: int, end: int) -> Span:
    """The commitment in the text's words: from the main verb where somebody acts, with its subject where it is done to it."""
    verb = candidate.verb
    tokens = context.annotated.tokens
    if verb is None or candidate.kind == "cue" or verb.is_passive or verb.lemma == "be":
        first = max(start, candidate.start) if candidate.anchor - start > _MAX_SAID // 2 else start
    elif candidate.kind == "agreed" and verb.last < len(tokens) and tokens.starts[verb.last] < end:
        first = tokens.starts[verb.last]
    else:
        first = tokens.starts[verb.head]
    stop = end
    if stop - first > _MAX_SAID:
        cut = context.text.rfind(" ", first, first + _MAX_SAID)
        stop = cut if cut > first else first + _MAX_SAID
    return Span(first, max(stop, first + 1))
