"""Delivery as a step: an issue by its id, and everything that waits.

DAG tasks and the command line call these; they may run at the same time, be killed and be called again.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from pathlib import Path

from bam.briefs.codec import from_json
from bam.briefs.model import BriefContext
from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.digest import parcel_of_digest
from bam.delivery.first_page import first_page
from bam.delivery.issue import IssueToSend
from bam.delivery.times import stamp
from bam.model.errors import BamError, GateClosedError
from bam.model.identity import sha256_hex
from bam.pipeline.brief import issue_paths, read_pdf
from bam.pipeline.context import RunContext
from bam.pipeline.findings import findings_about
from bam.pipeline.posting import DeliveryReport, Wish, gate_of, send_issue, send_parcel
from bam.portfolio.briefs import Brief
from bam.store.briefs import IssueRow, read_issue, read_issue_context, read_issues
from bam.store.delivery import OPEN_STATES, read_deliveries
from bam.store.digests import read_digest, unposted_digests

log = logging.getLogger(__name__)

_FIGURES_FAILED = ("critical_check", "stale_sources", "unverified")


@dataclass(frozen=True, slots=True)
class LoadedIssue:
    """An issue out of the store, ready to be looked at and sent."""

    issue: IssueToSend
    brief: Brief
    content: BriefContext
    pdf_path: Path


@dataclass(frozen=True, slots=True)
class GateReport:
    """Whether an issue leaves when it is delivered; if not, nobody asked for it, or it waits for a person's word."""

    issue_id: str
    is_open: bool
    sentence: str


def deliver_issue(
    context: RunContext,
    issue_id: str,
    *,
    deliver: bool | None = None,
    is_backfill: bool = False,
    as_correction: bool = False,
    at_once: bool = False,
    mail_server: SmtpServer | None = None,
) -> DeliveryReport:
    """Send an issue to everybody who gets it and hasn't got it, if it may go. Called again, it finishes what is left.

    Args:
        issue_id: its id or an unambiguous beginning of it.
        deliver: True sends issues of backfills too, False sends nothing, None is the usual way.
        is_backfill: whether the run that asks is a backfill or reprocesses.
        as_correction: send it also to readers who have another issue of the period.
        at_once: don't wait for the pauses between attempts.
        mail_server: in place of `BAM_SMTP_URL`.

    Raises:
        BamError: there is no such issue, or its PDF can't be read.
        ConfigurationError: the brief isn't in the portfolio any more, or names unknown recipients.
    """
    loaded = load_issue(context, issue_id, is_backfill=is_backfill)
    wish = Wish(deliver, as_correction, at_once, mail_server)
    return send_issue(context, loaded.issue, loaded.brief, findings_about(context, loaded.content), wish)


def check_gate(context: RunContext, issue_id: str, *, deliver: bool | None = None, is_backfill: bool = False) -> GateReport:
    """Whether an issue would leave now, approval apart; sends nothing.

    Raises:
        GateClosedError: its figures failed: a critical check, stale sources, a figure that isn't verified.
    """
    loaded = load_issue(context, issue_id, is_backfill=is_backfill)
    objections = gate_of(context, loaded.issue, findings_about(context, loaded.content), Wish(deliver))
    failed = [objection.reason for objection in objections if objection.code in _FIGURES_FAILED]
    if failed:
        raise GateClosedError(
            f"nothing is sent: {'; '.join(failed)}",
            where=loaded.issue.title,
            remedy="See `bam check` and `bam sources status`, correct it, and clear this task.",
        )
    if objections:
        return GateReport(loaded.issue.id, False, "; ".join(objection.reason for objection in objections))
    return GateReport(loaded.issue.id, True, "nothing stands against it")


def deliver_waiting(context: RunContext, *, at_once: bool = False, mail_server: SmtpServer | None = None) -> list[DeliveryReport]:
    """Attempt everything that waits or was left behind, issue by issue; one that fails stops no other."""
    oldest = context.now() - dt.timedelta(hours=context.portfolio.delivery.mail.give_up_after_hours)
    with context.store.read() as connection:
        parcels = {(row.kind, row.parcel_id, row.slot) for row in read_deliveries(connection, states=OPEN_STATES)}
        parcels |= {("digest", digest.id, digest.id) for digest in unposted_digests(connection, stamp(oldest))}
    reports = []
    for kind, parcel_id, slot in sorted(parcels):
        try:
            if kind == "digest":
                reports += _digest_again(context, parcel_id, Wish(at_once=at_once, mail_server=mail_server))
            else:
                reports.append(_issue_again(context, parcel_id, slot, at_once, mail_server))
        except BamError as error:
            log.exception("%s can't be delivered", parcel_id)
            reports.append(DeliveryReport.failed(parcel_id, str(error)))
    return reports


def load_issue(context: RunContext, issue_id: str, *, is_backfill: bool = False) -> LoadedIssue:
    """The issue of that id, or of the only id that begins so, with its PDF. Raises as `deliver_issue`."""
    row, text = _stored(context, issue_id)
    content = from_json(text)
    page = first_page(content)
    pdf_path, _ = issue_paths(context, row)
    issue = IssueToSend(
        id=row.id,
        brief_id=row.brief_id,
        title=_title(content),
        period=row.period,
        edition=row.edition,
        language=row.language,
        issued_at=row.created_at,
        pdf=read_pdf(context, row.id),
        pdf_sha256=row.pdf_sha256,
        # Not the one that was noted when it was stored: an approval is bound to what is there now.
        context_sha256=sha256_hex(text.encode()),
        html=page.html,
        text=page.text,
        summary=page.summary,
        tlp=content.heading.tlp,
        is_backfill=is_backfill,
    )
    return LoadedIssue(issue, context.portfolio.brief(row.brief_id), content, pdf_path)


def _stored(context: RunContext, issue_id: str) -> tuple[IssueRow, str]:
    """The issue and its context as it is stored."""
    with context.store.read() as connection:
        row = read_issue(connection, issue_id)
        if row is None:
            found = [one for one in read_issues(connection) if one.id.startswith(issue_id)]
            if len(found) != 1:
                what = "no issue has" if not found else f"{len(found)} issues have"
                raise BamError(f"{what} an id that begins with {issue_id!r}", remedy="`bam brief --list` shows the issues.")
            row = found[0]
        text = read_issue_context(connection, row.id)
    assert text is not None
    return row, text


def _title(content: BriefContext) -> str:
    heading = content.heading
    return ", ".join(part for part in (heading.title, heading.scope, heading.period_label) if part)


def _issue_again(context: RunContext, issue_id: str, slot: str, at_once: bool, mail_server: SmtpServer | None) -> DeliveryReport:
    # What is in the outbox was asked for when it was put there: also a backfill, also a correction.
    loaded = load_issue(context, issue_id)
    wish = Wish(True, slot != loaded.issue.slot, at_once, mail_server)
    return send_issue(context, loaded.issue, loaded.brief, findings_about(context, loaded.content), wish)


def _digest_again(context: RunContext, digest_id: str, wish: Wish) -> list[DeliveryReport]:
    with context.store.read() as connection:
        digest = read_digest(connection, digest_id)
    if digest is None:
        return []
    readers = [one for one in context.portfolio.delivery.recipients if one.id in digest.recipient_ids]
    return [send_parcel(context, parcel_of_digest(digest), readers, wish)]
