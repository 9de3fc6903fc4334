"""Which stored claims a change can bear on: those that meet the changed claims in a block and stand in a relation to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bam.model.records import Judgement
from bam.records.blocking import counterpart, is_crowd, is_limited
from bam.records.identity import claim_keys
from bam.records.meetings import Kind, block_number, kind_of, numbered_keys
from bam.records.prepare import Prepared, prepare
from bam.records.regions import Relations, relate_alike, relate_part, relate_promise
from bam.store.blocks import block_size, blocks_of_claims, claims_in_blocks, read_crowded
from bam.store.claims import read_claims, read_claims_to_compare
from bam.store.records import PendingClaim, claim_ids_of_regions, regions_of_claims


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Claims that make up whole regions, with the regions that they were built in until now, and the crowded blocks, before
    and after the change. `keys` are the numbered blocking keys of those that changed, by id.
    """

    prepared: dict[str, Prepared]
    regions: set[str]
    crowded_before: set[int]
    crowded: set[int]
    keys: Mapping[str, Mapping[str, int]]


def neighbourhood(
    connection: Connection, pending: Sequence[PendingClaim], judged: Iterable[Judgement], judgements: Sequence[Judgement]
) -> Neighbourhood:
    """Everything that the pending claims and judgements can bear on.

    Args:
        pending: the claims whose present state the records don't know.
        judged: judgements that the records don't know yet.
        judgements: all that stand.
    """
    changed = {one.id for one in pending}
    fresh = {claim.id: prepare(claim) for claim in read_claims(connection, [one.id for one in pending if one.is_open])}
    blocks = _Blocks(connection, fresh, changed)
    near = {claim.id: prepare(claim) for claim in read_claims_to_compare(connection, blocks.neighbours())}
    seeds = blocks.flipped | _related(fresh, near, blocks)
    seeds |= _claims_of_keys(connection, _judged_keys(fresh, near, judged, judgements))
    regions = regions_of_claims(connection, seeds | changed)
    members = set(claim_ids_of_regions(connection, regions)) - changed
    rest = {claim.id: prepare(claim) for claim in read_claims(connection, members)}
    return Neighbourhood(fresh | rest, regions, blocks.crowded_before, blocks.crowded, blocks.keys)


class _Blocks:
    """The blocks of the changed claims: who else is in them, and which of them become crowded, or stop being so."""

    def __init__(self, connection: Connection, fresh: Mapping[str, Prepared], changed: Collection[str]) -> None:
        self.keys = {claim_id: numbered_keys(one) for claim_id, one in fresh.items()}
        self.crowded_before = read_crowded(connection)
        self.crowded = set(self.crowded_before)
        self.flipped: set[str] = set()
        self._changed = set(changed)
        self._sought = {key: _sought(key, number) for keys in self.keys.values() for key, number in keys.items()}
        coming = Counter(number for keys in self.keys.values() for number in keys.values())
        leaving = Counter({number: len(ids) for number, ids in blocks_of_claims(connection, changed).items()})
        self._met = claims_in_blocks(connection, {*coming, *self._sought.values()} - self.crowded_before)
        limited = {number for keys in self.keys.values() for key, number in keys.items() if is_limited(key)}
        for number in limited - self.crowded_before:
            if is_crowd(len(self._met.get(number, ())) - leaving[number] + coming[number]):
                self.crowded.add(number)
                self.flipped.update(self._met.get(number, ()))
        emptied = {
            number
            for number in self.crowded_before & set(leaving)
            if not is_crowd(block_size(connection, number) - leaving[number] + coming[number])
        }
        if emptied:
            self.crowded -= emptied
            self._reopen(connection, emptied)
        self.flipped -= self._changed

    def _reopen(self, connection: Connection, emptied: Collection[int]) -> None:
        """Blocks that tell something again: all in them, and in their counterparts, have to be compared anew."""
        leaving = [prepare(claim) for claim in read_claims(connection, self._changed)]
        keys = {number: key for one in leaving for key, number in numbered_keys(one).items()}
        reopened = {*emptied, *(block_number(counterpart(keys[number])) for number in emptied if number in keys)} - self.crowded
        found = claims_in_blocks(connection, reopened)
        self._met |= found
        self.flipped.update(claim_id for ids in found.values() for claim_id in ids)

    def neighbours(self) -> set[str]:
        """The stored claims that a fresh one has to be compared with."""
        return {other for claim_id in self.keys for _, others in self.others(claim_id) for other in others}

    def others(self, claim_id: str) -> Iterable[tuple[str, list[str]]]:
        """For each key of a fresh claim that tells something the unchanged claims that have its counterpart."""
        for key, number in self.keys[claim_id].items():
            sought = self._sought[key]
            if number not in self.crowded and sought not in self.crowded and sought in self._met:
                yield key, [other for other in self._met[sought] if other not in self._changed]


def _sought(key: str, number: int) -> int:
    """The number of a key's counterpart; most keys are their own."""
    other = counterpart(key)
    return number if other == key else block_number(other)


def _related(fresh: Mapping[str, Prepared], near: Mapping[str, Prepared], blocks: _Blocks) -> set[str]:
    """The stored claims that stand in a relation to one of the fresh ones."""
    found: set[str] = set()
    for claim_id, one in fresh.items():
        kinds: dict[Kind, set[str]] = defaultdict(set)
        for key, others in blocks.others(claim_id):
            kinds[kind_of(key)].update(others)
        relations = Relations()
        for other in kinds[Kind.PART]:
            relate_part(one, near[other], relations)
            relate_part(near[other], one, relations)
        for other in kinds[Kind.ALIKE]:
            relate_alike(one, near[other], relations)
        for other in kinds[Kind.PROMISE]:
            relate_promise(one, near[other], relations)
        for other in kinds[Kind.REPORT]:
            relate_promise(near[other], one, relations)
        found.update(kinds[Kind.SIBLINGS])
        found.update(other for pair in relations.pairs() for other in pair)
    return found - set(fresh)


def _judged_keys(
    fresh: Mapping[str, Prepared], near: Mapping[str, Prepared], judged: Iterable[Judgement], judgements: Collection[Judgement]
) -> set[str]:
    """Claim keys that judgements tie to what changed."""
    wanted = {key for judgement in judged for key in (judgement.left, judgement.right)}
    if not judgements:
        return wanted
    documents = {one.claim.witness.document_id for one in fresh.values()}
    siblings = [one for one in near.values() if one.claim.witness.document_id in documents]
    keys = claim_keys(one.claim for one in (*siblings, *fresh.values()))
    own = {keys[claim_id] for claim_id in fresh}
    for judgement in judgements:
        if judgement.left in own or judgement.right in own:
            wanted.update((judgement.left, judgement.right))
    return wanted


def _claims_of_keys(connection: Connection, keys: Collection[str]) -> set[str]:
    return {claim_id for ids in claims_in_blocks(connection, set(map(block_number, keys))).values() for claim_id in ids}
