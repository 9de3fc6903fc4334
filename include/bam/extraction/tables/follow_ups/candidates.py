"""What could be a commitment: clauses that say what is to be done, rows of tables of decisions, items whose fate is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Sentence, Verb
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.candidate import ASKING, Candidate, Kind
from bam.extraction.tables.follow_ups.fates import fates_of, sentences_about_past
from bam.extraction.tables.follow_ups.items import ItemFinder
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.extraction.tables.follow_ups.reports import find_reports
from bam.extraction.tables.follow_ups.rows import find_rows
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.claims import FollowUpStatus
from bam.model.text import BlockKind

_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE})
_MAX_ANCHORS = 40
_PARTING = frozenset(("that", ",", ":", ";"))
_MAX_SUBJECT = 9
"""Tokens of the subject of an infinitive."""
_BOUNDARIES = frozenset(";:()")
_JOINTS = frozenset({"and", ";", "while"})
_LEADS_ON = 2
"""Tokens behind a verb of agreeing that only leads on to a list: "agreed to:"."""


def find_candidates(
    context: Context, matchers: FollowUpMatchers, leads: Leads, meetings: Sequence[Meeting] = ()
) -> tuple[Candidate, ...]:
    """All candidates in order of place."""
    found: list[Candidate] = []
    looks_back = sentences_about_past(context, matchers, leads, meetings)
    items = ItemFinder(context, matchers, leads, meetings)
    reports = find_reports(context, matchers)
    told = {report.sentence: report for report in reports}
    skipped = {index for report in reports for index in report.others}
    for row, parts in find_rows(context, matchers):
        sentence = context.annotated.sentences[row.sentence]
        start, end = row.cells[parts.what]
        found.append(Candidate("row", sentence, start, end, start, status=parts.status, row=row, parts=parts))
    decided = {c.sentence.index for c in found}
    for sentence in context.annotated.sentences:
        if sentence.kind is BlockKind.TABLE_ROW and sentence.index not in decided:
            found += [c for c in _of_sentence(context, matchers, leads, sentence) if c.kind == "will"]
        if sentence.kind not in _TEXT or sentence.index in skipped:
            continue
        report = told.get(sentence.index)
        if report is not None:
            found.append(
                Candidate("report", sentence, report.start, report.end, report.start, status=report.status, report=report)
            )
            continue
        of_sentence = _of_sentence(context, matchers, leads, sentence)
        if sentence.index in looks_back:
            of_sentence = _in_order([*of_sentence, *fates_of(context, matchers, sentence, of_sentence)])
        if not of_sentence:
            item = items.item_of(sentence)
            of_sentence = [] if item is None else [item]
        found += of_sentence
    return tuple(sorted(found, key=lambda c: (c.anchor, c.kind)))


def _of_sentence(context: Context, matchers: FollowUpMatchers, leads: Leads, sentence: Sentence) -> list[Candidate]:
    found: list[Candidate] = []
    verbs = context.annotated.verbs_of(sentence)
    for verb in verbs[:_MAX_ANCHORS]:
        candidate = _of_verb(context, matchers, leads, sentence, verb, found)
        if candidate is not None:
            found.append(candidate)
    found += _of_cues(context, matchers, sentence, found)
    return _in_order(found)


def _in_order(found: list[Candidate]) -> list[Candidate]:
    """By place, each with its number in the sentence."""
    found.sort(key=lambda c: c.anchor)
    return [replace(candidate, order=order) if candidate.order != order else candidate for order, candidate in enumerate(found)]


def _of_verb(
    context: Context, matchers: FollowUpMatchers, leads: Leads, sentence: Sentence, verb: Verb, earlier: Sequence[Candidate]
) -> Candidate | None:
    kind, governor, under_noun = _kind(context, matchers, leads, sentence, verb, earlier)
    if kind is None:
        return None
    coordinated = bool(earlier) and governor is not None and earlier[-1].governor is governor
    clause = context.annotated.clause_at(verb.start)
    return Candidate(
        kind, sentence, max(sentence.start, clause.start), sentence.end, verb.start, verb, governor,
        is_coordinated=coordinated, under_noun=under_noun,
    )  # fmt: skip


def _kind(
    context: Context, matchers: FollowUpMatchers, leads: Leads, sentence: Sentence, verb: Verb, earlier: Sequence[Candidate]
) -> tuple[Kind | None, Verb | None, bool]:
    """How the verb speaks of something to be done, with the verb that governs it; None where it doesn't."""
    annotated = context.annotated
    if verb.form == "infinitive":
        governor, under_noun = _governor(context, matchers, sentence, verb, earlier)
        if governor is not None or under_noun or _opens_item(context, leads, sentence, verb):
            return "to", governor, under_noun
        return None, None, False
    if verb.form == "gerund":
        governor = _previous_verb(context, sentence, verb)
        is_act = any(c.verb is governor for c in earlier)
        is_object = governor is not None and not is_act and governor.has(*ASKING) and _leads_to(context, governor, verb)
        return ("to", governor, False) if is_object else (None, None, False)
    if verb.form != "finite":
        return None, None, False
    if verb.tense == "future":
        return "will", _reporter(context, sentence, verb), False
    if verb.modality in ("need", "conditional"):
        return "must", _reporter(context, sentence, verb), False
    has_object = not any(_is_asked_by(context, sentence, v, verb) for v in annotated.verbs_of(sentence))
    if verb.has(*ASKING) and not has_object:
        return None, None, False
    leads_on = sentence.last - verb.last <= _LEADS_ON
    if verb.has("agreeing", "promising", "recommending") and has_object and not verb.is_negated and not leads_on:
        return "agreed", None, False
    is_plain = (
        verb.tense == "present" and not verb.is_perfect and not verb.has("stating") and verb.lemma not in ("be", "have", "do")
    )
    if is_plain and _is_main(context, verb):
        in_list = leads.lead_of(sentence) is not None
        reporter = _reporter(context, sentence, verb)
        if in_list or _is_ahead(context, verb) or (reporter is not None and reporter.has("agreeing", "recommending")):
            return "now", reporter, False
        if _is_undertaking(context, matchers, leads, sentence, verb):
            return "now", reporter, False
    return None, None, False


