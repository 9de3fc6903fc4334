"""From a document to its follow-ups."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from bam.extraction.confidence import confidence, log_odds
from bam.extraction.context import Context
from bam.extraction.evidence import all_evidence, evidence
from bam.extraction.merge import group, most_exact, union
from bam.extraction.ranker.model import Ranker, load_ranker
from bam.extraction.registry import Found
from bam.extraction.resources import Resources
from bam.extraction.result import PassedOver
from bam.extraction.tables.follow_ups.candidate import Candidate
from bam.extraction.tables.follow_ups.candidates import find_candidates
from bam.extraction.tables.follow_ups.draft import Draft, Span, drafts_of
from bam.extraction.tables.follow_ups.due import due_of
from bam.extraction.tables.follow_ups.features import FeatureReader, is_told
from bam.extraction.tables.follow_ups.leads import Leads, find_leads
from bam.extraction.tables.follow_ups.links import MeetingLinker
from bam.extraction.tables.follow_ups.meetings import Meeting, find_meetings
from bam.extraction.tables.follow_ups.parties import PartyReader
from bam.extraction.tables.follow_ups.status import status_of
from bam.extraction.tables.follow_ups.words import FollowUpMatchers, matchers_of
from bam.model.claims import Fact, FollowUpStatus, FollowUpValues, Reason, Table

ACCEPT, PARTY, MEETING = "follow_ups_accept", "follow_ups_party", "follow_ups_meeting"
_SAME_WORDS = 0.75
_LIKELY = 0.2
_MOST_SIGNS = 4
_ACCEPT = 0.45
"""Where precision and recall balance in cross-validation."""
_BY_FORM = 0.88
"""Share of the rows of tables of decisions that are commitments, in the annotated documents."""
_KINDS = {
    "will": "it says what will be done",
    "must": "it says what should be done",
    "to": "it stands behind a verb of agreeing or asking, or in a list of what is to be done",
    "now": "it is an item of what was agreed",
    "agreed": "it is the object of a verb of agreeing",
    "cue": "it tells what became of a promise",
    "report": "it is an item whose fate is told",
    "item": "it is a line of what was agreed, or tells of the next meeting",
    "row": "it is a row of a table of decisions",
}


@dataclass(frozen=True, slots=True)
class Models:
    """The rankers; None where there is no trained one and rules decide alone."""

    accept: Ranker | None
    party: Ranker | None
    meeting: Ranker | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One document with everything that the steps share."""

    context: Context
    matchers: FollowUpMatchers
    leads: Leads
    meetings: tuple[Meeting, ...]
    candidates: tuple[Candidate, ...]
    features: FeatureReader
    parties: PartyReader
    linker: MeetingLinker


def load_models() -> Models:
    """The shipped rankers."""
    return Models(load_ranker(ACCEPT), load_ranker(PARTY), load_ranker(MEETING))


def read(context: Context, resources: Resources) -> Reading:
    """Find meetings and candidates."""
    matchers = resources.get(matchers_of)
    leads = find_leads(context, matchers)
    meetings = find_meetings(context, matchers)
    candidates = find_candidates(context, matchers, leads, meetings) if meetings else ()
    features = FeatureReader(context, matchers, leads, meetings)
    features.take(candidates)
    return Reading(
        context,
        matchers,
        leads,
        meetings,
        candidates,
        features,
        PartyReader(context, matchers, leads, meetings),
        MeetingLinker(context, leads, meetings),
    )


def find(context: Context, resources: Resources, models: Models | None = None) -> Found:
    """The follow-ups of a document, and the candidates that were passed over."""
    models = models or load_models()
    reading = read(context, resources)
    accepted: list[tuple[Candidate, float]] = []
    passed: list[PassedOver] = []
    for candidate in reading.candidates:
        probability = _probability(reading, candidate, models)
        if probability >= _ACCEPT:
            accepted.append((candidate, probability))
        elif probability >= _LIKELY:
            against = ", ".join(sign.code for sign in _signs(reading, candidate, models) if sign.weight < 0)
            text = "it reads like a plan or report, but not like what a conference agreed" + (f" ({against})" if against else "")
            passed.append(PassedOver(Table.FOLLOW_UPS, candidate.anchor, candidate.end, "no_commitment", text))
    drafts = drafts_of(context, accepted)
    parties = _shared_parties(reading, drafts, [reading.parties.best(draft, models.party) for draft in drafts])
    facts = [_fact(reading, draft, actors, models) for draft, actors in zip(drafts, parties, strict=True)]
    return Found(tuple(_merged(facts)), tuple(passed))


