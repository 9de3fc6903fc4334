"""Words of a language for countries: adjectives, names and capitals that the libraries lack."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bam.extraction.lexicon import Words
from bam.portfolio.yaml_files import Strict


class CountryEntry(Strict):
    """`adjectives` serve as nouns for people too; `nouns` are further words for people; `capitals` stand for the government."""

    adjectives: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()


class CountryWords(Words):
    """Entries by ISO 3166-1 alpha-2 code."""

    FILE: ClassVar[str] = "countries"
    countries: dict[str, CountryEntry] = Field(default_factory=dict)
