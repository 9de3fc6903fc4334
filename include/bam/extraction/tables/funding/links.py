"""When a sum was given and under which programme: mentions around it as candidates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bam.extraction.annotate.model import Date, Money, ProgrammeMention, Spanned
from bam.extraction.cells import above_cell, cell_signs, is_other_row, over_table
from bam.extraction.context import Context, distance
from bam.extraction.roles import Numbers, mood

_EARLIER_SENTENCES = 2
_FAR = 400
_OPENING_SENTENCES = 4
_OPENING_DATES = 3
"""Sentences at the top of a document whose dates can be those of any sum: the event that it reports."""


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date that can be that of a sum; `value` None stands for "the document doesn't say"."""

    value: str | None
    mention: Date | None
    via: str


@dataclass(frozen=True, slots=True)
class ProgrammeCandidate:
    """A programme that a sum can belong to; `code` None stands for none."""

    code: str | None
    mention: ProgrammeMention | None
    via: str


def date_candidates(context: Context, money: Money) -> list[DateCandidate]:
    """None, the publication's date, the first conference's, those of the sum's sentence and of those before and above it, of its
    column's head and its table's caption, and those of the top of the document.
    """
    annotated = context.annotated
    sentence = annotated.sentence_at(money.start)
    found: list[DateCandidate] = [DateCandidate(None, None, "none")]
    if annotated.publication.date is not None:
        found.append(DateCandidate(annotated.publication.date, None, "publication"))
    conferences = annotated.heads_of("conference")
    if conferences:
        held = context.nearest(annotated.dates, conferences[0])
        if held is not None:
            found.append(DateCandidate(held.value, held, "conference"))
    for step in range(_EARLIER_SENTENCES + 1):
        if sentence.index >= step:
            near = annotated.sentences[sentence.index - step]
            if is_other_row(annotated, money.start, near):
                continue
            found += [DateCandidate(d.value, d, f"earlier{step}") for d in annotated.within(annotated.dates, near)]
    for via, above in (("lead", sentence.lead), ("section", sentence.section)):
        if above is not None:
            heading = annotated.sentences[above]
            found += [DateCandidate(d.value, d, via) for d in annotated.within(annotated.dates, heading)]
    found += [DateCandidate(d.value, d, "column") for d in above_cell(annotated, money.start, annotated.dates)]
    found += [DateCandidate(d.value, d, "caption") for d in over_table(annotated, money.start, annotated.dates)]
    known = {candidate.mention.index for candidate in found if candidate.mention is not None}
    for opening in annotated.sentences[:_OPENING_DATES]:
        dates = annotated.within(annotated.dates, opening)
        found += [DateCandidate(d.value, d, "opening") for d in dates if d.index not in known and opening.index < sentence.index]
    return found


def date_features(context: Context, money: Money, candidate: DateCandidate, told: Iterable[str]) -> Numbers:
    """How a date stands to a sum: place, role, precision, and the verbs of its clause. `told` is what the text says of the sum:
    what is news has the day of the news, what was "since 1992" has none.
    """
    annotated = context.annotated
    sentence, clause = annotated.sentence_at(money.start), annotated.clause_at(money.start)
    features: Numbers = {f"via={candidate.via}": True}
    features.update(dict.fromkeys([f"{candidate.via}&{sign}" for sign in told], True))
    dates_here = annotated.within(annotated.dates, sentence)
    if candidate.mention is None:
        features[f"{candidate.via}&dates_in_clause"] = bool(annotated.within(annotated.dates, clause))
        features[f"{candidate.via}&dates_in_sentence"] = bool(dates_here)
        features[f"{candidate.via}&kind={sentence.kind}"] = True
        for verb in annotated.verbs_of(clause):
            features[f"{candidate.via}&{mood(verb)}"] = True
        features[f"{candidate.via}&early"] = sentence.index < 5
        return features
    date = candidate.mention
    features |= {
        f"role={date.role}": True,
        f"precision={date.precision}": True,
        "same_clause": annotated.clause_at(date.start).index == clause.index,
        "is_before": date.start < money.start,
        "closeness": 1 - min(1.0, distance(date, money) / _FAR),
        "is_relative": date.is_relative,
        "is_fiscal": date.is_fiscal,
        "is_only": len(dates_here) == 1 and candidate.via == "earlier0",
        "is_future": annotated.publication.date is not None and date.value > annotated.publication.date,
        "is_range": date.until is not None,
        "is_deadline": date.due is not None,
        "is_nearest": all(distance(other, money) >= distance(date, money) for other in dates_here),
    }
    for verb in annotated.verbs_of(annotated.clause_at(date.start)):
        features[f"verb:{mood(verb)}"] = True
        for name in verb.classes:
            features[f"verb={name}"] = True
    return features | _date_signs(context, money, date, candidate.via) | cell_signs(annotated, money.start, date)


