"""The ranker: numbers in, the same label out."""

from __future__ import annotations

from pathlib import Path

from bam.extraction.ranker import load_ranker
from bam.extraction.ranker.train import Example, cross_validate, fit, save

EXAMPLES = [Example({"verb": "give" if i % 2 else "trade", "near": i % 3}, "yes" if i % 2 else "no") for i in range(40)]


def test_training_saving_and_loading_give_the_same_model(tmp_path: Path) -> None:
    ranker = fit("task", EXAMPLES)
    save(ranker, tmp_path)
    assert load_ranker("task", tmp_path) == ranker
    assert ranker.best({"verb": "give", "near": 1})[0] == "yes"
    assert ranker.best({"verb": "trade"})[1] > 0.5
    assert ranker.explain({"verb": "give", "near": 1}, "yes", 1)[0][0] == "verb=give"


def test_three_labels_and_unknown_features() -> None:
    examples = [Example({"word": label}, label) for label in ("donor", "recipient", "none") for _ in range(5)]
    ranker = fit("role", examples)
    assert ranker.best({"word": "recipient", "never_seen": True})[0] == "recipient"
    assert abs(sum(ranker.probabilities({"word": "donor"}).values()) - 1) < 1e-9


def test_cross_validation_is_by_document() -> None:
    assert cross_validate("task", EXAMPLES, [f"doc{i % 8}" for i in range(40)]) == 1.0


def test_an_untrained_task_has_no_model(tmp_path: Path) -> None:
    assert load_ranker("unknown", tmp_path) is None
