"""Which records a brief is about: its countries, donors, programmes and the confidentiality that it may show."""

from __future__ import annotations

from collections.abc import Iterable

from bam.briefs.order import Order
from bam.model.claims import FacilityValues, FollowUpValues, FundingValues, WorkshopValues
from bam.model.records import Record

TLP_ORDER = ("clear", "green", "amber", "red")


def in_scope(records: Iterable[Record], order: Order, givers: frozenset[str]) -> tuple[Record, ...]:
    """The records that the issue is about. `givers` are parties that give rather than receive: where only they act, a promise
    says nothing about a country.
    """
    return tuple(record for record in records if _belongs(record, order, givers))


def highest_tlp(records: Iterable[Record]) -> str:
    """The highest confidentiality among them; `clear` without any."""
    return max((record.tlp for record in records), key=TLP_ORDER.index, default="clear")


def countries_of(record: Record) -> frozenset[str]:
    """Countries (and other parties) that the record is about, as opposed to those that pay for it."""
    values = record.values
    if isinstance(values, FundingValues):
        return frozenset(values.recipients)
    if isinstance(values, FacilityValues):
        return frozenset({values.country} if values.country else ())
    if isinstance(values, WorkshopValues):
        return frozenset((*values.audience, values.country) if values.country else values.audience)
    return frozenset(values.parties)


def _belongs(record: Record, order: Order, givers: frozenset[str]) -> bool:
    """A record that names no country is kept unless the edition is narrowed to some."""
    if TLP_ORDER.index(record.tlp) > TLP_ORDER.index(order.tlp):
        return False
    if order.donors and not set(order.donors) & _givers(record):
        return False
    if order.programmes and getattr(record.values, "programme", None) not in order.programmes:
        return False
    about = countries_of(record)
    if about & set(order.countries):
        return True
    named = {party for party in about - givers if len(party) == 2 and party.isupper() and party not in ("EU", "UN")}
    return not named and not order.is_narrowed


def _givers(record: Record) -> frozenset[str]:
    values = record.values
    if isinstance(values, FundingValues):
        return frozenset(values.donors)
    if isinstance(values, FacilityValues):
        return frozenset(values.funders)
    if isinstance(values, WorkshopValues):
        return frozenset(values.organisers)
    assert isinstance(values, FollowUpValues)
    return frozenset(values.parties)
