"""Funding: sums of assistance, with stage, donors, recipients, programme, purpose and date."""

from bam.extraction.tables.funding.finder import find

__all__ = ["find"]
