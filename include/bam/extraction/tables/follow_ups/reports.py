"""Items whose fate is told behind them: "Open a centre: done.", "A.3 Buy a boat. Discontinued, for want of money."."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bam.extraction.annotate.model import Sentence
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.claims import FollowUpStatus
from bam.model.text import BlockKind

_SHARE = 0.5
_LEAST = 2
_MAX_ITEM_WORDS = 40


@dataclass(frozen=True, slots=True)
class Report:
    """One item: `start`..`end` is the promise, `sentence` the index of its sentence, `others` those of the sentences that tell
    its fate; `status` what they say, None where no known phrase says it.
    """

    sentence: int
    start: int
    end: int
    status: FollowUpStatus | None
    others: tuple[int, ...]


def find_reports(context: Context, matchers: FollowUpMatchers) -> tuple[Report, ...]:
    """Items that tell a fate, and their neighbours where at least half of a run of items do."""
    found: list[Report] = []
    for run in _runs(context):
        reports = [_report(context, matchers, block) for block in run if _says_something(context, block[0])]
        told = [report for report in reports if report.status is not None]
        if len(told) >= max(_LEAST, _SHARE * len(reports)):
            found += [r for r in reports if r.status is not None or r.others]
        elif len(told) >= _LEAST:
            found += told
    return tuple(found)


def _runs(context: Context) -> Iterator[list[list[Sentence]]]:
    """Neighbouring blocks of the same kind: items of a list, or paragraphs that open with a letter or number."""
    annotated = context.annotated
    blocks = [list(group) for _, group in groupby(annotated.sentences, key=lambda s: s.block)]
    for kind, run in groupby(blocks, key=lambda block: _kind(context, block)):
        members = list(run)
        if kind is not None and len(members) >= _LEAST:
            yield members


def _kind(context: Context, block: Sequence[Sentence]) -> str | None:
    first = block[0]
    if first.kind is BlockKind.LIST_ITEM:
        return f"item {context.annotated.blocks[first.block].level}"
    if first.kind is BlockKind.PARAGRAPH and len(block) > 1 and _marks(context, first):
        return "marked"
    return None


def _says_something(context: Context, sentence: Sentence) -> bool:
    """Whether words stand behind the mark: "2." alone only numbers what follows."""
    norms = context.annotated.tokens.norms
    return any(norms[i][0].isalpha() for i in range(sentence.first + _marks(context, sentence), sentence.last))


def _marks(context: Context, sentence: Sentence) -> int:
    """Tokens of a mark such as "A.1" or "3." at the beginning; 0 where there is none."""
    tokens = context.annotated.tokens
    count = 0
    has_digit = False
    while sentence.first + count < sentence.last and count < 5:
        text = tokens.texts[sentence.first + count]
        is_mark = text.isdigit() or (len(text) == 1 and (text.isupper() or text in ".()-")) or text[:1].isdigit()
        if not is_mark:
            break
        has_digit = has_digit or text[:1].isdigit()
        count += 1
    return count if has_digit else 0


def _report(context: Context, matchers: FollowUpMatchers, block: Sequence[Sentence]) -> Report:
    """The promise up to the colon, dash or end of the first sentence, and the status right behind it."""
    annotated, tokens = context.annotated, context.annotated.tokens
    first = block[0]
    begin = first.first + _marks(context, first)
    colon = next(
        (
            i
            for i in range(begin, first.last)
            if tokens.texts[i] in ":–—" and tokens.ends[i] < tokens.starts[min(i + 1, len(tokens) - 1)]
        ),
        None,
    )
    status = _status_at(context, matchers, colon + 1, first.last) if colon is not None else None
    others = tuple(sentence.index for sentence in block[1:])
    if colon is not None and status is not None:
        return Report(first.index, tokens.starts[begin], tokens.ends[colon - 1], status, others)
    if len(block) > 1:
        status = _status_at(context, matchers, block[1].first, block[1].last)
    short = first.last - begin <= _MAX_ITEM_WORDS
    end = annotated.tokens.ends[first.last - 1]
    return Report(
        first.index, tokens.starts[begin] if begin < first.last else first.start, end, status if short else None, others
    )


def _status_at(context: Context, matchers: FollowUpMatchers, first: int, last: int) -> FollowUpStatus | None:
    """The status that a stretch opens with, past at most three words."""
    tokens = context.annotated.tokens
    for match in matchers.statuses_in(tokens, first, min(last, first + 8)):
        if match.first - first <= 3:
            return match.values[0]
    return None
