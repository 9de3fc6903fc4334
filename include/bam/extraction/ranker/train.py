"""Training of rankers with cross-validation by document: `python -m bam.extraction.ranker.train TASK FOLDER…`.

A task is a function `examples(document, gold, resources) -> Iterable[Example]`, named in `TASKS` by module and function; the
table's module knows how its candidates are matched with gold facts. TASK may be the beginning of several tasks' names
(`funding`). scikit-learn is needed for training only.
"""

from __future__ import annotations

import json
import math
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from bam.extraction.evaluate import annotated_documents
from bam.extraction.ranker.model import WEIGHTS, Features, LinearRanker, Node, Ranker, TreeRanker, flatten
from bam.extraction.resources import Resources, load_resources
from bam.model.text import ConvertedDocument
from bam.settings import read_settings

_DIGITS = 4
YES, NO = "yes", "no"
"""The labels of choices."""
FOLDS = 5
_BOOSTING: dict[str, Any] = {
    "n_estimators": 150, "max_depth": 3, "learning_rate": 0.06, "subsample": 0.5, "max_features": 0.2, "random_state": 0,
}  # fmt: skip
"""Small trees on halves of the examples: the settings that held best across tables in cross-validation."""


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate with its features and the label that the gold facts give it. `weight` is 0 for optional gold records; `is_own`
    says that the document is one of ours, not of the analysts whose judgement is learned. Examples of one `group` stand side by
    side: they are the choices of which one is right.
    """

    features: Features
    label: str
    weight: float = 1.0
    is_own: bool = False
    group: str = ""


ExampleMaker = Callable[[ConvertedDocument, dict[str, Any], Resources], Iterable[Example]]


@dataclass(frozen=True, slots=True)
class Task:
    """`maker` is `module:function`; `strength` the inverse of a linear model's regularisation; `model` what is fitted, for two
    labels only where it is trees or the choice of one example of a group. Each was chosen by cross-validation.

    `leaves_out` names folders that the task isn't trained on, because documents that it never saw are labelled worse, or no
    better, with them. `least` is how many examples a feature needs: see `fit`. `emphasis` is what an example of other analysts'
    documents weighs beside one of our own, which are many more: their judgement is what is learned.
    """

    maker: str
    strength: float = 1.0
    model: Literal["linear", "trees", "choice"] = "linear"
    leaves_out: frozenset[str] = frozenset()
    least: int = 3
    emphasis: float = 1.0

    def folders(self, given: Sequence[Path]) -> list[Path]:
        """Those of the given folders that the task is trained on."""
        return [folder for folder in given if folder.name not in self.leaves_out]


_DENSE = frozenset({"train-2", "train-3"})
"""Our own documents with many facts each: docs/accuracy.md tells which task they don't help."""
_OWN = frozenset({"train", "train-4", "train-5", *_DENSE})
"""The folders of our own documents."""

_FACILITIES = "bam.extraction.tables.facilities.training"
_FOLLOW_UPS = "bam.extraction.tables.follow_ups.training"
_FUNDING = "bam.extraction.tables.funding.training"
_WORKSHOPS = "bam.extraction.tables.workshops.training"
TASKS: dict[str, Task] = {
    "document_reports": Task("bam.extraction.subject_training:document_examples", 0.1, least=8),
    "facilities_accept": Task(f"{_FACILITIES}:accept_examples", 0.1, emphasis=4.0),
    "facilities_country": Task(f"{_FACILITIES}:country_examples", 0.1, "choice", emphasis=4.0),
    "facilities_date": Task(f"{_FACILITIES}:date_examples", 0.1, "choice"),
    "facilities_funder": Task(f"{_FACILITIES}:funder_examples", 0.1, "choice"),
    "facilities_place": Task(f"{_FACILITIES}:place_examples", 0.3, "choice", emphasis=4.0),
    "facilities_site": Task(f"{_FACILITIES}:site_examples", 0.1, emphasis=4.0),
    "facilities_status": Task(f"{_FACILITIES}:status_examples", 0.1, emphasis=4.0),
    "facilities_type": Task(f"{_FACILITIES}:type_examples", 0.1, least=6, emphasis=4.0),
    "follow_ups_accept": Task(f"{_FOLLOW_UPS}:accept_examples", 0.1, emphasis=4.0),
    "follow_ups_meeting": Task(f"{_FOLLOW_UPS}:meeting_examples", 0.3, "choice"),
    "follow_ups_party": Task(f"{_FOLLOW_UPS}:party_examples", 0.1, "choice", emphasis=4.0),
    "funding_accept": Task(f"{_FUNDING}:accept_examples", 0.15),
    "funding_date": Task(f"{_FUNDING}:date_examples", 0.03),
    "funding_donor": Task(f"{_FUNDING}:donor_examples", 0.3, "choice"),
    "funding_programme": Task(f"{_FUNDING}:programme_examples", 0.1, "choice"),
    "funding_recipient": Task(f"{_FUNDING}:recipient_examples", 0.1, "choice", emphasis=4.0),
    "funding_stage": Task(f"{_FUNDING}:stage_examples", 0.1, emphasis=4.0),
    "funding_total": Task(f"{_FUNDING}:total_examples", 0.1, "choice"),
    "workshops_accept": Task(f"{_WORKSHOPS}:accept_examples", 0.1, leaves_out=_DENSE, emphasis=2.0),
    "workshops_audience": Task(f"{_WORKSHOPS}:audience_examples", 0.1, "choice", emphasis=3.0),
    "workshops_country": Task(f"{_WORKSHOPS}:country_examples", 0.3, "choice", emphasis=4.0),
    "workshops_end": Task(f"{_WORKSHOPS}:end_examples", 0.3, "choice"),
    "workshops_organiser": Task(f"{_WORKSHOPS}:organiser_examples", 0.1),
    "workshops_people": Task(f"{_WORKSHOPS}:people_examples", model="trees"),
    "workshops_place": Task(f"{_WORKSHOPS}:place_examples", 0.3, "choice"),
    "workshops_start": Task(f"{_WORKSHOPS}:start_examples", 0.3, "choice"),
    "workshops_status": Task(f"{_WORKSHOPS}:status_examples", 0.1),
}
"""The tasks of the tables' modules, by name."""


