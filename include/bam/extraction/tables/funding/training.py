"""Examples for the rankers of funding: candidates of annotated documents with the labels that their gold facts give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bam.extraction.annotate import annotate
from bam.extraction.annotate.model import Money
from bam.extraction.annotate.tokens import words_of
from bam.extraction.choosing import nearest
from bam.extraction.context import context_of
from bam.extraction.ranker.train import Example
from bam.extraction.resources import Resources
from bam.extraction.tables.funding import decide
from bam.extraction.tables.funding.decide import NO, YES
from bam.extraction.tables.funding.drafts import DATE, DONOR, PROGRAMME, RECIPIENT, Draft, drafts_of
from bam.extraction.tables.funding.features import accept_features
from bam.extraction.tables.funding.scene import Scene, scene_of
from bam.extraction.tables.funding.sums import Sum, sums_of
from bam.extraction.tables.funding.words import FundingWords
from bam.model.text import ConvertedDocument

Gold = dict[str, Any]
_TOLERANCE = 0.005
_ALIKE = 0.5
_SAME_WORDS = 0.6


def accept_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """Every sum, labelled by whether an analyst entered it."""
    scene = _scene(document, resources)
    for candidate in sums_of(scene.context, scene.words):
        record = _record_of(candidate, gold)
        weight = 0.0 if record is not None and record.get("optional") else 1.0
        label = YES if record is not None else NO
        yield Example(accept_features(scene.context, candidate.main, scene.words, scene.of_document), label, weight)


def stage_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The sums that were entered, with their stage."""
    for draft, record in _drafted(document, gold, resources):
        yield Example(draft.stage, str(record["stage"]))


def donor_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The parties around each sum, and nobody: those who give it against all others."""
    for draft, record in _drafted(document, gold, resources):
        wanted = {_folded(code) for code in record["donors"]}
        for codes, features in draft.choices[DONOR]:
            hits = sum(_folded(code) in wanted for code in codes)
            is_right = 2 * hits > len(codes) if codes else not wanted
            yield Example(features, YES if is_right else NO, group=_group(document, draft.money))


def recipient_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The sets of receivers around each sum: the one that was entered, else the one nearest to it, against all others."""
    for draft, record in _drafted(document, gold, resources):
        choices = draft.choices[RECIPIENT]
        receiving = [[code for code in codes if code not in record["donors"]] for codes, _ in choices]
        for (_, features), fits in zip(choices, nearest(receiving, record["recipients"], _ALIKE), strict=True):
            yield Example(features, YES if fits else NO, group=_group(document, draft.money))


def date_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The dates around each sum, labelled by whether they are its date."""
    for draft, record in _drafted(document, gold, resources):
        fitting = [_same_date(value, record["date"]) for value, _ in draft.choices[DATE]]
        if any(fitting):
            for (_, features), fits in zip(draft.choices[DATE], fitting, strict=True):
                yield Example(features, YES if fits else NO, group=_group(document, draft.money))


def programme_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The programmes around each sum, labelled by whether it belongs to them."""
    for draft, record in _drafted(document, gold, resources):
        for code, features in draft.choices[PROGRAMME]:
            label = YES if _same_name(code, record["programme"]) else NO
            yield Example(features, label, group=_group(document, draft.money))


def total_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The larger sums near each sum, labelled by whether it is a part of them."""
    scene = _scene(document, resources)
    entered = _entered(scene, gold)
    sums = [money for money, _ in entered]
    for money, record in entered:
        part_of = record.get("part_of")
        for total, features in decide.total_choices(scene, money, sums):
            is_it = total is None if part_of is None else total is not None and _near(total.amount, part_of)
            yield Example(features, YES if is_it else NO, group=_group(document, money))


def _drafted(document: ConvertedDocument, gold: Gold, resources: Resources) -> list[tuple[Draft, Gold]]:
    """The sums that were entered, with their records."""
    scene = _scene(document, resources)
    entered = _entered(scene, gold)
    drafts = drafts_of(scene, [money for money, _ in entered])
    return [(draft, record) for draft, (_, record) in zip(drafts, entered, strict=True)]


def _group(document: ConvertedDocument, money: Money) -> str:
    """What the choices about one sum have in common."""
    return f"{document.name}:{money.start}"


def _entered(scene: Scene, gold: Gold) -> list[tuple[Money, Gold]]:
    """The sums that were entered, with their records."""
    found = [(candidate.main, _record_of(candidate, gold)) for candidate in sums_of(scene.context, scene.words)]
    return [(money, record) for money, record in found if record is not None and not record.get("optional")]


def _scene(document: ConvertedDocument, resources: Resources) -> Scene:
    return scene_of(context_of(annotate(document, resources), resources), resources.words(FundingWords))


def _record_of(candidate: Sum, gold: Gold) -> Gold | None:
    money = candidate.main
    fitting = [r for r in gold["funding"] if r["currency"] == money.currency and _near(money.amount, r["amount"])]
    return next((record for record in fitting if not record.get("optional")), fitting[0] if fitting else None)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _TOLERANCE * abs(other)


def _same_date(value: str | None, wanted: str | None) -> bool:
    if value is None or wanted is None:
        return value is wanted
    shorter = min(len(value), len(wanted))
    return value[:shorter] == wanted[:shorter] and shorter >= min(7, len(wanted))


def _same_name(one: str | None, other: str | None) -> bool:
    """Whether two names of programmes are the same, as the scorer of the corpus has it: "IPA" is "IPA 2007"."""
    if one is None or other is None:
        return one is other
    words, others = set(words_of(one)), set(words_of(other))
    return len(words & others) >= _SAME_WORDS * max(1, min(len(words), len(others)))


def _folded(value: str | None) -> str | None:
    return value.casefold() if value else None