def _is_asked_by(context: Context, sentence: Sentence, act: Verb, verb: Verb) -> bool:
    """Whether an infinitive or gerund is what a finite verb asks for, so that it is no object by itself."""
    if act.governor is not None:
        return act.governor == verb.index
    if act.form == "infinitive":
        return _ordering(context, sentence, act) is verb
    is_next = act.form == "gerund" and _previous_verb(context, sentence, act) is verb
    return is_next and verb.has("agreeing", "recommending") and _leads_to(context, verb, act)


def _is_undertaking(context: Context, matchers: FollowUpMatchers, leads: Leads, sentence: Sentence, verb: Verb) -> bool:
    """Whether the present tense can tell of an undertaking: a party or all of them act, under a heading about the outcome."""
    annotated = context.annotated
    if verb.is_passive or verb.has("existing"):
        return False
    clause = annotated.clause_at(verb.start)
    tokens = annotated.tokens
    acts = any(p.start < verb.start and p.code for p in annotated.within(annotated.parties, clause))
    acts = acts or next(iter(matchers.groups.find(tokens, clause.first, verb.first)), None) is not None
    headings = leads.headings_of(sentence)[:1]
    return acts and any("outcome" in matchers.cues_in(tokens, h.first, h.last) for h in headings)


def _governor(
    context: Context, matchers: FollowUpMatchers, sentence: Sentence, verb: Verb, earlier: Sequence[Candidate]
) -> tuple[Verb | None, bool]:
    """The verb of agreeing or asking above an infinitive, also where other infinitives stand between; or a noun of promising."""
    annotated, tokens = context.annotated, context.annotated.tokens
    if verb.governor is not None:
        governor = annotated.verbs[verb.governor]
        is_act = any(c.verb is governor for c in earlier)
        return (governor, False) if governor.has(*ASKING) and not is_act else (None, False)
    if verb.modality in ("pledge", "plan", "recommend"):
        return None, True
    ordering = _ordering(context, sentence, verb)
    if ordering is not None and not any(c.verb is ordering for c in earlier):
        return ordering, False
    if earlier and _goes_on(context, sentence, verb, earlier[-1]):
        last = earlier[-1]
        return last.governor, last.governor is None
    noun = next(
        (i for i in range(verb.first - 1, max(sentence.first, verb.first - 9), -1) if tokens.norms[i] in (",", ";")), None
    )
    low = max(sentence.first, verb.first - 8) if noun is None else noun
    if verb.first > low and tokens.norms[verb.first - 1] in matchers.words.binding:
        return None, True
    return None, any(tokens.norms[i] in matchers.words.promising_nouns for i in range(low, verb.first))