def _date_signs(context: Context, money: Money, date: Date, via: str) -> Numbers:
    """The word before a date, how long before the publication it is, and whether another sum stands nearer to it."""
    annotated = context.annotated
    tokens, published = annotated.tokens, annotated.publication.date
    index = tokens.index_at(date.outer_start)
    word = tokens.norms[index] if index < tokens.index_at(date.start) else tokens.norms[max(0, index - 1)]
    age = "unknown" if published is None else str(max(-1, min(4, int(published[:4]) - int(date.value[:4]))))
    rival = any(
        other is not money and distance(date, other) < distance(date, money)
        for other in annotated.within(annotated.money, annotated.sentence_at(date.start))
    )
    return {
        f"before={word}": True,
        f"{via}&before={word}": True,
        f"age={age}": True,
        f"{via}&age={age}": True,
        f"{via}&rival={rival}": True,
        f"{via}&precision={date.precision}": True,
        f"{via}&role={date.role}": True,
        f"published={published == date.value}": True,
    }


def programme_candidates(context: Context, money: Money) -> list[ProgrammeCandidate]:
    """The programmes of the sum's sentence, of its table's caption, the one that the sentence comes back to, the last one before,
    the topic's, none.
    """
    annotated = context.annotated
    sentence = annotated.sentence_at(money.start)
    found = [ProgrammeCandidate(None, None, "none")]
    found += [ProgrammeCandidate(p.code, p, "sentence") for p in annotated.within(annotated.programmes, sentence)]
    found += [ProgrammeCandidate(p.code, p, "caption") for p in over_table(annotated, money.start, annotated.programmes)]
    returned = context.programme_at(money)
    if returned is not None:
        found.append(ProgrammeCandidate(returned.code, returned, "returned"))
    before = annotated.before(annotated.programmes, sentence.start, 1)
    found += [ProgrammeCandidate(p.code, p, "before") for p in before]
    if context.topic.programme is not None:
        found.append(ProgrammeCandidate(context.topic.programme.code, context.topic.programme, "topic"))
    seen: set[str | None] = set()
    return [c for c in found if not (c.code in seen or seen.add(c.code))]  # type: ignore[func-returns-value]


def programme_features(context: Context, money: Money, candidate: ProgrammeCandidate) -> Numbers:
    """How a programme stands to a sum, and how much of the document is about it."""
    annotated = context.annotated
    sentence, clause = annotated.sentence_at(money.start), annotated.clause_at(money.start)
    here = annotated.within(annotated.programmes, sentence)
    topic = context.topic.programme
    features: Numbers = {f"via={candidate.via}": True, f"via={candidate.via}&some_here={bool(here)}": True}
    share = sum(p.code == topic.code for p in annotated.programmes) / len(annotated.programmes) if topic else 0.0
    codes = {p.code for p in annotated.programmes}
    features[f"{candidate.via}&topic_share"] = share
    features[f"{candidate.via}&single"] = len(codes) == 1
    features[f"{candidate.via}&kind={sentence.kind}"] = True
    features |= _donor_fit(context, candidate, sentence, clause)
    if candidate.mention is None:
        features["none&topic"] = topic is not None
        features["none&known_topic"] = topic is not None and topic.is_known
        return features
    mention = candidate.mention
    block = annotated.block_of(sentence)
    opening = annotated.programmes[0]
    of_code = [p for p in annotated.programmes if p.code == mention.code]
    early = annotated.sentence_at(of_code[0].start).index < _OPENING_SENTENCES
    features |= {
        "share_of_mentions": len(of_code) / len(annotated.programmes),
        "in_opening": early,
        f"{candidate.via}&in_opening": early,
        f"{candidate.via}&many": len(of_code) > 2,
    }
    features |= {
        "is_known": mention.is_known,
        "is_topic": topic is not None and topic.code == candidate.code,
        "same_clause": annotated.clause_at(mention.start).index == clause.index,
        "same_block": mention.start >= block.start,
        "is_before": mention.start < money.start,
        "closeness": 1 - min(1.0, distance(mention, money) / _FAR),
        "in_title": annotated.sentence_at(opening.start).kind == "title" and mention.code == opening.code,
    }
    return features | cell_signs(annotated, money.start, mention)


def _donor_fit(context: Context, candidate: ProgrammeCandidate, sentence: Spanned, clause: Spanned) -> Numbers:
    """Whether those who finance a programme, or others who give, are named beside the sum."""
    annotated = context.annotated
    programme = candidate.mention or context.topic.programme
    own = set(programme.donors) if programme is not None else set()
    features: Numbers = {}
    for name, span in (("clause", clause), ("sentence", sentence)):
        named = {party.code for party in annotated.within(annotated.parties, span) if party.is_donor}
        fit = "nobody" if not named else "unknown" if not own else "own" if named & own else "other"
        features |= {f"donors_in_{name}={fit}": True, f"{candidate.via}&donors_in_{name}={fit}": True}
    return features
