"""What extraction gives back."""

from __future__ import annotations

from dataclasses import dataclass

from bam.model.claims import Fact, Table

VERSION = "0.1.0"
EXTRACTOR = f"bam-rules/{VERSION}"
"""Name and version; claims carry it. Raise the version with every change that can change a fact."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A sum, date, noun or sentence that could have been a fact and was not taken: where it stands, and why.

    `reason` is a stable code (`trade_volume`, `no_conference`), `text` says it in a sentence.
    """

    table: Table
    start: int
    end: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """The facts of one document, in order of table and place.

    `published` is the ISO prefix of its publication and `published_origin` where that was found. `language` is ISO 639-1 or
    None; where it is one that the extractor doesn't read there are no facts and `waits_for_language` is True.
    """

    facts: tuple[Fact, ...]
    passed_over: tuple[PassedOver, ...]
    published: str | None
    published_origin: str | None
    language: str | None
    waits_for_language: bool = False
    extractor: str = EXTRACTOR