def _ordering(context: Context, sentence: Sentence, verb: Verb) -> Verb | None:
    """The verb of agreeing or asking before an infinitive that has a subject of its own: "instructed their staffs to"."""
    other = _previous_verb(context, sentence, verb)
    if other is None or other.form == "infinitive" or not other.has("agreeing", "recommending"):
        return None
    between = context.annotated.tokens.norms[other.last : verb.first]
    return other if len(between) <= _MAX_SUBJECT and _BOUNDARIES.isdisjoint(between) else None


def _goes_on(context: Context, sentence: Sentence, verb: Verb, last: Candidate) -> bool:
    """Whether an infinitive goes on with the one before it, also with a subject of its own: "to open X, and Y to close Z", or
    with "are to": "they are to open X; to close Z".
    """
    tokens, flags = context.annotated.tokens, context.annotated.flags
    if last.verb is None:
        return False
    is_series = last.verb.form in ("infinitive", "gerund") or last.verb.modality == "plan"
    before = tokens.norms[verb.first - 1] if verb.first > sentence.first else ""
    if not is_series or last.kind not in ("to", "will"):
        return False
    if before in (",", ";", "and", "or", ")"):
        return last.verb.form != "finite" or before != ","
    if last.verb.form == "finite" or _previous_verb(context, sentence, verb) is not last.verb:
        return False
    low = max(last.verb.last, verb.first - _MAX_SUBJECT)
    joint = next((i for i in range(verb.first - 1, low, -1) if tokens.norms[i] in _JOINTS), None)
    if joint is None or joint + 1 >= verb.first:
        return False
    return tokens.is_capitalised(joint + 1) or bool(flags[joint + 1] & Flag.DET)


def _leads_to(context: Context, governor: Verb, gerund: Verb) -> bool:
    """Whether a gerund is what was agreed or asked: "agreed on opening", "committed themselves to opening", "charged X with"."""
    norms = context.annotated.tokens.norms
    if gerund.first - governor.last <= 2:
        return True
    between = norms[governor.last : gerund.first]
    is_near = len(between) <= _MAX_SUBJECT and governor.has("agreeing", "recommending")
    return is_near and between[-1] in ("to", "with", "on") and _BOUNDARIES.isdisjoint(between) and "," not in between


def _opens_item(context: Context, leads: Leads, sentence: Sentence, verb: Verb) -> bool:
    """Whether the infinitive opens a list item ("to develop ...") or follows its owner ("Albania to harmonize ...")."""
    if sentence.kind is not BlockKind.LIST_ITEM:
        return False
    inside = context.annotated.verbs_of(sentence)
    return inside[0] is verb


def _previous_verb(context: Context, sentence: Sentence, verb: Verb) -> Verb | None:
    index = verb.index - 1
    verbs = context.annotated.verbs
    return verbs[index] if index >= 0 and verbs[index].start >= sentence.start else None


