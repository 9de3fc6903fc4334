"""Workshops: trainings held, under way or planned, with topic, dates, place, organisers, participants and audience."""

from bam.extraction.tables.workshops.finder import find

__all__ = ["find"]
