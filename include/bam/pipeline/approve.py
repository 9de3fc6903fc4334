"""Approval as a step: what an approver is shown, and what becomes of the answer. Airflow's operator and `bam approve` call it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bam.delivery.approval import Decision, approval_of, record_decision, request_approval
from bam.pipeline.context import RunContext
from bam.pipeline.deliver import load_issue
from bam.store.approvals import read_open_requests

DECISIONS: tuple[Decision, ...] = ("approved", "rejected")


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What an approver has before them. `content_sha256` is what the answer is about: hand it back with the decision.

    `state` and `sentence` say where the issue stands with its approvers.
    """

    issue_id: str
    title: str
    summary: str
    pdf_path: str
    content_sha256: str
    state: str
    sentence: str


def ask(context: RunContext, issue_id: str) -> ApprovalRequest:
    """Ask for a person's word about an issue, and tell what they have to read. Asking again changes nothing."""
    loaded = load_issue(context, issue_id)
    wait = dt.timedelta(hours=loaded.brief.approval_hours)
    with context.store.write() as connection:
        request_approval(connection, loaded.issue.id, loaded.issue.content_sha256, context.now(), wait)
    return show(context, issue_id)


def show(context: RunContext, issue_id: str) -> ApprovalRequest:
    """What there is to approve, and where it stands."""
    loaded = load_issue(context, issue_id)
    issue = loaded.issue
    with context.store.read() as connection:
        approval = approval_of(connection, issue.id, issue.content_sha256, context.now())
    return ApprovalRequest(
        issue.id, issue.title, issue.text, str(loaded.pdf_path), issue.content_sha256, approval.state, approval.sentence
    )


def answer(
    context: RunContext,
    issue_id: str,
    decision: Decision,
    *,
    by: str,
    via: Literal["command", "airflow"],
    content_sha256: str | None = None,
    note: str | None = None,
    at: dt.datetime | None = None,
) -> ApprovalRequest:
    """Write down what a person decided about an issue.

    `content_sha256` is that of the request which they answered; without it they decide about what there is now. `at` is when they
    did, now where it isn't given.
    """
    issue = load_issue(context, issue_id).issue
    with context.store.write() as connection:
        record_decision(
            connection,
            issue.id,
            content_sha256 or issue.content_sha256,
            decision,
            by=by,
            via=via,
            now=at or context.now(),
            note=note,
        )
    return show(context, issue.id)


def common_decision(context: RunContext, asked: Mapping[str, str]) -> Decision | None:
    """What people have decided about all of these contents (SHA-256 by issue); None while one is open or they differ."""
    with context.store.read() as connection:
        states = {approval_of(connection, issue_id, content, context.now()).state for issue_id, content in asked.items()}
    for decision in DECISIONS:
        if states == {decision}:
            return decision
    return None


def open_requests(context: RunContext) -> list[ApprovalRequest]:
    """Issues that wait for somebody's word, oldest first."""
    with context.store.read() as connection:
        issue_ids = [request.issue_id for request in read_open_requests(connection)]
    return [show(context, issue_id) for issue_id in issue_ids]
