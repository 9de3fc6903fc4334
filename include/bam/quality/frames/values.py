"""The columns that claims and records share: what their values say, and which faults show in them at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from bam.model.claims import (
    ClaimValues,
    FacilityStatus,
    FacilityValues,
    FollowUpValues,
    FundingValues,
    Stage,
    WorkshopStatus,
    WorkshopValues,
)
from bam.model.dates import first_day, is_date_prefix, last_day
from bam.quality.codes import COUNTRIES
from bam.quality.frames.context import CheckContext
from bam.quality.frames.limits import implausible

EARLIEST_YEAR = 1900
"""No assistance of this kind is older; a year before it is a misread number."""

YEARS_AHEAD = 30
"""The longest loans and frameworks run for 30 years; a year beyond that is a misread number."""

DATE_FIELDS = ("date", "status_date", "start", "end", "conference_date", "due")

VALUE_COLUMNS = (
    *("amount", "amount_min", "amount_max", "part_of_amount", "amount_common", "implausible_amount", "currency", "stage", "kind"),
    *("name", "type", "facility_status", "workshop_status", "follow_up_status", "country", "party_count"),
    *("participants", "event_count"),
    *("start_day", "end_day", "conference_day", "due_day"),
    *("odd_party", "bad_date", "far_date", "future_date", "late_date"),
)


def value_columns(values: ClaimValues, context: CheckContext, *, published_on: str | None) -> dict[str, Any]:
    """Cells of `VALUE_COLUMNS`; those that the table doesn't have are left out."""
    dates = dict(_dates(values))
    fault = next((f"{name}={value}" for name, value in dates.items() if not is_date_prefix(value)), None)
    cells: dict[str, Any] = {"odd_party": _odd_party(values, context), "bad_date": fault}
    if fault is None:
        cells |= {
            "far_date": _far_date(dates, context.today),
            "future_date": _future_date(values, context.today),
            "late_date": _late_date(values, published_on),
        }
        cells |= {f"{column}_day": _day(dates.get(name), column) for column, name in _DAY_COLUMNS.items()}
    return cells | dict(_OF_TABLE[type(values)](values, context))


_DAY_COLUMNS = {"start": "start", "end": "end", "conference": "conference_date", "due": "due"}


def _day(prefix: str | None, column: str) -> str | None:
    """The day that orders the prefix fairly against another: the first of a beginning, the last of an end."""
    if prefix is None:
        return None
    return (last_day if column in ("end", "due") else first_day)(prefix).isoformat()


def _funding(values: FundingValues, context: CheckContext) -> dict[str, Any]:
    date = values.date if is_date_prefix(values.date) else None
    kind = "cumulative" if values.is_cumulative else "goods" if values.is_in_kind else "money"
    common = context.in_common(values.amount, values.currency, date)
    return {
        "amount": values.amount,
        "amount_min": values.amount_min,
        "amount_max": values.amount_max,
        "part_of_amount": values.part_of,
        "amount_common": common,
        "implausible_amount": None if common is None else implausible(common, str(values.stage), kind),
        "currency": values.currency,
        "stage": str(values.stage),
        "kind": kind,
        "name": values.purpose,
        "party_count": len(values.donors) + len(values.recipients),
    }


def _facility(values: FacilityValues, _context: CheckContext) -> dict[str, Any]:
    return {
        "name": values.name,
        "type": str(values.type),
        "facility_status": str(values.status),
        "country": values.country,
        "party_count": len(values.funders),
    }


def _workshop(values: WorkshopValues, _context: CheckContext) -> dict[str, Any]:
    return {
        "name": values.topic,
        "workshop_status": str(values.status),
        "country": values.country,
        "party_count": len(values.organisers),
        "participants": values.participants,
        "event_count": values.count,
    }


def _follow_up(values: FollowUpValues, _context: CheckContext) -> dict[str, Any]:
    return {"name": values.commitment, "follow_up_status": str(values.status), "party_count": len(values.parties)}


_OF_TABLE: dict[type[ClaimValues], Any] = {
    FundingValues: _funding,
    FacilityValues: _facility,
    WorkshopValues: _workshop,
    FollowUpValues: _follow_up,
}


def _dates(values: ClaimValues) -> Iterator[tuple[str, str]]:
    for name in DATE_FIELDS:
        value = getattr(values, name, None)
        if value is not None:
            yield name, value


def _far_date(dates: dict[str, str], today: dt.date) -> str | None:
    for name, value in dates.items():
        if not EARLIEST_YEAR <= first_day(value).year <= today.year + YEARS_AHEAD:
            return f"{name}={value}"
    return None


def _past_dates(values: ClaimValues) -> Iterator[tuple[str, str]]:
    """Dates of what the claim says has happened: they can't lie in the future, nor after the publication that reports them."""
    match values:
        case FundingValues(date=str(date), stage=Stage.COMMITTED | Stage.DISBURSED | Stage.PLEDGED):
            yield "date", date
        case FacilityValues(status_date=str(date), status=FacilityStatus.OPERATIONAL | FacilityStatus.CLOSED):
            yield "status_date", date
        case WorkshopValues(status=WorkshopStatus.HELD):
            for name in ("start", "end"):
                if (held := getattr(values, name)) is not None:
                    yield name, held
        case FollowUpValues(conference_date=str(date)):
            yield "conference_date", date
        case _:
            return


def _future_date(values: ClaimValues, today: dt.date) -> str | None:
    return next((f"{name}={value}" for name, value in _past_dates(values) if first_day(value) > today), None)


def _late_date(values: ClaimValues, published_on: str | None) -> str | None:
    if not is_date_prefix(published_on):
        return None
    published = last_day(str(published_on))
    late = (f"{name}={value}, published {published_on}" for name, value in _past_dates(values) if first_day(value) > published)
    return next(late, None)


def _odd_party(values: ClaimValues, context: CheckContext) -> str | None:
    """A party or country that is written like a country code and is none.

    Two capital letters are a country; a few organisations are written so too (the portfolio names them as parties).
    """
    lists = ("donors", "recipients", "funders", "organisers", "audience", "parties")
    parties = (party for name in lists for party in getattr(values, name, ()))
    for party in parties:
        if len(party) == 2 and party.isalpha() and party not in COUNTRIES and party not in context.known_parties:
            return str(party)
    return None
