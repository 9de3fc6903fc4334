"""By when a commitment is due: dates of its cell, its clause, what tells its fate, or of the list it stands in."""

from __future__ import annotations

from dataclasses import replace

from bam.extraction.annotate.model import Date, Spanned
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.draft import Draft, Span
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.claims import FollowUpStatus

_REACH = 5


def due_in(context: Context, matchers: FollowUpMatchers, span: Spanned, after: str | None) -> str | None:
    """The ISO prefix of the last day meant by the dates of a stretch; dates up to `after` are no due dates.

    A deadline comes before an exact day, that before other dates ahead. Without `after` only deadlines count.
    """
    annotated = context.annotated
    dates = [_ahead_of(date, after) for date in annotated.within(annotated.dates, span)]
    ahead = [date for date in dates if _is_ahead(date, after)]
    deadlines = [date for date in ahead if date.role in ("deadline", "until")]
    exact = [date for date in ahead if date.precision == "day"]
    chosen = next(iter(deadlines or exact or ahead), None)
    if chosen is None:
        return _feast(context, matchers, span, after)
    last = chosen.due or chosen.until or chosen.value
    return f"{last}-12-31" if len(last) == 4 and _is_whole(context, matchers, chosen) else last


def _ahead_of(date: Date, after: str | None) -> Date:
    """ "before June" means the next June: a deadline without a year lies behind `after`."""
    end = date.due or date.value
    if after is None or not date.is_yearless or date.is_relative or date.role not in ("deadline", "until") or len(end) < 7:
        return date
    if end[: len(after)] >= after[: len(end)]:
        return date
    later = str(int(end[:4]) + 1)
    return replace(date, value=later + date.value[4:], due=later + end[4:], until=None)


def _is_ahead(date: Date, after: str | None) -> bool:
    end = date.due or date.until or date.value
    if after is None:
        return date.role in ("deadline", "until")
    length = min(len(end), len(after))
    is_same = len(end) < len(after) and end == after[:length]
    return end[:length] > after[:length] or (is_same and (date.role in ("deadline", "until") or date.precision == "season"))


def _is_whole(context: Context, matchers: FollowUpMatchers, date: Date) -> bool:
    """ "in the course of 2022", "during 2023": due by the end of the year."""
    tokens = context.annotated.tokens
    first = tokens.index_at(date.start)
    return any(norm in matchers.words.throughout for norm in tokens.norms[max(0, first - _REACH) : first])


def _feast(context: Context, matchers: FollowUpMatchers, span: Spanned, after: str | None) -> str | None:
    if after is None or len(after) < 4:
        return None
    tokens = context.annotated.tokens
    first, last = tokens.span(span.start, span.end)
    match = next(iter(matchers.feasts.find(tokens, first, last)), None)
    return None if match is None else f"{after[:4]}-{matchers.words.feasts[match.values[0]]}"


def due_of(context: Context, matchers: FollowUpMatchers, leads: Leads, draft: Draft, meeting: Meeting | None) -> str | None:
    """The due date of a draft: of its row's cell, its own words, what tells its fate, else of the list's lead."""
    published = context.annotated.publication.date
    candidate = draft.candidate
    is_past = meeting is not None and not meeting.is_present
    after = meeting.date if is_past and meeting is not None else published
    if candidate.report is not None and meeting is not None and meeting.date is None:
        after = None
    spans: list[Spanned] = [draft.when] if draft.when is not None else []
    spans.append(Span(draft.start, draft.reach))
    for span in spans:
        due = due_in(context, matchers, span, after)
        if due is not None:
            return due
    if candidate.status in (FollowUpStatus.DONE, FollowUpStatus.DROPPED):
        return None
    behind = _told_spans(context, draft)
    lead = leads.lead_of(candidate.sentence)
    if lead is not None and candidate.status is None:
        behind.append(lead)
    return next((due for span in behind if (due := due_in(context, matchers, span, published)) is not None), None)


def _told_spans(context: Context, draft: Draft) -> list[Spanned]:
    """The sentences and the cell that tell how far it has come."""
    candidate = draft.candidate
    spans: list[Spanned] = []
    if candidate.report is not None:
        sentence = candidate.sentence
        spans.append(Span(candidate.end, sentence.end))
        spans += [context.annotated.sentences[i] for i in candidate.report.others]
    if candidate.row is not None and candidate.parts is not None and candidate.parts.state is not None:
        spans += [Span(*cell) for cell in candidate.row.cells[candidate.parts.state : candidate.parts.state + 1]]
    return spans
