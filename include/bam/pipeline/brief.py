"""Making issues of briefs: what is known by the two clocks becomes a context, the context a PDF and a page.

An issue is kept with its context and hashes. The same knowledge gives the same issue again, and nothing new.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from pathlib import Path

from bam.briefs.assets import Assets
from bam.briefs.codec import from_json, to_json
from bam.briefs.context import build_context
from bam.briefs.measures import place
from bam.briefs.model import BriefContext
from bam.briefs.order import Order, Topic
from bam.indicators.snapshot import snapshot
from bam.model.errors import BamError
from bam.model.identity import content_id, sha256_hex
from bam.model.periods import Cadence, Period, parse_period
from bam.pipeline.brief_material import gather, scoped
from bam.pipeline.context import RunContext
from bam.portfolio.briefs import Brief
from bam.portfolio.load import Portfolio
from bam.portfolio.recipients import Edition, wanted_editions
from bam.store.briefs import RENDERED, IssueRow, find_issue, insert_issue, read_issue, read_issue_context
from bam.store.publications import latest_publication

log = logging.getLogger(__name__)

_UNITS = {
    Cadence.MONTH: "month, such as 2014-03",
    Cadence.QUARTER: "quarter, such as 2014-Q1",
    Cadence.YEAR: "year, such as 2014",
}


@dataclass(frozen=True, slots=True)
class IssueReport:
    """An issue and where its files are. `is_new` tells whether it was made now; `headlines` are its sentences."""

    issue_id: str
    brief_id: str
    title: str
    edition: str
    language: str
    period: str
    as_of: str
    recorded_at: str
    is_new: bool
    is_empty: bool
    headlines: tuple[str, ...]
    figures: dict[str, str]
    context_sha256: str
    pdf_sha256: str
    pdf_path: Path
    html_path: Path

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        done = "made" if self.is_new else "as made before"
        return f"{self.title}, {self.period} ({self.edition}) {done}: {self.pdf_path}"


def render_issue(
    context: RunContext,
    brief_id: str,
    period: str | Period,
    as_of: dt.date | None = None,
    recorded_at: str | None = None,
    edition: Edition | None = None,
) -> IssueReport:
    """The issue of a brief for a period, made if the same one isn't kept already.

    Args:
        period: a period of the brief's cadence.
        as_of: what the world could know by that day; by default the end of the period, or today within it.
        recorded_at: what had been published here by then (ISO 8601 in UTC); by default now.
        edition: language and countries; by default the brief's own.

    Raises:
        ConfigurationError: no brief has the id.
        BamError: the period isn't one of the brief, hasn't begun, or nothing is known by then.
    """
    order = order_for(context, brief_id, period, as_of, recorded_at, edition)
    with context.store.read() as connection:
        kept = find_issue(connection, brief_id, order.edition, order.period.name, order.as_of.isoformat(), order.recorded_at)
    if kept is not None:
        return _again(context, kept)
    return _keep(context, _content(context, order))


def _content(context: RunContext, order: Order) -> BriefContext:
    """What the issue says, out of what is known by the order's two clocks."""
    with context.store.read() as connection:
        known = snapshot(connection, currency=order.currency, now=context.now(), as_of=order.as_of, recorded_at=order.recorded_at)
        if not known.records:
            raise BamError(
                f"nothing is known as of {order.as_of}",
                where=f"brief {order.brief_id}, {order.period}",
                remedy="Choose a later period, or read older documents first (bam ingest, bam update).",
            )
        return build_context(order, gather(connection, context.portfolio, order, known))


def render_editions(
    context: RunContext, brief_id: str, period: str | Period, as_of: dt.date | None = None, recorded_at: str | None = None
) -> list[IssueReport]:
    """The issue in every edition that its recipients want, the brief's own one first."""
    brief = context.portfolio.brief(brief_id)
    readers = context.portfolio.delivery.resolve(brief.recipients, where=f"briefs.yml, brief {brief.id}")
    countries = brief.countries or context.portfolio.about.countries
    editions = wanted_editions(readers, brief.id, brief.language, countries)
    return [render_issue(context, brief_id, period, as_of, recorded_at, edition) for edition in editions]


