"""Which briefs are made: for whom, how often, about what, and in which words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bam.portfolio.sources import Tlp
from bam.portfolio.yaml_files import Strict

Language = Literal["en", "ru"]
"""Languages that briefs can be printed in: there is a catalogue for each."""

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Section(StrEnum):
    """Parts of a brief, printed in the order in which `briefs.yml` lists them."""

    HEADLINES = "headlines"
    KEY_FIGURES = "key_figures"
    FUNDING = "funding"
    FACILITIES = "facilities"
    WORKSHOPS = "workshops"
    FOLLOW_UPS = "follow_ups"
    CHANGES = "changes"
    QUALITY = "quality"
    METHOD = "method"
    SOURCES = "sources"


class LocalText(Strict):
    """Words of the portfolio in the languages that briefs are printed in; English is required and stands in for the others."""

    en: str
    ru: str | None = None

    def in_language(self, language: str) -> str:
        """The text in that language, in English where it isn't translated."""
        return (self.ru if language == "ru" else None) or self.en


class Topic(Strict):
    """A subject that trainings are grouped by: a training belongs to the first topic one of whose `words` begins a word of
    its title (without case; `dog` finds `dogs` and `dog-handlers`).
    """

    label: LocalText
    words: tuple[str, ...] = Field(min_length=1)


class Brief(Strict):
    """One brief.

    `cadence` is the length of its periods. `layout` is `brief` (a title strip, then section by section) or `flash` (one page).
    `sections` are printed in their order. `tables` says how many rows tables have: `short` shows what is new in the period and
    the most important of the rest, `full` every row. `countries`, `donors` and `programmes` keep only records of these; without
    them the portfolio's countries, all donors and all programmes. `tlp` is the highest confidentiality of sources that it may
    draw on. `approval` asks for a person's word before it is sent; silence for `approval_hours` (a weekend and a day) is a no.
    `due_hours` is how long after the end of a period it has to be out. `recipients` are names of recipients and groups of
    `recipients.yml`.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    title: LocalText
    audience: LocalText
    cadence: Literal["monthly", "quarterly", "yearly"]
    layout: Literal["brief", "flash"] = "brief"
    sections: tuple[Section, ...] = Field(min_length=1)
    tables: Literal["short", "full"] = "short"
    language: Language = "en"
    countries: tuple[CountryCode, ...] = ()
    donors: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    tlp: Tlp = "clear"
    approval: bool = False
    approval_hours: float = Field(default=72, gt=0)
    due_hours: int = Field(default=48, ge=1)
    recipients: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _sections_are_there_once(self) -> Self:
        twice = sorted({section for section in self.sections if self.sections.count(section) > 1})
        if twice:
            raise ValueError(f"the section {twice[0].value!r} is listed twice")
        return self


class BriefsFile(Strict):
    """`briefs.yml`. `subject` is what all briefs are about, `publisher` who answers for them."""

    publisher: LocalText = LocalText(en="Border Assistance Monitor")
    subject: LocalText | None = None
    topics: tuple[Topic, ...] = ()
    briefs: tuple[Brief, ...] = ()

    @model_validator(mode="after")
    def _ids_are_used_once(self) -> Self:
        ids = [brief.id for brief in self.briefs]
        twice = sorted({brief_id for brief_id in ids if ids.count(brief_id) > 1})
        if twice:
            raise ValueError(f"the brief {twice[0]!r} is there twice")
        return self
