"""The whole way once by direct calls: what the DAGs do, for tests and for people without Airflow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bam.model.errors import BamError, FetchError, GateClosedError
from bam.model.periods import Cadence, Period, parse_period, period_of
from bam.pipeline.brief import IssueReport, latest_period, render_editions
from bam.pipeline.context import RunContext
from bam.pipeline.deliver import check_gate, deliver_issue
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_source
from bam.pipeline.update import update

Tell = Callable[[str], None]


@dataclass(slots=True)
class RoundReport:
    """What was said of each brief (by `brief_<id>`, as its DAG is called), and what failed."""

    briefs: dict[str, list[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def run_directly(context: RunContext, brief_ids: Iterable[str], period: str | None, tell: Tell) -> RoundReport:
    """Read all sources, extract, update, then render and deliver the briefs. A source that fails stops nothing else; tables that
    can't be published stop the briefs.

    Args:
        brief_ids: the briefs that are wanted.
        period: the period that is wanted, for the briefs of its cadence; None takes the latest that has data for each.
        tell: takes a line about each step.
    """
    report = RoundReport()
    for source in context.portfolio.sources:
        if source.enabled:
            try:
                tell(f"{source.id}: {ingest_source(context, source.id).sentence}")
            except FetchError as error:
                report.failures.append(str(error))
    extracted = extract_pending(context)
    tell(f"{extracted.versions} versions extracted")
    report.failures += [f"not extracted: {failure}" for failure in extracted.failures]
    try:
        tell(update(context).sentence)
    except GateClosedError as error:
        report.failures.append(str(error))
        return report
    for brief_id in brief_ids:
        report.briefs[f"brief_{brief_id}"] = _brief(context, brief_id, period, report.failures)
    return report


def wanted_period(context: RunContext, brief_id: str, asked: str | None) -> Period | None:
    """The period to report on: the one that was asked for, else the latest that has data. Where another cadence was asked for,
    the brief's own period that the asked one ends in. None where nothing is known.
    """
    if asked is None:
        return latest_period(context, brief_id)
    return period_of(parse_period(asked).last_day, Cadence(context.portfolio.brief(brief_id).cadence))


def issue_lines(issues: Iterable[IssueReport]) -> list[str]:
    """What people are told of the editions of an issue: each with its file, the first with its key figures."""
    lines: list[str] = []
    for issue in issues:
        lines.append(issue.sentence)
        if len(lines) == 1:
            lines.append("; ".join(f"{label}: {text}" for label, text in issue.figures.items()))
    return lines


def _brief(context: RunContext, brief_id: str, asked: str | None, failures: list[str]) -> list[str]:
    try:
        period = wanted_period(context, brief_id, asked)
        if period is None:
            return ["nothing is known yet"]
        issues = render_editions(context, brief_id, period)
        lines = issue_lines(issues)
        for issue in issues:
            gate = check_gate(context, issue.issue_id)
            if gate.is_open:
                lines.append(deliver_issue(context, issue.issue_id).sentence)
            else:
                lines.append(f"Not sent: {gate.sentence}.")
    except BamError as error:
        failures.append(str(error))
        return [str(error)]
    return lines