def latest_period(context: RunContext, brief_id: str) -> Period | None:
    """The last period in which something of the brief was published; None where nothing is known."""
    brief = context.portfolio.brief(brief_id)
    order = _order(context, brief, Period(f"{context.now().year}"), context.now().date(), context.timestamp(), None)
    with context.store.read() as connection:
        known = snapshot(connection, currency=order.currency, now=context.now())
    cadence = Cadence(brief.cadence)
    records = scoped(context.portfolio, order, known.records)
    periods = [place(None, record.first_published_on, cadence) for record in records]
    return max((period for period in periods if period is not None), key=lambda period: period.first_day, default=None)


def order_for(
    context: RunContext,
    brief_id: str,
    period: str | Period,
    as_of: dt.date | None = None,
    recorded_at: str | None = None,
    edition: Edition | None = None,
) -> Order:
    """The order of an issue with its clocks filled in. Raises as `render_issue` does."""
    brief = context.portfolio.brief(brief_id)
    wanted = parse_period(period) if isinstance(period, str) else period
    if wanted.cadence != Cadence(brief.cadence):
        raise BamError(
            f"{wanted} is no {brief.cadence} period",
            where=f"brief {brief_id}",
            remedy=f"Write a {_UNITS[Cadence(brief.cadence)]}.",
        )
    today = context.now().date()
    if wanted.first_day > today:
        raise BamError(f"the period {wanted} has not begun", where=f"brief {brief_id}", remedy="Choose an earlier one.")
    with context.store.read() as connection:
        publication = latest_publication(connection, recorded_at)
    if publication is None:
        when = f"by {recorded_at}" if recorded_at else "yet"
        raise BamError(f"nothing was published {when}", where=f"brief {brief_id}", remedy="Run `bam update` first.")
    return _order(context, brief, wanted, as_of or min(wanted.last_day, today), publication.published_at, edition)


def issue_paths(context: RunContext, issue: IssueRow) -> tuple[Path, Path]:
    """Where the PDF and the page of an issue are written."""
    folder = context.settings.briefs / issue.brief_id / issue.period
    name = f"{issue.brief_id}-{issue.period}-{issue.edition}-{issue.id[-8:]}"
    return folder / f"{name}.pdf", folder / f"{name}.html"


def read_context(context: RunContext, issue_id: str) -> BriefContext:
    """The context of a kept issue. Raises BamError where there is none of that id."""
    with context.store.read() as connection:
        data = read_issue_context(connection, issue_id)
    if data is None:
        raise BamError("no issue has this id", where=issue_id, remedy="`bam brief` makes issues and prints their ids.")
    return from_json(data)


def read_pdf(context: RunContext, issue_id: str) -> bytes:
    """The PDF of a kept issue, as it was issued; written anew from its context where the file is lost.

    Raises:
        BamError: no issue has the id, or the PDF can't be made as it was because templates or libraries have changed since.
    """
    with context.store.read() as connection:
        issue = read_issue(connection, issue_id)
    if issue is None:
        raise BamError("no issue has this id", where=issue_id, remedy="`bam brief` makes issues and prints their ids.")
    return _again(context, issue).pdf_path.read_bytes()


def _order(context: RunContext, brief: Brief, period: Period, as_of: dt.date, recorded_at: str, edition: Edition | None) -> Order:
    return write_order(context.portfolio, brief, period, as_of, recorded_at, edition or Edition(brief.language))


