"""Records as rows: versions with the publications that they stand in, their claims, and the blocks that claims meet in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from bam.model.claims import Table
from bam.model.record_json import record_from_dict, record_to_dict
from bam.model.records import Record
from bam.store.batches import in_batches
from bam.store.publications import retire, standing
from bam.store.schema.documents import claims
from bam.store.schema.records import record_claims, record_names, record_versions


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record with what the store keeps beside it.

    `region` is the first claim of the region that it was built in. Its claims could be known from the day `first_known_on` to
    `last_known_on`. `weakness` orders the review. `since` and `until` are numbers of publications.
    """

    record: Record
    title: str
    region: str
    first_known_on: str
    last_known_on: str
    weakness: float = 0.0
    since: int = 0
    until: int | None = None


def read_records(
    connection: Connection,
    *,
    number: int | None = None,
    record_ids: Collection[str] | None = None,
    table: Table | None = None,
    regions: Collection[str] | None = None,
    claim_ids: Collection[str] | None = None,
) -> list[StoredRecord]:
    """Records that stand now, or stood in the publication `number`, by table and id; all of them, or those of these ids, this
    table, these regions, these claims (as last published).
    """
    if claim_ids is not None:
        record_ids = set(record_ids_of_claims(connection, claim_ids).values())
    query = select(record_versions).where(standing(record_versions, number))
    if table is not None:
        query = query.where(record_versions.c.table_name == str(table))
    found: list[StoredRecord] = []
    if record_ids is not None:
        for batch in in_batches(sorted(set(record_ids))):
            found.extend(map(_stored, connection.execute(query.where(record_versions.c.id.in_(batch)))))
    elif regions is not None:
        for batch in in_batches(sorted(set(regions))):
            found.extend(map(_stored, connection.execute(query.where(record_versions.c.region.in_(batch)))))
    else:
        found.extend(map(_stored, connection.execute(query)))
    return sorted(found, key=lambda stored: (stored.record.table, stored.record.id))


