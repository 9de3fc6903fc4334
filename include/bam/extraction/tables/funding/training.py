"""Examples for the rankers of funding: candidates of annotated documents with the labels that their gold facts give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bam.extraction.annotate import annotate
from bam.extraction.annotate.model import Money
from bam.extraction.context import Context, context_of
from bam.extraction.ranker.train import Example
from bam.extraction.resources import Resources
from bam.extraction.tables.funding import links, parties
from bam.extraction.tables.funding.decide import NO, YES
from bam.extraction.tables.funding.features import accept_features, document_features, stage_features
from bam.extraction.tables.funding.previous import Decided
from bam.extraction.tables.funding.sums import Sum, sums_of
from bam.extraction.tables.funding.words import FundingWords
from bam.model.text import ConvertedDocument

Gold = dict[str, Any]
_TOLERANCE = 0.005


def accept_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """Every sum, labelled by whether an analyst entered it."""
    context, words = _read(document, resources)
    of_document = document_features(context, words)
    for candidate in sums_of(context, words):
        record = _record_of(candidate, gold)
        weight = 0.0 if record is not None and record.get("optional") else 1.0
        label = YES if record is not None else NO
        yield Example(accept_features(context, candidate.main, words, of_document), label, weight)


def stage_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The sums that were entered, with their stage."""
    for context, words, money, record, previous in _entered(document, gold, resources):
        of_document = document_features(context, words)
        yield Example(stage_features(context, money, words, of_document, previous), str(record["stage"]))


def donor_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The parties around each sum, labelled by whether they give it."""
    yield from _party_examples(document, gold, resources, "donors")


def recipient_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The parties around each sum, labelled by whether they receive it."""
    yield from _party_examples(document, gold, resources, "recipients")


def date_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The dates around each sum, labelled by whether they are its date."""
    for context, _, money, record, previous in _entered(document, gold, resources):
        candidates = links.date_candidates(context, money, previous)
        fitting = [c for c in candidates if _same_date(c.value, record["date"])]
        for candidate in candidates if fitting else ():
            yield Example(links.date_features(context, money, candidate), YES if candidate in fitting else NO)


def programme_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The programmes around each sum, labelled by whether it belongs to them."""
    for context, _, money, record, previous in _entered(document, gold, resources):
        for candidate in links.programme_candidates(context, money, previous):
            is_it = _folded(candidate.code) == _folded(record["programme"])
            yield Example(links.programme_features(context, money, candidate, previous), YES if is_it else NO)


def total_examples(document: ConvertedDocument, gold: Gold, resources: Resources) -> Iterator[Example]:
    """The larger sums near each sum, labelled by whether it is a part of them."""
    entered = list(_entered(document, gold, resources))
    sums = [money for _, _, money, _, _ in entered]
    for context, words, money, record, _ in entered:
        says_part = links.says_part(context, money, words)
        for candidate in links.total_candidates(context, money, sums):
            part_of = record.get("part_of")
            is_it = candidate is None if part_of is None else candidate is not None and _near(candidate.amount, part_of)
            yield Example(links.total_features(context, money, candidate, words, says_part), YES if is_it else NO)


def _party_examples(document: ConvertedDocument, gold: Gold, resources: Resources, role: str) -> Iterator[Example]:
    for context, _, money, record, previous in _entered(document, gold, resources):
        wanted = {_folded(code) for code in record[role]}
        for candidate, features in parties.weighed(context, money, previous):
            hits = sum(_folded(code) in wanted for code in candidate.codes)
            label = YES if 2 * hits > len(candidate.codes) else NO
            yield Example(features, label)


def _entered(
    document: ConvertedDocument, gold: Gold, resources: Resources
) -> Iterator[tuple[Context, FundingWords, Money, Gold, Decided | None]]:
    """The sums that were entered, each with the gold decisions about the one before it."""
    context, words = _read(document, resources)
    previous: Decided | None = None
    for candidate in sums_of(context, words):
        record = _record_of(candidate, gold)
        if record is not None and not record.get("optional"):
            yield context, words, candidate.main, record, previous
            previous = Decided(
                money=candidate.main,
                stage=record["stage"],
                donors=tuple(record["donors"]),
                recipients=tuple(record["recipients"]),
                date=record["date"],
                programme=record["programme"],
            )


def _read(document: ConvertedDocument, resources: Resources) -> tuple[Context, FundingWords]:
    return context_of(annotate(document, resources), resources), resources.words(FundingWords)


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


def _folded(value: str | None) -> str | None:
    return value.casefold() if value else None
