"""The data that a brief carries: the four tables and the sources as CSV, the context as JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bam.briefs.model import BriefContext
from bam.model.claims import Table, values_to_dict
from bam.model.records import Record

if TYPE_CHECKING:
    from weasyprint import Attachment

CONTEXT_FILE = "context.json"

_COLUMNS: dict[Table, tuple[str, ...]] = {
    Table.FUNDING: (
        "amount", "currency", "amount_min", "amount_max", "stage", "donors", "recipients", "programme", "purpose", "date",
        "is_cumulative", "is_in_kind", "is_cancelled",
    ),
    Table.FACILITIES: ("name", "type", "country", "place", "status", "status_date", "funders", "programme"),
    Table.WORKSHOPS: (
        "topic", "start", "end", "country", "place", "venue", "organisers", "participants", "audience", "status", "programme",
        "count",
    ),
    Table.FOLLOW_UPS: ("conference", "commitment", "conference_date", "conference_place", "parties", "due", "status"),
}  # fmt: skip


def attachments(context: BriefContext, data: bytes, moment: dt.datetime) -> list[Attachment]:
    """The attached files, sorted by name as PDF's name trees ask. `data` is the context as JSON."""
    from weasyprint import Attachment

    files = {CONTEXT_FILE: (data, "The context of this issue: every figure with its records, claims and quotes")}
    for table in Table:
        files[f"{table}.csv"] = (table_csv(context, table), f"All records of the table {table}")
    return [
        Attachment(file_obj=io.BytesIO(data), name=name, description=about, created=moment, modified=moment, relationship="Data")
        for name, (data, about) in sorted(files.items())
    ]


def table_csv(context: BriefContext, table: Table) -> bytes:
    """All records of a table, one row each; lists are joined by `;`. Sums in the common currency carry its code in their name."""
    currency = context.heading.currency.lower()
    extra = {
        Table.FUNDING: (
            f"amount_{currency}",
            f"amount_{currency}_min",
            f"amount_{currency}_max",
            "rate",
            "rate_date",
            "counted",
            "reason",
        ),
        Table.FACILITIES: ("state", "state_is_inferred"),
        Table.FOLLOW_UPS: ("score", "is_overdue", "overdue_days"),
    }.get(table, ())
    reasons = _reasons(context) if table is Table.FUNDING else {}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("record_id", *_COLUMNS[table], *extra, "witnesses", "first_published_on", "claim_ids"))
    for record in context.material.records:
        if record.table is table:
            values = values_to_dict(record.values)
            row = [record.id, *(values[column] for column in _COLUMNS[table]), *_extra(record, reasons)]
            writer.writerow(map(_cell, (*row, record.witness_count, record.first_published_on, record.claim_ids)))
    return out.getvalue().encode()


def _extra(record: Record, reasons: dict[str, str]) -> Iterable[Any]:
    if record.table is Table.FUNDING:
        conversion = record.conversion
        if conversion is None:
            money: tuple[Any, ...] = (None,) * 5
        else:
            money = (conversion.amount, conversion.amount_min, conversion.amount_max, conversion.rate, conversion.rate_date)
        return (*money, record.id not in reasons, reasons.get(record.id))
    if record.table is Table.FACILITIES:
        return (record.state, record.state_is_inferred)
    if record.table is Table.FOLLOW_UPS:
        return (record.score, record.is_overdue, record.overdue_days)
    return ()


def _reasons(context: BriefContext) -> dict[str, str]:
    from bam.briefs.sections.funding import exclusion_reasons

    return exclusion_reasons(context.material.ledger)


def _cell(value: Any) -> str:
    """A value as a spreadsheet reads it; text that a spreadsheet would take for a formula starts with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, (list, tuple)):
        return ";".join(map(_cell, value))
    text = str(value)
    is_formula = text[:1] in ("=", "+", "-", "@", "\t", "\r") and text not in ("+1", "-1")
    return f"'{text}" if is_formula else text