def collect(make: ExampleMaker, folders: Sequence[Path], resources: Resources) -> tuple[list[Example], list[str]]:
    """The examples of all documents of the folders, and for each the document that it comes from."""
    examples: list[Example] = []
    groups: list[str] = []
    for folder in folders:
        for document, gold in annotated_documents(folder):
            for example in make(document, gold, resources):
                if example.weight > 0:
                    examples.append(replace(example, is_own=folder.name in _OWN))
                    groups.append(document.name)
    return examples, groups


def fit(task: str, examples: Sequence[Example], strength: float = 1.0, least: int = 3) -> Ranker:
    """A logistic model of the examples. Features seen in fewer than `least` examples are left out; `strength` is the inverse
    of the regularisation.
    """
    from sklearn.linear_model import LogisticRegression

    matrix, names = _matrix(examples, least)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(matrix, [example.label for example in examples], sample_weight=[example.weight for example in examples])
    coefficients, intercepts = model.coef_, model.intercept_
    labels = tuple(str(label) for label in model.classes_)
    if len(labels) == 2:
        columns = [[-value / 2, value / 2] for value in coefficients[0]]
        bias = [-intercepts[0] / 2, intercepts[0] / 2]
    else:
        columns = [list(column) for column in coefficients.T]
        bias = list(intercepts)
    weights = {
        name: tuple(round(float(value), _DIGITS) for value in column)
        for name, column in zip(names, columns, strict=True)
        if any(round(float(value), _DIGITS) for value in column)
    }
    return LinearRanker(task, labels, tuple(round(float(value), _DIGITS) for value in bias), weights)


