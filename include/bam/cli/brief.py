"""`bam brief`: an issue of a brief for a period, as PDF and as a page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bam.cli.clocks import day_of, time_of, with_clocks
from bam.model.errors import BamError

if TYPE_CHECKING:
    from bam.pipeline.brief import IssueReport


@click.command()
@click.argument("brief_id", metavar="ID")
@click.option("--period", metavar="PERIOD", help="2014-03, 2014-Q1 or 2014; by default the latest one that has data.")
@click.option("--lang", "language", type=click.Choice(["en", "ru"]), help="The language.  [default: that of the brief]")
@click.option("--country", "countries", multiple=True, metavar="CC", help="Only this country (TJ); may be repeated.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Copy the PDF there; the page, if it ends in .html.")
@with_clocks
def command(
    brief_id: str,
    period: str | None,
    language: str | None,
    countries: tuple[str, ...],
    out: Path | None,
    as_of: str | None,
    recorded_at: str | None,
) -> None:
    """Make the issue of the brief ID (see briefs.yml) for a period and print where it is.

    The same knowledge gives the same bytes: an issue of an earlier day is made again with the clocks that it prints.

    \b
    bam brief monthly --period 2014-03 --out march.pdf
    bam brief quarterly --period 2014-Q1 --lang ru --as-of 2014-03-31 --recorded-at 2026-11-01T06:30Z
    """
    from bam.cli.surroundings import command_context
    from bam.pipeline.brief import latest_period, render_issue
    from bam.portfolio.recipients import Edition

    with command_context() as context:
        brief = context.portfolio.brief(brief_id)
        wanted = period or latest_period(context, brief_id)
        if wanted is None:
            raise BamError("no data is there yet", where=f"brief {brief_id}", remedy="Run `bam ingest` and `bam update` first.")
        report = render_issue(
            context,
            brief_id,
            wanted,
            as_of=None if as_of is None else day_of(as_of),
            recorded_at=None if recorded_at is None else time_of(recorded_at),
            edition=Edition(language or brief.language, _known(countries, context.portfolio.about.countries)),
        )
    _tell(report, out)


def _known(countries: tuple[str, ...], followed: tuple[str, ...]) -> tuple[str, ...]:
    """Sorted country codes. Raises BamError for one that the portfolio doesn't follow."""
    unknown = sorted(set(countries) - set(followed))
    if unknown:
        raise BamError(f"{unknown[0]!r} is not followed", where="--country", remedy=f"Use some of {', '.join(followed)}.")
    return tuple(sorted(set(countries)))


def _tell(report: IssueReport, out: Path | None) -> None:
    for headline in report.headlines:
        click.echo(f"- {headline}", err=True)
    if out is None:
        click.echo(str(report.pdf_path))
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(report.html_path if out.suffix == ".html" else report.pdf_path, out)
    except OSError as error:
        raise BamError(f"the file can't be written ({error.strerror})", where=str(out), remedy="Choose another place.") from error
    click.echo(str(out))
