"""Record: one thing of the world with the rule behind each value, its claims, conflicts, history and judgements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection, Row

from bam.cockpit.pages import part
from bam.cockpit.titles import TABLE_NAMES
from bam.cockpit.visit import VisitDep, found_or_404
from bam.indicators.snapshot import seen_on
from bam.model.claims import Claim
from bam.model.records import Choice, Record
from bam.quality.scores import completeness, triangulation, weakness_of_record
from bam.records.judging import find_record, keys_of_claims
from bam.records.ledger import REASONS
from bam.records.rules import RULES
from bam.store.claims import StoredClaim, read_stored_claims
from bam.store.judgements import judgements_on_keys
from bam.store.publications import read_changes
from bam.store.records import record_ids_of_claims
from bam.store.tables import read_entries

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """A field with its value, the rule that chose it in words, the claim it comes from, and what other claims say."""

    field: str
    value: Any
    rule: str
    meaning: str
    claim: Claim | None
    others: tuple[tuple[Any, Claim | None], ...]


@router.get("/records/{record_id}", response_class=HTMLResponse)
def record_page(visit: VisitDep, record_id: str) -> Response:
    """A record as it is today; ids that it had before lead to it."""
    context = visit.context
    with context.store.read() as connection:
        stored = find_record(connection, record_id)
        if stored.record.id != record_id:
            return visit.to(f"records/{part(stored.record.id)}")
        record = seen_on(stored.record, context.now().date())
        claims = {each.claim.id: each for each in read_stored_claims(connection, _all_claim_ids(record))}
        own = [claims[claim_id].claim for claim_id in record.claim_ids if claim_id in claims]
        values = {
            "changes": read_changes(connection, [record.id]),
            "judgements": _judgements(connection, record),
            "entries": read_entries(connection, record_ids=[record.id]),
        }
    return visit.page(
        "record.html",
        "indicators",
        stored.title,
        record=record,
        heading=stored.title,
        table_name=TABLE_NAMES[record.table],
        chosen=[_chosen(choice, claims) for choice in record.choices],
        claims=[claims[claim_id] for claim_id in record.claim_ids if claim_id in claims],
        triangulation=triangulation(record.witness_count, own),
        completeness=completeness(record.table, record.values),
        weakness=weakness_of_record(record, own),
        reasons=REASONS,
        **values,
    )


@router.get("/claims/{claim_id}")
def claim_place(visit: VisitDep, claim_id: str) -> RedirectResponse:
    """To the sentence of a claim in its document."""
    with visit.context.store.read() as connection:
        found = read_stored_claims(connection, [claim_id])
    claim = found_or_404(found[0] if found else None, f"The claim {claim_id}").claim
    path = f"documents/{part(claim.witness.document_id)}"
    return RedirectResponse(f"{visit.root}/{path}?version={part(claim.version_id)}&claim={part(claim.id)}#{part(claim.id)}", 303)


@router.get("/claims/{claim_id}/record")
def record_of_claim(visit: VisitDep, claim_id: str) -> RedirectResponse:
    """To the record that rests on a claim."""
    with visit.context.store.read() as connection:
        record_id = record_ids_of_claims(connection, [claim_id]).get(claim_id)
    return visit.to(f"records/{part(found_or_404(record_id, f'A record of the claim {claim_id}'))}")


def _all_claim_ids(record: Record) -> list[str]:
    return [*record.claim_ids, *([record.score_claim_id] if record.score_claim_id else [])]


def _chosen(choice: Choice, claims: dict[str, StoredClaim]) -> ChosenValue:
    def claim(claim_id: str) -> Claim | None:
        return claims[claim_id].claim if claim_id in claims else None

    others = tuple((value, claim(claim_id)) for value, claim_id in choice.alternatives)
    meaning = RULES.get(choice.rule, choice.rule)
    return ChosenValue(choice.field, choice.value, choice.rule, meaning, claim(choice.claim_id), others)


def _judgements(connection: Connection, record: Record) -> list[Row[Any]]:
    """What people judged about its claims, one row for each act, newest first."""
    acts: dict[str, Row[Any]] = {}
    for row in judgements_on_keys(connection, set(keys_of_claims(connection, record.claim_ids).values())):
        acts.setdefault(row.act, row)
    return list(acts.values())