def _shared_parties(reading: Reading, drafts: Sequence[Draft], parties: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Parties for every draft: where none were found for an infinitive, those of the one before it in its sentence or list."""
    result: list[tuple[str, ...]] = []
    for index, (draft, own) in enumerate(zip(drafts, parties, strict=True)):
        if not own and index and draft.candidate.kind == "to" and _goes_on(reading, drafts[index - 1], draft):
            own = result[-1]
        result.append(own)
    return result


def _goes_on(reading: Reading, before: Draft, draft: Draft) -> bool:
    one, other = before.candidate.sentence, draft.candidate.sentence
    if one is other:
        return True
    lead = reading.leads.lead_of(other)
    return lead is not None and reading.leads.lead_of(one) is lead and before.candidate.kind == "to"


def _probability(reading: Reading, candidate: Candidate, models: Models) -> float:
    """How likely the candidate is a commitment. Rows are by their form; without a ranker the governor and the form decide."""
    if candidate.kind in ("row", "report"):
        return _BY_FORM
    if models.accept is None:
        return 0.7 if candidate.governor is not None or candidate.kind in ("row", "report") else 0.3
    return models.accept.probabilities(reading.features.of(candidate)).get("yes", 0.0)


def _fact(reading: Reading, draft: Draft, parties: tuple[str, ...], models: Models) -> Fact:
    context = reading.context
    meeting = reading.linker.best(draft, models.meeting)
    candidate = draft.candidate
    quote = evidence(context.annotated, draft.start, draft.end)
    others = [evidence(context.annotated, s.start, s.end) for s in _told_by(context, candidate)]
    said = " ".join(context.text[draft.said.start : draft.said.end].split()).strip(" ,;:.")
    signs = _signs(reading, candidate, models)
    rest = round(log_odds(draft.probability) - sum(sign.weight for sign in signs), 3)
    reasons = [Reason(candidate.kind, _KINDS[candidate.kind], rest), *signs]
    if meeting is not None:
        where = "the conference that the document reports on" if meeting.is_present else "a conference named beside it"
        reasons.append(Reason("conference", f"it came out of {where}", 0.0))
    due = due_of(reading.context, reading.matchers, reading.leads, draft, meeting)
    status = status_of(draft)
    if due is not None:
        reasons.append(Reason("due", "its clause, cell or list says by when", 0.0))
    if is_told(candidate):
        reasons.append(Reason("told", "the text says what became of it", 0.0))
    values = FollowUpValues(
        conference=meeting.name if meeting else "",
        commitment=said or quote.quote,
        conference_date=meeting.date if meeting else None,
        conference_place=meeting.place if meeting else None,
        parties=parties,
        due=due,
        status=status,
    )
    return Fact(Table.FOLLOW_UPS, values, all_evidence(quote, others), confidence(reasons), tuple(reasons))


def _signs(reading: Reading, candidate: Candidate, models: Models) -> list[Reason]:
    """What the ranker saw that says most for or against it; nothing for what its form alone decides."""
    if models.accept is None or candidate.kind in ("row", "report"):
        return []
    parts = models.accept.explain(reading.features.of(candidate), "yes", _MOST_SIGNS)
    text = "{} speaks {} a commitment"
    return [Reason(n, text.format(n.replace("_", " "), "for" if w > 0 else "against"), round(w, 3)) for n, w in parts]


def _told_by(context: Context, candidate: Candidate) -> list[Span]:
    """The places that tell the fate of an item: the sentences behind it, the cell of its row."""
    if candidate.report is not None:
        sentences = [context.annotated.sentences[i] for i in candidate.report.others[:1]]
        return [Span(s.start, s.end) for s in sentences]
    if candidate.row is not None and candidate.parts is not None and candidate.parts.state is not None:
        cells = candidate.row.cells
        if candidate.parts.state < len(cells) and cells[candidate.parts.state][0] < cells[candidate.parts.state][1]:
            return [Span(*cells[candidate.parts.state])]
    return []


def _merged(facts: Sequence[Fact]) -> Iterable[Fact]:
    """One fact for what is said twice of the same conference: the first, with the dates and evidence of all."""
    read = [(fact, _words(fact)) for fact in facts]
    for members in group(read, _keys, _same):
        same = [fact for fact, _ in members]
        first = same[0]
        if len(same) == 1:
            yield first
            continue
        values = [_values(fact) for fact in same]
        best = values[0]
        merged = FollowUpValues(
            conference=best.conference,
            commitment=best.commitment,
            conference_date=best.conference_date,
            conference_place=best.conference_place,
            parties=union(v.parties for v in values[:1]) or union(v.parties for v in values),
            due=best.due or most_exact(v.due for v in values),
            status=next((v.status for v in values if v.status is not FollowUpStatus.OPEN), best.status),
        )
        quotes = all_evidence(first.evidence[0], [e for fact in same for e in fact.evidence])
        reasons = (*first.reasons, Reason("repeated", "the document says it more than once", 0.3))
        yield Fact(Table.FOLLOW_UPS, merged, quotes, confidence(reasons), reasons)


def _values(fact: Fact) -> FollowUpValues:
    assert isinstance(fact.values, FollowUpValues)
    return fact.values


def _words(fact: Fact) -> frozenset[str]:
    return frozenset(word for word in _values(fact).commitment.lower().split() if len(word) > 3)


def _keys(item: tuple[Fact, frozenset[str]]) -> list[Hashable]:
    values = _values(item[0])
    return [(values.conference, values.conference_date, word) for word in sorted(item[1])]


def _same(one: tuple[Fact, frozenset[str]], other: tuple[Fact, frozenset[str]]) -> bool:
    a, b = one[1], other[1]
    return len(a & b) >= _SAME_WORDS * max(len(a), len(b), 1) and _values(one[0]).parties == _values(other[0]).parties
