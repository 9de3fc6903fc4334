"""Fates of earlier promises that the form of a verb tells: "has been printed", "is being drafted", "was to be built"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Sentence, Verb
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.candidate import ASKING, Candidate
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.claims import FollowUpStatus

_NOT_TOLD = ("stating", *ASKING)
"""What was said or agreed is no fate."""
DENYING = frozenset({"no", "nobody", "nothing", "neither", "none"})
_LINKS = frozenset({"be", "have", "do"})


def sentences_about_past(
    context: Context, matchers: FollowUpMatchers, leads: Leads, meetings: Sequence[Meeting]
) -> frozenset[int]:
    """The sentences whose paragraph, lead or heading speaks of an earlier meeting, or whose heading or lead is about a review."""
    sentences = context.annotated.sentences
    spoken = {m.sentence for meeting in meetings if not meeting.is_present and not meeting.is_next for m in meeting.mentions}
    spoken |= {m.sentence for meeting in meetings for m in meeting.mentions if m.relation == "previous"}
    blocks = {sentences[index].block for index in spoken}
    cued: dict[int, bool] = {}

    def looks_back(above: Sentence) -> bool:
        if above.index not in cued:
            cues = matchers.cues_in(context.annotated.tokens, above.first, above.last)
            cued[above.index] = above.index in spoken or "review" in cues
        return cued[above.index]

    found: set[int] = set()
    for sentence in sentences:
        lead = leads.lead_of(sentence)
        above = [*leads.headings_of(sentence)[:1], *([lead] if lead is not None else [])]
        if sentence.block in blocks or any(looks_back(other) for other in above):
            found.add(sentence.index)
    return frozenset(found)


def fates_of(context: Context, matchers: FollowUpMatchers, sentence: Sentence, known: Sequence[Candidate]) -> Iterator[Candidate]:
    """Clauses of the sentence that tell a fate and in which no candidate stands yet."""
    annotated = context.annotated
    verbs = annotated.verbs_of(sentence)
    taken = {annotated.clause_at(c.anchor).index for c in known}
    for verb, following in pairwise([*verbs, None]):
        if verb is None or verb.form != "finite" or verb.has(*_NOT_TOLD):
            continue
        clause = annotated.clause_at(verb.start)
        told = _form(verb)
        if told is None or clause.index in taken or clause.kind in ("relative", "parenthesis") or _is_dependent(context, verb):
            continue
        taken.add(clause.index)
        status = _status(context, verb)
        if told == "was_to":
            status = _after(context, matchers, sentence, verb, following)
        start = max(sentence.start, clause.start)
        yield Candidate("cue", sentence, start, clause.end, verb.start, verb, status=status, told_by=told)


def _form(verb: Verb) -> str | None:
    """How the verb's form tells a fate; None where it doesn't."""
    if verb.tense == "past" and verb.modality == "plan":
        return "was_to"
    if verb.modality is not None or verb.lemma in _LINKS:
        return None
    if verb.is_progressive and verb.tense == "present":
        return "progressive"
    if verb.is_perfect and verb.tense == "present":
        return "perfect"
    return "continues" if verb.tense == "present" and verb.has("continuing") else None


def _status(context: Context, verb: Verb) -> FollowUpStatus:
    norms = context.annotated.tokens.norms[context.annotated.clause_at(verb.start).first : verb.first]
    if not DENYING.isdisjoint(norms):
        return FollowUpStatus.OPEN
    if verb.is_progressive or (verb.has("continuing") and not verb.is_perfect):
        return FollowUpStatus.OPEN if verb.is_negated else FollowUpStatus.ONGOING
    return FollowUpStatus.OPEN if verb.is_negated else FollowUpStatus.DONE


def _after(
    context: Context, matchers: FollowUpMatchers, sentence: Sentence, verb: Verb, following: Verb | None
) -> FollowUpStatus:
    """What the words behind "was to" tell, in its sentence or the next one of its paragraph: "and has been", "It did"."""
    annotated = context.annotated
    behind = [(verb.last, sentence.last, following)]
    if sentence.index + 1 < len(annotated.sentences):
        other = annotated.sentences[sentence.index + 1]
        own = annotated.verbs_of(other)
        if other.block == sentence.block and own and own[0].modality != "plan":
            behind.append((other.first, other.last, own[0]))
    for first, last, told in behind:
        phrases = matchers.statuses_in(annotated.tokens, first, last)
        if phrases:
            status = phrases[0].values[0]
            negated = told is not None and told.is_negated and status is FollowUpStatus.DONE
            return FollowUpStatus.OPEN if negated else status
        if told is not None and told.lemma in _LINKS and told.form == "finite":
            return FollowUpStatus.OPEN if told.is_negated else FollowUpStatus.DONE
        if told is not None and _form(told) in ("perfect", "progressive"):
            return _status(context, told)
    return FollowUpStatus.OPEN


def _is_dependent(context: Context, verb: Verb) -> bool:
    """Whether a relative word or a conjunction opens the verb's clause."""
    annotated = context.annotated
    clause = annotated.clause_at(verb.start)
    norms, flags = annotated.tokens.norms, annotated.flags
    return any(flags[i] & (Flag.REL | Flag.SUB) and norms[i] != "that" for i in range(clause.first, verb.first))
