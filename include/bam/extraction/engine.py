"""The entry: facts of one document."""

from __future__ import annotations

from itertools import groupby

from bam.extraction.annotate import annotate
from bam.extraction.context import context_of
from bam.extraction.doubt import as_passed_over, doubt_about
from bam.extraction.lexicon import languages
from bam.extraction.registry import Found, finders
from bam.extraction.resources import Resources, resources_of
from bam.extraction.result import Extraction
from bam.extraction.subject import reports_assistance
from bam.model.claims import Fact, Table
from bam.model.text import ConvertedDocument


def extract(document: ConvertedDocument, resources: Resources, anchor: str | None = None) -> Extraction:
    """The facts that a document states. The same document and resources give the same facts in any process and locale.

    Args:
        anchor: the ISO prefix that relative dates count from; the document's own publication date where None.
    """
    language = document.metadata.language
    if language is not None and language not in languages():
        return Extraction((), (), document.metadata.published, None, language, waits_for_language=True)
    if language is not None and language != resources.language:
        resources = resources_of(resources.portfolio, language)
    annotated = annotate(document, resources, anchor)
    context = context_of(annotated, resources)
    found = [(table, find(context, resources)) for table, find in finders()]
    publication = annotated.publication
    facts, passed_over = _facts(document.text, found), [item for _, result in found for item in result.passed_over]
    doubt = doubt_about(facts, reports_assistance(annotated)) if facts else None
    if doubt is not None:
        facts, passed_over = (), [*passed_over, *as_passed_over(facts, doubt)]
    return Extraction(
        facts=facts,
        passed_over=tuple(sorted(passed_over, key=lambda item: (item.table, item.start, item.end, item.reason))),
        published=publication.date,
        published_origin=publication.origin,
        language=language or resources.language,
    )


def _facts(text: str, found: list[tuple[Table, Found]]) -> tuple[Fact, ...]:
    """All facts by table and place. A quote that doesn't stand in the text is a fault of a rule, never passed on."""
    facts: list[Fact] = []
    for table, result in found:
        for fact in result.facts:
            if fact.table is not table or not fact.evidence:
                raise AssertionError(f"{table}: a fact without evidence or of another table: {fact.values}")
            if any(text[item.start : item.end] != item.quote for item in fact.evidence):
                raise AssertionError(f"{table}: a quote that doesn't stand in the text: {fact.evidence}")
        for _, same in groupby(sorted(result.facts, key=_place), key=_place):
            facts += _by_values(list(same))
    return tuple(facts)


def _place(fact: Fact) -> tuple[int, int]:
    return fact.evidence[0].start, fact.evidence[0].end


def _by_values(facts: list[Fact]) -> list[Fact]:
    """Facts of one place in an order that their values alone decide."""
    return sorted(facts, key=lambda fact: repr(fact.values)) if len(facts) > 1 else facts
