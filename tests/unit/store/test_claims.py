"""Claims read for being compared only."""

from __future__ import annotations

from pathlib import Path

from tests.bench.claims import claims as generated_claims
from tests.unit.records.stored import World

from bam.records.prepare import prepare
from bam.records.regions import relations_of
from bam.store.claims import read_claims, read_claims_to_compare
from bam.store.engine import Store


def test_what_is_read_for_comparing_gives_the_same_relations(tmp_path: Path) -> None:
    world = World(Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}"))
    known = list(generated_claims(60))
    world.add(known)
    ids = [claim.id for claim in known]
    with world.store.read() as connection:
        whole = {claim.id: prepare(claim) for claim in read_claims(connection, ids)}
        compared = {claim.id: prepare(claim) for claim in read_claims_to_compare(connection, ids)}
    assert list(compared) == list(whole)
    assert compared.keys() == set(ids)
    one, other = relations_of(whole, ()), relations_of(compared, ())
    assert list(other.pairs()) == list(one.pairs())
    assert other.outcomes == one.outcomes
    assert one.alike
