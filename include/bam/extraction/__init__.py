"""Extraction: facts of the four tables from canonical text, each with its evidence. Deterministic, offline.

`extract(document, resources)` is the entry; `resources_of(portfolio)` gives what it needs. See docs/decisions/0010.
"""

from bam.extraction.engine import extract
from bam.extraction.resources import Resources, load_resources, resources_of
from bam.extraction.result import EXTRACTOR, Extraction, PassedOver

__all__ = ["EXTRACTOR", "Extraction", "PassedOver", "Resources", "extract", "load_resources", "resources_of"]
