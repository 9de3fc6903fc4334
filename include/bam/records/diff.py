"""What changed between two states of the records, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from bam.model.records import ChangeKind, Conversion, FieldChange, LifecycleEvent, Record, RecordChange
from bam.records.titles import record_title

CAUSES: dict[str, str] = {
    "review": "a person confirmed, corrected or rejected a claim",
    "judgement": "a person said that records are the same, or not",
    "correction": "a document was corrected, or read again by a newer extractor",
    "quarantine": "a claim failed a check, or passed it again",
    "late_document": "a document that had been published before came in late",
    "new_document": "a new document speaks of it",
    "other_record": "a record that it depends on changed",
    "rules": "the rules, the rates or the common currency changed",
}
"""Why records change, the first that applies."""


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim that came, went or changed since the last state. `because` is the reason of its closing, None where it came.
    `is_late` tells that it was published before the last state was.
    """

    claim_id: str
    because: str | None
    is_reviewed: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes between two states. `renamed` maps ids that a record no longer has to its present id: of records whose first
    document changed, and of records that became part of another one.
    """

    changes: tuple[RecordChange, ...]
    renamed: Mapping[str, str]


def compare(
    old: Iterable[Record],
    new: Iterable[Record],
    claim_changes: Mapping[str, ClaimChange] | None = None,
    *,
    is_judged: bool = False,
    is_new_rules: bool = False,
) -> Difference:
    """ADD, MOD and DEL of records between two states, sorted by table and id.

    Args:
        old: the records before.
        new: the records after.
        claim_changes: what is known of the claims that came, went or changed, for the causes.
        is_judged: whether judgements came or went in between.
        is_new_rules: whether everything was built anew by other rules.
    """
    before, after = {record.id: record for record in old}, {record.id: record for record in new}
    renamed = _renamed(before, after)
    predecessor = _predecessors(before, after, renamed)
    explain = _Causes(claim_changes or {}, is_judged=is_judged, is_new_rules=is_new_rules)
    changes = []
    for record in after.values():
        past = before.get(predecessor.get(record.id, record.id))
        if past is None:
            changes.append(_change(ChangeKind.ADD, record, (), (), record.claim_ids, explain))
        elif differing := _fields(past, record):
            changes.append(_change(ChangeKind.MOD, record, differing, past.claim_ids, record.claim_ids, explain))
    taken_over = set(predecessor.values())
    for record in before.values():
        if record.id not in after and record.id not in taken_over:
            changes.append(_change(ChangeKind.DEL, record, (), record.claim_ids, (), explain))
    return Difference(tuple(sorted(changes, key=lambda change: (change.table, change.record_id))), renamed)


def _renamed(before: Mapping[str, Record], after: Mapping[str, Record]) -> dict[str, str]:
    """Ids that vanished to the id of the record that holds their first claim that still stands."""
    holder = {claim_id: record.id for record in after.values() for claim_id in record.claim_ids}
    found = {}
    for record in before.values():
        if record.id not in after:
            now = next((holder[claim_id] for claim_id in record.claim_ids if claim_id in holder), None)
            if now is not None:
                found[record.id] = now
    return found


def _predecessors(before: Mapping[str, Record], after: Mapping[str, Record], renamed: Mapping[str, str]) -> dict[str, str]:
    """New ids to the id that the record had before: of several that became one, the first by id."""
    found: dict[str, str] = {}
    for old_id in sorted(renamed):
        new_id = renamed[old_id]
        if new_id not in before and new_id in after:
            found.setdefault(new_id, old_id)
    return found


_COMPARED = tuple(
    spec.name
    for spec in fields(Record)
    # Days overdue grow every day; that a promise is overdue is the change.
    if spec.name not in ("values", "table", "choices", "links", "anchor", "confidence", "overdue_days")
)


def _fields(old: Record, new: Record) -> tuple[FieldChange, ...]:
    """The fields that differ, those of the values first."""
    found: list[FieldChange] = []
    for spec in fields(new.values):
        one, other = getattr(old.values, spec.name, None), getattr(new.values, spec.name)
        if one != other:
            found.append(FieldChange(spec.name, _plain(one), _plain(other)))
    for name in _COMPARED:
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            found.append(FieldChange(name, _plain(one), _plain(other)))
    return tuple(found)


def _plain(value: Any) -> Any:
    """A value as a reader wants it: events as `operational 2007-08`, a conversion as its amount."""
    if isinstance(value, LifecycleEvent):
        return f"{value.status} {value.date or 'undated'}" + (" (inferred)" if value.is_inferred else "")
    if isinstance(value, Conversion):
        return f"{value.currency} {value.amount:,.2f}"
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


class _Causes:
    def __init__(self, claims: Mapping[str, ClaimChange], *, is_judged: bool, is_new_rules: bool) -> None:
        self._claims, self._is_judged, self._is_new_rules = claims, is_judged, is_new_rules

    def of(self, claim_ids: Collection[str], came_or_went: Collection[str]) -> str:
        touched = [self._claims[claim_id] for claim_id in claim_ids if claim_id in self._claims]
        if not touched:
            if self._is_judged and came_or_went:
                return "judgement"
            return "rules" if self._is_new_rules else "other_record"
        closed = {change.because for change in touched if change.because is not None}
        if "rejected" in closed or any(change.is_reviewed for change in touched):
            return "review"
        if closed & {"superseded", "re_extracted"}:
            return "correction"
        if "quarantined" in closed:
            return "quarantine"
        return "late_document" if any(change.is_late for change in touched) else "new_document"


def _change(
    kind: ChangeKind,
    record: Record,
    differing: tuple[FieldChange, ...],
    old_claims: Collection[str],
    new_claims: Collection[str],
    explain: _Causes,
) -> RecordChange:
    moved = set(old_claims) ^ set(new_claims)
    involved = sorted(set(old_claims) | set(new_claims))
    return RecordChange(
        kind, record.id, record.table, record_title(record), differing, explain.of(involved, moved), tuple(sorted(moved))
    )
