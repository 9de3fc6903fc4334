"""The ranker: numbers in, the same label out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bam.extraction.ranker import load_ranker
from bam.extraction.ranker.train import Example, cross_validate, fit, fit_choice, fit_task, fit_trees, save

EXAMPLES = [
    Example({f"verb={'give' if i % 2 else 'trade'}": True, "near": float(i % 3)}, "yes" if i % 2 else "no") for i in range(40)
]


def test_training_saving_and_loading_give_the_same_model(tmp_path: Path) -> None:
    ranker = fit("task", EXAMPLES)
    save(ranker, tmp_path)
    assert load_ranker("task", tmp_path) == ranker
    assert ranker.best({"verb=give": True, "near": 1.0})[0] == "yes"
    assert ranker.best({"verb=trade": True})[1] > 0.5
    assert ranker.explain({"verb=give": True, "near": 1.0}, "yes", 1)[0][0] == "verb=give"


def test_trees_learn_what_only_two_features_together_tell_and_survive_saving(tmp_path: Path) -> None:
    cases = [({"people": a, "place": b}, "yes" if a and b else "no") for a in (True, False) for b in (True, False)]
    examples = [Example(features, label) for features, label in cases for _ in range(15)]
    trees = fit_trees("task", examples)
    save(trees, tmp_path)
    assert load_ranker("task", tmp_path) == trees
    assert [trees.best(features)[0] for features, _ in cases] == [label for _, label in cases]
    assert {name for name, weight in trees.explain({"people": True, "place": True}, "yes") if weight > 0} == {"people", "place"}


def test_the_choices_of_a_group_compete_with_each_other_alone(tmp_path: Path) -> None:
    examples = [
        Example(
            {"near": place == "near", f"size={i % 3}": True, "late": i % 2 == 0},
            "yes" if place == "near" else "no",
            group=f"sum{i}",
        )
        for i in range(20)
        for place in ("near", "far")
    ]
    ranker = fit_choice("task", examples)
    save(ranker, tmp_path)
    assert load_ranker("task", tmp_path) == ranker
    assert ranker.scores({"near": True})["yes"] > ranker.scores({"near": False})["yes"]
    assert ranker.scores({"size=1": True, "late": True})["yes"] == 0
    assert cross_validate(examples, [f"doc{i // 4}" for i in range(40)], partial(fit_choice, "task")) == 1.0


def test_a_group_weighs_what_its_examples_do() -> None:
    def groups(right: str, count: int, weight: float) -> list[Example]:
        return [
            Example({place: True}, "yes" if place == right else "no", weight, group=f"{right}{i}")
            for i in range(count)
            for place in ("near", "far")
        ]

    few, many = groups("near", 5, 4.0), groups("far", 10, 1.0)
    heavy = fit_choice("task", [*few, *many])
    even = fit_choice("task", [*groups("near", 5, 1.0), *many])
    assert heavy.scores({"near": True})["yes"] > heavy.scores({"far": True})["yes"]
    assert even.scores({"near": True})["yes"] < even.scores({"far": True})["yes"]


def test_a_group_without_a_right_choice_teaches_nothing() -> None:
    clear = [Example({"near": near}, "yes" if near else "no", group=f"sum{i}") for i in range(9) for near in (True, False)]
    void = [Example({"near": True}, "no", group=f"void{i}") for i in range(90)]
    assert fit_choice("task", [*clear, *void]) == fit_choice("task", clear)


def test_three_labels_and_unknown_features() -> None:
    examples = [Example({f"word={label}": True}, label) for label in ("donor", "recipient", "none") for _ in range(5)]
    ranker = fit("role", examples)
    assert ranker.best({"word=recipient": True, "never_seen": True})[0] == "recipient"
    assert abs(sum(ranker.probabilities({"word=donor": True}).values()) - 1) < 1e-9


def test_cross_validation_is_by_document() -> None:
    assert cross_validate(EXAMPLES, [f"doc{i % 8}" for i in range(40)], partial(fit, "task")) == 1.0


def test_an_untrained_task_has_no_model(tmp_path: Path) -> None:
    assert load_ranker("unknown", tmp_path) is None


def test_a_task_can_give_more_weight_to_the_documents_of_others() -> None:
    near, far = {"near": True}, {"far": True}
    ours = [Example(near, "no", is_own=True), Example(far, "yes", is_own=True)]
    theirs = [Example(near, "yes"), Example(far, "no")]
    ranker = fit_task("follow_ups_accept", [*ours, *theirs] * 20)
    assert ranker.best(near)[0] == "yes"
    assert ranker.best(far)[0] == "no"
