"""Records from claims: a pure function of the claims and judgements, whatever order they come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bam.model.claims import Claim, Table
from bam.model.records import Judgement, Record, Verdict
from bam.records.cluster import Pairs, group_claims
from bam.records.identity import claim_keys
from bam.records.make import make_record
from bam.records.prepare import Prepared, prepare
from bam.records.promises import score_follow_up
from bam.records.regions import Relations, relations_of, split_into_regions
from bam.records.relations import link_parts, link_repeats
from bam.records.scoring import agrees_on_more

BUILDER = "records/3"
"""Name and version of the rules. Raise the number with each change by which the same claims can give other records, choices,
reasons, totals or figures: the next update builds everything anew. What only makes it faster leaves it.
"""

DEFAULT_CURRENCY = "USD"


def build_records(
    claims: Iterable[Claim], judgements: Sequence[Judgement] = (), *, currency: str = DEFAULT_CURRENCY
) -> list[Record]:
    """All records that these claims make, sorted by table and id.

    Args:
        claims: the claims that stand, in any order.
        judgements: what people said of pairs of claims; those that were taken back left out.
        currency: the common currency (ISO 4217) that sums are converted to.
    """
    prepared = {claim.id: prepare(claim) for claim in claims}
    return records_of(prepared, relations_of(prepared, judgements), judgements, currency=currency)


def records_of(
    prepared: Mapping[str, Prepared], relations: Relations, judgements: Sequence[Judgement], *, currency: str
) -> list[Record]:
    """The records of claims whose relations are known, sorted by table and id. The claims must make up whole regions."""
    found = (record for _, records in records_by_region(prepared, relations, judgements, currency=currency) for record in records)
    return sorted(found, key=lambda record: (record.table, record.id))


def records_by_region(
    prepared: Mapping[str, Prepared], relations: Relations, judgements: Sequence[Judgement], *, currency: str
) -> Iterator[tuple[str, list[Record]]]:
    """As `records_of`, region by region: the first claim of each region, and its records."""
    keys = claim_keys(one.claim for one in prepared.values())
    pairs_by_claim: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in relations.pairs():
        pairs_by_claim[pair[0]].append(pair)
    judged = _judgements_by_key(judgements)
    for region in split_into_regions(prepared, relations.pairs()):
        own = {claim_id: prepared[claim_id] for claim_id in region}
        pairs = [pair for claim_id in region for pair in pairs_by_claim[claim_id]]
        own_keys = {keys[claim_id] for claim_id in region}
        words = {word.id: word for key in own_keys for word in judged.get(key, ()) if word.right in own_keys}
        yield region[0], _records_of_region(own, pairs, relations, keys, [words[key] for key in sorted(words)], currency)


def _judgements_by_key(judgements: Iterable[Judgement]) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        found[judgement.left].append(judgement)
    return found


def _records_of_region(
    region: Mapping[str, Prepared],
    pairs: Sequence[tuple[str, str]],
    relations: Relations,
    keys: Mapping[str, str],
    judgements: Sequence[Judgement],
    currency: str,
) -> list[Record]:
    claims = {claim_id: one.claim for claim_id, one in region.items()}
    scores = Pairs(region)
    alike = [pair for pair in pairs if pair in relations.alike]
    records: list[Record] = []
    for table in Table:
        ids = [claim_id for claim_id in region if claims[claim_id].table is table]
        candidates = [pair for pair in alike if claims[pair[0]].table is table]
        for group in group_claims(ids, candidates, keys, judgements, scores):
            records.append(make_record([claims[claim_id] for claim_id in group.claim_ids], keys, group.links, currency))
    records = link_parts(records, (pair for pair in pairs if pair in relations.parts))
    records = link_repeats(records, _possible(alike, claims, keys, judgements, scores), claims, keys)
    return [_scored(record, claims, relations) for record in records]


def _possible(
    alike: Iterable[tuple[str, str]],
    claims: Mapping[str, Claim],
    keys: Mapping[str, str],
    judgements: Iterable[Judgement],
    scores: Pairs,
) -> list[tuple[str, str]]:
    """Pairs of sums that may be the same and that neither a person nor the facts tell apart."""
    different = {(judgement.left, judgement.right) for judgement in judgements if judgement.verdict is Verdict.DIFFERENT}
    return [
        pair
        for pair in alike
        if claims[pair[0]].table is Table.FUNDING
        and tuple(sorted((keys[pair[0]], keys[pair[1]]))) not in different
        and agrees_on_more(scores.of(*pair)[1])
        and not scores.forbid(*pair)
    ]


def _scored(record: Record, claims: Mapping[str, Claim], relations: Relations) -> Record:
    if record.table is not Table.FOLLOW_UPS:
        return record
    own = set(record.claim_ids)
    outcomes = [
        outcome
        for claim_id in record.claim_ids
        for outcome in relations.outcomes.get(claim_id, ())
        if outcome.claim_id not in own
    ]
    return score_follow_up(record, [claims[claim_id] for claim_id in record.claim_ids], outcomes)
