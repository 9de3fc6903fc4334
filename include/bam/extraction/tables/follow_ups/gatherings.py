"""Meetings without a noun for them: the people who met, and the talks "among interior ministers"."""

from __future__ import annotations

from collections.abc import Iterator

from bam.extraction.annotate.grammar import FUNCTION, Flag
from bam.extraction.annotate.model import Sentence, Verb
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.text import BlockKind

_LONGEST = 26
"""Tokens from the first word of who met to the verb."""
_BEHIND = 5
"""Tokens behind "talks among" in which those who talk are named."""
_ENDS = frozenset(";:.()")


def people_who_met(context: Context, matchers: FollowUpMatchers) -> Iterator[tuple[int, int, Verb]]:
    """The tokens of those who are told to have met on a day or in a town, with the verb: officials or a body with a name."""
    annotated = context.annotated
    words = matchers.words
    for verb in annotated.verbs:
        if verb.lemma not in words.gathering or verb.form != "finite" or verb.tense not in ("past", "present"):
            continue
        if verb.modality is not None or verb.is_negated or verb.is_passive:
            continue
        sentence = annotated.sentence_at(verb.start)
        if sentence.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or not _is_placed(context, verb):
            continue
        span = _who(context, matchers, sentence, verb)
        if span is not None:
            yield (*span, verb)


def _is_placed(context: Context, verb: Verb) -> bool:
    """Whether a day, month or town stands in the clause."""
    annotated = context.annotated
    clause = annotated.clause_at(verb.start)
    dates = annotated.within(annotated.dates, clause)
    towns = (p for p in annotated.within(annotated.places, clause) if p.kind == "town" and p.start > verb.start)
    return any(d.precision in ("day", "month") for d in dates) and next(towns, None) is not None


def _who(context: Context, matchers: FollowUpMatchers, sentence: Sentence, verb: Verb) -> tuple[int, int] | None:
    """The noun phrase before the verb, from the modifiers of its noun; None where no officials stand there."""
    annotated, tokens, flags = context.annotated, context.annotated.tokens, context.annotated.flags
    before = [v.last for v in annotated.verbs_of(sentence) if v.last <= verb.first and v.form == "finite"]
    low = max([sentence.first, verb.first - _LONGEST, *before])
    low = next((i + 1 for i in range(verb.first - 1, low - 1, -1) if tokens.norms[i] in _ENDS), low)
    noun = next((i for i in range(low, verb.first) if tokens.norms[i] in matchers.words.officials), None)
    if noun is None:
        return None
    first = noun
    while first > low and _modifies(tokens.norms[first - 1], flags[first - 1]):
        first -= 1
    last = verb.first
    relative = next((i for i in range(noun + 1, last) if flags[i] & Flag.REL and tokens.norms[i] != "that"), None)
    last = last if relative is None else relative
    while last > noun + 1 and (tokens.norms[last - 1] == "," or flags[last - 1] & Flag.ADV):
        last -= 1
    return first, last


def _modifies(norm: str, flag: int) -> bool:
    """Whether a word can stand between the article and the noun: an adjective, a name, a possessive; numbers too."""
    return norm in ("'s", "’s", "'", "’") or (norm[0].isalnum() and not flag & (FUNCTION | Flag.DET))


def members_behind(context: Context, matchers: FollowUpMatchers, noun: int, stop: int) -> int | None:
    """Behind the officials of "talks among interior ministers"; None where none follow."""
    tokens = context.annotated.tokens
    if noun >= stop or tokens.norms[noun] not in ("among", "between", "of"):
        return None
    end = min(stop, noun + 1 + _BEHIND)
    return next((i + 1 for i in range(noun + 1, end) if tokens.norms[i] in matchers.words.officials), None)
