"""A record in one line, for lists and logs."""

from __future__ import annotations

from bam.model.claims import FacilityValues, FollowUpValues, FundingValues
from bam.model.records import Record

_UNITS = ((1e9, "billion"), (1e6, "million"))


def record_title(record: Record) -> str:
    """What a reader would call it: `USD 35-36 million, US to TJ: bridge over the river`."""
    values = record.values
    if isinstance(values, FundingValues):
        parties = f"{' and '.join(values.donors) or 'unknown donor'} to {' and '.join(values.recipients) or 'unknown recipient'}"
        purpose = values.purpose or values.programme
        return f"{money_range(values)}, {parties}" + (f": {purpose}" if purpose else "")
    if isinstance(values, FacilityValues):
        place = ", ".join(part for part in (values.place, values.country) if part and part not in values.name)
        return f"{values.name} ({place})" if place else values.name
    if isinstance(values, FollowUpValues):
        return f"{values.conference}: {values.commitment}"
    where = ", ".join(part for part in (values.place, values.country, values.start) if part)
    return f"{values.topic} ({where})" if where else values.topic


def money_range(values: FundingValues) -> str:
    """The sum as people write it: `USD 35-36 million`, `EUR 84,400`."""
    low = values.amount if values.amount_min is None else values.amount_min
    high = values.amount if values.amount_max is None else values.amount_max
    for size, name in _UNITS:
        if low >= size:
            span = _number(low / size) if low == high else f"{_number(low / size)}-{_number(high / size)}"
            return f"{values.currency} {span} {name}"
    span = f"{low:,.0f}" if low == high else f"{low:,.0f}-{high:,.0f}"
    return f"{values.currency} {span}"


def _number(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".")
