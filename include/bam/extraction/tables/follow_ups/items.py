"""Commitments that no verb tells: items of a list of what was agreed, "Next session: Lomé, May 2015"."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.model import Sentence
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.candidate import Candidate
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.text import BlockKind

_LEAST, _MOST = 3, 40
"""The fewest words and most tokens of an item."""
_SHORT = 24
"""Tokens of a line that tells where and when the next meeting will be."""


class ItemFinder:
    """Finds items in sentences that have no other candidate."""

    def __init__(self, context: Context, matchers: FollowUpMatchers, leads: Leads, meetings: Sequence[Meeting]) -> None:
        self._context, self._matchers, self._leads = context, matchers, leads
        self._next = {m.sentence for meeting in meetings if meeting.is_next for m in meeting.mentions}

    def item_of(self, sentence: Sentence) -> Candidate | None:
        """The sentence as a commitment, where it is an item of what was agreed or tells of the next meeting."""
        size = sentence.last - sentence.first
        norms = self._context.annotated.tokens.norms[sentence.first : sentence.last]
        if size > _MOST or sum(norm[0].isalpha() for norm in norms) < _LEAST:
            return None
        if size <= _SHORT and self._is_next_meeting(sentence):
            return self._candidate(sentence, "next_meeting")
        if self._opens_with_that(sentence):
            return self._candidate(sentence, "that")
        if sentence.kind is BlockKind.LIST_ITEM and self._is_agreed(sentence):
            return self._candidate(sentence, "listed")
        return None

    def _candidate(self, sentence: Sentence, form: str) -> Candidate:
        return Candidate("item", sentence, sentence.start, sentence.end, sentence.start, told_by=form)

    def _is_next_meeting(self, sentence: Sentence) -> bool:
        """Whether a line without a verb has a date to come and stands under, or opens with, the name of the next meeting."""
        annotated = self._context.annotated
        if any(v.form == "finite" for v in annotated.verbs_of(sentence)):
            return False
        published = annotated.publication.date or ""
        dates = annotated.within(annotated.dates, sentence)
        if not any(date.value > published[: len(date.value)] for date in dates):
            return False
        above = self._leads.headings_of(sentence)[:1]
        return sentence.index in self._next or any(self._says_next(other) for other in (sentence, *above))

    def _says_next(self, sentence: Sentence) -> bool:
        norms = self._context.annotated.tokens.norms[sentence.first : min(sentence.last, sentence.first + 6)]
        return not self._matchers.words.next.isdisjoint(norms)

    def _opens_with_that(self, sentence: Sentence) -> bool:
        """ "That the next meeting be held": a subjunctive that the tagger knows no verb of."""
        tokens = self._context.annotated.tokens
        opening = (i for i in range(sentence.first, min(sentence.last, sentence.first + 5)) if len(tokens.norms[i]) > 1)
        first = next((i for i in opening if tokens.norms[i][0].isalpha()), None)
        return first is not None and tokens.texts[first] == "That"

    def _is_agreed(self, sentence: Sentence) -> bool:
        """Whether a lead or heading says that the list is one of what was agreed."""
        annotated = self._context.annotated
        before = annotated.sentences[sentence.index - 1] if sentence.index else None
        if before is not None and before.block == sentence.block:
            return False
        lead = self._leads.lead_of(sentence)
        above = [*self._leads.headings_of(sentence)[:1], *([lead] if lead is not None else [])]
        return any("outcome" in self._matchers.cues_in(annotated.tokens, s.first, s.last) for s in above) or (
            lead is not None and any(v.has("agreeing", "promising", "recommending") for v in annotated.verbs_of(lead))
        )
