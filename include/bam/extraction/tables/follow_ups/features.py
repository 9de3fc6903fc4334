"""What speaks for and against a candidate being a commitment of a conference."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Sentence, Verb
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.candidate import ASKING, Candidate
from bam.extraction.tables.follow_ups.fates import DENYING
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.extraction.wording import wording
from bam.model.claims import FollowUpStatus
from bam.model.text import BlockKind

Numbers = dict[str, bool | float]
Signs = dict[str, bool | float | str | None]
"""Features while they are gathered: a string is a category (`kind=will`), None counts as false."""
_CLASSES = (
    "agreeing", "recommending", "promising", "planning", "holding", "building", "training", "continuing", "giving", "stating",
    "existing", "opening", "ending", "implementing", "meeting", "attending", "costing", "paying", "equipping", "renovating",
)  # fmt: skip
_CONDITIONAL = frozenset({"if", "unless", "whether", "once"})
_WINDOW = 3
_OPENING = 3
"""Sentences about the meeting that name who takes part."""
_SERIES = 4


class FeatureReader:
    """Features of the candidates of one document."""

    def __init__(self, context: Context, matchers: FollowUpMatchers, leads: Leads, meetings: Sequence[Meeting]) -> None:
        self._context, self._matchers, self._leads, self._meetings = context, matchers, leads, meetings
        self._annotated = context.annotated
        self._cues: dict[int, frozenset[str]] = {}
        self._document = self._of_document()
        self._spoken: dict[int, list[Meeting]] = {}
        for meeting in meetings:
            for index in dict.fromkeys(mention.sentence for mention in meeting.mentions):
                self._spoken.setdefault(index, []).append(meeting)
        self._groups: dict[int, bool] = {}
        self._sizes: dict[tuple[str, int | None], int] = {}
        self._ahead: dict[tuple[str, int | None], int] = {}
        self._fates: dict[int, int] = {}
        self._by_sentence: dict[int, list[Candidate]] = {}
        self._past_by_block = self._blocks_of_past()
        self._first_present = next((m.mentions[0].sentence for m in meetings if m.is_present), None)
        self._participants = self._present_parties()

    def of(self, candidate: Candidate) -> Numbers:
        """The features of one candidate."""
        features: Signs = {"kind": candidate.kind, **self._document}
        features |= self._of_place(candidate)
        features |= self._of_neighbourhood(candidate)
        features |= self._of_series(candidate)
        if candidate.verb is not None:
            features |= self._of_verb(candidate, candidate.verb)
        if candidate.status is not None:
            features[f"status_{candidate.kind}"] = str(candidate.status)
        if candidate.told_by:
            features["told_by"] = candidate.told_by
        if candidate.parts is not None:
            features["row_who"] = candidate.parts.who is not None
            features["row_when"] = candidate.parts.when is not None
            features["row_state"] = candidate.parts.state is not None
        conference = bool(self._document.get("present"))
        for name in ("cue_outcome_heading", "near_outcome", "lead", "sentence_group", "paragraph_meeting", "near_agrees"):
            features[f"{candidate.kind}&{name}"] = bool(features.get(name))
        features[f"{candidate.kind}&present"] = conference
        governed = [name for name in features if name.startswith(("governor_", "asked", "sentence_agrees", "that"))]
        subjects = [name for name in ("party_subject", "group_subject", "no_subject", "passive", "shall") if features.get(name)]
        for name in (*governed, *subjects):
            features[f"{candidate.kind}&{name}"] = bool(features[name])
        if candidate.status is not None:
            features |= self._of_fate(candidate, features)
        if candidate.kind == "cue":
            for name in (
                "sentence_past_meeting",
                "paragraph_past_meeting",
                "near_review",
                "sentence_review",
                "cue_review_heading",
            ):
                features[f"cue&{name}"] = bool(features.get(name))
        for name in ("deadline", "date_ahead", "asked", "lead_agrees", "cue_outcome_heading", "paragraph_meeting"):
            if features.get(name) and candidate.kind in ("will", "to", "must", "now"):
                features[f"forward&{name}"] = True
        return {**_as_numbers(features), **self._of_words(candidate)}

    def _of_words(self, candidate: Candidate) -> Numbers:
        """The verb that says it, the one above, and the words around."""
        words = wording(self._annotated, candidate.anchor, candidate.anchor + 1)
        if candidate.verb is not None:
            words[f"verb={candidate.verb.lemma}"] = words[f"verb={candidate.verb.lemma}&kind={candidate.kind}"] = True
        if candidate.governor is not None:
            words[f"governor={candidate.governor.lemma}"] = True
        return words

    def _of_fate(self, candidate: Candidate, features: Signs) -> Signs:
        """Whether something near says that what is told was promised before: a meeting, a heading, words of promising."""
        tokens, sentence = self._annotated.tokens, candidate.sentence
        nouns = self._matchers.words.promising_nouns
        promised = any(
            tokens.norms[i] in nouns or tokens.norms[i].rstrip("s") in nouns for i in range(sentence.first, sentence.last)
        )
        meeting = bool(features.get("sentence_past_meeting") or features.get("paragraph_past_meeting"))
        review = bool(features.get("cue_review_heading") or features.get("near_review") or features.get("sentence_review"))
        return {
            "fate_promised": promised,
            "fate_meeting": meeting,
            "fate_review": review,
            "fate_agreed": bool(features.get("near_agrees") or features.get("sentence_agrees")),
            "fate_signs": float(promised + meeting + review),
            "fate_none": not (promised or meeting or review),
            "fate_of_meeting": self._is_about_meeting(candidate),
        }

    def _is_about_meeting(self, candidate: Candidate) -> bool:
        """ "The second conference was held in May": the meeting itself is what the clause tells of."""
        verb = candidate.verb
        if verb is None or not verb.has("holding", "meeting"):
            return False
        meetings = self._spoken.get(candidate.sentence.index, [])
        mentions = (m for meeting in meetings for m in meeting.mentions if m.sentence == candidate.sentence.index)
        return any(mention.start < verb.start and not mention.is_metonym for mention in mentions)

    def take(self, candidates: Sequence[Candidate]) -> None:
        """Count what lies ahead in each block and section, before features are asked for."""
        sentences = self._annotated.sentences
        for sentence in sentences:
            for counts, key in ((self._sizes, ("block", sentence.block)), (self._sizes, ("section", sentence.section))):
                counts[key] = counts.get(key, 0) + 1
        for candidate in candidates:
            self._by_sentence.setdefault(candidate.sentence.index, []).append(candidate)
            if candidate.kind == "cue":
                self._fates[candidate.sentence.block] = self._fates.get(candidate.sentence.block, 0) + 1
            if candidate.kind in ("will", "must", "to") and candidate.order == 0:
                for key in (("block", candidate.sentence.block), ("section", candidate.sentence.section)):
                    self._ahead[key] = self._ahead.get(key, 0) + 1

    def _density(self, name: str, number: int | None) -> float:
        """The share of sentences of a block or section that look ahead."""
        return self._ahead.get((name, number), 0) / max(1, self._sizes.get((name, number), 1))

    def _blocks_of_past(self) -> dict[int, int]:
        """For each block that speaks of an earlier meeting the first sentence that does."""
        found: dict[int, int] = {}
        for index, meetings in sorted(self._spoken.items()):
            if any(not m.is_present and not m.is_next for m in meetings):
                found.setdefault(self._annotated.sentences[index].block, index)
        return found

    def _present_parties(self) -> frozenset[str]:
        """The parties named in the first sentences that speak of the present meeting, and behind its name in a title."""
        present = next((m for m in self._meetings if m.is_present), None)
        if present is None:
            return frozenset()
        annotated = self._annotated
        indexes = list(dict.fromkeys(m.sentence for m in present.mentions))[:_OPENING]
        return frozenset(
            party.code for i in indexes for party in annotated.within(annotated.parties, annotated.sentences[i]) if party.code
        )

    def _of_series(self, candidate: Candidate) -> Signs:
        """What the candidates around it in its block are like, and how it stands to the meetings of the block and document."""
        sentence, forward = candidate.sentence, candidate.kind in ("will", "must", "to", "now", "agreed", "item")
        before = self._by_sentence.get(sentence.index - 1, [])
        last = before[-1] if before and before[-1].sentence.block == sentence.block else None
        past = self._past_by_block.get(sentence.block)
        kind = "told" if candidate.status is not None else "ahead" if forward else candidate.kind
        features: Signs = {
            f"{kind}_behind": last.kind if last is not None else "none",
            f"{kind}_behind_governed": last is not None and last.governor is not None,
            f"{kind}_block_past": past is not None and past <= sentence.index,
            f"{kind}_block_past_later": past is not None and past > sentence.index,
            f"{kind}_fates": min(self._fates.get(sentence.block, 0) / 4, 1.0),
        }
        if self._first_present is not None:
            gap = sentence.index - self._first_present
            features[f"{kind}_from_present"] = "before" if gap < 0 else "same" if gap == 0 else "near" if gap <= 3 else "far"
        tokens = self._annotated.tokens
        opening = tokens.norms[sentence.first : sentence.first + _SERIES]
        features[f"{kind}_enumerates"] = any(
            norm in self._matchers.words.series or norm in self._matchers.ordinals for norm in opening
        )
        if candidate.verb is not None:
            features |= self._of_subject(candidate, candidate.verb, kind)
        return features

    def _of_subject(self, candidate: Candidate, verb: Verb, kind: str) -> Signs:
        """Whether those who act took part in the meeting, and whether what acts or is told was agreed by its own words."""
        annotated = self._annotated
        clause = annotated.clause_at(verb.start)
        codes = {p.code for p in annotated.within(annotated.parties, clause) if p.start < verb.start and p.code}
        verbs = [v for v in annotated.verbs_of(candidate.sentence) if v.start < candidate.anchor]
        ahead = {m.index for m in self._meetings if m.is_next}
        of_next = any(
            m.start < verb.start and clause.start <= m.start and (m.relation == "next" or meeting.index in ahead)
            for meeting in self._spoken.get(candidate.sentence.index, ())
            for m in meeting.mentions
            if m.sentence == candidate.sentence.index
        )
        return {
            f"{kind}_by_participant": bool(codes & self._participants),
            f"{kind}_by_stranger": bool(codes) and not codes & self._participants,
            f"{kind}_of_next_meeting": of_next,
            f"{kind}_agreed_before": any(v.form == "participle" and v.has(*ASKING) for v in verbs),
            f"{kind}_had_agreed": any(
                v.form == "finite" and v.is_perfect and v.tense == "past" and v.has(*ASKING) for v in verbs
            ),
        }

    def _of_document(self) -> Signs:
        present = next((m for m in self._meetings if m.is_present), None)
        title = self._annotated.sentences[:1]
        features: Signs = {"title_outcome": any("outcome" in self._cues_of(s) for s in title)}
        if present is not None:
            first = self._annotated.sentences[present.mentions[0].sentence]
            features["present"] = True
            features["present_in_title"] = first.kind in (BlockKind.TITLE, BlockKind.HEADING, BlockKind.BYLINE)
            features["present_named"] = any(m.name_words or m.ordinal for m in present.mentions)
            features["present_once"] = len(present.mentions) == 1
            features["present_indefinite"] = not any(m.is_definite for m in present.mentions)
            features["present_dated"] = present.date is not None
            features["present_strong"] = any(not m.is_weak for m in present.mentions)
        return features

    def _of_place(self, candidate: Candidate) -> Signs:
        """Where it stands: list or prose, under which lead and headings, in which clause."""
        annotated = self._annotated
        sentence = candidate.sentence
        clause = annotated.clause_at(candidate.anchor)
        features: Signs = {
            f"in_{sentence.kind.value}": True,
            "is_numbered": sentence.number is not None,
            "clause": clause.kind,
            "first": candidate.order == 0,
            "coordinated": candidate.is_coordinated,
            "coordinated_in_item": candidate.is_coordinated and sentence.kind is BlockKind.LIST_ITEM,
            "later_in_item": candidate.order > 0 and sentence.kind is BlockKind.LIST_ITEM,
            "in_dateline_part": sentence.index < 4,
            "in_brackets": clause.kind == "parenthesis",
            "running_marks": self._has_marks(sentence),
            "block_outcome": any("outcome" in self._cues_of(s) for s in self._block(sentence) if s.index <= sentence.index),
            "block_density": self._density("block", sentence.block),
            "section_density": self._density("section", sentence.section),
        }
        features |= self._of_coordination(candidate)
        for heading in self._leads.headings_of(sentence):
            for cue in self._cues_of(heading):
                features[f"cue_{cue}_heading"] = True
        lead = self._leads.lead_of(sentence)
        if lead is not None:
            features["lead"] = True
            verbs = annotated.verbs_of(lead)
            features["lead_agrees"] = any(v.has("agreeing", "promising") for v in verbs)
            features["lead_recommends"] = any(v.has("recommending") for v in verbs)
            features["lead_colon"] = annotated.text[lead.start : lead.end].rstrip().endswith((":", ",", "that"))
            features["lead_group"] = self._has_group(lead)
            for cue in self._cues_of(lead):
                features[f"cue_{cue}_lead"] = True
        return features

    def _of_coordination(self, candidate: Candidate) -> Signs:
        """How it joins to the candidate before it in the sentence: its own subject, a semicolon, a repeated "to"."""
        if candidate.order == 0 or candidate.verb is None:
            return {}
        annotated, tokens = self._annotated, self._annotated.tokens
        verb = candidate.verb
        index = verb.first
        while index > candidate.sentence.first and annotated.flags[index - 1] & Flag.ADV:
            index -= 1
        before = tokens.norms[index - 1]
        clause = annotated.clause_at(candidate.anchor)
        own = any(tokens.norms[i][0].isalpha() and not annotated.flags[i] & Flag.COORD for i in range(clause.first, verb.first))
        since = tokens.norms[clause.first - 1] if clause.first > candidate.sentence.first else ""
        return {
            "joined": before if before in (",", ";", "and", "or", ":", ")") else "other",
            "behind_semicolon": ";" in (since, before),
            "own_subject": own and verb.form == "finite",
            "repeated_to": verb.form == "infinitive",
            "repeated_to_in_prose": verb.form == "infinitive" and candidate.sentence.kind is not BlockKind.LIST_ITEM,
        }

    def _of_neighbourhood(self, candidate: Candidate) -> Signs:
        """Meetings, groups, verbs of agreeing and dates in the sentence and around it."""
        annotated = self._annotated
        sentence = candidate.sentence
        near = annotated.sentences[max(0, sentence.index - _WINDOW) : sentence.index]
        near = tuple(s for s in near if s.block == sentence.block or s.index == sentence.index - 1)
        mentioned = self._spoken.get(sentence.index, [])
        paragraph = [meeting for other in near for meeting in self._spoken.get(other.index, ())]
        features: Signs = {
            "sentence_meeting": bool(mentioned),
            "sentence_past_meeting": any(not m.is_present and not m.is_next for m in mentioned),
            "sentence_next_meeting": any(m.is_next for m in mentioned),
            "paragraph_meeting": bool(paragraph),
            "paragraph_past_meeting": any(not m.is_present and not m.is_next for m in paragraph),
            "sentence_group": self._has_group(sentence),
            "near_agrees": any(v.has("agreeing", "recommending") for s in near for v in annotated.verbs_of(s)),
            "sentence_agrees": any(v.has("agreeing", "recommending") for v in annotated.verbs_of(sentence)),
            "near_outcome": any("outcome" in self._cues_of(s) for s in near),
            "sentence_outcome": "outcome" in self._cues_of(sentence),
            "near_review": any("review" in self._cues_of(s) for s in near),
            "sentence_review": "review" in self._cues_of(sentence),
            "money": bool(annotated.within(annotated.money, annotated.clause_at(candidate.anchor))),
            "training": any(h.kind == "training" for h in annotated.within(annotated.heads, sentence)),
            "question": annotated.text[sentence.end - 1 : sentence.end] == "?",
            "quoted": annotated.text[sentence.start : sentence.start + 1] in '"“«',
        }
        return features | self._of_dates(candidate)

    def _of_dates(self, candidate: Candidate) -> Signs:
        annotated = self._annotated
        published = annotated.publication.date or ""
        span = annotated.clause_at(candidate.anchor)
        dates = list(annotated.within(annotated.dates, span))
        ahead = [
            d for d in dates if (d.due or d.until or d.value)[: len(published)] > published[: len(d.due or d.until or d.value)]
        ]
        return {
            "deadline": any(d.role == "deadline" for d in ahead),
            "date_ahead": bool(ahead),
            "date_past": any(d not in ahead for d in dates),
        }

    def _of_verb(self, candidate: Candidate, verb: Verb) -> Signs:
        annotated, tokens = self._annotated, self._annotated.tokens
        sentence = candidate.sentence
        clause = annotated.clause_at(verb.start)
        parties = [p for p in annotated.within(annotated.parties, clause) if p.start < verb.start]
        subject = tokens.norms[verb.first - 1] if verb.first > sentence.first else ""
        clause_norms = tokens.norms[clause.first : verb.first]
        features: Signs = {
            "tense": verb.tense if candidate.kind in ("agreed", "cue") else None,
            "to_modality": verb.modality if verb.form == "infinitive" else None,
            "passive": verb.is_passive,
            "negated": verb.is_negated,
            "perfect": verb.is_perfect,
            "no_class": not verb.classes,
            "be": verb.lemma == "be",
            "party_subject": bool(parties),
            "pronoun_subject": bool(annotated.flags[verb.first - 1] & Flag.SUBJECT) if subject else False,
            "group_subject": any(True for _ in self._matchers.groups.find(tokens, clause.first, verb.first)),
            "no_subject": verb.first == clause.first,
            "under_noun": candidate.under_noun,
            "that": "that" in clause_norms,
            "conditional_clause": not _CONDITIONAL.isdisjoint(clause_norms),
            "wonders": not self._matchers.words.wondering.isdisjoint(clause_norms),
            "shares_modal": candidate.kind == "will" and verb.head == verb.first,
            "modal": tokens.norms[verb.first] if candidate.kind in ("will", "must") else None,
            "nobody": not DENYING.isdisjoint(clause_norms),
            "shall": tokens.norms[verb.first] == "shall",
        }
        for name in _CLASSES:
            if name in verb.classes:
                features[f"verb_{name}"] = True
        governor = candidate.governor
        if governor is not None:
            features["asked"] = True
            for name in ("agreeing", "recommending", "promising", "planning", "stating"):
                if governor.has(name):
                    features[f"governor_{name}"] = True
            features["governor_past"] = governor.tense == "past" or governor.is_perfect
            features["governor_passive"] = governor.is_passive
            features["governor_negated"] = governor.is_negated
            features["governor_planned"] = governor.modality is not None
        return features

    def _cues_of(self, sentence: Sentence) -> frozenset[str]:
        cues = self._cues.get(sentence.index)
        if cues is None:
            cues = self._matchers.cues_in(self._annotated.tokens, sentence.first, sentence.last)
            self._cues[sentence.index] = cues
        return cues

    def _block(self, sentence: Sentence) -> list[Sentence]:
        """The sentences of the same block."""
        sentences = self._annotated.sentences
        low = high = sentence.index
        while low > 0 and sentences[low - 1].block == sentence.block:
            low -= 1
        while high + 1 < len(sentences) and sentences[high + 1].block == sentence.block:
            high += 1
        return list(sentences[low : high + 1])

    def _has_marks(self, sentence: Sentence) -> bool:
        """Whether a mark such as "(ii)" stands in the sentence before a capital letter or in a series."""
        return self._leads.is_marked(sentence)

    def _has_group(self, sentence: Sentence) -> bool:
        known = self._groups.get(sentence.index)
        if known is None:
            found = self._matchers.groups.find(self._annotated.tokens, sentence.first, sentence.last)
            known = self._groups[sentence.index] = next(iter(found), None) is not None
        return known


def _as_numbers(signs: Signs) -> Numbers:
    """Signs that hold as features, categories with their value."""
    numbers: Numbers = {}
    for name, value in signs.items():
        if isinstance(value, str):
            numbers[f"{name}={value}"] = True
        elif value:
            numbers[name] = value
    return numbers


def is_told(candidate: Candidate) -> bool:
    """Whether the candidate tells what became of something, rather than what is to come."""
    return (
        candidate.kind in ("cue", "report")
        or (candidate.kind == "row" and candidate.status is not None)
        or (candidate.status is FollowUpStatus.DROPPED)
    )
