"""The words that this table reads around a facility."""

from __future__ import annotations

from functools import cached_property

from bam.extraction.lexicon import Words


class FacilitySigns(Words):
    """Nouns of work, equipment and events, words for a noun left out, and how heads name their sites."""

    FILE = "facilities_signs"
    work_nouns: frozenset[str]
    begun_nouns: frozenset[str]
    begun_verbs: frozenset[str]
    begun_phrases: tuple[str, ...]
    before_site: frozenset[str]
    empty_words: frozenset[str]
    planned_nouns: frozenset[str]
    equipment: frozenset[str]
    venue_nouns: frozenset[str]
    ellipses: frozenset[str]
    siteless: frozenset[str]
    bare: frozenset[str]
    shells: frozenset[str]
    activities: frozenset[str]
    naming: frozenset[str]
    local: frozenset[str]
    generic: frozenset[str]
    around: frozenset[str]
    others: frozenset[str]
    passing: frozenset[str]
    belonging: frozenset[str]
    returns: frozenset[str]
    themes: frozenset[str]
    assistance: frozenset[str]
    staff: frozenset[str]
    particles: frozenset[str]
    telling: dict[str, str]
    abstract: dict[str, frozenset[str]]
    durations: frozenset[str]
    natures: dict[str, frozenset[str]]
    status_phrases: dict[str, frozenset[str]]
    place_columns: frozenset[str]

    @cached_property
    def status_openers(self) -> dict[str, list[tuple[str, str]]]:
        """The set phrases with the status that they tell, by their first word."""
        found: dict[str, list[tuple[str, str]]] = {}
        for status, phrases in self.status_phrases.items():
            for phrase in phrases:
                found.setdefault(phrase.split(" ", 1)[0], []).append((status, phrase))
        return found

    @cached_property
    def nature_of(self) -> dict[str, str]:
        """The kind of thing that a noun means; the first one of `natures` that has it."""
        return {noun: name for name, nouns in reversed(self.natures.items()) for noun in nouns}
