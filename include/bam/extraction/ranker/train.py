"""Training of rankers with cross-validation by document: `python -m bam.extraction.ranker.train TASK FOLDER…`.

A task is a function `examples(document, gold, resources) -> Iterable[Example]`, named in `TASKS` by module and function; the
table's module knows how its candidates are matched with gold facts. TASK may be the beginning of several tasks' names
(`funding`). scikit-learn is needed for training only.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bam.extraction.evaluate import annotated_documents
from bam.extraction.ranker.model import WEIGHTS, Features, Ranker, flatten
from bam.extraction.resources import Resources, load_resources
from bam.model.text import ConvertedDocument
from bam.settings import read_settings

_DIGITS = 4
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate with its features and the label that the gold facts give it. `weight` is 0 for optional gold records."""

    features: Features
    label: str
    weight: float = 1.0


ExampleMaker = Callable[[ConvertedDocument, dict[str, Any], Resources], Iterable[Example]]


@dataclass(frozen=True, slots=True)
class Task:
    """`maker` is `module:function`; `strength` the inverse of the regularisation, chosen by cross-validation."""

    maker: str
    strength: float = 1.0


_FACILITIES = "bam.extraction.tables.facilities.training"
_FOLLOW_UPS = "bam.extraction.tables.follow_ups.training"
_FUNDING = "bam.extraction.tables.funding.training"
_WORKSHOPS = "bam.extraction.tables.workshops.training"
TASKS: dict[str, Task] = {
    "facilities_accept": Task(f"{_FACILITIES}:accept_examples", 0.07),
    "facilities_country": Task(f"{_FACILITIES}:country_examples", 0.1),
    "facilities_date": Task(f"{_FACILITIES}:date_examples", 0.3),
    "facilities_funder": Task(f"{_FACILITIES}:funder_examples", 0.3),
    "facilities_place": Task(f"{_FACILITIES}:place_examples", 0.3),
    "facilities_site": Task(f"{_FACILITIES}:site_examples", 0.3),
    "facilities_status": Task(f"{_FACILITIES}:status_examples", 0.2),
    "follow_ups_accept": Task(f"{_FOLLOW_UPS}:accept_examples"),
    "follow_ups_meeting": Task(f"{_FOLLOW_UPS}:meeting_examples"),
    "follow_ups_party": Task(f"{_FOLLOW_UPS}:party_examples"),
    "funding_accept": Task(f"{_FUNDING}:accept_examples", 0.3),
    "funding_date": Task(f"{_FUNDING}:date_examples", 0.5),
    "funding_donor": Task(f"{_FUNDING}:donor_examples", 0.3),
    "funding_programme": Task(f"{_FUNDING}:programme_examples", 3.0),
    "funding_recipient": Task(f"{_FUNDING}:recipient_examples", 0.3),
    "funding_stage": Task(f"{_FUNDING}:stage_examples", 0.2),
    "funding_total": Task(f"{_FUNDING}:total_examples", 2.0),
    "workshops_accept": Task(f"{_WORKSHOPS}:accept_examples", 0.3),
    "workshops_audience": Task(f"{_WORKSHOPS}:audience_examples", 0.3),
    "workshops_date": Task(f"{_WORKSHOPS}:date_examples", 0.3),
    "workshops_organiser": Task(f"{_WORKSHOPS}:organiser_examples", 0.3),
    "workshops_people": Task(f"{_WORKSHOPS}:people_examples", 0.3),
    "workshops_place": Task(f"{_WORKSHOPS}:place_examples", 0.3),
    "workshops_status": Task(f"{_WORKSHOPS}:status_examples", 0.3),
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
                    examples.append(example)
                    groups.append(document.name)
    return examples, groups


def fit(task: str, examples: Sequence[Example], strength: float = 1.0, least: int = 3) -> Ranker:
    """A logistic model of the examples. Features seen in fewer than `least` examples are left out; `strength` is the inverse
    of the regularisation.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = [flatten(example.features) for example in examples]
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    rows = [{name: value for name, value in row.items() if counts[name] >= least} for row in rows]
    vectorizer = DictVectorizer(sort=True)
    matrix = vectorizer.fit_transform(rows)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(matrix, [example.label for example in examples], sample_weight=[example.weight for example in examples])
    labels = tuple(str(label) for label in model.classes_)
    if len(labels) == 2:
        columns = [[-value / 2, value / 2] for value in model.coef_[0]]
        bias = [-model.intercept_[0] / 2, model.intercept_[0] / 2]
    else:
        columns = [list(column) for column in model.coef_.T]
        bias = list(model.intercept_)
    weights = {
        str(name): tuple(round(float(value), _DIGITS) for value in column)
        for name, column in zip(vectorizer.get_feature_names_out(), columns, strict=True)
        if any(round(float(value), _DIGITS) for value in column)
    }
    return Ranker(task, labels, tuple(round(float(value), _DIGITS) for value in bias), weights)


def cross_validate(task: str, examples: Sequence[Example], groups: Sequence[str], strength: float = 1.0) -> float:
    """The share of examples that models trained on other documents label right."""
    names = sorted(set(groups))
    fold_of = {name: index % _FOLDS for index, name in enumerate(names)}
    right = 0
    for fold in range(_FOLDS):
        train = [example for example, name in zip(examples, groups, strict=True) if fold_of[name] != fold]
        test = [example for example, name in zip(examples, groups, strict=True) if fold_of[name] == fold]
        if len({example.label for example in train}) < 2:
            continue
        ranker = fit(task, train, strength)
        right += sum(ranker.best(example.features)[0] == example.label for example in test)
    return right / len(examples) if examples else 0.0


def save(ranker: Ranker, folder: Path = WEIGHTS) -> Path:
    """Write the model as JSON, the same bytes for the same model."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{ranker.task}.json"
    data = {"task": ranker.task, "labels": ranker.labels, "bias": ranker.bias, "weights": dict(sorted(ranker.weights.items()))}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
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
        examples, groups = collect(getattr(import_module(module), function), options.folders, resources)
        accuracy = cross_validate(name, examples, groups, task.strength)
        path = save(fit(name, examples, task.strength))
        sys.stdout.write(f"{name}: {len(examples)} examples, {accuracy:.3f} right in cross-validation by document; {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
