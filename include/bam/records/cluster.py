"""Which claims are one thing: links in order of strength, held apart where a person or the facts say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bam.model.records import Judgement, Link, PairFeature, Verdict
from bam.records.prepare import Prepared
from bam.records.scoring import SAME_AT, VETO_AT, pair_features, score


@dataclass(frozen=True, slots=True)
class Group:
    """Claims of one thing, in no order, and the links that brought them together (one fewer than claims)."""

    claim_ids: tuple[str, ...]
    links: tuple[Link, ...]


class Pairs:
    """Scores of pairs of claims, computed once each."""

    def __init__(self, prepared: Mapping[str, Prepared]) -> None:
        self._prepared = prepared
        self._known: dict[tuple[str, str], tuple[float, tuple[PairFeature, ...]]] = {}

    def of(self, left: str, right: str) -> tuple[float, tuple[PairFeature, ...]]:
        """Score and features of a pair of claim ids of one table."""
        pair = (left, right) if left < right else (right, left)
        if pair not in self._known:
            features = pair_features(self._prepared[pair[0]], self._prepared[pair[1]])
            self._known[pair] = score(features), features
        return self._known[pair]

    def forbid(self, left: str, right: str) -> bool:
        """Whether the facts keep two claims apart: they contradict each other, or one document tells them apart."""
        points, _ = self.of(left, right)
        one, other = self._prepared[left].claim, self._prepared[right].claim
        return points <= VETO_AT or (one.witness.document_id == other.witness.document_id and points < SAME_AT)


class _Partition:
    """Disjoint groups of claim ids with their links."""

    def __init__(self, claim_ids: Iterable[str]) -> None:
        self.members = {claim_id: [claim_id] for claim_id in claim_ids}
        self.links: dict[str, list[Link]] = {claim_id: [] for claim_id in self.members}
        self._root = {claim_id: claim_id for claim_id in self.members}

    def root(self, claim_id: str) -> str:
        return self._root[claim_id]

    def join(self, link: Link) -> None:
        keep, drop = sorted((self.root(link.left_claim_id), self.root(link.right_claim_id)))
        for claim_id in self.members[drop]:
            self._root[claim_id] = keep
        self.members[keep] += self.members.pop(drop)
        self.links[keep] += [*self.links.pop(drop), link]


def group_claims(
    claim_ids: Sequence[str],
    candidates: Iterable[tuple[str, str]],
    keys: Mapping[str, str],
    judgements: Iterable[Judgement],
    pairs: Pairs,
) -> list[Group]:
    """Partition claims of one table.

    Args:
        claim_ids: the claims.
        candidates: pairs of them that share a blocking key.
        keys: claim key of each claim id; judgements and the order of equal scores refer to it.
        judgements: those that stand. The newer of two that contradict each other wins.
        pairs: their scores.
    """
    partition = _Partition(claim_ids)
    apart = _apply_judgements(partition, keys, judgements)
    links = [(pairs.of(left, right)[0], left, right) for left, right in candidates]
    strong = (link for link in links if link[0] >= SAME_AT)
    for points, left, right in sorted(strong, key=lambda link: (-link[0], *sorted((keys[link[1]], keys[link[2]])))):
        one, other = partition.root(left), partition.root(right)
        if one == other or _kept_apart(partition.members[one], partition.members[other], keys, apart, pairs):
            continue
        partition.join(_link(left, right, points, pairs.of(left, right)[1]))
    return [Group(tuple(members), tuple(partition.links[root])) for root, members in sorted(partition.members.items())]


def _apply_judgements(partition: _Partition, keys: Mapping[str, str], judgements: Iterable[Judgement]) -> set[tuple[str, str]]:
    """Join what people called the same; returns the pairs of claim keys that they called different."""
    by_key: dict[str, list[str]] = {}
    for claim_id in partition.members:
        by_key.setdefault(keys[claim_id], []).append(claim_id)
    apart: set[tuple[str, str]] = set()
    for judgement in sorted(judgements, key=lambda judgement: (judgement.judged_at, judgement.id), reverse=True):
        left, right = by_key.get(judgement.left), by_key.get(judgement.right)
        if not left or not right:
            continue
        one, other = partition.root(left[0]), partition.root(right[0])
        if judgement.verdict is Verdict.DIFFERENT:
            if one != other:
                apart.add((judgement.left, judgement.right))
        elif one != other and not _judged_apart(partition.members[one], partition.members[other], keys, apart):
            feature = PairFeature("judgement", 0.0, f"{judgement.judged_by}: {judgement.reason}")
            partition.join(_link(left[0], right[0], 0.0, (feature,), by="judgement"))
    return apart


def _link(left: str, right: str, points: float, features: tuple[PairFeature, ...], by: str = "score") -> Link:
    first, second = (left, right) if left < right else (right, left)
    return Link(first, second, points, features, by)


def _kept_apart(
    one: Sequence[str], other: Sequence[str], keys: Mapping[str, str], apart: set[tuple[str, str]], pairs: Pairs
) -> bool:
    if _judged_apart(one, other, keys, apart):
        return True
    return any(pairs.forbid(left, right) for left in one for right in other)


def _judged_apart(one: Sequence[str], other: Sequence[str], keys: Mapping[str, str], apart: set[tuple[str, str]]) -> bool:
    if not apart:
        return False
    return any(tuple(sorted((keys[left], keys[right]))) in apart for left in one for right in other)