def _reporter(context: Context, sentence: Sentence, verb: Verb) -> Verb | None:
    """The verb of saying or agreeing whose "that" clause this is."""
    annotated, tokens = context.annotated, context.annotated.tokens
    for index in range(verb.index - 1, max(-1, verb.index - 5), -1):
        other = annotated.verbs[index]
        if other.start < sentence.start:
            return None
        if other.form == "finite" and other.has("stating", *ASKING) and verb.first - other.last <= 25:
            between = tokens.norms[other.last : verb.first]
            if "that" in between or other.has("stating") or ":" in between:
                return other
    return None


def _is_main(context: Context, verb: Verb) -> bool:
    """Whether no relative word or "if" stands between the clause's beginning and the verb, and no other verb whose object it may
    be: in "will open the new post every year" the post is none.
    """
    annotated = context.annotated
    clause = annotated.clause_at(verb.start)
    norms, flags = annotated.tokens.norms, annotated.flags
    other = next((v for v in reversed(annotated.verbs_of(clause)) if v.last <= verb.first), None)
    if other is not None and not any(flags[i] & Flag.COORD or norms[i] in _PARTING for i in range(other.last, verb.first)):
        return False
    return not any(
        flags[i] & (Flag.REL | Flag.SUB) and norms[i] not in ("that", "as", "since", "after", "before", "until")
        for i in range(clause.first, verb.first)
    )


def _is_ahead(context: Context, verb: Verb) -> bool:
    """Whether the clause has a date behind the publication or a deadline."""
    annotated = context.annotated
    published = annotated.publication.date
    clause = annotated.clause_at(verb.start)
    for date in annotated.within(annotated.dates, clause):
        if date.role == "deadline" or (published is not None and date.value > published[: len(date.value)]):
            return True
    return False


def _of_cues(context: Context, matchers: FollowUpMatchers, sentence: Sentence, verbs: Sequence[Candidate]) -> Iterator[Candidate]:
    """Clauses that tell what became of something."""
    annotated, tokens = context.annotated, context.annotated.tokens
    taken: set[int] = set()
    for match in matchers.statuses_in(tokens, sentence.first, sentence.last):
        offset = tokens.starts[match.first]
        clause = annotated.clause_at(offset)
        near = next((v for v in reversed(annotated.verbs_of(sentence)) if v.first - 1 <= match.first <= v.last + 3), None)
        if near is None or near.form == "infinitive" or clause.index in taken:
            continue
        status = match.values[0]
        ahead = near.tense == "future" or near.modality is not None
        if ahead and status is not FollowUpStatus.DROPPED:
            continue
        if any(abs(c.verb.first - match.first) <= 3 for c in verbs if c.verb is not None):
            continue
        if near.is_negated and status is FollowUpStatus.DONE:
            status = FollowUpStatus.OPEN
        taken.add(clause.index)
        start = _subject_start(context, sentence, clause.start)
        yield Candidate("cue", sentence, start, max(clause.end, tokens.ends[match.last - 1]), offset, near, status=status)


def _subject_start(context: Context, sentence: Sentence, start: int) -> int:
    """Back over a relative clause to the subject: "The road, which X paid for, has been rebuilt"."""
    annotated = context.annotated
    clauses = annotated.clauses_of(sentence)
    position = next((i for i, c in enumerate(clauses) if c.start <= start < c.end), 0)
    while position > 0:
        clause, before = clauses[position], clauses[position - 1]
        opens_new = annotated.flags[clause.first] & Flag.COORD or annotated.tokens.norms[clause.first - 1] in (";", ":")
        own_subject = annotated.verbs_of(clause)[:1] and annotated.verbs_of(clause)[0].first > clause.first + 1
        if opens_new or (own_subject and before.kind not in ("parenthesis",) and position > 1):
            break
        position -= 1
    return clauses[position].start if clauses else start
