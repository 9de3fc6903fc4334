"""What is known of addresses and sources between two visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from bam.model.identity import content_id
from bam.store.batches import in_batches
from bam.store.schema.documents import documents, versions
from bam.store.schema.sources import addresses, source_states

LISTED = "listed"
OUTCOMES_THAT_ANSWER = frozenset({"new", "changed", "same"})
OUTCOMES_TO_TRY_AGAIN = (LISTED, "later", "failed")


# Every visit ends with one of these; they are made once, since building a statement costs more than running it.
_KNOWN = select(addresses.c.id).where(addresses.c.id.in_(bindparam("ids", expanding=True)))
_INSERT = insert(addresses)
_NOTE = (
    update(addresses)
    .where(addresses.c.id == bindparam("key"))
    .values(
        checked_at=bindparam("at"),
        outcome=bindparam("new_outcome"),
        reason=bindparam("new_reason"),
        next_visit_at=bindparam("new_visit_at"),
        document_id=func.coalesce(bindparam("new_document", type_=addresses.c.document_id.type), addresses.c.document_id),
        raw_sha256=func.coalesce(bindparam("new_sha256", type_=addresses.c.raw_sha256.type), addresses.c.raw_sha256),
    )
)
_NOTE_SAME = _NOTE.values(answered_at=bindparam("at"), failures=0)
_NOTE_ANSWER = _NOTE_SAME.values(etag=bindparam("new_etag"), last_modified=bindparam("new_modified"))
_NOTE_FAILURE = _NOTE.values(etag=None, last_modified=None, failures=addresses.c.failures + 1)


@dataclass(frozen=True, slots=True)
class AddressState:
    """What the last visit of an address left behind."""

    address: str
    document_id: str | None
    raw_sha256: str | None
    etag: str | None
    last_modified: str | None
    first_seen_at: str
    answered_at: str | None
    next_visit_at: str | None
    outcome: str
    failures: int

    @property
    def is_sound(self) -> bool:
        """Whether the last visit was read in full: only then may the next one be conditional."""
        return self.outcome in OUTCOMES_THAT_ANSWER


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of one visit. Fields that are None are left as they were, except `reason` and `next_visit_at`."""

    address: str
    outcome: str
    reason: str | None = None
    document_id: str | None = None
    raw_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    next_visit_at: str | None = None


def address_id(source_id: str, address: str) -> str:
    """The key of an address of a source."""
    return content_id("adr", source_id, address)


def address_states(connection: Connection, source_id: str, wanted: Sequence[str]) -> dict[str, AddressState]:
    """What is known of these addresses, by address."""
    found: dict[str, AddressState] = {}
    ids = [address_id(source_id, address) for address in wanted]
    for batch in in_batches(ids):
        for row in connection.execute(select(addresses).where(addresses.c.id.in_(batch))):
            found[row.address] = _state(row)
    return found


def all_addresses(connection: Connection, source_id: str) -> dict[str, AddressState]:
    """Everything that is known of a source's addresses, by address."""
    rows = connection.execute(select(addresses).where(addresses.c.source_id == source_id).order_by(addresses.c.address))
    return {row.address: _state(row) for row in rows}


def due_addresses(connection: Connection, source_id: str, now: str, limit: int) -> list[AddressState]:
    """Addresses that ask for a visit: not yet read, failed, told to come later, or to be looked at again."""
    rows = connection.execute(
        select(addresses)
        .where(
            addresses.c.source_id == source_id,
            or_(
                addresses.c.next_visit_at <= now,
                addresses.c.outcome.in_(OUTCOMES_TO_TRY_AGAIN) & addresses.c.next_visit_at.is_(None),
            ),
        )
        .order_by(addresses.c.checked_at.is_not(None), addresses.c.next_visit_at, addresses.c.address)
        .limit(limit)
    )
    return [_state(row) for row in rows]


def note_listed(connection: Connection, source_id: str, listed: Iterable[str], at: str) -> int:
    """Remember addresses that a source lists, so that a run that is stopped is taken up again; gives how many were new."""
    wanted = list(dict.fromkeys(listed))
    known = address_states(connection, source_id, wanted)
    rows = [
        {
            "id": address_id(source_id, address),
            "source_id": source_id,
            "address": address,
            "first_seen_at": at,
            "outcome": LISTED,
            "failures": 0,
        }
        for address in wanted
        if address not in known
    ]
    if rows:
        connection.execute(insert(addresses), rows)
    return len(rows)


def note_visit(connection: Connection, source_id: str, visit: Visit, at: str) -> None:
    """Keep what came of a visit. Validators are forgotten after anything but a full answer."""
    note_visits(connection, source_id, [visit], at)


