"""Examples for the model that tells whether a document reports assistance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bam.extraction.annotate import annotate
from bam.extraction.ranker.train import Example
from bam.extraction.resources import Resources
from bam.extraction.subject import subject_features
from bam.model.claims import Table
from bam.model.text import ConvertedDocument


def document_examples(document: ConvertedDocument, gold: dict[str, Any], resources: Resources) -> Iterator[Example]:
    """One example a document: does it state a fact? Nothing is learned where all its facts are optional."""
    records = [record for table in Table for record in gold[table]]
    is_sure = not records or any(not record.get("optional") for record in records)
    yield Example(subject_features(annotate(document, resources)), "yes" if records else "no", 1.0 if is_sure else 0.0)
