"""Corrections as data: `corrections/*.yml`, each with what is wrong, what was expected to be there, and what stands instead."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bam.model.claims import VALUES_BY_TABLE, Table
from bam.model.errors import ConfigurationError
from bam.portfolio.yaml_files import Strict, read_model


class Change(Strict):
    """One field of a claim (or `published_on`): the value that must be there before, and the one that stands after."""

    field: str
    expected: Any
    corrected: Any

    @model_validator(mode="after")
    def _must_differ(self) -> Change:
        if self.expected == self.corrected:
            raise ValueError("expected and corrected are the same")
        return self


class Correction(Strict):
    """What an analyst set right in what a document is taken to say.

    The claim is found by the document's address, its table and a piece of its quote, which must belong to one claim only. The
    correction is applied while all fields hold the expected values; otherwise it is reported as stale and left out.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
    document: str
    table: Table
    quote: str = Field(min_length=3)
    changes: tuple[Change, ...] = Field(min_length=1)
    reason: str = Field(min_length=3)
    author: str = Field(min_length=1)
    date: dt.date

    @field_validator("changes")
    @classmethod
    def _fields_must_exist(cls, changes: tuple[Change, ...], info: ValidationInfo) -> tuple[Change, ...]:
        table = info.data.get("table")
        if table is not None:
            known = {*VALUES_BY_TABLE[table].__dataclass_fields__, "published_on"}
            for change in changes:
                if change.field not in known:
                    raise ValueError(f"{table} has no field {change.field!r}; known are {', '.join(sorted(known))}")
        return changes


class CorrectionsFile(Strict):
    corrections: tuple[Correction, ...] = ()


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """All corrections of `folder/*.yml`, in order of file and place; none where there is no folder.

    Raises:
        ConfigurationError: a file can't be read, a key doesn't fit, or two corrections have one id.
    """
    found: list[Correction] = []
    for path in sorted(folder.glob("*.yml")):
        found.extend(read_model(path, CorrectionsFile).corrections)
        twice = [key for key, count in Counter(correction.id for correction in found).items() if count > 1]
        if twice:
            raise ConfigurationError(
                f"two corrections have the id {twice[0]!r}", where=str(path), remedy="Give each correction an id of its own."
            )
    return tuple(found)
