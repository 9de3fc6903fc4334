"""The next state from what changed equals everything built anew, however the claims came in."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.bench.claims import claims as generated_claims
from tests.unit.records.factories import CORPUS, claim, gold_claims
from tests.unit.records.stored import World

from bam.indicators.figures import figures
from bam.model.claims import Claim
from bam.model.record_json import record_to_dict
from bam.model.records import Judgement, Verdict
from bam.pipeline import staging
from bam.records import blocking
from bam.records.build import build_records
from bam.records.identity import claim_keys
from bam.records.ledger import count
from bam.records.tally import Tally
from bam.store.engine import Store
from bam.store.judgements import insert_judgements
from bam.store.records import read_records
from bam.store.schema.records import record_claims
from bam.store.tables import read_entries, read_figures, read_tallies

needs_corpus = pytest.mark.skipif(not (CORPUS / "dev").is_dir(), reason="the annotated corpus isn't on this machine")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}"))


def stored_state(world: World) -> str:
    """All tables as one text."""
    with world.store.read() as connection:
        records = [record_to_dict(one.record) for one in read_records(connection)]
        entries = [repr(entry) for entry in read_entries(connection)]
        cells = sorted([*place, *amounts] for place, amounts in read_figures(connection))
        tallies = sorted((str(key), json.dumps(body, sort_keys=True)) for key, body in read_tallies(connection).items())
        homes = sorted(connection.execute(select(record_claims.c.claim_id, record_claims.c.record_id)).tuples())
    return json.dumps([records, entries, cells, tallies, homes], sort_keys=True, default=str)


def check_against_pure_functions(claims: list[Claim], world: World) -> None:
    """Check the stored tables against the pure functions over all claims."""
    records = build_records(claims)
    with world.store.read() as connection:
        assert [one.record for one in read_records(connection)] == records
        assert read_entries(connection) == count(records)
        assert dict(read_figures(connection)) == {
            (cell.table, cell.period, cell.key): amounts for cell, amounts in figures(records).items()
        }
        expected: dict[tuple[str, str, bool], Tally] = {}
        for entry in count(records):
            for key in ((entry.total, entry.currency, False), (entry.total, "USD", True)):
                expected.setdefault(key, Tally(key[0], key[1], is_common=key[2])).add(entry)
        assert read_tallies(connection) == {key: tally.to_body() for key, tally in expected.items()}


def test_nothing_gives_nothing(world: World) -> None:
    assert world.update() is None
    assert world.records() == ()


def test_the_same_again_publishes_nothing(world: World) -> None:
    world.add([claim("funding", "a")])
    assert world.update() is not None
    world.add([claim("funding", "a")])
    assert world.update() is None


def test_a_closed_claim_takes_its_record_away(world: World) -> None:
    only = claim("facilities", "a")
    world.add([only, claim("facilities", "b", name="Osh academy", type="training_centre")])
    world.update()
    world.close([only])
    publication = world.update()
    assert publication is not None
    assert (publication.added, publication.modified, publication.removed) == (0, 0, 1)
    assert len(world.records()) == 1


def check_stepwise(claims: list[Claim], seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring claims in by random batches of documents, with repetitions and a stranger that goes again, and compare."""
    chance = random.Random(seed)
    by_document: dict[str, list[Claim]] = {}
    for one in claims:
        by_document.setdefault(one.witness.document_id, []).append(one)
    documents = sorted(by_document)
    chance.shuffle(documents)
    once = World(Store.open(f"sqlite:///{folder / 'once.sqlite'}"))
    once.add(claims)
    once.update()
    stepwise = World(Store.open(f"sqlite:///{folder / 'stepwise.sqlite'}"))
    stranger = claim("funding", "stranger", amount=36e6, stage="disbursed", donors=["US"], recipients=["TJ"], quote="Panj bridge")
    while documents:
        size = chance.randint(1, 9)
        batch, documents = documents[:size], documents[size:]
        stepwise.add(one for document in batch for one in by_document[document])
        if chance.random() < 0.3:
            stepwise.add([stranger])
        stepwise.update()
        if chance.random() < 0.5:
            stepwise.add(one for document in batch for one in by_document[document])
            stepwise.update()
    stepwise.close([stranger])
    stepwise.update()
    assert stored_state(stepwise) == stored_state(once)
    check_against_pure_functions(claims, stepwise)
    monkeypatch.setattr(staging, "CLAIMS_PER_BATCH", chance.choice((5, 40, 10_000)))
    stepwise.update(rebuild=True)
    assert stored_state(stepwise) == stored_state(once)


@needs_corpus
@pytest.mark.corpus
@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_one_by_one_in_any_order_equals_all_at_once(
    seed: int, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_stepwise(gold_claims("dev"), seed, tmp_path_factory.mktemp("stores"), monkeypatch)


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_crowded_blocks_change_nothing_in_that(
    seed: int, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "MAX_BLOCK", random.Random(seed).randint(1, 4))
    check_stepwise(list(generated_claims(25, seed=seed % 7)), seed, tmp_path_factory.mktemp("stores"), monkeypatch)


def test_a_block_that_empties_brings_its_claims_together_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "MAX_BLOCK", 2)
    made = [claim("facilities", name, name="Panj bridge", type="bridge", country="TJ", place="Panj") for name in "abc"]
    world.add(made)
    world.update()
    assert len(world.records()) == 3
    world.close(made[2:])
    world.update()
    assert len(world.records()) == 1


def judge(world: World, left: str, right: str) -> None:
    first, second = sorted((left, right))
    word = Judgement(f"jdg-{first}", first, second, Verdict.SAME, "a person", world.timestamp(), "the same place")
    with world.store.write() as connection:
        insert_judgements(connection, [word], "act-1")


def test_a_judgement_holds_for_what_is_extracted_anew(world: World) -> None:
    bridge = claim("facilities", "a", name="Panj bridge", type="bridge", country="TJ", place="Panj")
    again = claim("facilities", "a", name="Panj bridge", type="bridge", country="TJ", place="Panj", extractor="tests/2")
    airport = claim("facilities", "b", name="Osh airport", type="airport", country="KG", place="Osh")
    keys = claim_keys([bridge, airport])
    world.add([bridge, airport])
    judge(world, keys[bridge.id], keys[airport.id])
    world.update()
    world.close([bridge])
    world.add([again])
    world.update()
    assert [set(record.claim_ids) for record in world.records()] == [{again.id, airport.id}]


def test_a_judgement_knows_a_new_claim_among_those_that_say_the_same_in_its_document(world: World) -> None:
    first, second = (
        claim("facilities", "a", name="Panj bridge", type="bridge", country="TJ", place="Panj", at=at) for at in (0, 100)
    )
    airport = claim("facilities", "b", name="Osh airport", type="airport", country="KG", place="Osh")
    keys = claim_keys([first, second, airport])
    world.add([first, airport])
    world.update()
    judge(world, keys[second.id], keys[airport.id])
    world.update()
    world.add([second])
    world.update()
    assert {second.id, airport.id} in [set(record.claim_ids) for record in world.records()]