def read_weakest(connection: Connection, limit: int, table: Table | None = None) -> list[StoredRecord]:
    """The standing records that need a person most, weakest first; equals by table and id."""
    query = select(record_versions).where(record_versions.c.until.is_(None))
    if table is not None:
        query = query.where(record_versions.c.table_name == str(table))
    order = (record_versions.c.weakness.desc(), record_versions.c.table_name, record_versions.c.id)
    return [_stored(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def read_history(connection: Connection, record_id: str) -> list[StoredRecord]:
    """All versions of a record, oldest first, those under ids that it had before included."""
    older = select(record_names.c.old_id).where(record_names.c.new_id == record_id)
    query = select(record_versions).where(or_(record_versions.c.id == record_id, record_versions.c.id.in_(older)))
    return sorted(map(_stored, connection.execute(query)), key=lambda stored: (stored.since, stored.record.id))


def standing_record_ids(connection: Connection) -> list[str]:
    """The ids of all records that stand."""
    return list(connection.execute(select(record_versions.c.id).where(record_versions.c.until.is_(None))).scalars())


def regions_in_order(connection: Connection) -> Iterator[tuple[str, str]]:
    """(claim, next claim) of each region, as pairs that tie a region together."""
    last: Row[Any] | None = None
    query = select(record_claims.c.region, record_claims.c.claim_id).order_by(record_claims.c.region, record_claims.c.claim_id)
    for row in connection.execute(query):
        if last is not None and last.region == row.region:
            yield last.claim_id, row.claim_id
        last = row


def find_record_ids(connection: Connection, beginning: str, limit: int = 5) -> list[str]:
    """Ids of standing records that begin so, or that took over a record whose id begins so; at most `limit`."""
    standing_ids = select(record_versions.c.id).where(record_versions.c.until.is_(None))
    if connection.execute(standing_ids.where(record_versions.c.id == beginning)).first() is not None:
        return [beginning]  # a whole id is no beginning, and an index finds it
    own = standing_ids.where(record_versions.c.id.startswith(beginning, autoescape=True))
    found: set[str] = set(connection.execute(own.limit(limit)).scalars())
    if not found:
        old = select(record_names.c.new_id).where(record_names.c.old_id.startswith(beginning, autoescape=True))
        ids: list[str] = list(connection.execute(old.limit(limit)).scalars())
        found = {resolve_record_id(connection, record_id) for record_id in ids}
    return sorted(found)[:limit]


def resolve_record_id(connection: Connection, record_id: str) -> str:
    """The present id of a record, whatever ids it had before; an id that was never renamed stands for itself."""
    seen = {record_id}
    while True:
        row = connection.execute(select(record_names.c.new_id).where(record_names.c.old_id == record_id)).first()
        if row is None or row.new_id in seen:
            return record_id
        record_id = row.new_id
        seen.add(record_id)


def record_ids_of_claims(connection: Connection, claim_ids: Collection[str]) -> dict[str, str]:
    """Claim id to the id of its record, as last published."""
    return {row.claim_id: row.record_id for row in _record_claims(connection, claim_ids)}


def regions_of_claims(connection: Connection, claim_ids: Collection[str]) -> set[str]:
    """The regions that these claims were built in."""
    return {row.region for row in _record_claims(connection, claim_ids)}


def claim_ids_of_regions(connection: Connection, regions: Collection[str]) -> list[str]:
    """The claims that were built in these regions, sorted."""
    found: list[str] = []
    for batch in in_batches(sorted(set(regions))):
        found.extend(connection.execute(select(record_claims.c.claim_id).where(record_claims.c.region.in_(batch))).scalars())
    return sorted(found)


@dataclass(frozen=True, slots=True)
class PendingClaim:
    """A claim whose present state the records don't know. `closed_because` is None while it stands."""

    id: str
    closed_because: str | None
    is_reviewed: bool
    published_on: str | None

    @property
    def is_open(self) -> bool:
        """Whether it stands."""
        return self.closed_because is None


def pending_claims(connection: Connection) -> list[PendingClaim]:
    """The claims whose present state the records don't know, by id."""
    query = (
        select(claims.c.id, claims.c.closed_at, claims.c.closed_because, claims.c.is_reviewed, claims.c.published_on)
        .where(
            or_(
                claims.c.built_as == "new",
                and_(claims.c.built_as == "open", claims.c.closed_at.is_not(None)),
                and_(claims.c.built_as == "closed", claims.c.closed_at.is_(None)),
            )
        )
        .order_by(claims.c.id)
        .execution_options(yield_per=1000)
    )
    return [
        PendingClaim(row.id, (row.closed_because or "closed") if row.closed_at else None, bool(row.is_reviewed), row.published_on)
        for row in connection.execute(query)
    ]


def mark_all_new(connection: Connection) -> None:
    """Let the next update build everything anew."""
    connection.execute(update(claims).values(built_as="new"))


def mark_documents_new(connection: Connection, document_ids: Collection[str], version_ids: Collection[str]) -> None:
    """Let the next update build the records of these versions anew, because what is known of their documents changed."""
    for batch in in_batches(sorted(set(version_ids))):
        connection.execute(update(claims).where(claims.c.version_id.in_(batch)).values(built_as="new"))


def mark_built(connection: Connection, pending: Iterable[PendingClaim]) -> None:
    """Note that the records know these claims in the state of `pending_claims`; what changed since stays pending."""
    groups: dict[tuple[bool, bool], list[str]] = {}
    for claim in pending:
        groups.setdefault((claim.is_open, claim.is_reviewed), []).append(claim.id)
    for (is_open, is_reviewed), ids in sorted(groups.items()):
        for batch in in_batches(ids):
            connection.execute(
                update(claims)
                .where(claims.c.id.in_(batch), claims.c.is_reviewed.is_(is_reviewed))
                .values(built_as="open" if is_open else "closed")
            )


def replace_records(
    connection: Connection,
    number: int,
    *,
    retired: Collection[str],
    new: Sequence[StoredRecord],
    homes: Mapping[str, tuple[str, str]],
    gone_claims: Collection[str],
    renamed: Mapping[str, str],
) -> None:
    """Publish records as part of the publication `number`.

    Args:
        retired: ids whose standing versions end.
        new: versions that begin; an id that stood before must be among `retired`.
        homes: claim id to (record id, region) of all claims that were built.
        gone_claims: claims that no longer belong to a record.
        renamed: ids that vanished, to the id that took over.
    """
    retire(connection, record_versions, "id", retired, number)
    if new:
        connection.execute(insert(record_versions), [_row(stored, number) for stored in new])
    for batch in in_batches(sorted({*homes, *gone_claims})):
        connection.execute(delete(record_claims).where(record_claims.c.claim_id.in_(batch)))
    if homes:
        rows = [{"claim_id": claim_id, "record_id": home[0], "region": home[1]} for claim_id, home in sorted(homes.items())]
        connection.execute(insert(record_claims), rows)
    back = {stored.record.id for stored in new} | set(renamed)
    for batch in in_batches(sorted(back)):
        connection.execute(delete(record_names).where(record_names.c.old_id.in_(batch)))
    if renamed:
        names = [{"old_id": old, "new_id": now, "since": number} for old, now in sorted(renamed.items())]
        connection.execute(insert(record_names), names)


def _record_claims(connection: Connection, claim_ids: Collection[str]) -> Iterator[Row[Any]]:
    for batch in in_batches(sorted(set(claim_ids))):
        yield from connection.execute(select(record_claims).where(record_claims.c.claim_id.in_(batch)))


def _stored(row: Row[Any]) -> StoredRecord:
    return StoredRecord(
        record=record_from_dict(row.body),
        title=row.title,
        region=row.region,
        first_known_on=row.first_known_on,
        last_known_on=row.last_known_on,
        weakness=row.weakness,
        since=row.since,
        until=row.until,
    )


def _row(stored: StoredRecord, number: int) -> dict[str, Any]:
    return {
        "id": stored.record.id,
        "since": number,
        "until": None,
        "table_name": str(stored.record.table),
        "title": stored.title,
        "region": stored.region,
        "first_known_on": stored.first_known_on,
        "last_known_on": stored.last_known_on,
        "weakness": stored.weakness,
        "body": record_to_dict(stored.record),
    }
