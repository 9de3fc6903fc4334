"""What reading a source or files gave."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that wasn't read as it should, and why."""

    address: str
    reason: str

    def __str__(self) -> str:
        return self.reason if self.reason.startswith(self.address) else f"{self.address}: {self.reason}"


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Counts of what was read, and what wasn't.

    `unchanged` counts addresses whose content was the same, `cosmetic` those where only a clock or counter had changed.
    `older` versions came later than a newer one and are kept for the history. `quarantined` are stored with their reason;
    `postponed` asked to come later; `refused` are left alone; `failures` could not be read; `left_out` tells of files whose
    format is not read.
    """

    documents_new: int = 0
    versions_new: int = 0
    unchanged: int = 0
    cosmetic: int = 0
    older: int = 0
    claims: int = 0
    quarantined: tuple[Problem, ...] = ()
    vanished: tuple[Problem, ...] = ()
    postponed: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()
    failures: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()

    def __add__(self, other: IngestReport) -> IngestReport:
        return IngestReport(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def changed_anything(self) -> bool:
        """Whether the store holds something that it didn't hold before."""
        return bool(self.documents_new or self.versions_new or self.older or self.vanished or self.quarantined)

    @property
    def sentence(self) -> str:
        """All of it in one line for logs and people."""
        parts = [
            f"{self.documents_new} new documents",
            f"{self.versions_new} new versions",
            f"{self.unchanged + self.cosmetic} unchanged",
        ]
        for name in ("older", "claims"):
            if getattr(self, name):
                parts.append(f"{getattr(self, name)} {name}")
        for name in ("quarantined", "vanished", "postponed", "refused", "failures", "left_out"):
            if getattr(self, name):
                parts.append(f"{len(getattr(self, name))} {name.replace('_', ' ')}")
        return ", ".join(parts)

    def figures(self) -> dict[str, Any]:
        """The counts as plain numbers."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: len(value) if isinstance(value, tuple) else value for name, value in values}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that a person may want to look at."""
        return (*self.quarantined, *self.failures, *self.refused, *self.postponed, *self.vanished, *self.left_out)
