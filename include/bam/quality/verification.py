"""Verifying everything that is stored: from the tables back to records, claims, quotes, texts and archived bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from bam.model.claims import Claim
from bam.quality.grounding import ReadBytes, StoredVersion, fault_of_version, unfounded_claims
from bam.store.batches import in_batches
from bam.store.check_material import all_version_ids, dangling_decisions, read_grounds
from bam.store.claims import read_claims_of_versions, read_stored_claims
from bam.store.engine import Store
from bam.store.records import read_records
from bam.store.tables import read_entries

VERSIONS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one thing: its kind (`version`, `claim`, `record`, `ledger entry`, `decision`), id, and how."""

    kind: str
    id: str
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How many of each kind were looked at, and what was found."""

    versions: int
    claims: int
    records: int
    entries: int
    faults: tuple[Fault, ...]


def verify_store(store: Store, read_bytes: ReadBytes, advance: Callable[[int], None] = lambda done: None) -> Verification:
    """Check all versions (standing or not), all claims (open or closed), and what the tables of the last publication rest on.

    `advance` is told the number of versions verified since it was last called. Nothing is changed.
    """
    with store.read() as connection:
        faults: list[Fault] = []
        version_ids = all_version_ids(connection)
        claim_count = 0
        for batch in in_batches(version_ids, VERSIONS_AT_ONCE):
            found, count = _verify_versions(connection, list(batch), read_bytes)
            faults.extend(found)
            claim_count += count
            advance(len(batch))
        records = read_records(connection)
        entries = read_entries(connection)
        standing = {
            each.claim.id
            for each in read_stored_claims(connection, {claim_id for one in records for claim_id in one.record.claim_ids})
            if each.closed_at is None
        }
        for one in records:
            faults.extend(
                Fault("record", one.record.id, f"rests on {claim_id}, which doesn't stand any more: run `bam update`")
                for claim_id in one.record.claim_ids
                if claim_id not in standing
            )
        known = {one.record.id for one in records}
        faults.extend(
            Fault("ledger entry", f"{entry.record_id} in {entry.total}", "is about no published record")
            for entry in entries
            if entry.record_id not in known
        )
        faults.extend(Fault("decision", decision, "is about no stored claim") for decision in dangling_decisions(connection))
    return Verification(len(version_ids), claim_count, len(records), len(entries), tuple(faults))


def _verify_versions(connection: Connection, version_ids: list[str], read_bytes: ReadBytes) -> tuple[list[Fault], int]:
    """Faults of these versions and of their claims, and the number of the claims."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    count = 0
    for each in read_claims_of_versions(connection, version_ids):
        claims[each.claim.version_id].append(each.claim)
        count += 1
    faults: list[Fault] = []
    for row in read_grounds(connection, version_ids):
        version = StoredVersion(row.id, row.raw_sha256, row.text_sha256, row.text)
        faults.extend(_faults_of_version(version, claims[row.id], read_bytes))
    return faults, count


def _faults_of_version(version: StoredVersion, claims: list[Claim], read_bytes: ReadBytes) -> Iterator[Fault]:
    # A version that couldn't be converted has no text to verify; its bytes are verified all the same.
    what = fault_of_version(version, read_bytes, needs_text=bool(claims))
    damage = {} if what is None else {version.id: what}
    if what is not None:
        yield Fault("version", version.id, what)
    for claim_id, fault in unfounded_claims(claims, {version.id: version}, damage).items():
        yield Fault("claim", claim_id, fault)
