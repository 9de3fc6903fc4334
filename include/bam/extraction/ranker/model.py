"""The ranker at run time: pure Python, the same result on every machine."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

WEIGHTS = Path(__file__).resolve().parent / "weights"
_DIGITS = 6
_UNIT = 10_000
"""Weights have four digits. Counted in ten-thousandths they are whole numbers, whose sum is exact in any order."""

Features = Mapping[str, bool | float]
"""Named features of a candidate: true, false or a number. A category is a feature of its own that is true (`verb=give`)."""


def flatten(features: Features) -> dict[str, float]:
    """Features as numbers by name, without those that are false."""
    return {name: float(value) for name, value in features.items() if value is not False}


class Ranker(Protocol):
    """A trained model of one task: scores of labels from the features of a candidate."""

    @property
    def task(self) -> str: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    def scores(self, features: Features) -> dict[str, float]:
        """The log-odds of each label, up to a constant."""

    def probabilities(self, features: Features) -> dict[str, float]:
        """The probability of each label."""

    def best(self, features: Features) -> tuple[str, float]:
        """The most probable label and its probability; the first one in the model's order among equals."""

    def explain(self, features: Features, label: str, count: int = 5) -> list[tuple[str, float]]:
        """The features that say most for or against a label, with what they add to its score."""

    def to_dict(self) -> dict[str, Any]:
        """The model in plain JSON types, as the weights' file holds it."""


class _ByScores(ABC):
    """What follows from the scores alone."""

    __slots__ = ()
    labels: tuple[str, ...]

    @abstractmethod
    def scores(self, features: Features) -> dict[str, float]:
        """The score of each label."""

    def probabilities(self, features: Features) -> dict[str, float]:
        scores = self.scores(features)
        if len(scores) == 2:
            (first, low), (second, high) = scores.items()
            rest = math.exp(-abs(high - low))
            likelier, other = 1 / (1 + rest), rest / (1 + rest)
            return {first: other, second: likelier} if high >= low else {first: likelier, second: other}
        top = max(scores.values())
        exponents = {label: math.exp(score - top) for label, score in scores.items()}
        total = math.fsum(exponents.values())
        return {label: value / total for label, value in exponents.items()}

    def best(self, features: Features) -> tuple[str, float]:
        probabilities = self.probabilities(features)
        label = max(self.labels, key=lambda name: probabilities[name])
        return label, probabilities[label]


def _weighted_sum(bias: int, weights: Mapping[str, int], features: Features) -> float:
    """What the features add up to. Those that are numbers are few; fsum is exact, so that their order can't matter either."""
    weight_of = weights.get
    whole = bias
    parts: list[float] = []
    for name, value in features.items():
        if value is True:
            whole += weight_of(name, 0)
        elif value is not False:
            parts.append(weight_of(name, 0) * value)
    return round((whole + math.fsum(parts)) / _UNIT, _DIGITS)


def _strongest(parts: Iterable[tuple[str, float]], count: int) -> list[tuple[str, float]]:
    """The parts that weigh most, by name among equals."""
    ranked = sorted((-abs(weight), name, weight) for name, weight in parts)
    return [(name, weight) for _, name, weight in ranked[:count]]