def fit_choice(task: str, examples: Sequence[Example], strength: float = 1.0, least: int = 3) -> Ranker:
    """A conditional logistic model (McFadden, 1974): the examples of a group compete with each other alone, so that what all of
    them share says nothing, and the weights tell the right ones of a group from its others. The scores of a group are log-odds
    up to a constant of the group. Groups without a right example teach nothing; a group weighs what its examples do.
    """
    import numpy
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    used = _decidable(examples)
    matrix, names = _matrix(used, least)
    given = csr_matrix(matrix)
    starts = numpy.array([i for i, example in enumerate(used) if i == 0 or example.group != used[i - 1].group])
    sizes = numpy.diff([*starts, len(used)])
    right = numpy.array([example.label == YES for example in used])
    heft = numpy.array([used[start].weight for start in starts])

    def loss(weights: Any) -> tuple[float, Any]:
        scores = given @ weights
        odds = numpy.exp(scores - numpy.repeat(numpy.maximum.reduceat(scores, starts), sizes))
        every, good = numpy.add.reduceat(odds, starts), numpy.add.reduceat(odds * right, starts) + 1e-12
        slope = odds / numpy.repeat(every / heft, sizes) - odds * right / numpy.repeat(good / heft, sizes)
        return (
            float(numpy.sum(heft * numpy.log(every / good)) + weights @ weights / (2 * strength)),
            given.T @ slope + weights / strength,
        )

    found = minimize(loss, numpy.zeros(given.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    weights = {name: round(float(value) / 2, _DIGITS) for name, value in zip(names, found, strict=True)}
    return LinearRanker(task, (NO, YES), (0.0, 0.0), {name: (-value, value) for name, value in weights.items() if value})


def _decidable(examples: Sequence[Example]) -> list[Example]:
    """The examples of the groups that have a right and a wrong one."""
    labels: dict[str, set[str]] = {}
    for example in examples:
        labels.setdefault(example.group, set()).add(example.label)
    return [example for example in examples if len(labels[example.group]) > 1]


def fit_trees(task: str, examples: Sequence[Example], least: int = 3) -> Ranker:
    """Boosted trees for examples with two labels, the same ones for the same examples."""
    from sklearn.ensemble import GradientBoostingClassifier

    matrix, names = _matrix(examples, least)
    model = GradientBoostingClassifier(**_BOOSTING)
    labels = sorted({example.label for example in examples})
    wanted = [labels.index(example.label) for example in examples]
    model.fit(matrix.toarray(), wanted, sample_weight=[example.weight for example in examples])
    share = sum(e.weight for e in examples if e.label == labels[1]) / sum(e.weight for e in examples)
    rate = _BOOSTING["learning_rate"]
    trees = tuple(_nodes(estimator.tree_, names, rate) for estimator in model.estimators_[:, 0])
    return TreeRanker(task, tuple(labels), round(math.log(share / (1 - share)), _DIGITS), trees)


def _nodes(tree: Any, names: Sequence[str], rate: float) -> tuple[Node, ...]:
    """A fitted tree as nodes. The value of an inner node is the mean of its leaves, weighted by their examples."""
    values = [float(value) for value in tree.value[:, 0, 0]]
    sizes = [float(size) for size in tree.weighted_n_node_samples]
    # Children come behind their parents, so that going backwards each child is known before its parent.
    for node in reversed(range(tree.node_count)):
        left, right = tree.children_left[node], tree.children_right[node]
        if left >= 0:
            values[node] = (sizes[left] * values[left] + sizes[right] * values[right]) / max(sizes[left] + sizes[right], 1e-9)
    return tuple(
        Node(
            names[feature] if left >= 0 else None,
            round(float(threshold), _DIGITS) if left >= 0 else 0.0,
            int(left),
            int(right),
            round(rate * value, _DIGITS),
        )
        for feature, threshold, left, right, value in zip(
            tree.feature, tree.threshold, tree.children_left, tree.children_right, values, strict=True
        )
    )


def _matrix(examples: Sequence[Example], least: int) -> tuple[Any, list[str]]:
    """The features of the examples as a sparse matrix, and the names of its columns."""
    from sklearn.feature_extraction import DictVectorizer

    rows = [flatten(example.features) for example in examples]
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform([{name: value for name, value in row.items() if counts[name] >= least} for row in rows])
    return matrix, [str(name) for name in vectorizer.get_feature_names_out()]


def fit_task(name: str, examples: Sequence[Example]) -> Ranker:
    """The model of a task of `TASKS`, of the kind and strength that the task asks for."""
    task = TASKS[name]
    if task.emphasis != 1.0:
        examples = [e if e.is_own else replace(e, weight=task.emphasis * e.weight) for e in examples]
    if task.model == "trees":
        return fit_trees(name, examples)
    if task.model == "choice":
        return fit_choice(name, examples, task.strength)
    return fit(name, examples, task.strength, task.least)


def cross_validate(examples: Sequence[Example], groups: Sequence[str], fit_one: Callable[[Sequence[Example]], Ranker]) -> float:
    """The share of examples that models trained by `fit_one` on other documents label right."""
    names = sorted(set(groups))
    fold_of = {name: index % FOLDS for index, name in enumerate(names)}
    right = 0
    for fold in range(FOLDS):
        train = [example for example, name in zip(examples, groups, strict=True) if fold_of[name] != fold]
        test = [example for example, name in zip(examples, groups, strict=True) if fold_of[name] == fold]
        if len({example.label for example in train}) < 2:
            continue
        ranker = fit_one(train)
        right += sum(ranker.best(example.features)[0] == example.label for example in test if not example.group)
        right += _chosen_right(ranker, [example for example in test if example.group])
    return right / len(examples) if examples else 0.0


def _chosen_right(ranker: Ranker, examples: Sequence[Example]) -> int:
    """The examples of those groups whose best example is a right one."""
    right = 0
    for _, members in groupby(examples, key=attrgetter("group")):
        group = list(members)
        best = max(group, key=lambda example: ranker.scores(example.features)[YES])
        right += len(group) if best.label == YES else 0
    return right


def save(ranker: Ranker, folder: Path = WEIGHTS) -> Path:
    """Write the model as JSON, the same bytes for the same model."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{ranker.task}.json"
    indent = 1 if isinstance(ranker, LinearRanker) else None
    text = json.dumps(ranker.to_dict(), ensure_ascii=False, indent=indent)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Train tasks on folders of annotated documents, print their cross-validated accuracy, write their weights."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("task", help=f"a task or the beginning of several: {', '.join(sorted(TASKS))}")
    parser.add_argument("folders", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    chosen = [name for name in sorted(TASKS) if name.startswith(options.task)]
    if not chosen:
        parser.error(f"no task begins with {options.task!r}")
    resources = load_resources(read_settings().portfolio)
    for name in chosen:
        task = TASKS[name]
        module, function = task.maker.split(":")
        examples, groups = collect(getattr(import_module(module), function), task.folders(options.folders), resources)
        accuracy = cross_validate(examples, groups, partial(fit_task, name))
        path = save(fit_task(name, examples))
        sys.stdout.write(f"{name}: {len(examples)} examples, {accuracy:.3f} right in cross-validation by document; {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
