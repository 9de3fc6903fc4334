"""One parcel to everybody who gets it, over every channel, as often as it is asked for and once for each.

Everything that is sent goes through here: issues after the gate, digests without one.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bam.delivery.alerts import Alert, end_alert, raise_alert
from bam.delivery.approval import Approval, approval_of, expire_request, request_approval
from bam.delivery.channels.opening import open_channels
from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.gate import Findings, Objection, objections_to
from bam.delivery.issue import IssueToSend, Parcel, corrected, parcel_of
from bam.delivery.outbox import Attempt, Dispatch, post
from bam.delivery.plan import Place, Plan, plan_mail, plan_publications
from bam.delivery.times import stamp
from bam.model.identity import content_id
from bam.pipeline.context import RunContext
from bam.portfolio.briefs import Brief
from bam.portfolio.recipients import Recipient, edition_of
from bam.store.delivery import Refusal, note_refusal, read_deliveries, read_suppressions

log = logging.getLogger(__name__)

_ALARMING = ("critical_check", "stale_sources", "unverified", "approval_changed", "approval_expired")
_STATES = ("sent", "waiting", "sending", "unknown", "failed")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller asks for.

    `deliver` is True to send backfills too, False to send nothing, None for the usual way. `as_correction` sends an issue also to
    readers who have another one of the same period. `at_once` doesn't wait for the pauses between attempts. `mail_server`
    stands in for `BAM_SMTP_URL` (an Airflow connection).
    """

    deliver: bool | None = None
    as_correction: bool = False
    at_once: bool = False
    mail_server: SmtpServer | None = None


USUAL = Wish()


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one call did, and how the parcel stands.

    `attempts` are those of this call. `states` counts all deliveries of the parcel afterwards. `held` says why it wasn't sent to
    anybody, `withheld` why it wasn't sent to some; the store keeps both.
    """

    parcel_id: str
    title: str
    attempts: tuple[Attempt, ...] = ()
    states: Mapping[str, int] = field(default_factory=dict)
    held: tuple[Refusal, ...] = ()
    withheld: tuple[Refusal, ...] = ()

    @property
    def sent_now(self) -> int:
        """How many deliveries this call made."""
        return sum(attempt.state == "sent" for attempt in self.attempts)

    @property
    def is_waiting(self) -> bool:
        """Whether a later call has something left to do: a task that sees this should run again."""
        return self.states.get("waiting", 0) + self.states.get("sending", 0) > 0

    @property
    def is_in_other_hands(self) -> bool:
        """Whether nothing is left to do here, but somebody else is sending to a recipient right now."""
        return self.states.get("sending", 0) > 0 and not self.states.get("waiting", 0)

    @property
    def needs_a_person(self) -> bool:
        """Whether a delivery failed for good, or may or may not have arrived."""
        return self.states.get("failed", 0) + self.states.get("unknown", 0) > 0

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        return self.lines()[0]

    @classmethod
    def failed(cls, parcel_id: str, reason: str) -> DeliveryReport:
        """The report of a parcel that couldn't even be looked at."""
        return cls(parcel_id, parcel_id, held=(Refusal(parcel_id, "", "", "error", reason),))

    def alarms(self) -> list[str]:
        """Why it is held back, where somebody has to act."""
        return [refusal.reason for refusal in self.held if refusal.code in _ALARMING]

    def figures(self) -> dict[str, int | str]:
        """The same as numbers, for logs and asset events."""
        counts = {state: self.states.get(state, 0) for state in _STATES}
        return {"issue_id": self.parcel_id, "sent_now": self.sent_now, "withheld": len(self.withheld), **counts}

    def lines(self) -> list[str]:
        """The report for people."""
        if self.held:
            return [f"{self.title}: not sent. {refusal.reason[:1].upper()}{refusal.reason[1:]}." for refusal in self.held]
        counts = ", ".join(f"{self.states[state]} {state}" for state in _STATES if self.states.get(state)) or "nobody gets it"
        lines = [f"{self.title}: {self.sent_now} sent now; in all {counts}."]
        lines += [f"  {a.state}: {a.recipient_id} over {a.channel}: {a.reason}" for a in self.attempts if a.state != "sent"]
        lines += [f"  withheld from {refusal.recipient_id}: {refusal.reason}" for refusal in self.withheld]
        return lines


def send_issue(context: RunContext, issue: IssueToSend, brief: Brief, findings: Findings, wish: Wish = USUAL) -> DeliveryReport:
    """Send an issue, if it may go, to everybody who gets this edition of the brief and hasn't got it.

    Raises:
        ConfigurationError: the brief names recipients that don't exist.
    """
    parcel = _parcel(issue, wish)
    objections = gate_of(context, issue, findings, wish)
    if brief.approval and not objections:
        objections = objections_to(Findings(), approval=_approval(context, issue, brief), is_backfill=False, deliver=True)
    _tell_gate(context, parcel, objections)
    if objections:
        held = _keep(context, parcel.id, [(Place("", "", ""), objection) for objection in objections])
        log.info("%s is held back: %s", parcel.title, "; ".join(objection.reason for objection in objections))
        return DeliveryReport(parcel.id, parcel.title, states=_states(context, parcel), held=held)
    return _send(context, parcel, _plan(context, issue, brief), wish)


