"""Facilities: places built, opened, renovated, equipped, planned or used, with type, place, status and funders.

The way of a fact: `mentions` finds noun phrases, names of lists and bare sites, `things` joins those that mean one facility,
`features` and a ranker accept or reject it, `links` and rankers choose place, country, date and funders, `finder` makes the
facts. `training` makes the examples for the rankers.
"""

from bam.extraction.tables.facilities.finder import find

__all__ = ["find"]
