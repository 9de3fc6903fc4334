"""`bam check`: all quality checks over everything that is stored and published."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bam.quality.report import CheckReport


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print every result as JSON.")
@click.option("--list", "as_list", is_flag=True, help="Print all checks and what they protect (docs/checks.md), and run none.")
@click.option("--last", is_flag=True, help="Print what the last runs found, and run none.")
def command(as_json: bool, as_list: bool, last: bool) -> None:
    """Check all documents, claims and published tables, and print what failed.

    Claims that fail go to quarantine or come back from it; the tables follow with the next `bam update`. The exit code is 1
    when a critical check failed: nothing may be published until that is put right.
    """
    if as_list:
        from bam.quality.listing import checks_as_markdown

        click.echo(checks_as_markdown(), nl=False)
        return
    from bam.cli.surroundings import command_context

    with command_context() as context:
        if last:
            from bam.quality.runs import latest_report

            with context.store.read() as connection:
                report = latest_report(connection)
        else:
            report = _check(context)
        folder = context.settings.home / "data_docs"
    if as_json:
        click.echo(json.dumps([_as_json(result) for result in report.results], ensure_ascii=False, indent=1))
    else:
        _print_report(report)
        if not last:
            click.echo(f"Details: {folder / 'index.html'}", err=True)
    if not report.is_publishable:
        sys.exit(1)


def _check(context: Any) -> CheckReport:
    from bam.pipeline.gate import bench_of
    from bam.quality.everything import check_everything
    from bam.store.check_material import all_version_ids

    with context.store.read() as connection:
        count = len(all_version_ids(connection))
    with context.progress.task("Reading documents back", count) as advance:
        return check_everything(bench_of(context, advance))


def _print_report(report: CheckReport) -> None:
    from bam.quality.report import Severity

    counts = report.counts()
    for severity in Severity:
        for result in report.failed(severity):
            click.echo(f"{str(severity).upper()}  {result.sentence}")
            click.echo(f"    {result.remedy}")
    failures = ", ".join(f"{counts[str(severity)]} {severity}" for severity in Severity)
    click.echo(f"{counts['passed']} checks passed; failed: {failures}.")


def _as_json(result: Any) -> dict[str, Any]:
    return {
        "check": result.check,
        "severity": str(result.severity),
        "success": result.success,
        "rows": result.row_count,
        "failing_count": result.failing_count,
        "failing": [{"id": row.row_id, "observed": row.observed} for row in result.failing],
        "quarantines": result.quarantines,
        "protects": result.protects,
        "fault": result.fault,
    }
