"""What things are called on the pages."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from bam.model.claims import ClaimValues
from bam.model.errors import ConfigurationError
from bam.portfolio.load import Portfolio
from bam.store.briefs import IssueRow

TABLE_NAMES = {"funding": "Funding", "facilities": "Facilities", "workshops": "Workshops", "follow_ups": "Follow-ups"}


def issue_title(portfolio: Portfolio, issue: IssueRow) -> str:
    """An issue in a few words: title of its brief, period and edition. A brief that is gone goes by its id."""
    try:
        title = portfolio.brief(issue.brief_id).title.en
    except ConfigurationError:
        title = issue.brief_id
    return f"{title}, {issue.period} ({issue.edition})"


def filled_values(values: ClaimValues) -> list[tuple[str, Any]]:
    """(field, value) of what is known."""
    found = [(spec.name, getattr(values, spec.name)) for spec in fields(values)]
    return [(name, value) for name, value in found if value not in (None, (), False)]
