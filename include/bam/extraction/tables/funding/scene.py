"""A document as the decisions about its sums see it: its context, the table's words, and what is counted once for all sums."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.context import Context
from bam.extraction.roles import Numbers
from bam.extraction.tables.funding.features import document_features
from bam.extraction.tables.funding.receivers import Countries, countries_of
from bam.extraction.tables.funding.words import FundingWords


@dataclass(frozen=True, slots=True)
class Scene:
    """`of_document` are the features that all sums share, `countries` what the document says of countries as a whole."""

    context: Context
    words: FundingWords
    of_document: Numbers
    countries: Countries


def scene_of(context: Context, words: FundingWords) -> Scene:
    """The scene of a document."""
    return Scene(context, words, document_features(context, words), countries_of(context))
