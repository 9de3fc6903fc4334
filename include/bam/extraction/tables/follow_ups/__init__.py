"""Follow-ups: commitments that came out of a conference, with parties, due date and status.

The way of a fact: `meetings` finds the conferences, `candidates` every clause, row and item that could be a commitment,
`features` and a ranker accept or reject it, `draft` gives each its part of the sentence, `links`, `parties`, `due` and `status`
fill the fields, `finder` makes the facts. `training` makes the examples for the rankers.
"""

from bam.extraction.tables.follow_ups.finder import find

__all__ = ["find"]
