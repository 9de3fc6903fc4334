"""Records, checks, tables: from the claims that stand to the next publication, or to the reason why there is none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bam.model.records import ChangeKind
from bam.pipeline.context import RunContext
from bam.pipeline.publishing import StagedTooLateError, publish
from bam.pipeline.staging import Batch, Staged, stage
from bam.quality.report import CheckReport
from bam.store.publications import Publication
from bam.store.records import mark_built

log = logging.getLogger(__name__)

Intake = Callable[[RunContext], CheckReport]
"""Checks what came in since the last run, quarantines what fails and lets out what passes again."""


class Gate(Protocol):
    """Checks the next state of the tables."""

    def look(self, batch: Batch) -> None:
        """Check the records and the ledger of a batch."""

    def verdict(self, staged: Staged) -> CheckReport:
        """Check the totals and figures, and say what all checks found."""


_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did.

    `claims` changed since the last publication; `added`, `modified` and `removed` count records, `restated` figures of past
    periods. `publication` is the one that was made, None where there was nothing to publish. `checks` holds the results of all
    checks.
    """

    claims: int
    added: int
    modified: int
    removed: int
    restated: int
    publication: Publication | None
    checks: CheckReport

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        if self.publication is None:
            return "Nothing has changed since the last publication."
        return (
            f"Publication {self.publication.number}: {self.claims} changed claims made {self.added} new records, changed"
            f" {self.modified} and removed {self.removed}; {self.restated} figures of past periods were restated."
        )

    @property
    def figures(self) -> dict[str, int | None]:
        """The numbers of the sentence, and how the checks went."""
        return {
            "publication": None if self.publication is None else self.publication.number,
            "claims": self.claims,
            "added": self.added,
            "modified": self.modified,
            "removed": self.removed,
            "restated": self.restated,
            **self.checks.counts(),
        }


def update(
    context: RunContext,
    *,
    intake: Intake | None = None,
    gate: Callable[[RunContext], Gate] | None = None,
    rebuild: bool = False,
) -> UpdateReport:
    """Build the records that the changed claims bear on, check the tables, publish them.

    The tables of the last publication stand until all of the next are written.

    Args:
        intake: the checks of new claims; by default those of `bam.quality`.
        gate: makes the checks of the tables; by default those of `bam.quality`.
        rebuild: build all records anew instead of those that changed.

    Raises:
        GateClosedError: a critical check failed. Nothing was written, the last tables stay, the claims stay pending.
    """
    from bam.pipeline.gate import TableChecks, check_intake

    intake, gate = intake or check_intake, gate or TableChecks
    checks = intake(context)
    checks.require_publishable()
    currency = context.portfolio.about.currency
    for attempt in range(_ATTEMPTS):
        checker = gate(context)
        with context.store.read() as connection:
            staged = stage(connection, currency, rebuild=rebuild, look=checker.look)
        if not staged.has_news:
            with context.store.write() as connection:
                mark_built(connection, staged.pending)
            return _report(staged, None, checks)
        found = checks + checker.verdict(staged)
        found.require_publishable()
        try:
            with context.store.write() as connection:
                publication = publish(connection, staged, context.timestamp())
        except StagedTooLateError:
            log.info("Another update was published meanwhile; working the tables out again (attempt %d)", attempt + 2)
            continue
        report = _report(staged, publication, found)
        log.info(report.sentence)
        return report
    raise StagedTooLateError


def _report(staged: Staged, publication: Publication | None, checks: CheckReport) -> UpdateReport:
    return UpdateReport(
        claims=len(staged.pending),
        added=staged.kinds[ChangeKind.ADD],
        modified=staged.kinds[ChangeKind.MOD],
        removed=staged.kinds[ChangeKind.DEL],
        restated=len(staged.restatements),
        publication=publication,
        checks=checks,
    )
