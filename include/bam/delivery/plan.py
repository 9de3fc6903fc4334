"""Who gets an issue, over which channel, and who doesn't and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bam.delivery.gate import Objection
from bam.delivery.issue import label_of, may_see
from bam.portfolio.recipients import Publication, Recipient, address_key

MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Place:
    """One delivery to make: over `channel`, to the recipient or publication of that id; `key` tells same addresses."""

    channel: str
    recipient_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Somebody who would get it, but must not."""

    place: Place
    objection: Objection


@dataclass(frozen=True, slots=True)
class Plan:
    """The deliveries of one parcel, and what is withheld from whom."""

    places: tuple[Place, ...]
    withheld: tuple[Withheld, ...] = ()


def plan_mail(recipients: Iterable[Recipient], tlp: str | None, suppressed: Mapping[str, str]) -> Plan:
    """Mail to these recipients, except to those without the clearance or on the suppression list (address key: why)."""
    places, withheld = [], []
    for recipient in recipients:
        place = Place(MAIL, recipient.id, address_key(recipient.address))
        if place.key in suppressed:
            reason = f"{recipient.address} wants no mail: {suppressed[place.key]}"
            withheld.append(Withheld(place, Objection("suppressed", reason)))
        elif not may_see(recipient.tlp, tlp):
            reason = f"it is {label_of(tlp)} and {recipient.id} may see up to {label_of(recipient.tlp)}"
            withheld.append(Withheld(place, Objection("tlp", reason)))
        else:
            places.append(place)
    return Plan(tuple(places), tuple(withheld))


def plan_publications(publications: Iterable[Publication], brief_id: str, tlp: str) -> Plan:
    """The publications that carry this brief, except those where something of this TLP must not appear."""
    places, withheld = [], []
    for publication in publications:
        if publication.briefs and brief_id not in publication.briefs:
            continue
        channel = channel_id(publication)
        place = Place(channel, publication.id, channel)
        if may_see(publication.tlp, tlp):
            places.append(place)
        else:
            reason = f"it is {label_of(tlp)} and {publication.id} carries up to {label_of(publication.tlp)}"
            withheld.append(Withheld(place, Objection("tlp", reason)))
    return Plan(tuple(places), tuple(withheld))


def channel_id(publication: Publication) -> str:
    """The name of a publication's channel in the outbox: `feed:public`."""
    return f"{publication.kind}:{publication.id}"
