"""Our own training documents (`tests/corpus/train` to `train-5`) keep the rules for gold facts; conversion keeps their quotes.

The rules themselves (fields, choices, dates, countries, what has to be written in the document) are those of the validation
documents.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.unit.portfolio.test_gold_files import FIELDS, faults

from bam.documents.convert import convert
from bam.model.dates import is_date_prefix

FOLDERS = [Path(__file__).parents[2] / "corpus" / name for name in ("train", "train-2", "train-3", "train-4", "train-5")]
DOCUMENT_KEYS = {"id", "title", "publisher", "published", "language"}
GOLD_FILES = {path.name.removesuffix(".gold.json"): path for folder in FOLDERS for path in sorted(folder.glob("*.gold.json"))}
NAMES = sorted(GOLD_FILES)


def unmarked(text: str) -> str:
    """Text without marks of tables and emphasis, which a source has and its conversion hasn't; spaces folded."""
    return re.sub(r"[\s*_|>`]+", " ", text).strip()


def unmarked_values(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unmarked_values(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unmarked_values(item) for item in value]
    return unmarked(value) if isinstance(value, str) and " " in value else value


def facts_of(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(GOLD_FILES[name].read_text(encoding="utf-8"))
    return facts


def converted_text(name: str) -> str:
    (document,) = (path for path in GOLD_FILES[name].parent.glob(f"{name}.*") if path.suffix != ".json")
    return unmarked(convert(document.read_bytes(), document.name)[0].text)


def test_every_document_has_its_facts_and_the_other_way_round() -> None:
    documents = [path.stem for folder in FOLDERS for path in folder.iterdir() if path.suffix in {".txt", ".md", ".html"}]
    assert sorted(documents) == NAMES
    assert all(any(GOLD_FILES[name].parent == folder for name in NAMES) for folder in FOLDERS)


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_keep_the_rules_and_stand_in_the_converted_text(name: str) -> None:
    gold = facts_of(name)
    text = converted_text(name)
    assert set(gold) == {"document", *FIELDS}
    assert set(gold["document"]) == DOCUMENT_KEYS
    assert gold["document"]["id"] == name
    assert gold["document"]["published"] is None or is_date_prefix(gold["document"]["published"])
    found = {
        f"{table}[{number}]": problems
        for table in FIELDS
        for number, record in enumerate(gold[table])
        if (problems := list(faults(table, unmarked_values(record), text)))
    }
    assert not found


@pytest.mark.parametrize("name", NAMES)
def test_totals_and_ranges_fit_together(name: str) -> None:
    gold = facts_of(name)
    amounts = {record["amount"] for record in gold["funding"]}
    for record in gold["funding"]:
        assert record.get("part_of") is None or record["part_of"] in amounts - {record["amount"]}
        if "amount_min" in record or "amount_max" in record:
            assert record["amount_min"] < record["amount_max"]
            assert record["amount"] == (record["amount_min"] + record["amount_max"]) / 2
    for record in gold["workshops"]:
        if record["start"] and record["end"]:
            shorter = min(len(record["start"]), len(record["end"]))
            assert record["start"][:shorter] <= record["end"][:shorter]


@pytest.mark.parametrize("name", NAMES)
def test_no_fact_stands_twice(name: str) -> None:
    gold = facts_of(name)
    for table in FIELDS:
        written = [json.dumps(record, sort_keys=True) for record in gold[table]]
        assert len(set(written)) == len(written), table
