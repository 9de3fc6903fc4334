"""Features of a mention: whether it tells of an event of the table, and how far that has come."""

from __future__ import annotations

from collections.abc import Sequence

from bam.extraction.annotate.model import Date, Head, Sentence, Spanned, Verb
from bam.extraction.ranker import Features
from bam.extraction.roles import Numbers, mood
from bam.extraction.tables.workshops.mentions import Mention, Scene
from bam.extraction.wording import wording
from bam.model.text import BlockKind

_WINDOW = 6
_LEAST_LETTERS = 3
_NEAR = 600
_SIBLINGS = 8
_TELLING = frozenset({"teaching", "learning", "attending"})
_TOLD = (
    "people", "exact_dates", "place", "length", "has_title", "sign=giving", "sign=attending", "sign=teaching", "sign=starting",
)  # fmt: skip
_CROWD, _HANDFUL = 1500, 4
_OPENING = 8


def mention_features(scene: Scene, mention: Mention) -> Numbers:
    """What tells an event from a mere word about training, or from people and days of other things."""
    context = scene.context
    annotated = context.annotated
    sentence, stretch = mention.sentence, mention.stretch
    persons, bare = annotated.within(annotated.persons, stretch), annotated.within(scene.bare, stretch)
    features: Numbers = {
        f"mention={mention.kind}": True,
        f"kind={sentence.kind}": True,
        f"block={annotated.block_of(sentence).kind}": True,
        "persons": bool(persons),
        "many_persons": len(persons) > 1,
        "crowd": any(person.count > _CROWD for person in persons),
        "handful": bool(persons) and all(person.count <= _HANDFUL for person in persons),
        "bare": bool(bare),
        "length": bool(annotated.within(scene.lengths, stretch)),
        "people": bool(persons or bare),
        "place": bool(annotated.within(annotated.places, stretch)),
        "money": bool(annotated.within(annotated.money, stretch)),
        "has_title": bool(annotated.within(annotated.titles, stretch)),
        "programme": bool(annotated.within(annotated.programmes, stretch)),
        "topic_programme": context.topic.programme is not None,
        "parties": float(min(4, len(annotated.within(annotated.parties, stretch)))),
        "donor": any(party.is_donor for party in annotated.within(annotated.parties, stretch)),
        "facility": any(head.kind == "facility" for head in annotated.within(annotated.heads, stretch)),
        "conference": any(head.kind == "conference" for head in annotated.within(annotated.heads, stretch)),
        "words": min(1.0, (stretch.end - stretch.start) / 300),
        "early": sentence.index < 5,
    }
    features |= _dates(annotated.within(annotated.dates, stretch), annotated.publication.date)
    features |= _signs(scene, mention)
    features |= _verbs(scene, mention)
    features |= _surroundings(scene, mention)
    if mention.head is not None:
        features |= _head(mention.head)
    features |= _ellipsis(scene, mention)
    features |= _words(scene, mention)
    _join(features, mention)
    return features


def _join(features: Numbers, mention: Mention) -> None:
    """How many of the things that an event has are told: people, a day, a place, a giver, somebody who comes."""
    told = (
        "people",
        "exact_dates",
        "place",
        "length",
        "has_title",
        "sign=giving",
        "sign=attending",
        "sign=teaching",
        "sign=starting",
    )
    count = sum(bool(features.get(name)) for name in told)
    features["told"] = float(count)
    for name in ("people", "exact_dates", "place", "length", "sign=attending", "sign=teaching"):
        if features.get(name):
            features[f"{mention.kind}&{name}"] = True


def _dates(dates: Sequence[Date], published: str | None) -> Numbers:
    features: Numbers = {"dates": bool(dates), "exact_dates": any(date.precision == "day" for date in dates)}
    for date in dates:
        features[f"date={date.precision}"] = True
        features[f"role={date.role}"] = True
        if date.until is not None and date.until != date.value:
            features["range"] = True
        if published is not None and date.role != "deadline":
            length = min(len(published), len(date.value))
            side = (
                "ahead"
                if date.value[:length] > published[:length]
                else "past"
                if date.value[:length] < published[:length]
                else "now"
            )
            features[f"when={side}"] = True
    return features


def _signs(scene: Scene, mention: Mention) -> Numbers:
    """Which groups of words tell of training in the stretch, and how many do."""
    annotated = scene.context.annotated
    groups: dict[str, int] = {}
    for sign in annotated.within(scene.signs, mention.stretch):
        if mention.start <= sign.start < mention.end and mention.head is not None:
            continue
        for group in sign.groups:
            groups[group] = groups.get(group, 0) + 1
    features: Numbers = {f"sign={group}": float(min(3, count)) for group, count in groups.items()}
    features["signs"] = float(min(6, len(groups)))
    return features


def _verbs(scene: Scene, mention: Mention) -> Numbers:
    annotated = scene.context.annotated
    features: Numbers = {}
    clause = annotated.clause_at(mention.start)
    main = main_verb(scene, mention)
    if main is not None:
        features[f"v:{mood(main)}"] = True
        features[f"v.lemma={main.lemma}"] = True
        people = [*annotated.within(annotated.persons, mention.stretch), *annotated.within(scene.bare, mention.stretch)]
        features["people_act"] = any(person.start < main.start for person in people)
        features["people_behind"] = any(person.start > main.start for person in people)
        features["v:passive"] = main.is_passive
        for name in main.classes:
            features[f"v={name}"] = True
            features[f"v={name}/{mood(main)}"] = True
    for prefix, span in (("c", clause), ("s", mention.stretch)):
        for verb in annotated.verbs_of(span):
            features[f"{prefix}:{mood(verb)}"] = True
            for name in verb.classes:
                features[f"{prefix}={name}"] = True
    return features


