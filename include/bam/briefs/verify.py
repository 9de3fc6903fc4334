"""What a brief says about itself, checked from its own data: does every figure follow from the records, every record from its
claims, and every page from the context?

Whether the claims stand in archived documents is a question for the store (`bam.pipeline.verify_brief`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from bam.briefs.attachments import CONTEXT_FILE
from bam.briefs.codec import from_json, to_json
from bam.briefs.context import build_context
from bam.briefs.material import Testimony
from bam.briefs.model import BriefContext, Figure
from bam.model.claims import Table, values_to_dict
from bam.model.errors import BamError
from bam.model.records import Record

_TOLD_BY_RECORDS = {
    Table.FUNDING: ("amount", "currency"),
    Table.FACILITIES: ("name",),
    Table.WORKSHOPS: ("topic", "participants"),
    Table.FOLLOW_UPS: ("commitment", "due"),
}
"""Fields whose value has to be what one of the record's claims says."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one figure or row: what a reader sees of it, its id, and the reason."""

    shown: str
    id: str
    what: str

    @property
    def sentence(self) -> str:
        """The fault in one line."""
        return f"{self.shown} ({self.id}): {self.what}"


def read_brief(path: Path) -> tuple[bytes, BriefContext]:
    """The bytes of a brief and the context that it carries.

    Raises:
        BamError: it can't be read, or carries no context.
    """
    try:
        data = path.read_bytes()
        with pikepdf.open(path) as pdf:
            attached = pdf.attachments.get(CONTEXT_FILE)
            context = None if attached is None else from_json(attached.get_file().read_bytes())
    except FileNotFoundError as error:
        raise BamError("the file is missing", where=str(path), remedy="Correct the name.") from error
    except (pikepdf.PdfError, OSError) as error:
        raise BamError(
            f"the file is no PDF that can be read ({error})", where=str(path), remedy="Choose another file."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BamError("the data that the brief carries are damaged", where=str(path), remedy="Get the brief again.") from error
    if context is None:
        raise BamError("the file carries no context: it is no brief of ours", where=str(path), remedy="Choose another file.")
    return data, context


def own_faults(context: BriefContext) -> list[Fault]:
    """Figures that don't follow from the records in the context, records that don't follow from their claims."""
    return [*_rewritten(context), *_records(context)]


def figures_on(context: BriefContext, claim_faults: dict[str, str]) -> list[Fault]:
    """The figures that rest on a claim with a fault, each with the first such fault; then claims that carry no figure."""
    found = []
    told: set[str] = set()
    for figure in context.figures:
        broken = [claim_id for claim_id in figure.claim_ids if claim_id in claim_faults]
        if broken:
            told.update(broken)
            found.append(Fault(_name(context, figure), figure.id, f"{broken[0]}: {claim_faults[broken[0]]}"))
    quotes = {quote.claim_id: f"source {source.number}{quote.letter}" for source in context.sources for quote in source.quotes}
    found.extend(
        Fault(quotes.get(claim_id, "a claim behind no figure"), claim_id, fault)
        for claim_id, fault in sorted(claim_faults.items())
        if claim_id not in told
    )
    return found


def _rewritten(context: BriefContext) -> Iterator[Fault]:
    """Write the issue again from its order and material: everything that is printed has to come out the same."""
    if context.order is None:
        yield Fault("the whole brief", context.heading.brief_id, "it doesn't say what it was written from")
        return
    again = build_context(context.order, context.material)
    figures = {figure.id: figure for figure in again.figures}
    is_told = False
    for figure in context.figures:
        other = figures.get(figure.id)
        if other != figure:
            is_told = True
            yield Fault(_name(context, figure), figure.id, f"its records give {other.text if other else 'no such figure'}")
    if not is_told and to_json(again) != to_json(context):
        yield Fault("a sentence, table or mark", context.heading.brief_id, "it isn't what the records give")


def _name(context: BriefContext, figure: Figure) -> str:
    """What a reader sees: the label of a key figure with it."""
    label = next((tile.label for tile in context.tiles if tile.figure == figure.id), "")
    return f"{label}: {figure.text}" if label else figure.text


def _records(context: BriefContext) -> Iterator[Fault]:
    testimonies = {testimony.claim_id: testimony for testimony in context.material.testimonies}
    for record in context.material.records:
        claims = [testimonies[claim_id] for claim_id in record.claim_ids if claim_id in testimonies]
        if not claims:
            yield Fault(_title(record), record.id, "no claim carries it")
            continue
        values = values_to_dict(record.values)
        for field in _TOLD_BY_RECORDS[record.table]:
            if values[field] is not None and not any(_says(claim, field, values[field]) for claim in claims):
                yield Fault(_title(record), record.id, f"no claim of it says that its {field} is {values[field]}")
        yield from _conversion(record)


def _says(claim: Testimony, field: str, value: Any) -> bool:
    said = claim.values.get(field)
    if isinstance(value, (int, float)) and isinstance(said, (int, float)):
        return float(said) == float(value)
    return bool(said == value)


def _conversion(record: Record) -> Iterator[Fault]:
    amount = getattr(record.values, "amount", None)
    if record.conversion is not None and amount is not None:
        expected = amount * record.conversion.rate
        if abs(record.conversion.amount - expected) > max(0.01, abs(expected) * 1e-9):
            yield Fault(
                _title(record), record.id, f"{amount} at the rate {record.conversion.rate} isn't {record.conversion.amount}"
            )


def _title(record: Record) -> str:
    from bam.records.titles import record_title

    return record_title(record)
