"""Follow-up reminders as a step: who is reminded of what on a day, one digest per owner, nobody twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.digest import parcel_of_digest
from bam.delivery.issue import TLP_ORDER
from bam.delivery.reminders import Audience, Reminder, reminders_on, unknown_to_owners, write_digests
from bam.model.claims import Table
from bam.model.records import Record
from bam.pipeline.context import RunContext
from bam.pipeline.posting import DeliveryReport, Wish, send_parcel
from bam.store.claims import read_claims
from bam.store.records import read_records


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    """`due` is what owners haven't been reminded of before; `digests` what was mailed; `nobody` the owners whom nobody
    answers for; `withheld` what is above its readers' clearance.
    """

    due: tuple[Reminder, ...]
    digests: tuple[DeliveryReport, ...] = ()
    nobody: tuple[str, ...] = ()
    withheld: tuple[Reminder, ...] = ()


def remind(
    context: RunContext, on: dt.date, *, mail_server: SmtpServer | None = None, is_dry_run: bool = False
) -> FollowUpReport:
    """Mail each owner one digest of the commitments that are due within the portfolio's days, or overdue, on that day and
    that they haven't been reminded of. A dry run only says which.
    """
    people = context.portfolio.delivery
    with context.store.read() as connection:
        records = [stored.record for stored in read_records(connection, table=Table.FOLLOW_UPS)]
        claim_ids = {claim_id for record in records for claim_id in record.claim_ids}
        tlp_by_claim = {claim.id: claim.witness.tlp for claim in read_claims(connection, claim_ids)}
        found = reminders_on(records, _tlp_of(records, tlp_by_claim), on, people.reminders.days_ahead)
        new = unknown_to_owners(connection, found)
    audiences, nobody = _audiences(context, new)
    clearance = {party: TLP_ORDER.index(audience.tlp) for audience in audiences for party in audience.parties}
    withheld = tuple(r for r in new if r.owner in clearance and TLP_ORDER.index(r.tlp) > clearance[r.owner])
    report = FollowUpReport(tuple(new), nobody=nobody, withheld=withheld)
    if is_dry_run:
        return report
    with context.store.write() as connection:
        language = context.portfolio.about.languages[0]
        digests = write_digests(connection, new, audiences, on=on, now=context.now(), language=language)
    sent = tuple(
        send_parcel(context, parcel_of_digest(digest), people.resolve(digest.recipient_ids), Wish(mail_server=mail_server))
        for digest in digests
    )
    return FollowUpReport(tuple(new), sent, nobody, withheld)


def _tlp_of(records: Iterable[Record], tlp_by_claim: dict[str, str]) -> dict[str, str]:
    """The highest confidentiality of the sources of each record; red where a source isn't known."""
    levels = {claim_id: TLP_ORDER.index(tlp) for claim_id, tlp in tlp_by_claim.items()}
    unknown = len(TLP_ORDER) - 1
    return {
        record.id: TLP_ORDER[max((levels.get(claim_id, unknown) for claim_id in record.claim_ids), default=unknown)]
        for record in records
    }


def _audiences(context: RunContext, reminders: Sequence[Reminder]) -> tuple[list[Audience], tuple[str, ...]]:
    """Who hears of these reminders: each owner of its own, the stand-ins of all the others together. And the parties whom
    nobody answers for.
    """
    people = context.portfolio.delivery
    parties = {reminder.owner for reminder in reminders}
    owned = {owner.party: owner.recipients for owner in people.owners if owner.party in parties}
    others = tuple(sorted(parties - set(owned)))
    wanted: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        (party, (party,), names) for party, names in sorted(owned.items())
    ]
    if others:
        wanted.append(("", others, people.reminders.recipients))
    audiences: list[Audience] = []
    nobody: list[str] = []
    for owner, its_parties, names in wanted:
        readers = people.resolve(names, where="recipients.yml, reminders")
        if not readers:
            nobody += its_parties
            continue
        tlp = min((reader.tlp for reader in readers), key=TLP_ORDER.index)
        audiences.append(Audience(owner, its_parties, tuple(reader.id for reader in readers), tlp))
    return audiences, tuple(nobody)
