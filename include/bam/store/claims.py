"""Claims as rows: never changed, only closed (superseded, quarantined, rejected, extracted anew) and, where that is lifted,
opened again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, insert, or_, select, update

from bam.model.claims import Claim, Evidence, Reason, Table, Witness, values_from_dict, values_to_dict
from bam.store.batches import in_batches
from bam.store.schema.documents import claims, documents, versions
from bam.store.schema.quality import past_closures


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim with its state: `closed_because` is None while it stands."""

    claim: Claim
    closed_at: str | None
    closed_because: str | None
    closed_by: str | None
    is_version_standing: bool


def insert_claims(connection: Connection, new: Iterable[Claim]) -> int:
    """Store claims; those whose id is stored already are left as they are. Gives the number that were new."""
    by_id = {claim.id: claim for claim in new}
    count = 0
    for batch in in_batches(sorted(by_id)):
        known: set[str] = set(connection.execute(select(claims.c.id).where(claims.c.id.in_(batch))).scalars())
        rows = [_to_row(by_id[claim_id]) for claim_id in batch if claim_id not in known]
        if rows:
            connection.execute(insert(claims), rows)
        count += len(rows)
    return count


def read_claims(connection: Connection, claim_ids: Collection[str]) -> list[Claim]:
    """These claims, whatever their state, in order of id; unknown ids are left out."""
    return [stored.claim for stored in read_stored_claims(connection, claim_ids)]


def read_claims_to_compare(connection: Connection, claim_ids: Collection[str]) -> list[Claim]:
    """These claims as far as comparing looks at them, in order of id: values, first quote, date of publication and the id of the
    document. All else is blank, so nothing may be made of them; read those again that turn out to matter.

    Most claims that a new one meets turn out to be of other things: no documents, reasons and further quotes are read for them.
    """
    query = _compared().order_by(claims.c.id)
    return [
        _claim_to_compare(*row)
        for batch in in_batches(sorted(set(claim_ids)))
        for row in connection.execute(query.where(claims.c.id.in_(batch))).tuples().all()
    ]


def read_stored_claims(connection: Connection, claim_ids: Collection[str]) -> list[StoredClaim]:
    """These claims with their states, in order of id; unknown ids are left out."""
    found: list[StoredClaim] = []
    for batch in in_batches(sorted(set(claim_ids))):
        found.extend(_read(connection, _with_witness().where(claims.c.id.in_(batch))))
    return found


def read_claims_of_versions(connection: Connection, version_ids: Collection[str]) -> list[StoredClaim]:
    """All claims of these versions with their states, in order of id within batches of versions."""
    found: list[StoredClaim] = []
    for batch in in_batches(sorted(set(version_ids))):
        found.extend(_read(connection, _with_witness().where(claims.c.version_id.in_(batch))))
    return found


def close_claims(connection: Connection, claim_ids: Collection[str], closed_at: str, *, because: str, by: str) -> None:
    """Close these claims, or give the closed ones this reason."""
    for batch in in_batches(sorted(set(claim_ids))):
        connection.execute(
            update(claims).where(claims.c.id.in_(batch)).values(closed_at=closed_at, closed_because=because, closed_by=by)
        )


def open_claims(connection: Connection, claim_ids: Collection[str], opened_at: str) -> None:
    """Open closed claims again. The time that they were closed stays known: see `closed_in_between`."""
    for batch in in_batches(sorted(set(claim_ids))):
        closed = select(claims.c.id, claims.c.closed_at, claims.c.closed_because).where(
            claims.c.id.in_(batch), claims.c.closed_at.is_not(None)
        )
        past = [
            {"claim_id": row.id, "closed_at": row.closed_at, "closed_because": row.closed_because, "opened_at": opened_at}
            for row in connection.execute(closed).all()
        ]
        if past:
            connection.execute(insert(past_closures), past)
        connection.execute(
            update(claims).where(claims.c.id.in_(batch)).values(closed_at=None, closed_because=None, closed_by=None)
        )


def closed_in_between(connection: Connection, recorded_by: str) -> frozenset[str]:
    """Claims that were closed at that time and opened again later (let out of quarantine, a rejection taken back).

    As recorded by then, a claim stood if it had been recorded, wasn't closed by then, and isn't one of these.
    """
    query = select(past_closures.c.claim_id).where(
        past_closures.c.closed_at <= recorded_by, past_closures.c.opened_at > recorded_by
    )
    return frozenset(connection.execute(query).scalars())


def set_reviewed(connection: Connection, claim_ids: Collection[str], *, is_reviewed: bool) -> None:
    """Mark these claims as confirmed by a person, or not; their records are built anew."""
    for batch in in_batches(sorted(set(claim_ids))):
        connection.execute(update(claims).where(claims.c.id.in_(batch)).values(is_reviewed=is_reviewed, built_as="new"))


