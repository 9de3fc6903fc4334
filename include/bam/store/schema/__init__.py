"""All tables of the store; importing this package fills `metadata`."""

from bam.store.schema import briefs, delivery, documents, quality, records, sources
from bam.store.schema.base import metadata

__all__ = ["briefs", "delivery", "documents", "metadata", "quality", "records", "sources"]
