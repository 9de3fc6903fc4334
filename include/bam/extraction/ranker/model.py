"""The ranker at run time: pure Python, the same result on every machine."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).resolve().parent / "weights"
_DIGITS = 6

Features = Mapping[str, bool | float | str | None]
"""Named features of a candidate. A string is a category (`verb=give`), a boolean counts when true, None not at all."""


def flatten(features: Features) -> dict[str, float]:
    """Features as numbers by name: categories become `name=value` with 1."""
    numbers: dict[str, float] = {}
    for name, value in features.items():
        if isinstance(value, str):
            numbers[f"{name}={value}"] = 1.0
        elif value is not None and value is not False:
            numbers[name] = float(value)
    return numbers


@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear model of one task. `weights` holds the weights of the features for each label, `bias` the labels' own."""

    task: str
    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]

    def scores(self, features: Features) -> dict[str, float]:
        """The log-odds of each label, up to a constant."""
        parts = [self.bias]
        weights = self.weights
        for name, value in features.items():
            row = weights.get(f"{name}={value}" if isinstance(value, str) else name)
            if row is None or value is None or value is False:
                continue
            parts.append(row if value is True or isinstance(value, str) else tuple([weight * value for weight in row]))
        # fsum is exact, so that the order of the features can't matter.
        totals = [math.fsum(column) for column in zip(*parts, strict=True)]
        return {label: round(total, _DIGITS) for label, total in zip(self.labels, totals, strict=True)}

    def probabilities(self, features: Features) -> dict[str, float]:
        """The probability of each label."""
        scores = self.scores(features)
        top = max(scores.values())
        exponents = {label: math.exp(score - top) for label, score in scores.items()}
        total = math.fsum(exponents.values())
        return {label: value / total for label, value in exponents.items()}

    def best(self, features: Features) -> tuple[str, float]:
        """The most probable label and its probability; the first one in the model's order among equals."""
        probabilities = self.probabilities(features)
        label = max(self.labels, key=lambda name: probabilities[name])
        return label, probabilities[label]

    def explain(self, features: Features, label: str, count: int = 5) -> list[tuple[str, float]]:
        """The features that say most for or against a label, with what they add to its score."""
        index = self.labels.index(label)
        parts = [(name, self.weights[name][index] * value) for name, value in flatten(features).items() if name in self.weights]
        return sorted(parts, key=lambda part: (-abs(part[1]), part[0]))[:count]


@lru_cache(maxsize=64)
def load_ranker(task: str, folder: Path = WEIGHTS) -> Ranker | None:
    """The trained model of a task, or None where there is none yet: rules decide alone then."""
    path = folder / f"{task}.json"
    if not path.is_file():
        return None
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    weights = {name: tuple(row) for name, row in data["weights"].items()}
    return Ranker(data["task"], tuple(data["labels"]), tuple(data["bias"]), weights)
