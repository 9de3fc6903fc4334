"""Runs the extractor over a folder of annotated documents: `python -m bam.extraction.evaluate FOLDER [--out FILE]`.

The predictions are one JSON object a line, as the scorer of the annotated corpus reads them. `make eval` uses it.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bam.documents.convert import convert
from bam.extraction.engine import extract
from bam.extraction.resources import Resources, load_resources
from bam.extraction.result import Extraction
from bam.model.claims import Table, values_to_dict
from bam.model.text import ConvertedDocument
from bam.settings import read_settings

GOLD_SUFFIX = ".gold.json"


def extraction_to_dict(document: ConvertedDocument, extraction: Extraction) -> dict[str, Any]:
    """A document's facts in plain JSON types: its metadata, then a list of records for each table."""
    metadata = document.metadata
    result: dict[str, Any] = {
        "document": {
            "path": document.name,
            "title": metadata.title,
            "publisher": metadata.publisher,
            "published": extraction.published,
            "language": extraction.language,
        }
    }
    for table in Table:
        result[str(table)] = [
            {
                **values_to_dict(fact.values),
                "confidence": fact.confidence,
                "evidence": [{"start": e.start, "end": e.end, "quote": e.quote} for e in fact.evidence],
            }
            for fact in extraction.facts
            if fact.table is table
        ]
    return result


def annotated_documents(folder: Path) -> Iterator[tuple[ConvertedDocument, dict[str, Any]]]:
    """The documents of a folder, in order of name, each with its gold facts (`NAME.gold.json`)."""
    for gold in sorted(folder.glob(f"*{GOLD_SUFFIX}")):
        name = gold.name.removesuffix(GOLD_SUFFIX)
        source = next(path for path in sorted(folder.glob(f"{name}.*")) if not path.name.endswith(GOLD_SUFFIX))
        document = convert(source.read_bytes(), str(source))[0]
        yield document, json.loads(gold.read_text(encoding="utf-8"))


def predict(folder: Path, resources: Resources) -> Iterator[dict[str, Any]]:
    """What the extractor makes of each annotated document of a folder."""
    for document, _ in annotated_documents(folder):
        yield extraction_to_dict(document, extract(document, resources))


def main(arguments: list[str] | None = None) -> int:
    """Write the predictions for a folder to a file or to standard output."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="documents with NAME.gold.json beside them")
    parser.add_argument("--out", type=Path, help="file for the predictions; standard output without it")
    options = parser.parse_args(arguments)
    resources = load_resources(read_settings().portfolio)
    lines = (json.dumps(prediction, ensure_ascii=False) for prediction in predict(options.folder, resources))
    text = "".join(f"{line}\n" for line in lines)
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