def gate_of(context: RunContext, issue: IssueToSend, findings: Findings, wish: Wish = USUAL) -> tuple[Objection, ...]:
    """All that stands against sending an issue now, approval apart."""
    slot = _parcel(issue, wish).slot
    with context.store.read() as connection:
        others = {row.parcel_id for row in read_deliveries(connection, slot=slot)} - {issue.id}
    if others:
        reason = f"readers have another issue of this period ({min(others)}); send this one as a correction if it is one"
        return (Objection("already_issued", reason),)
    return objections_to(findings, approval=None, is_backfill=issue.is_backfill, deliver=wish.deliver)


def send_parcel(context: RunContext, parcel: Parcel, recipients: Sequence[Recipient], wish: Wish = USUAL) -> DeliveryReport:
    """Mail a parcel that passes no gate (a digest for operators or owners) to these recipients."""
    with context.store.read() as connection:
        plan = plan_mail(recipients, parcel.tlp, read_suppressions(connection))
    return _send(context, parcel, plan, wish)


def _send(context: RunContext, parcel: Parcel, plan: Plan, wish: Wish) -> DeliveryReport:
    people = context.portfolio.delivery
    withheld = _keep(context, parcel.id, [(held.place, held.objection) for held in plan.withheld])
    channels = open_channels(people, context.settings, context.portfolio.about.title, wish.mail_server)
    dispatch = Dispatch(
        context.store,
        context.now,
        token=f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:12]}",
        give_up_after=dt.timedelta(hours=people.mail.give_up_after_hours),
        ignore_pauses=wish.at_once,
    )
    attempts = post(dispatch, channels, parcel, plan.places)
    return DeliveryReport(parcel.id, parcel.title, attempts, _states(context, parcel), withheld=withheld)


def _parcel(issue: IssueToSend, wish: Wish) -> Parcel:
    return corrected(parcel_of(issue)) if wish.as_correction else parcel_of(issue)


def _tell_gate(context: RunContext, parcel: Parcel, objections: Sequence[Objection]) -> None:
    """Operators hear of an issue that is held back for a reason that they can end; nobody asked for the others."""
    reasons = [objection.reason for objection in objections if objection.code in _ALARMING]
    now = context.now()
    with context.store.write() as connection:
        if reasons:
            what, remedy = "Nothing was sent: " + "; ".join(reasons) + ".", "Correct it and run the brief again; see `bam check`."
            raise_alert(connection, Alert("gate", parcel.title, what, remedy, since=now), now)
        else:
            end_alert(connection, "gate", parcel.title, now)


def _approval(context: RunContext, issue: IssueToSend, brief: Brief) -> Approval:
    """The word of the approvers; they are asked where nobody has been."""
    now = context.now()
    with context.store.write() as connection:
        if approval_of(connection, issue.id, issue.content_sha256, now).state == "not_asked":
            wait = dt.timedelta(hours=brief.approval_hours)
            request_approval(connection, issue.id, issue.content_sha256, now, wait)
        expire_request(connection, issue.id, issue.content_sha256, now)
        return approval_of(connection, issue.id, issue.content_sha256, now)


def _plan(context: RunContext, issue: IssueToSend, brief: Brief) -> Plan:
    people = context.portfolio.delivery
    countries = brief.countries or context.portfolio.about.countries
    readers = [
        reader
        for reader in people.resolve(brief.recipients, where=f"briefs.yml, brief {brief.id}")
        if edition_of(reader, brief.id, brief.language, countries).key == issue.edition
    ]
    with context.store.read() as connection:
        mail = plan_mail(readers, issue.tlp, read_suppressions(connection))
    if issue.edition != issue.language:
        # Editions cut for single readers are theirs; publications carry those about all countries.
        return mail
    published = plan_publications(people.publications, brief.id, issue.tlp)
    return Plan(mail.places + published.places, mail.withheld + published.withheld)


def _keep(context: RunContext, parcel_id: str, refused: Iterable[tuple[Place, Objection]]) -> tuple[Refusal, ...]:
    refusals = tuple(Refusal(parcel_id, place.channel, place.recipient_id, why.code, why.reason) for place, why in refused)
    if refusals:
        now = stamp(context.now())
        with context.store.write() as connection:
            for refusal in refusals:
                key = content_id("ref", parcel_id, refusal.channel, refusal.recipient_id, refusal.code)
                note_refusal(connection, refusal, key, now)
    return refusals


def _states(context: RunContext, parcel: Parcel) -> dict[str, int]:
    with context.store.read() as connection:
        return dict(Counter(row.state for row in read_deliveries(connection, parcel_id=parcel.id, slot=parcel.slot)))
