"""Predictions for annotated documents by models that never saw them:
`python -m bam.extraction.ranker.cross_validate TABLE FOLDER… [--also FOLDER] --out FILE`.

The documents of the folders are dealt into five folds. For each fold the models of the table are trained on the other folds
and on the folders of `--also`, and the whole extractor is run with them over the fold. What comes out is scored like any other
predictions.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

from bam.extraction.engine import extract
from bam.extraction.evaluate import annotated_documents, extraction_to_dict
from bam.extraction.ranker import model
from bam.extraction.ranker.train import FOLDS, TASKS, Example, collect, fit_task, save
from bam.extraction.resources import Resources, load_resources
from bam.model.claims import Table
from bam.settings import read_settings

Grouped = tuple[list[Example], list[str]]
"""Examples, and for each the document that it comes from."""


def fold_numbers(names: Sequence[str]) -> dict[str, int]:
    """The fold of each document: dealt in order of name."""
    return {name: index % FOLDS for index, name in enumerate(sorted(set(names)))}


def predict_unseen(fold: int, table: str, folders: Sequence[Path], also: Sequence[Path]) -> list[dict[str, Any]]:
    """What the extractor makes of the documents of one fold, with models of the table that were trained without them.

    Models are kept per process, so this runs in a process of its own.
    """
    resources = load_resources(read_settings().portfolio)
    documents = [document for folder in folders for document, _ in annotated_documents(folder)]
    numbers = fold_numbers([document.name for document in documents])
    with TemporaryDirectory() as scratch:
        copytree(model.WEIGHTS, scratch, dirs_exist_ok=True)
        for task, examples in _examples_without(fold, table, numbers, [*folders, *also], resources):
            save(fit_task(task, examples), Path(scratch))
        model.use_weights(Path(scratch))
        return [
            extraction_to_dict(document, extract(document, resources)) for document in documents if numbers[document.name] == fold
        ]


def _examples_without(
    fold: int, table: str, numbers: dict[str, int], folders: Sequence[Path], resources: Resources
) -> Iterator[tuple[str, list[Example]]]:
    """The tasks of a table with all examples but those of one fold."""
    for task in sorted(name for name in TASKS if name.startswith(table)):
        module, function = TASKS[task].maker.split(":")
        examples, names = collect(getattr(import_module(module), function), TASKS[task].folders(folders), resources)
        yield task, [example for example, name in zip(examples, names, strict=True) if numbers.get(name) != fold]


def main(arguments: list[str] | None = None) -> int:
    """Write the predictions for all documents of the folders, each by the models of its fold."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=[str(table) for table in Table])
    parser.add_argument("folders", type=Path, nargs="+", help="annotated documents to predict")
    parser.add_argument("--also", type=Path, action="append", default=[], help="annotated documents to train on only")
    parser.add_argument("--out", type=Path, required=True, help="file for the predictions, one JSON object a line")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    work = partial(predict_unseen, table=options.table, folders=options.folders, also=options.also)
    with ProcessPoolExecutor(options.processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        predictions = [prediction for fold in pool.map(work, range(FOLDS)) for prediction in fold]
    predictions.sort(key=lambda prediction: prediction["document"]["path"])
    lines = (json.dumps(prediction, ensure_ascii=False) for prediction in predictions)
    options.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
