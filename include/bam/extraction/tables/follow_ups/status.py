"""How far a commitment has come."""

from __future__ import annotations

from bam.extraction.tables.follow_ups.draft import Draft
from bam.model.claims import FollowUpStatus


def status_of(draft: Draft) -> FollowUpStatus:
    """What the text says of it: its status phrase, "continue" and "go on", else it is open."""
    candidate = draft.candidate
    if candidate.status is not None:
        return candidate.status
    verb = candidate.verb
    if verb is None:
        return FollowUpStatus.OPEN
    if verb.has("continuing") and candidate.kind in ("will", "now", "must") and not verb.is_passive:
        return FollowUpStatus.ONGOING
    if verb.is_negated and candidate.kind == "will":
        return FollowUpStatus.DROPPED
    return FollowUpStatus.OPEN
