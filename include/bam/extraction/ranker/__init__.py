"""A small statistical ranker over candidates that rules make.

A task (`funding_accept`, `party_role`) maps features of a candidate to scores of labels by a linear model. The weights are a
JSON file in `weights/`, made by `python -m bam.extraction.ranker.train`; at run time there is only the addition of numbers.
"""

from bam.extraction.ranker.model import Features, Ranker, load_ranker

__all__ = ["Features", "Ranker", "load_ranker"]
