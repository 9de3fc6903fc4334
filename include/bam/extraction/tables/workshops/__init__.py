"""Workshops: trainings held, under way or planned, with topic, dates, place, organisers, participants and audience.

The way of a fact: `mentions` finds every stretch of text that could tell of an event, `features` and a ranker accept or reject
it, `events` joins those that come back to an earlier one, `links`, `countries`, `organisers`, `audience` and `topic` offer what
could fill the fields, `decide` chooses, `finder` makes the facts. `training` makes the examples for the rankers.
"""

from bam.extraction.tables.workshops.finder import find

__all__ = ["find"]
