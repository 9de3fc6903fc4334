"""Judgements of people on records: merging, splitting, and taking either back. Nothing is lost: a judgement that is taken back
stays known, and a negative one is remembered until then.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from bam.model.errors import BamError
from bam.model.identity import content_id
from bam.model.records import Judgement, Record, Verdict
from bam.records.identity import claim_keys
from bam.store.claims import read_claims
from bam.store.judgements import insert_judgements, judgements_on_keys, undo_act
from bam.store.records import StoredRecord, claim_ids_of_regions, find_record_ids, read_records, regions_of_claims


def find_record(connection: Connection, beginning: str) -> StoredRecord:
    """The standing record whose id begins so (ids that it had before count too).

    Raises:
        BamError: there is none, or more than one.
    """
    found = find_record_ids(connection, beginning)
    records = read_records(connection, record_ids=found) if found else []
    if len(records) == 1:
        return records[0]
    if not records:
        raise BamError(f"no record has the id {beginning!r}", remedy="See the ids in `bam diff` or `bam indicators --export`.")
    shown = ", ".join(one.record.id for one in records)
    raise BamError(f"{beginning!r} is the beginning of several ids ({shown})", remedy="Write more of it.")


def keys_of_claims(connection: Connection, claim_ids: Collection[str]) -> dict[str, str]:
    """The claim keys of built claims, by claim id. Judgements name claims by these keys."""
    regions = regions_of_claims(connection, claim_ids)
    keys = claim_keys(read_claims(connection, claim_ids_of_regions(connection, regions)))
    return {claim_id: keys[claim_id] for claim_id in claim_ids if claim_id in keys}


def merge_records(connection: Connection, left: Record, right: Record, *, by: str, at: str, reason: str) -> str:
    """Say that two records are one thing; gives the id of the act, which can be taken back. It holds from the next update.

    Raises:
        BamError: they are of different tables, or the same record.
    """
    if left.table is not right.table:
        raise BamError(f"{left.id} is in {left.table} and {right.id} in {right.table}", remedy="Only records of one table merge.")
    if left.id == right.id:
        raise BamError(f"{left.id} can't be merged with itself", remedy="Name two records.")
    claim_ids = [*left.claim_ids, *right.claim_ids]
    keys = keys_of_claims(connection, claim_ids)
    pairs = {(keys[left.claim_ids[0]], keys[claim_id]) for claim_id in claim_ids}
    return _judge(connection, pairs, Verdict.SAME, by=by, at=at, reason=reason)


def split_record(connection: Connection, record: Record, claim_ids: Collection[str], *, by: str, at: str, reason: str) -> str:
    """Say that these claims speak of another thing than the rest of the record; gives the id of the act.

    Raises:
        BamError: a claim isn't the record's, or none would stay.
    """
    leaving = set(claim_ids)
    strangers = sorted(leaving - set(record.claim_ids))
    if strangers:
        raise BamError(f"{strangers[0]} is no claim of {record.id}", remedy=f"See `bam record show {record.id}`.")
    staying = [claim_id for claim_id in record.claim_ids if claim_id not in leaving]
    if not leaving or not staying:
        raise BamError("a split takes some claims away and leaves some", where=record.id, remedy="Name some of its claims.")
    keys = keys_of_claims(connection, record.claim_ids)
    pairs = {(keys[one], keys[other]) for one in leaving for other in staying}
    return _judge(connection, pairs, Verdict.DIFFERENT, by=by, at=at, reason=reason)


def undo(connection: Connection, name: str, *, by: str, at: str) -> str:
    """Take an act back: by its id, or the last standing one on a record. Gives the id of the act.

    Raises:
        BamError: there is no such act, or it was taken back already.
    """
    act = name
    if not name.startswith("act-"):
        record = find_record(connection, name).record
        keys = set(keys_of_claims(connection, record.claim_ids).values())
        standing = [row for row in judgements_on_keys(connection, keys) if row.undone_at is None]
        if not standing:
            raise BamError("nobody has judged this record", where=record.id, remedy="There is nothing to take back.")
        act = str(standing[0].act)
    if undo_act(connection, act, at, by) == 0:
        raise BamError(f"no standing judgement belongs to {act!r}", remedy="See `bam record show` for what was judged.")
    return act


def _judge(connection: Connection, pairs: Collection[tuple[str, str]], verdict: Verdict, *, by: str, at: str, reason: str) -> str:
    ordered = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    act = content_id("act", verdict, ordered, by, at)
    insert_judgements(
        connection,
        (Judgement(content_id("jud", act, left, right), left, right, verdict, by, at, reason) for left, right in ordered),
        act,
    )
    return act
