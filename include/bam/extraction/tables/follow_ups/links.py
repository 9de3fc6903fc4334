"""Which meeting a commitment came out of."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.model import Sentence
from bam.extraction.context import Context
from bam.extraction.ranker.model import Ranker
from bam.extraction.tables.follow_ups.draft import Draft
from bam.extraction.tables.follow_ups.features import Numbers, is_told
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting

_NEAR = 400


class MeetingLinker:
    """Chooses the meeting of each draft of one document."""

    def __init__(self, context: Context, leads: Leads, meetings: Sequence[Meeting]) -> None:
        self._annotated = context.annotated
        self._leads = leads
        self.meetings = [m for m in meetings if not m.is_next] or list(meetings)

    def best(self, draft: Draft, ranker: Ranker | None) -> Meeting | None:
        """The likeliest meeting; without a ranker the present one, else the last one named before."""
        if not self.meetings:
            return None
        if ranker is None:
            present = next((m for m in self.meetings if m.is_present), None)
            before = [m for m in self.meetings if m.start <= draft.end]
            return present or (before or self.meetings)[-1]
        if is_told(draft.candidate):
            under = [m for m in self.meetings if not m.is_present and self._heads(draft, m)]
            if under:
                return under[-1]
        return max(self.meetings, key=lambda m: (ranker.scores(self.features(draft, m))["yes"], -m.index))

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
            past = [m for m in self.meetings if not m.is_present and m.start <= draft.end]
            features["last_past"] = bool(past) and past[-1] is meeting
            features[f"last_past&{kind}"] = bool(past) and past[-1] is meeting
            features["only_past"] = sum(not m.is_present for m in self.meetings) == 1
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
        for mention in meeting.mentions:
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
            if lead is not None and mention.sentence == lead.index:
                spots.append(f"lead{town}")
            if any(mention.sentence == heading.index for heading in headings):
                spots.append(f"heading{town}")
            if 0 < draft.start - mention.end < _NEAR:
                spots.append(f"near{town}")
        spots += self._in_table(draft, meeting)
        section = sentence.section
        named = [m for m in meeting.mentions if m.start < draft.start]
        if section is not None and any(annotated.sentences[m.sentence].section == section for m in named):
            spots.append("section")
        return list(dict.fromkeys(spots))

    def _in_table(self, draft: Draft, meeting: Meeting) -> list[str]:
        row = draft.candidate.row
        if row is None:
            return []
        annotated = self._annotated
        top = next((r for r in annotated.rows if r.table == row.table), row)
        header = annotated.sentences[top.sentence]
        low = annotated.sentences[max(0, header.index - 2)].start
        return ["table_head"] if any(low <= m.start < header.end for m in meeting.mentions) else []

    def _last_named(self, draft: Draft) -> Meeting | None:
        best: tuple[int, Meeting] | None = None
        for meeting in self.meetings:
            for mention in meeting.mentions:
                if mention.start < draft.end and (best is None or mention.start > best[0]):
                    best = (mention.start, meeting)
        return best[1] if best else None