def standing_claims(connection: Connection, published_by: str | None = None, recorded_by: str | None = None) -> Iterator[Claim]:
    """The claims that stand, in order of id: now, or as they stood at `recorded_by` (ISO 8601 in UTC).

    With `published_by` (an ISO day) only those that the world could know by that day. A claim without a date of publication
    could be known when we recorded it.
    """
    query = _with_witness().execution_options(yield_per=1000)
    if published_by is not None:
        known = func.coalesce(claims.c.published_on, func.substr(claims.c.recorded_at, 1, 10))
        query = query.where(last_day_of(known) <= published_by)
    query = query.where(claims.c.closed_at.is_(None) if recorded_by is None else stood_at(recorded_by))
    for stored in _read(connection, query):
        yield stored.claim


def last_day_of(prefix: ColumnElement[str]) -> ColumnElement[str]:
    """The last day of a date prefix, for comparing as text with a day: `2014-03` becomes `2014-03-31`.

    Months are taken to have 31 days, which compares right with every day that exists.
    """
    length = func.length(prefix)
    return case((length == 4, prefix.concat("-12-31")), (length == 7, prefix.concat("-31")), else_=prefix)


def stood_at(recorded_by: str) -> ColumnElement[bool]:
    """Whether a claim was recorded by then and not closed, or was closed for a while that had not begun or had ended."""
    away = exists().where(
        past_closures.c.claim_id == claims.c.id,
        past_closures.c.closed_at <= recorded_by,
        past_closures.c.opened_at > recorded_by,
    )
    open_then = or_(claims.c.closed_at.is_(None), claims.c.closed_at > recorded_by)
    return and_(claims.c.recorded_at <= recorded_by, open_then, ~away)


def _with_witness() -> Select[Any]:
    return (
        select(
            claims,
            versions.c.document_id,
            versions.c.publisher,
            versions.c.title,
            versions.c.superseded_at,
            documents.c.copy_group,
            documents.c.source_id,
            documents.c.officiality,
            documents.c.tlp,
            documents.c.address,
        )
        .join(versions, versions.c.id == claims.c.version_id)
        .join(documents, documents.c.id == versions.c.document_id)
        .order_by(claims.c.id)
    )


def _compared() -> Select[Any]:
    return select(
        claims.c.id,
        claims.c.version_id,
        claims.c.table_name,
        claims.c["values"],
        claims.c.evidence,
        claims.c.published_on,
        versions.c.document_id,
    ).join(versions, versions.c.id == claims.c.version_id)


def _claim_to_compare(
    claim_id: str,
    version_id: str,
    table_name: str,
    values: dict[str, Any],
    evidence: list[dict[str, Any]],
    published_on: str | None,
    document_id: str,
) -> Claim:
    table = Table(table_name)
    return Claim(
        id=claim_id,
        version_id=version_id,
        table=table,
        values=values_from_dict(table, values),
        evidence=tuple(Evidence(**item) for item in evidence[:1]),
        confidence=0.0,
        extractor="",
        published_on=published_on,
        recorded_at="",
        witness=Witness(document_id, document_id, "", None, "", "", None, ""),
    )


def _read(connection: Connection, query: Select[Any]) -> Iterator[StoredClaim]:
    for row in connection.execute(query).mappings():
        yield StoredClaim(
            claim_from_row(row), row["closed_at"], row["closed_because"], row["closed_by"], row["superseded_at"] is None
        )


def claim_from_row(row: Mapping[Any, Any]) -> Claim:
    """A claim from a row of the claims joined with its version and document."""
    table = Table(row["table_name"])
    return Claim(
        id=row["id"],
        version_id=row["version_id"],
        table=table,
        values=values_from_dict(table, row["values"]),
        evidence=tuple(Evidence(**item) for item in row["evidence"]),
        confidence=row["confidence"],
        extractor=row["extractor"],
        published_on=row["published_on"],
        recorded_at=row["recorded_at"],
        witness=Witness(
            document_id=row["document_id"],
            copy_group=row["copy_group"],
            source_id=row["source_id"],
            publisher=row["publisher"],
            officiality=row["officiality"],
            tlp=row["tlp"],
            title=row["title"],
            address=row["address"],
        ),
        reasons=tuple(Reason(**item) for item in row["reasons"]),
        is_reviewed=bool(row["is_reviewed"]),
    )


def _to_row(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "version_id": claim.version_id,
        "table_name": str(claim.table),
        "values": values_to_dict(claim.values),
        "evidence": [asdict(item) for item in claim.evidence],
        "confidence": claim.confidence,
        "reasons": [asdict(item) for item in claim.reasons],
        "extractor": claim.extractor,
        "published_on": claim.published_on,
        "recorded_at": claim.recorded_at,
        "is_reviewed": claim.is_reviewed,
    }
