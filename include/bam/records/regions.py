"""Regions: claims that can bear on each other's records. What happens in one region changes no record of another.

Two claims are in one region where they may be the same thing, are a part and its total, a promise and what became of it,
siblings of one document, or were judged by a person. A region is all that has to be looked at when one of its claims changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from bam.model.records import Judgement
from bam.records.identity import claim_keys
from bam.records.meetings import Kind, Meetings
from bam.records.prepare import Prepared
from bam.records.promises import Outcome, outcome_of
from bam.records.relations import is_part_of
from bam.records.scoring import POSSIBLE_AT, pair_features, score


@dataclass(slots=True)
class Relations:
    """How claims bear on each other, as pairs of claim ids.

    `alike` are pairs of one table that score `POSSIBLE_AT` or more, `parts` are (part, total), `outcomes` are by the claim of
    the promise, `ties` join siblings and judged claims.
    """

    alike: dict[tuple[str, str], float] = field(default_factory=dict)
    parts: set[tuple[str, str]] = field(default_factory=set)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    ties: set[tuple[str, str]] = field(default_factory=set)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """All pairs that hold a region together."""
        yield from self.alike
        yield from self.parts
        yield from ((promise, outcome.claim_id) for promise, found in self.outcomes.items() for outcome in found)
        yield from self.ties

    def parted(self, parts: Sequence[Iterable[str]]) -> list[Relations]:
        """The relations within each of these parts; each must be made of whole regions."""
        found = [Relations() for _ in parts]
        part_of = {claim_id: part for part, claim_ids in zip(found, parts, strict=True) for claim_id in claim_ids}
        for pair, points in self.alike.items():
            part_of[pair[0]].alike[pair] = points
        for pair in self.parts:
            part_of[pair[0]].parts.add(pair)
        for promise, outcomes in self.outcomes.items():
            part_of[promise].outcomes[promise] = outcomes
        for pair in self.ties:
            part_of[pair[0]].ties.add(pair)
        return found


def relate_alike(left: Prepared, right: Prepared, relations: Relations) -> None:
    """Note whether two claims of one table may be the same thing."""
    if left.claim.id > right.claim.id:
        left, right = right, left
    points = score(pair_features(left, right))
    if points >= POSSIBLE_AT:
        relations.alike[left.claim.id, right.claim.id] = points


def relate_part(part: Prepared, total: Prepared, relations: Relations) -> None:
    """Note whether one sum is said to be part of the other."""
    if is_part_of(part.claim, total.claim):
        relations.parts.add((part.claim.id, total.claim.id))


def relate_promise(promise: Prepared, report: Prepared, relations: Relations) -> None:
    """Note whether a claim reports what was promised."""
    outcome = outcome_of(promise, report)
    if outcome is not None:
        relations.outcomes.setdefault(promise.claim.id, []).append(outcome)


def relations_of(
    prepared: Mapping[str, Prepared], judgements: Iterable[Judgement], meetings: Meetings | None = None
) -> Relations:
    """All relations among claims.

    Args:
        prepared: the claims, by id.
        judgements: those that stand.
        meetings: which of the claims meet; worked out where it isn't given.
    """
    relations = Relations()
    for claim_id, met in groupby(meetings or Meetings(prepared), key=itemgetter(0)):
        kinds: dict[Kind, set[str]] = defaultdict(set)
        for _, kind, members in met:
            kinds[kind].update(members)
        one = prepared[claim_id]
        later = [other for other in kinds[Kind.SIBLINGS] if other > claim_id]
        if later:
            relations.ties.add((claim_id, min(later)))
        for other in sorted(kinds[Kind.PART]):
            relate_part(one, prepared[other], relations)
        for other in sorted(kinds[Kind.ALIKE]):
            if other > claim_id:
                relate_alike(one, prepared[other], relations)
        for other in sorted(kinds[Kind.PROMISE] - {claim_id}):
            relate_promise(one, prepared[other], relations)
    relations.ties.update(judged_pairs(prepared, judgements))
    return relations


def judged_pairs(prepared: Mapping[str, Prepared], judgements: Iterable[Judgement]) -> Iterator[tuple[str, str]]:
    """Pairs of claim ids that people judged."""
    wanted = list(judgements)
    if not wanted:
        return
    by_key: dict[str, list[str]] = {}
    for claim_id, key in sorted(claim_keys(one.claim for one in prepared.values()).items()):
        by_key.setdefault(key, []).append(claim_id)
    for judgement in wanted:
        left, right = by_key.get(judgement.left), by_key.get(judgement.right)
        if left and right and left[0] != right[0]:
            yield left[0], right[0]


def split_into_regions(claim_ids: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The connected components of claims under these pairs, each sorted, in order of their first claim."""
    root = {claim_id: claim_id for claim_id in claim_ids}

    def find(claim_id: str) -> str:
        while root[claim_id] != claim_id:
            root[claim_id] = root[root[claim_id]]
            claim_id = root[claim_id]
        return claim_id

    for left, right in pairs:
        one, other = find(left), find(right)
        if one != other:
            root[max(one, other)] = min(one, other)
    members: dict[str, list[str]] = {}
    for claim_id in sorted(root):
        members.setdefault(find(claim_id), []).append(claim_id)
    return list(members.values())
