"""Features of an event for the rankers."""

from __future__ import annotations

from bam.extraction.annotate.model import Date, Head, PersonCount, PlaceMention
from bam.extraction.context import Context, distance
from bam.extraction.roles import Numbers, mood
from bam.extraction.tables.workshops.events import Event, sentences_of

_WINDOW = 6
_LEAST_LETTERS = 3
_FAR = 400


def event_features(context: Context, event: Event) -> Numbers:
    """What tells an event of the table from a mere word about training, and how far it has come."""
    annotated = context.annotated
    main = event.main
    sentence, clause = annotated.sentence_at(main.start), annotated.clause_at(main.start)
    features: Numbers = {
        f"kind={sentence.kind}": True,
        f"block={annotated.block_of(sentence).kind}": True,
        "mentions": float(min(3, len(event.mentions))),
        "is_verb": not isinstance(main, Head),
        "has_title": bool(annotated.within(annotated.titles, sentence)),
        "programme": bool(annotated.within(annotated.programmes, sentence)),
        "topic_programme": context.topic.programme is not None,
        "donor_in_sentence": any(party.is_donor for party in annotated.within(annotated.parties, sentence)),
        "party_in_sentence": bool(annotated.within(annotated.parties, sentence)),
        "other_heads": float(min(3, len(annotated.within(annotated.heads, sentence)) - 1)),
        "early": sentence.index < 5,
    }
    if isinstance(main, Head):
        features |= _head_features(main)
    for prefix, span in (("c", clause), ("s", sentence)):
        persons = annotated.within(annotated.persons, span)
        dates = annotated.within(annotated.dates, span)
        features[f"{prefix}.persons"] = bool(persons)
        features[f"{prefix}.place"] = bool(annotated.within(annotated.places, span))
        features[f"{prefix}.dates"] = bool(dates)
        for date in dates:
            features[f"{prefix}.date={date.precision}"] = True
            features[f"{prefix}.role={date.role}"] = True
        for verb in annotated.verbs_of(span):
            features[f"{prefix}:{mood(verb)}"] = True
            for name in verb.classes:
                features[f"{prefix}={name}"] = True
                if prefix == "c":
                    features[f"c={name}/{mood(verb)}"] = True
    features |= _words(context, event)
    trainings = annotated.heads_of("training")
    features["document_trainings"] = min(1.0, 40 * len(trainings) / max(1, len(annotated.tokens)))
    return features


def _head_features(head: Head) -> Numbers:
    features: Numbers = {
        f"lemma={head.lemma}": True,
        f"determiner={head.determiner}": True,
        "is_plural": head.is_plural,
        "is_weak": head.is_weak,
        "is_counted": head.count is not None,
        "is_proper": head.proper is not None,
        f"state={head.state}": True,
        "has_place": head.place is not None,
    }
    features |= {f"modifier={modifier}": True for modifier in head.modifiers}
    return features


def _words(context: Context, event: Event) -> Numbers:
    annotated = context.annotated
    tokens = annotated.tokens
    sentence = annotated.sentence_at(event.main.start)
    first, last = tokens.span(event.main.start, event.main.end)
    before = tokens.norms[max(sentence.first, first - _WINDOW) : first]
    behind = tokens.norms[last : min(sentence.last, last + _WINDOW)]
    features: Numbers = {f"previous={before[-1] if before else ''}": True, f"next={behind[0] if behind else ''}": True}
    for norm in {*before, *behind}:
        if norm.isalpha() and len(norm) >= _LEAST_LETTERS:
            features[f"w={norm}"] = True
    return features


def link_features(context: Context, event: Event, item: Date | PlaceMention | PersonCount) -> Numbers:
    """How a date, place or number of people stands to an event."""
    annotated = context.annotated
    main = event.main
    sentence = annotated.sentence_at(item.start)
    sentences = sentences_of(context, event)
    steps = min((sentence.index - annotated.sentence_at(m.start).index for m in event.mentions), key=abs)
    tokens = annotated.tokens
    first, _ = tokens.span(item.start, item.end)
    features: Numbers = {
        f"steps={max(-3, min(3, steps))}": True,
        "in_mention": any(sentence.start == one.start for one in sentences),
        "same_clause": annotated.clause_at(item.start).index == annotated.clause_at(main.start).index,
        "is_before": item.start < main.start,
        "closeness": 1 - min(1.0, distance(item, main) / _FAR),
        f"preposition={tokens.norms[first - 1] if first > sentence.first else ''}": True,
        f"kind={sentence.kind}": True,
        "rivals": float(min(3, len(annotated.within(annotated.heads, sentence)))),
    }
    for verb in annotated.verbs_of(annotated.clause_at(item.start)):
        for name in verb.classes:
            features[f"verb={name}"] = True
    if isinstance(item, Date):
        features |= {
            f"precision={item.precision}": True,
            f"role={item.role}": True,
            "is_range": item.until is not None,
            "is_relative": item.is_relative,
        }
    elif isinstance(item, PlaceMention):
        features |= {f"place={item.kind}": True, "weight": item.weight, "is_dateline": item.is_dateline}
    else:
        features |= {f"noun={item.noun}": True, "has_parties": bool(item.parties), f"bound={item.bound}": True}
    return features