def write_order(portfolio: Portfolio, brief: Brief, period: Period, as_of: dt.date, recorded_at: str, edition: Edition) -> Order:
    """The order with the portfolio's words in the language of the edition."""
    about, editorial, language = portfolio.about, portfolio.editorial, edition.language
    return Order(
        brief_id=brief.id,
        title=brief.title.in_language(language),
        audience=brief.audience.in_language(language),
        cadence=brief.cadence,
        layout=brief.layout,
        sections=tuple(str(section) for section in brief.sections),
        tables=brief.tables,
        publisher=editorial.publisher.in_language(language),
        subject=editorial.subject.in_language(language) if editorial.subject else about.title,
        topics=tuple(Topic(topic.label.en, topic.label.in_language(language), topic.words) for topic in editorial.topics),
        period=period,
        as_of=as_of,
        recorded_at=recorded_at,
        language=language,
        edition=edition.key,
        countries=edition.countries or brief.countries or about.countries,
        is_narrowed=bool(edition.countries or brief.countries),
        donors=brief.donors,
        programmes=brief.programmes,
        tlp=brief.tlp,
        currency=about.currency,
    )


def _keep(context: RunContext, issue: BriefContext) -> IssueReport:
    """Render a context, write its files, keep its row: files first, so that a kept issue always has had them."""
    from bam.briefs.render import render_html, render_pdf

    assets = Assets(context.settings.templates)
    data = to_json(issue)
    pdf = render_pdf(issue, assets)
    heading = issue.heading
    context_sha256 = sha256_hex(data)
    row = IssueRow(
        id=content_id("iss", heading.brief_id, heading.edition, heading.period, context_sha256),
        brief_id=heading.brief_id,
        edition=heading.edition,
        language=heading.language,
        period=heading.period,
        as_of=heading.as_of,
        recorded_at=heading.recorded_at,
        number=heading.number,
        context_sha256=context_sha256,
        pdf_sha256=sha256_hex(pdf),
        status=RENDERED,
        created_at=context.timestamp(),
    )
    pdf_path, html_path = issue_paths(context, row)
    _write(pdf_path, pdf)
    _write(html_path, render_html(issue, assets).encode())
    with context.store.write() as connection:
        is_new = insert_issue(connection, row, data.decode())
    log.info(
        "%s %s (%s): %d pages of sources and tables in %s", row.brief_id, row.period, row.edition, len(issue.sources), pdf_path
    )
    return _report(row, issue, pdf_path, html_path, is_new=is_new)


def _again(context: RunContext, row: IssueRow) -> IssueReport:
    """A kept issue with its files; lost or altered ones are made anew from its context."""
    issue = read_context(context, row.id)
    pdf_path, html_path = issue_paths(context, row)
    if not pdf_path.is_file() or sha256_hex(pdf_path.read_bytes()) != row.pdf_sha256:
        from bam.briefs.render import render_pdf

        pdf = render_pdf(issue, Assets(context.settings.templates))
        if sha256_hex(pdf) != row.pdf_sha256:
            raise BamError(
                "the PDF of this issue is lost and can't be made as it was: templates, fonts or libraries have changed since",
                where=str(pdf_path),
                remedy="Restore the file, or check out the version of the project that made it.",
            )
        _write(pdf_path, pdf)
    if not html_path.is_file():
        from bam.briefs.render import render_html

        _write(html_path, render_html(issue, Assets(context.settings.templates)).encode())
    return _report(row, issue, pdf_path, html_path, is_new=False)


def _report(row: IssueRow, issue: BriefContext, pdf_path: Path, html_path: Path, *, is_new: bool) -> IssueReport:
    return IssueReport(
        issue_id=row.id,
        brief_id=row.brief_id,
        title=issue.heading.title,
        edition=row.edition,
        language=row.language,
        period=row.period,
        as_of=row.as_of,
        recorded_at=row.recorded_at,
        is_new=is_new,
        is_empty=issue.is_empty,
        headlines=tuple(sentence.text for sentence in issue.headlines),
        figures=key_figures(issue),
        context_sha256=row.context_sha256,
        pdf_sha256=row.pdf_sha256,
        pdf_path=pdf_path,
        html_path=html_path,
    )


def key_figures(issue: BriefContext) -> dict[str, str]:
    """The key figures as printed, by label."""
    return {tile.label: tile.text for tile in issue.tiles}


def _write(path: Path, data: bytes) -> None:
    """Write a file at once or not at all: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{sha256_hex(data)[:8]}")
    draft.write_bytes(data)
    draft.replace(path)
