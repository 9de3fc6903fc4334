"""Claims that share what they have in common: less memory, the same relations."""

from __future__ import annotations

from tests.bench.claims import claims as generated_claims
from tests.unit.records.factories import claim

from bam.records.prepare import prepare
from bam.records.regions import relations_of
from bam.records.sharing import prepare_for_comparing, slim


def test_comparing_finds_the_same_relations() -> None:
    known = list(generated_claims(60))
    whole = relations_of({one.id: prepare(one) for one in known}, ())
    shared = relations_of({one.claim.id: one for one in prepare_for_comparing(known)}, ())
    assert list(shared.pairs()) == list(whole.pairs())
    assert whole.alike
    assert shared.outcomes == whole.outcomes


def test_a_slim_claim_keeps_its_values_and_its_first_quote() -> None:
    known = list(generated_claims(5))
    for one, other in zip(known, slim(known), strict=True):
        assert (other.id, other.values, other.evidence) == (one.id, one.values, one.evidence[:1])
        assert other.witness == one.witness


def test_what_claims_have_in_common_is_one_object() -> None:
    made = [claim("facilities", name, name="Panj bridge", type="bridge", country="TJ", place="Panj") for name in "ab"]
    one, other = prepare_for_comparing(made)
    assert one.places
    assert one.places is other.places
    assert one.names is other.names
    assert one.claim.evidence is other.claim.evidence
