"""Clauses: pieces of a sentence around one finite verb."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Clause, Sentence, Verb
from bam.extraction.annotate.tokens import Tokens

ClauseKind = Literal["main", "relative", "subordinate", "parenthesis", "fragment"]
_CUTTING = frozenset(";:—),")
_MARKS = frozenset(";:—–-(),") | {"--"}
_DASHES = frozenset({"–", "-", "--"})


def find_clauses(
    sentences: tuple[Sentence, ...], tokens: Tokens, flags: list[int], verbs: tuple[Verb, ...]
) -> tuple[Clause, ...]:
    """All clauses in order; those of a sentence cover it without a gap."""
    clauses: list[Clause] = []
    position = 0
    for sentence in sentences:
        own: list[Verb] = []
        while position < len(verbs) and verbs[position].first < sentence.last:
            own.append(verbs[position])
            position += 1
        for first, last in _pieces(sentence, tokens, flags, own):
            inside = tuple(verb.index for verb in own if first <= verb.head < last)
            kind = _kind(tokens, flags, first, bool(inside))
            index = len(clauses)
            clauses.append(Clause(index, tokens.starts[first], tokens.ends[last - 1], first, last, sentence.index, kind, inside))
    return tuple(clauses)


def _pieces(sentence: Sentence, tokens: Tokens, flags: list[int], verbs: Sequence[Verb]) -> list[tuple[int, int]]:
    """Cut at every possible boundary, then join pieces that have no finite verb to their neighbour."""
    cuts = _cuts(sentence, tokens, flags)
    bounds = [sentence.first, *cuts, sentence.last]
    heads = [verb.head for verb in verbs if verb.form == "finite"]
    pieces: list[tuple[int, int]] = []
    pending: int | None = None
    cursor = 0
    for first, last in pairwise(bounds):
        while cursor < len(heads) and heads[cursor] < first:
            cursor += 1
        has_finite = cursor < len(heads) and heads[cursor] < last
        is_parenthesis = tokens.texts[first] == "("
        if pending is not None:
            first = pending
        if is_parenthesis or has_finite or not pieces:
            if not has_finite and not is_parenthesis and last < sentence.last:
                pending = first
                continue
            pieces.append((first, last))
        elif tokens.texts[pieces[-1][0]] == "(" and len(pieces) == 1 and last < sentence.last:
            pending = first
            continue
        else:
            pieces[-1] = (pieces[-1][0], last)
        pending = None
    if pending is not None:
        pieces.append((pending, sentence.last))
    return pieces


def _cuts(sentence: Sentence, tokens: Tokens, flags: list[int]) -> list[int]:
    """Token indices at which a new piece begins."""
    cuts: list[int] = []
    texts, norms = tokens.texts, tokens.norms
    previous = sentence.first
    for index in range(sentence.first + 1, sentence.last):
        text, flag, before = texts[index], flags[index], texts[index - 1]
        if not flag and text not in _MARKS and before not in _MARKS:
            continue
        is_cut = (
            text == "("
            or before in _CUTTING
            or bool(flag & Flag.COORD)
            or bool(flag & Flag.SUB and not flag & Flag.PREP)
            or (text in _DASHES and tokens.ends[index - 1] < tokens.starts[index])
            or (bool(flag & Flag.REL) and _begins_relative(index, norms, flags))
        )
        if is_cut and index > previous:
            cuts.append(index)
            previous = index
    return cuts


def _begins_relative(index: int, norms: list[str], flags: list[int]) -> bool:
    """ "that" is no relative word behind a preposition or before one ("in that", "that of")."""
    if norms[index] != "that":
        return norms[index] != "as"
    return not flags[index - 1] & Flag.PREP and index + 1 < len(flags) and not flags[index + 1] & Flag.PREP


def _kind(tokens: Tokens, flags: list[int], first: int, has_verb: bool) -> ClauseKind:
    if tokens.texts[first] == "(":
        return "parenthesis"
    if not has_verb:
        return "fragment"
    flag = flags[first] | (flags[first + 1] if first + 1 < len(flags) and flags[first] & (Flag.COORD | Flag.PREP) else 0)
    if flag & Flag.REL:
        return "relative"
    return "subordinate" if flag & Flag.SUB and not flag & Flag.COORD else "main"