def main_verb(scene: Scene, mention: Mention) -> Verb | None:
    """The finite verb nearest to the mention in its clause, else in its stretch."""
    annotated = scene.context.annotated
    for span in (annotated.clause_at(mention.start), mention.stretch):
        finite = [verb for verb in annotated.verbs_of(span) if verb.form == "finite"]
        if finite:
            return min(finite, key=lambda verb: (abs(verb.start - mention.start), verb.start))
    return None


def _surroundings(scene: Scene, mention: Mention) -> Numbers:
    """How much the document, the sentence before and the heading above speak of training."""
    annotated = scene.context.annotated
    sentence = mention.sentence
    before = annotated.before(scene.heads, mention.start, 1)
    behind = annotated.behind(scene.heads, mention.end, 1)
    features: Numbers = {
        "document_trainings": min(1.0, 40 * len(scene.heads) / max(1, len(annotated.tokens))),
        "trained_before": _closeness(before[0], mention) if before else 0.0,
        "trained_after": _closeness(behind[0], mention) if behind else 0.0,
        "first_of_block": sentence.index == 0 or annotated.sentences[sentence.index - 1].block != sentence.block,
        "other_heads": float(min(3, len(annotated.within(scene.heads, sentence)))),
        "title.trained": scene.spots[0].trained,
        "document_teaching": min(1.0, 20 * scene.shares.get("teaching", 0.0)),
        "document_domain": min(1.0, 15 * scene.shares.get("domain", 0.0)),
    }
    features |= _around(scene, sentence)
    features |= _siblings(scene, sentence)
    features |= _row(scene, sentence)
    return features


def _siblings(scene: Scene, sentence: Sentence) -> Numbers:
    """How many of the items or rows beside this one name trainings or people."""
    if sentence.kind not in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return {}
    low, high = max(0, sentence.index - _SIBLINGS), sentence.index + _SIBLINGS + 1
    near = scene.context.annotated.sentences[low:high]
    others = [scene.spots[s.index] for s in near if s.kind is sentence.kind and s is not sentence]
    share = 1 / max(1, len(others))
    return {
        "siblings.trained": share * sum(spot.trained for spot in others),
        "siblings.people": share * sum(spot.people for spot in others),
        "siblings.dates": share * sum(spot.dates for spot in others),
    }


def _row(scene: Scene, sentence: Sentence) -> Numbers:
    row = scene.rows.get(sentence.index)
    if row is None:
        return {}
    features: Numbers = {"row": True, "row.cells": float(min(6, row.cells)), "row.trained": row.trained}
    return features | {f"row.{group}": True for group in row.groups}


def _closeness(other: Spanned, mention: Mention) -> float:
    return max(0.0, 1 - abs(other.start - mention.start) / _NEAR)


def _around(scene: Scene, sentence: Sentence) -> Numbers:
    """Signs in the sentence before and behind, and in the heading or lead above."""
    sentences = scene.context.annotated.sentences
    features: Numbers = {}
    spots = {"before": sentence.index - 1, "behind": sentence.index + 1, "section": sentence.section, "lead": sentence.lead}
    for name, index in spots.items():
        if index is None or not 0 <= index < len(sentences):
            continue
        if name in ("before", "behind") and sentences[index].block != sentence.block:
            continue
        spot = scene.spots[index]
        features |= {f"{name}.trained": spot.trained, f"{name}.dates": spot.days, f"{name}.persons": spot.people}
        features |= {f"{name}.{group}": True for group in spot.groups & _TELLING}
    return features


def _ellipsis(scene: Scene, mention: Mention) -> Numbers:
    """Whether the stretch counts an event without a noun, and of what kind the last thing named before is."""
    annotated = scene.context.annotated
    found = annotated.within(scene.ellipses, mention.stretch)
    if not found:
        return {}
    first = found[0]
    named = annotated.before(annotated.heads, first.start, 1)
    near = named[-1].kind if named and first.start - named[-1].end < _NEAR else "nothing"
    features: Numbers = {f"ellipsis={first.how}": True, f"ellipsis|{near}": True, f"ellipsis={first.how}|{near}": True}
    features["ellipsis.opens"] = first.start - mention.stretch.start < _OPENING
    features[f"ellipsis.opens|{near}"] = features["ellipsis.opens"]
    return features


def _head(head: Head) -> Numbers:
    features: Numbers = {
        f"lemma={head.lemma}": True,
        f"determiner={head.determiner}": True,
        "is_plural": head.is_plural,
        "is_weak": head.is_weak,
        "is_counted": head.count is not None,
        "is_proper": head.proper is not None,
        f"state={head.state}": True,
        "has_place": head.place is not None,
        "modifiers": float(min(4, len(head.modifiers))),
    }
    features |= {f"modifier={modifier}": True for modifier in head.modifiers}
    return features


def _words(scene: Scene, mention: Mention) -> Numbers:
    annotated = scene.context.annotated
    tokens = annotated.tokens
    sentence = mention.sentence
    first, last = tokens.span(mention.start, mention.end)
    before = tokens.norms[max(sentence.first, first - _WINDOW) : first]
    behind = tokens.norms[last : min(sentence.last, last + _WINDOW)]
    features: Numbers = {f"previous={before[-1] if before else ''}": True, f"next={behind[0] if behind else ''}": True}
    for norm in {*before, *behind}:
        if norm.isalpha() and len(norm) >= _LEAST_LETTERS:
            features[f"w={norm}"] = True
    return features


def status_features(scene: Scene, mention: Mention, accepted: Features) -> Features:
    """What tells whether an event was held: what it was accepted by, and the words around it."""
    return {**accepted, **wording(scene.context.annotated, mention.start, mention.end)}
