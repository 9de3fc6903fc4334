"""Lists of parties in the text: "Chad, Mali and Niger"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bam.extraction.annotate.model import Party, PartyUse
from bam.extraction.context import Context

_MAX_GAP = 7
_MAX_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class CodeList:
    """Parties named in one breath: "Chad, Mali and Niger"."""

    start: int
    end: int
    codes: tuple[str, ...]
    sentence: int
    starts: tuple[int, ...]


def code_lists(context: Context) -> Iterator[CodeList]:
    """Runs of parties with nothing but commas, "and", articles and a few words of their names between them."""
    annotated = context.annotated
    run: list[Party] = []
    for party in annotated.parties:
        if party.use is PartyUse.ADJECTIVE or not party.code or (party.use is PartyUse.CAPITAL):
            continue
        if run and not _joined(context, run[-1], party):
            yield from _listed(context, run)
            run = []
        run.append(party)
    yield from _listed(context, run)


def _joined(context: Context, one: Party, other: Party) -> bool:
    annotated = context.annotated
    tokens = annotated.tokens
    if (
        other.start - one.end > _MAX_CHARACTERS
        or annotated.sentence_at(one.start).index != annotated.sentence_at(other.start).index
    ):
        return False
    first, last = tokens.span(one.end, other.start)
    between = tokens.norms[first:last]
    if len(between) > _MAX_GAP or not any(norm in (",", "and", "or", ";") for norm in between):
        return False
    return not any(v.first >= first and v.last <= last for v in annotated.before(annotated.verbs, other.start))


def _listed(context: Context, run: list[Party]) -> Iterator[CodeList]:
    codes = tuple(dict.fromkeys(party.code for party in run))
    if len(codes) >= 2:
        sentence = context.annotated.sentence_at(run[0].start).index
        yield CodeList(run[0].start, run[-1].end, codes, sentence, tuple(party.start for party in run))
