"""What codes are called on the page; every label is a message of the catalogues."""

from __future__ import annotations

from bam.briefs.language import N_, Language
from bam.model.claims import FacilityType, Stage

STAGES: dict[str, tuple[str, str]] = {
    Stage.PLANNED: (N_("Planned"), N_("intended, proposed or sought")),
    Stage.PLEDGED: (N_("Pledged"), N_("announced, not yet bound")),
    Stage.COMMITTED: (N_("Committed"), N_("signed, approved or allocated")),
    Stage.DISBURSED: (N_("Disbursed"), N_("paid, delivered or built")),
}
"""Label and meaning per stage, from the least to the most certain."""

FACILITY_TYPES: dict[str, str] = {
    FacilityType.TRAINING_CENTRE: N_("Training centre"),
    FacilityType.BORDER_CROSSING: N_("Border crossing"),
    FacilityType.BORDER_POST: N_("Border post"),
    FacilityType.BRIDGE: N_("Bridge"),
    FacilityType.BASE: N_("Base"),
    FacilityType.AIRPORT: N_("Airport"),
    FacilityType.LABORATORY: N_("Laboratory"),
    FacilityType.OFFICE: N_("Office"),
    FacilityType.CHECKPOINT: N_("Checkpoint"),
    FacilityType.OTHER: N_("Other"),
}

STATES: dict[str, str] = {
    "planned": N_("Planned"),
    "under_construction": N_("Under construction"),
    "operational": N_("In operation"),
    "closed": N_("Closed"),
    "suspended": N_("Presumed suspended"),
    "cancelled": N_("Presumed cancelled"),
}
"""States of facilities, in the order of a life. The presumed ones follow from years of silence; nobody reports them."""

SCORES: dict[str, tuple[str, str]] = {
    "+1": (N_("Done"), N_("a later document reports it done")),
    "0": (N_("Under way"), N_("a later document reports work on it")),
    "-1": (N_("Not done"), N_("a document reports it dropped or failed")),
    "NE": (N_("No evidence"), N_("nothing was found that tells")),
}

REASONS: dict[str, str] = {
    "part_of": N_("part of another sum on record"),
    "repeat": N_("probably repeats a sum on record"),
    "cumulative": N_("adds up many years"),
    "cancelled": N_("withdrawn"),
    "no_amount": N_("no amount is given"),
    "no_rate": N_("no exchange rate for its currency and date"),
    "counted_by_parts": N_("its parts are counted instead"),
    "recipient_share_unknown": N_("shares of several recipients are unknown"),
    "donor_share_unknown": N_("shares of several donors are unknown"),
}
"""Why a sum is in no total of its stage; codes are those of `records.ledger.REASONS`."""

MEASURES: dict[str, str] = {
    "pledged": N_("Pledged"),
    "committed": N_("Committed"),
    "disbursed": N_("Disbursed"),
    "people_trained": N_("People trained"),
    "facilities_opened": N_("Facilities opened"),
    "promises_overdue": N_("Promises overdue"),
}

TABLES: dict[str, str] = {
    "funding": N_("Funding"),
    "facilities": N_("Facilities"),
    "workshops": N_("Trainings"),
    "follow_ups": N_("Follow-ups"),
}


def reason_label(code: str, language: Language) -> str:
    """The reason in words; an unknown code as it is."""
    return language.say(REASONS.get(code, code))


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where there is a gap to cut at."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:–-") + "…"


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