@dataclass(frozen=True)
class LinearRanker(_ByScores):
    """A linear model. `weights` holds the weights of the features for each label, `bias` the labels' own."""

    task: str
    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]

    @cached_property
    def _rows(self) -> dict[str, tuple[int, ...]]:
        """The weights of each feature for the labels, in whole units."""
        return {name: tuple([round(weight * _UNIT) for weight in row]) for name, row in self.weights.items()}

    @cached_property
    def _second(self) -> dict[str, int] | None:
        """The weights for the second of two labels, where what speaks for one speaks as much against the other."""
        rows = [self.bias, *self.weights.values()]
        if len(self.labels) != 2 or any(first != -second for first, second in rows):
            return None
        return {name: row[1] for name, row in self._rows.items()}

    def scores(self, features: Features) -> dict[str, float]:
        if self._second is not None:
            total = _weighted_sum(round(self.bias[1] * _UNIT), self._second, features)
            return {self.labels[0]: -total, self.labels[1]: total}
        known = [(row, value) for name, value in features.items() if value is not False and (row := self._rows.get(name))]
        bias = tuple([round(weight * _UNIT) for weight in self.bias])
        whole = [sum(column) for column in zip(bias, *[row for row, value in known if value is True], strict=True)]
        scaled = [[weight * value for weight in row] for row, value in known if value is not True]
        parts = [math.fsum(column) for column in zip(*scaled, strict=True)] or [0.0] * len(whole)
        return {
            label: round((units + part) / _UNIT, _DIGITS) for label, units, part in zip(self.labels, whole, parts, strict=True)
        }

    def explain(self, features: Features, label: str, count: int = 5) -> list[tuple[str, float]]:
        index, weights = self.labels.index(label), self.weights
        parts: list[tuple[str, float]] = []
        for name, value in features.items():
            row = weights.get(name) if value is not False else None
            if row is not None:
                parts.append((name, row[index] * value))
        return _strongest(parts, count)

    def to_dict(self) -> dict[str, Any]:
        return {"task": self.task, "labels": self.labels, "bias": self.bias, "weights": dict(sorted(self.weights.items()))}


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree: candidates whose feature is at most `threshold` go `left`, others `right`; both are places in the tree's
    list, and `feature` is None in a leaf. `value` is the mean score of the training candidates that came here.
    """

    feature: str | None
    threshold: float
    left: int
    right: int
    value: float


_Branch = tuple[int, float, Any, Any]
"""An inner node for walking: the place of its feature, threshold, what lies left and right: a branch, or the value of a leaf in
whole units.
"""


def _branch(tree: tuple[Node, ...], places: Mapping[str, int], index: int = 0) -> _Branch | int:
    node = tree[index]
    if node.feature is None:
        return round(node.value * _UNIT)
    return places[node.feature], node.threshold, _branch(tree, places, node.left), _branch(tree, places, node.right)


@dataclass(frozen=True)
class TreeRanker(_ByScores):
    """Boosted trees for two labels: what the trees add to `start` are the log-odds of the second one."""

    task: str
    labels: tuple[str, ...]
    start: float
    trees: tuple[tuple[Node, ...], ...]

    @cached_property
    def _asked(self) -> list[str]:
        """The features that some node asks for."""
        return sorted({node.feature for tree in self.trees for node in tree if node.feature is not None})

    @cached_property
    def _branches(self) -> list[_Branch | int]:
        places = {name: place for place, name in enumerate(self._asked)}
        return [_branch(tree, places) for tree in self.trees]

    def scores(self, features: Features) -> dict[str, float]:
        values = [features.get(name, 0.0) for name in self._asked]
        whole = round(self.start * _UNIT)
        for branch in self._branches:
            while not isinstance(branch, int):
                place, threshold, left, right = branch
                branch = left if values[place] <= threshold else right
            whole += branch
        total = round(whole / _UNIT, _DIGITS)
        return {self.labels[0]: -total / 2, self.labels[1]: total / 2}

    def explain(self, features: Features, label: str, count: int = 5) -> list[tuple[str, float]]:
        """A feature's part is what the score changed at the nodes that asked for it."""
        numbers = flatten(features)
        sign = 1.0 if label == self.labels[1] else -1.0
        parts: dict[str, float] = {}
        for tree in self.trees:
            node = tree[0]
            while node.feature is not None:
                following = tree[node.left if numbers.get(node.feature, 0.0) <= node.threshold else node.right]
                if node.feature in numbers:
                    parts[node.feature] = parts.get(node.feature, 0.0) + sign * (following.value - node.value)
                node = following
        return _strongest(parts.items(), count)

    def to_dict(self) -> dict[str, Any]:
        trees = [[[n.feature, n.threshold, n.left, n.right, n.value] for n in tree] for tree in self.trees]
        return {"task": self.task, "labels": self.labels, "start": self.start, "trees": trees}


def ranker_of(data: dict[str, Any]) -> Ranker:
    """The model that `to_dict` wrote."""
    labels = tuple(data["labels"])
    if "trees" in data:
        return TreeRanker(
            data["task"], labels, data["start"], tuple(tuple(Node(*node) for node in tree) for tree in data["trees"])
        )
    weights = {name: tuple(row) for name, row in data["weights"].items()}
    return LinearRanker(data["task"], labels, tuple(data["bias"]), weights)


_folder = WEIGHTS


def use_weights(folder: Path) -> None:
    """Take the models from another folder from now on, in this process: called before the first extraction, by experiments."""
    global _folder
    _folder = folder


def load_ranker(task: str, folder: Path | None = None) -> Ranker | None:
    """The trained model of a task, or None where there is none yet: rules decide alone then."""
    return _load(task, folder or _folder)


@lru_cache(maxsize=64)
def _load(task: str, folder: Path) -> Ranker | None:
    path = folder / f"{task}.json"
    if not path.is_file():
        return None
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return ranker_of(data)
