"""Which meeting a commitment came out of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from bam.extraction.annotate.model import Sentence
from bam.extraction.context import Context
from bam.extraction.ranker.model import Ranker
from bam.extraction.tables.follow_ups.draft import Draft
from bam.extraction.tables.follow_ups.features import Numbers, is_told
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.extraction.tables.follow_ups.mention import Mention

_NEAR = 400
_MOST, _LONGEST = 24, 300


class MeetingLinker:
    """Chooses the meeting of each draft of one document."""

    def __init__(self, context: Context, leads: Leads, meetings: Sequence[Meeting]) -> None:
        self._annotated = context.annotated
        self._leads = leads
        self.meetings = [m for m in meetings if not m.is_next] or list(meetings)
        self._present = next((m for m in self.meetings if m.is_present), None)
        named = ((mention.start, meeting.index, meeting) for meeting in self.meetings for mention in meeting.mentions)
        self._named = sorted(named, key=lambda item: item[:2])
        self._offsets = [start for start, _, _ in self._named]
        self._spoken = {m.index: frozenset(mention.sentence for mention in m.mentions) for m in self.meetings}
        self._starts = {m.index: [mention.start for mention in m.mentions] for m in self.meetings}
        self._sections = {m.index: self._first_by_section(m) for m in self.meetings}
        self._past = sorted((m for m in self.meetings if not m.is_present), key=lambda m: m.start)
        self._past_starts = [m.start for m in self._past]

    def _first_by_section(self, meeting: Meeting) -> dict[int | None, int]:
        """Where each section names the meeting first."""
        found: dict[int | None, int] = {}
        for mention in meeting.mentions:
            section = self._annotated.sentences[mention.sentence].section
            found[section] = min(mention.start, found.get(section, mention.start))
        return found

    def near(self, draft: Draft) -> list[Meeting]:
        """The meetings that a draft can have come out of: all of few; of many the present one and those named around it."""
        if len(self.meetings) <= _MOST:
            return self.meetings
        position = bisect_left(self._offsets, draft.end)
        around = self._named[max(0, position - _MOST) : position + _MOST // 4]
        chosen = {meeting.index: meeting for _, _, meeting in around}
        if self._present is not None:
            chosen[self._present.index] = self._present
        return [chosen[index] for index in sorted(chosen)]

    def best(self, draft: Draft, ranker: Ranker | None) -> Meeting | None:
        """The likeliest meeting; without a ranker the present one, else the last one named before."""
        if not self.meetings:
            return None
        if ranker is None:
            present = next((m for m in self.meetings if m.is_present), None)
            before = [m for m in self.meetings if m.start <= draft.end]
            return present or (before or self.meetings)[-1]
        if is_told(draft.candidate):
            under = [m for m in self.near(draft) if not m.is_present and self._heads(draft, m)]
            if under:
                return under[-1]
        return max(self.near(draft), key=lambda m: (ranker.scores(self.features(draft, m))["yes"], -m.index))

    def _heads(self, draft: Draft, meeting: Meeting) -> bool:
        """Whether a heading, lead or table's head above what is told names the meeting."""
        spots = self._spots(draft, meeting, draft.candidate.sentence)
        return any(spot in ("heading", "lead", "table_head") for spot in spots)

    def features(self, draft: Draft, meeting: Meeting) -> Numbers:
        """How the meeting stands to the draft."""
        annotated = self._annotated
        sentence = draft.candidate.sentence
        told = is_told(draft.candidate)
        kind = "told" if told else "ahead"
        last = self._last_named(draft)
        rank = "present" if meeting.is_present else "next" if meeting.is_next else "other"
        spots = self._spots(draft, meeting, sentence)
        features: Numbers = {
            f"{rank}&{kind}": True,
            f"{rank}&{kind}&{draft.candidate.kind}": True,
            "alone": len(self.meetings) == 1,
        }
        for spot in spots:
            features[spot] = True
            features[f"{spot}&{kind}"] = True
            features[f"{spot}&{rank}"] = True
        features["last_named"] = last is meeting
        features[f"last_named&{kind}"] = last is meeting
        if not meeting.is_present:
            past = self._past_before(draft.end)
            features["last_past"] = past is meeting
            features[f"last_past&{kind}"] = past is meeting
            features["only_past"] = len(self._past) == 1
            features[f"only_past&{kind}"] = bool(features["only_past"])
            features["mentions"] = min(len(meeting.mentions), 5) / 5
        features["unnamed"] = all(m.is_weak and not m.name_words and not m.ordinal for m in meeting.mentions)
        features["undated"] = meeting.date is None
        published = annotated.publication.date
        features["too_late"] = bool(meeting.date and published and meeting.date[:4] > published[:4])
        return {name: value for name, value in features.items() if value}

    def _spots(self, draft: Draft, meeting: Meeting, sentence: Sentence) -> list[str]:
        """Where the meeting is named: in the sentence before or behind the verb, its paragraph, heading, lead or table's head."""
        annotated = self._annotated
        spots: list[str] = []
        lead = self._leads.lead_of(sentence)
        headings = self._leads.headings_of(sentence)
        spoken = self._spoken[meeting.index]
        for mention in self._mentions_around(draft, meeting, sentence):
            town = "_town" if mention.is_metonym else ""
            if mention.sentence == sentence.index and draft.candidate.row is not None:
                continue
            if mention.sentence == sentence.index:
                side = "before" if mention.start < draft.candidate.anchor else "behind"
                inside = "segment" if draft.start <= mention.start < draft.end else "sentence"
                spots.append(f"{inside}_{side}{town}")
            elif mention.start < draft.start and annotated.sentences[mention.sentence].block == sentence.block:
                spots.append(f"paragraph{town}")
            elif mention.start > draft.end and annotated.sentences[mention.sentence].block == sentence.block:
                spots.append(f"later_in_paragraph{town}")
            if 0 < draft.start - mention.end < _NEAR:
                spots.append(f"near{town}")
        above = [("lead", lead)] if lead is not None else []
        above += [("heading", heading) for heading in headings]
        for name, other in above:
            if other.index in spoken:
                spots += [f"{name}{'_town' if m.is_metonym else ''}" for m in meeting.mentions if m.sentence == other.index]
        spots += self._in_table(draft, meeting)
        first = self._sections[meeting.index].get(sentence.section)
        if sentence.section is not None and first is not None and first < draft.start:
            spots.append("section")
        return list(dict.fromkeys(spots))

    def _mentions_around(self, draft: Draft, meeting: Meeting, sentence: Sentence) -> Sequence[Mention]:
        """The meeting's mentions in the paragraph of the draft and a little before it."""
        starts = self._starts[meeting.index]
        block = self._annotated.block_of(sentence)
        low = bisect_left(starts, min(block.start, draft.start - _NEAR - _LONGEST))
        return meeting.mentions[low : bisect_left(starts, max(block.end, draft.end))]

    def _in_table(self, draft: Draft, meeting: Meeting) -> list[str]:
        row = draft.candidate.row
        if row is None:
            return []
        annotated = self._annotated
        top = next((r for r in annotated.rows if r.table == row.table), row)
        header = annotated.sentences[top.sentence]
        low = annotated.sentences[max(0, header.index - 2)].start
        return ["table_head"] if any(low <= m.start < header.end for m in meeting.mentions) else []

    def _past_before(self, offset: int) -> Meeting | None:
        """The last of the other meetings that is named first before the offset."""
        position = bisect_right(self._past_starts, offset)
        return self._past[position - 1] if position else None

    def _last_named(self, draft: Draft) -> Meeting | None:
        position = bisect_left(self._offsets, draft.end)
        return self._named[position - 1][2] if position else None
