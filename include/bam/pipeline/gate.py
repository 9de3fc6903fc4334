"""The two doors of an update: checks of what came in, and checks of the tables that are about to be published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bam.indicators.figures import MEASURES, column_of, in_units
from bam.indicators.restated import FigureChange
from bam.model.claims import Table
from bam.model.records import Total
from bam.pipeline.context import RunContext
from bam.pipeline.staging import Batch, Staged
from bam.quality.report import CheckReport
from bam.records.tally import Tally
from bam.store.batches import in_batches
from bam.store.tables import TallyKey

if TYPE_CHECKING:
    from bam.quality.intake import Bench

FIGURES_AT_ONCE = 20_000
"""Figures in one frame: about 100 MB; more are checked in turns."""


def check_intake(context: RunContext) -> CheckReport:
    """Check documents and claims that no check has seen; what fails is quarantined, what passes again is let out."""
    from bam.quality import intake

    return intake.check_intake(bench_of(context))


class TableChecks:
    """The checks of the next state: records and ledger batch by batch, totals and figures at the end.

    Records of other batches aren't known to a batch, which is right: what a record refers to is in its own region.
    """

    def __init__(self, context: RunContext) -> None:
        from bam.quality.expectations import Checker
        from bam.quality.material import check_context

        self._context = context
        self._surroundings = check_context(context.portfolio, context.now())
        self._checker = Checker()
        self._report = CheckReport()

    def look(self, batch: Batch) -> None:
        """Check the records and the ledger of a batch."""
        from bam.quality.frames import ledger_frame, record_frame
        from bam.quality.gate import run_checks

        records = {one.record.id: one.record for one in batch.new}
        funding = {record_id: record for record_id, record in records.items() if record.table is Table.FUNDING}
        frames = {
            "records": record_frame(batch.changed_records, batch.claims, self._surroundings, records, funding),
            "ledger": ledger_frame(batch.new_entries, funding),
        }
        self._report = self._report.merged(run_checks(frames, self._checker))

    def verdict(self, staged: Staged) -> CheckReport:
        """Check the totals and figures, keep the results of all checks and give them."""
        from bam.quality.frames import indicator_frame, total_frame
        from bam.quality.gate import run_checks

        originals, commons = _totals(staged, is_common=False), _totals(staged, is_common=True)
        totals = {"totals": total_frame(originals, commons, published=_standing_amounts(staged))}
        figures = CheckReport()
        for changes in _in_turns(staged.figures):
            frame = indicator_frame(_figures(changes, staged.currency), ())
            figures = figures.merged(run_checks({"indicators": frame}, self._checker))
        report = self._report + run_checks(totals, self._checker) + figures
        bench = bench_of(self._context)
        bench.keeper.keep("tables", report, self._checker.outcomes, bench.now)
        return report


def bench_of(context: RunContext, advance: Callable[[int], None] | None = None) -> Bench:
    """What the checks work with in this context; `advance` is told how many versions were read."""
    from bam.quality.intake import Bench

    return Bench(
        store=context.store,
        portfolio=context.portfolio,
        read_bytes=context.archive.read,
        now=context.now(),
        folder=context.settings.home / "data_docs",
        advance=advance or (lambda done: None),
    )


def _totals(staged: Staged, *, is_common: bool) -> list[Total]:
    """The totals that change, as they would stand."""
    return [
        Tally.from_body(key[0], key[1], body, is_common=is_common).total()
        for key, body in sorted(staged.tallies.items())
        if body is not None and key[2] is is_common
    ]


def _standing_amounts(staged: Staged) -> dict[tuple[str, str], float]:
    """What the totals in the common currency count as last published."""
    return {_name(key): Tally.from_body(*key[:2], body, is_common=True).total().amount_counted for key, body in _commons(staged)}


def _commons(staged: Staged) -> Iterator[tuple[TallyKey, Any]]:
    return ((key, body) for key, body in staged.standing_tallies.items() if key[2])


def _name(key: TallyKey) -> tuple[str, str]:
    return key[0], key[1]


def _in_turns(figures: Sequence[FigureChange]) -> Iterator[Sequence[FigureChange]]:
    """The figures, which are in order of their cells, a bounded number at a time; once also where there are none."""
    yield from in_batches(figures, FIGURES_AT_ONCE) if figures else [()]


def _figures(changes: Iterable[FigureChange], currency: str) -> Iterator[dict[str, Any]]:
    """The figures that change, measure by measure, with the number of the records of the regions concerned that are in them."""
    for change in changes:
        if change.new is None:
            continue
        for measure, value in zip(MEASURES[Table(change.cell.table)], change.new, strict=True):
            yield {
                "table": change.cell.table,
                "period": change.cell.period,
                "key": change.cell.key,
                "measure": column_of(measure, currency),
                "value": in_units(measure, value),
                "record_count": change.record_count,  # None: made up by records of other regions
                "record_ids": None,
            }
