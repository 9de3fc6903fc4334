"""Reminders of follow-ups: each owner hears of a commitment once before it is due, and once when it is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from bam.briefs.language import Language, language_of
from bam.delivery.digest import Chapter, Notice, as_html, as_text
from bam.delivery.issue import TLP_ORDER
from bam.delivery.times import stamp
from bam.delivery.wording import Translate, translate_to
from bam.model.claims import FollowUpStatus, FollowUpValues
from bam.model.dates import is_date_prefix, last_day
from bam.model.identity import content_id
from bam.model.records import Record
from bam.store.digests import DigestRow, ReminderRow, known_reminders, save_digest, take_reminders

DIGEST_KIND = "reminders"

_SETTLED = (FollowUpStatus.DONE, FollowUpStatus.DROPPED)
_DONE_SCORE = "+1"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One follow-up for one owner. `days_left` is negative for what is overdue. `tlp` is the highest of its sources."""

    record_id: str
    owner: str
    kind: Literal["due", "overdue"]
    values: FollowUpValues
    due: str
    days_left: int
    tlp: str

    @property
    def id(self) -> str:
        """The same for the same commitment, owner, kind and date: nobody is reminded of it twice."""
        return content_id("rem", self.record_id, self.owner, self.kind, self.due)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears of the commitments of these parties: ids of recipients, and what all of them may see.

    `owner` is the party, or empty for those who stand in for all parties that have no owner.
    """

    owner: str
    parties: tuple[str, ...]
    recipient_ids: tuple[str, ...]
    tlp: str


def reminders_on(records: Iterable[Record], tlp_of: Mapping[str, str], on: dt.date, days_ahead: int) -> list[Reminder]:
    """Every reminder that is due on that day, whoever has had it: open commitments due within `days_ahead` days (the last day
    that a date stands for counts), and those whose day has passed. A commitment of several parties reminds each.

    Args:
        tlp_of: the confidentiality of the sources of each record, by record id.
    """
    found = []
    for record in records:
        values = record.values
        if not isinstance(values, FollowUpValues) or values.status in _SETTLED or record.score == _DONE_SCORE:
            continue
        if values.due is None or not is_date_prefix(values.due):
            continue
        days_left = (last_day(values.due) - on).days
        if days_left > days_ahead:
            continue
        kind: Literal["due", "overdue"] = "due" if days_left >= 0 else "overdue"
        for owner in values.parties or ("",):
            tlp = tlp_of.get(record.id, TLP_ORDER[-1])
            found.append(Reminder(record.id, owner, kind, values, values.due, days_left, tlp))
    return sorted(found, key=lambda reminder: (reminder.owner, reminder.days_left, reminder.record_id))


def unknown_to_owners(connection: Connection, reminders: Sequence[Reminder]) -> list[Reminder]:
    """Those that their owner hasn't had."""
    known = known_reminders(connection, [reminder.id for reminder in reminders])
    return [reminder for reminder in reminders if reminder.id not in known]


def write_digests(
    connection: Connection,
    reminders: Sequence[Reminder],
    audiences: Sequence[Audience],
    *,
    on: dt.date,
    now: dt.datetime,
    language: str,
) -> list[DigestRow]:
    """One digest per audience with what is new for it, kept in the store together with the note that it has been told.

    What is above an audience's clearance is left out and stays untold.
    """
    written = []
    for audience in audiences:
        own = [
            reminder
            for reminder in reminders
            if reminder.owner in audience.parties and TLP_ORDER.index(reminder.tlp) <= TLP_ORDER.index(audience.tlp)
        ]
        digest_id = content_id("dig", DIGEST_KIND, audience.owner, on.isoformat(), [reminder.id for reminder in own])
        rows = [
            ReminderRow(reminder.id, reminder.record_id, reminder.owner, reminder.kind, reminder.due, digest_id, on.isoformat())
            for reminder in own
        ]
        fresh = {row.id for row in take_reminders(connection, rows)}
        told = [reminder for reminder in own if reminder.id in fresh]
        if told:
            digest = _digest(digest_id, audience, told, on, now, language)
            save_digest(connection, digest)
            written.append(digest)
    return written


def _digest(
    digest_id: str, audience: Audience, told: Sequence[Reminder], on: dt.date, now: dt.datetime, language: str
) -> DigestRow:
    say, tongue = translate_to(language), language_of(language)
    owner = tongue.party(audience.owner) if audience.owner else say("parties without an owner")
    one_each = list({reminder.record_id: reminder for reminder in told}.values())
    lead = say("Commitments of {owner} as of {date}.").format(owner=owner, date=tongue.date(on.isoformat()))
    headings = {"overdue": say("Overdue"), "due": say("Due soon")}
    chapters = [
        Chapter(heading, tuple(_notice(reminder, say, tongue) for reminder in one_each if reminder.kind == kind))
        for kind, heading in headings.items()
        if any(reminder.kind == kind for reminder in one_each)
    ]
    return DigestRow(
        id=digest_id,
        kind=DIGEST_KIND,
        owner=audience.owner,
        period=on.isoformat(),
        title=say("Follow-ups of {owner}: due soon {due}, overdue {overdue}").format(
            owner=owner,
            due=sum(reminder.kind == "due" for reminder in one_each),
            overdue=sum(reminder.kind == "overdue" for reminder in one_each),
        ),
        text=as_text(lead, chapters),
        html=as_html(lead, chapters),
        summary=lead,
        language=language,
        tlp=max((reminder.tlp for reminder in told), key=TLP_ORDER.index),
        recipient_ids=audience.recipient_ids,
        created_at=stamp(now),
    )


def _notice(reminder: Reminder, say: Translate, tongue: Language) -> Notice:
    values = reminder.values
    days = say("days overdue: {days}") if reminder.kind == "overdue" else say("days left: {days}")
    due = say("Due: {date}").format(date=tongue.date(reminder.due))
    conference = ", ".join(
        part for part in (values.conference, values.conference_place, tongue.date(values.conference_date)) if part
    )
    parties = say("To act: {parties}").format(parties=tongue.parties(values.parties)) if values.parties else ""
    lines = (f"{due} ({days.format(days=abs(reminder.days_left))})", conference, parties)
    return Notice(values.commitment, tuple(line for line in lines if line))
