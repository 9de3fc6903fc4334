"""Review: what needs a person, weakest first, and their word on it. Everything goes through the functions of `bam review`."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from bam.cockpit.titles import TABLE_NAMES, filled_values
from bam.cockpit.visit import FormDep, VisitDep, found_or_404
from bam.model.claims import Claim, Table
from bam.quality.queue import build_queue, claim_title, stale_corrections, waiting_decisions
from bam.quality.review.actions import accept, confirm, edit, merge, reject, undo
from bam.quality.review.names import chosen_claims, claims_of, decision_of
from bam.quality.review.view import view_claim
from bam.records.judging import find_record
from bam.store.reviews import latest_decisions, read_decision

router = APIRouter()

PAGE = 20
LAST_PAGE = 25
"""Pages of the queue that can be turned: nobody works from its far end, and each page costs all those before it."""

LATEST = 30


@router.get("/review", response_class=HTMLResponse)
def queue_page(
    visit: VisitDep,
    table: Literal["", "funding", "facilities", "workshops", "follow_ups"] = "",
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    done: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """The queue, the decisions that wait for a second person, and the latest decisions."""
    with visit.context.store.read() as connection:
        items = build_queue(connection, limit=page * PAGE + 1, table=Table(table) if table else None)
        values = {
            "waiting": waiting_decisions(connection),
            "stale": stale_corrections(connection),
            "latest": latest_decisions(connection, LATEST),
            "done": read_decision(connection, done) if done else None,
        }
    return visit.page(
        "review.html",
        "review",
        "Review",
        items=items[(page - 1) * PAGE : page * PAGE],
        has_more=len(items) > page * PAGE and page < LAST_PAGE,
        page=page,
        table=table,
        tables=TABLE_NAMES,
        **values,
    )


@router.get("/review/{name}", response_class=HTMLResponse)
def item_page(visit: VisitDep, name: str) -> HTMLResponse:
    """A claim, or the claims of a record: sentence, neighbours, history, and the forms to decide."""
    with visit.context.store.read() as connection:
        record = find_record(connection, name) if name.startswith("rec-") else None
        claim_ids = claims_of(connection, name)
        views = [view for claim_id in claim_ids if (view := view_claim(connection, claim_id)) is not None]
    found_or_404(views or None, name)
    return visit.page(
        "review_item.html",
        "review",
        record.title if record else claim_title(views[0].stored.claim),
        name=name,
        record=record.record if record else None,
        views=views,
        titles={each.claim.id: claim_title(each.claim) for view in views for each in (view.stored, *view.neighbours)},
        fields={view.stored.claim.id: _form_fields(view.stored.claim) for view in views},
        filled=filled_values,
        tables=TABLE_NAMES,
    )


@router.post("/review/{name}/accept")
def accept_it(visit: VisitDep, form: FormDep, name: str) -> RedirectResponse:
    """Confirm a claim, or the claims that a record's values were chosen from."""
    hand = visit.hand(form.get("reason", ""))
    with visit.context.store.write() as connection:
        decisions = [accept(connection, claim_id, hand) for claim_id in chosen_claims(connection, name)]
    return visit.to("review", done=decisions[-1].id)


@router.post("/review/{name}/reject")
def reject_it(visit: VisitDep, form: FormDep, name: str) -> RedirectResponse:
    """Say that a claim, or each claim of a record, is no fact."""
    hand = visit.hand(form.get("reason", ""))
    with visit.context.store.write() as connection:
        decisions = [reject(connection, claim_id, hand) for claim_id in claims_of(connection, name)]
    return visit.to("review", done=decisions[-1].id)


@router.post("/review/{name}/edit")
def edit_it(visit: VisitDep, form: FormDep, name: str) -> RedirectResponse:
    """Set other values of a claim: the fields that differ from what it says now."""
    hand = visit.hand(form.get("reason", ""))
    with visit.context.store.write() as connection:
        claim_id = claims_of(connection, name)[0]
        view = found_or_404(view_claim(connection, claim_id), name)
        changes = _changed(view.stored.claim, form)
        decision = edit(connection, claim_id, changes, hand)
    return visit.to("review", done=decision.id)


@router.post("/review/{name}/merge")
def merge_it(visit: VisitDep, form: FormDep, name: str) -> RedirectResponse:
    """Say that two claims, or records, speak of one thing."""
    other = form.get("other", "").strip()
    if not other:
        raise HTTPException(422, "Name the claim or record that it is one thing with.")
    hand = visit.hand(form.get("reason", ""))
    with visit.context.store.write() as connection:
        decision = merge(connection, claims_of(connection, name)[0], claims_of(connection, other)[0], hand)
    return visit.to("review", done=decision.id)


@router.post("/review/decisions/{name}/confirm")
def confirm_it(visit: VisitDep, form: FormDep, name: str) -> RedirectResponse:
    """The second person's word on a decision."""
    hand = visit.hand(form.get("reason", "") or "confirmed")
    with visit.context.store.write() as connection:
        decision = confirm(connection, decision_of(connection, name), hand)
    return visit.to("review", done=decision.id)


@router.post("/review/decisions/{name}/undo")
def undo_it(visit: VisitDep, form: FormDep, name: str) -> RedirectResponse:
    """Take a decision back."""
    hand = visit.hand(form.get("reason", ""))
    with visit.context.store.write() as connection:
        decision = undo(connection, decision_of(connection, name), hand)
    return visit.to("review", done=decision.id)


def _form_fields(claim: Claim) -> list[tuple[str, str, str]]:
    """(field, text as it is edited, kind) of all values and the date of publication; kind is `text`, `list` or `yes_no`."""
    found = [(spec.name, str(spec.type), getattr(claim.values, spec.name)) for spec in fields(claim.values)]
    rows = [(name, _as_text(value), _kind(annotation)) for name, annotation, value in found]
    return [*rows, ("published_on", claim.published_on or "", "text")]


def _changed(claim: Claim, form: dict[str, str]) -> dict[str, Any]:
    """What the form says differently, as plain JSON."""
    changes: dict[str, Any] = {}
    for name, before, kind in _form_fields(claim):
        after = form.get(f"value.{name}", before).strip()
        if after != before:
            changes[name] = _as_value(after, kind)
    return changes


def _kind(annotation: str) -> str:
    if annotation.startswith("tuple"):
        return "list"
    return "yes_no" if annotation == "bool" else "text"


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".removesuffix(".00")
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _as_value(text: str, kind: str) -> Any:
    if kind == "list":
        return [one.strip() for one in text.split(",") if one.strip()]
    if kind == "yes_no":
        return text == "yes"
    return text or None