def note_visits(connection: Connection, source_id: str, visits: Sequence[Visit], at: str) -> None:
    """Keep what came of visits of addresses that differ: see `note_visit`."""
    keys = {address_id(source_id, visit.address): visit for visit in visits}
    known: set[str] = set()
    for batch in in_batches(list(keys)):
        known.update(connection.execute(_KNOWN, {"ids": list(batch)}).scalars())
    fixed = [
        {"id": key, "source_id": source_id, "address": visit.address, "first_seen_at": at, "outcome": LISTED, "failures": 0}
        for key, visit in keys.items()
        if key not in known
    ]
    if fixed:
        connection.execute(_INSERT, fixed)
    values: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for key, visit in keys.items():
        answered = visit.outcome in OUTCOMES_THAT_ANSWER
        keeps_validators = visit.outcome == "same" and not (visit.etag or visit.last_modified)
        statement = _NOTE_SAME if keeps_validators else _NOTE_ANSWER if answered else _NOTE_FAILURE
        validators = {"new_etag": visit.etag, "new_modified": visit.last_modified} if statement is _NOTE_ANSWER else {}
        values[statement].append(
            {
                "key": key,
                "at": at,
                "new_outcome": visit.outcome,
                "new_reason": visit.reason,
                "new_visit_at": visit.next_visit_at,
                "new_document": visit.document_id,
                "new_sha256": visit.raw_sha256,
                **validators,
            }
        )
    for statement, rows in values.items():
        connection.execute(statement, rows)


def begin_visit(connection: Connection, source_id: str, at: str) -> None:
    """Note that a visit of a source begins."""
    _set_state(connection, source_id, {"attempted_at": at})


def end_visit(connection: Connection, source_id: str, at: str, *, gave_new: bool, failure: str | None) -> None:
    """Note how a visit of a source ended."""
    if failure is not None:
        _set_state(connection, source_id, {"failures": source_states.c.failures + 1, "reason": failure})
        return
    values: dict[str, Any] = {"succeeded_at": at, "failures": 0, "reason": None}
    if gave_new:
        values["new_at"] = at
    _set_state(connection, source_id, values)


def source_failures(connection: Connection, source_id: str) -> int:
    """Visits of the source in a row that failed."""
    failures = connection.execute(select(source_states.c.failures).where(source_states.c.source_id == source_id)).scalar()
    return int(failures or 0)


@dataclass(frozen=True, slots=True)
class SourceActivity:
    """What the store knows of one source, for its health."""

    source_id: str
    attempted_at: str | None
    succeeded_at: str | None
    new_at: str | None
    failures: int
    reason: str | None
    document_count: int
    vanished_count: int
    quarantined_count: int
    failing_addresses: int


def source_activities(connection: Connection) -> dict[str, SourceActivity]:
    """What is known of every source that was ever visited or gave a document, by id."""
    states = {row.source_id: row for row in connection.execute(select(source_states))}
    counts = {
        row.source_id: row
        for row in connection.execute(
            select(
                documents.c.source_id, func.count().label("documents"), func.count(documents.c.vanished_at).label("vanished")
            ).group_by(documents.c.source_id)
        )
    }
    quarantined = _counts(
        connection,
        select(documents.c.source_id, func.count())
        .join(versions, versions.c.document_id == documents.c.id)
        .where(versions.c.status == "quarantined", versions.c.superseded_at.is_(None))
        .group_by(documents.c.source_id),
    )
    failing = _counts(
        connection,
        select(addresses.c.source_id, func.count()).where(addresses.c.failures > 0).group_by(addresses.c.source_id),
    )
    result = {}
    for source_id in sorted({*states, *counts, *failing}):
        state, count = states.get(source_id), counts.get(source_id)
        result[source_id] = SourceActivity(
            source_id,
            state.attempted_at if state else None,
            state.succeeded_at if state else None,
            state.new_at if state else None,
            state.failures if state else 0,
            state.reason if state else None,
            count.documents if count else 0,
            count.vanished if count else 0,
            quarantined.get(source_id, 0),
            failing.get(source_id, 0),
        )
    return result


def _counts(connection: Connection, query: Any) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def _set_state(connection: Connection, source_id: str, values: Mapping[str, Any]) -> None:
    done = connection.execute(update(source_states).where(source_states.c.source_id == source_id).values(values))
    if not done.rowcount:
        fresh = {**values, "failures": 1 if values.get("reason") else 0}
        connection.execute(insert(source_states).values(source_id=source_id, **fresh))


def _state(row: Row[Any]) -> AddressState:
    return AddressState(
        row.address,
        row.document_id,
        row.raw_sha256,
        row.etag,
        row.last_modified,
        row.first_seen_at,
        row.answered_at,
        row.next_visit_at,
        row.outcome,
        row.failures,
    )
