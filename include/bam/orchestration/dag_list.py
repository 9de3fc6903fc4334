"""The list of DAGs in docs/operators.md: `python -m bam.orchestration.dag_list` writes it anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- dags:", "<!-- /dags -->"


def dag_table(dags: Any) -> str:
    """A Markdown table of these DAGs (Airflow's, by id): what each runs after, and the first line of its documentation."""
    lines = ["| DAG | runs | does |", "|---|---|---|"]
    for dag_id, dag in sorted(dags.items()):
        does = " ".join((dag.description or dag.doc_md.strip().split("\n\n")[0]).split())
        lines.append(f"| `{dag_id}` | {_when(dag.timetable)} | {does} |")
    return "\n".join(lines)


def with_table(text: str, table: str) -> str:
    """The document with the table between its marks. Raises ValueError if it has no marks."""
    start = text.index("\n", text.index(BEGIN)) + 1
    return text[:start] + table + "\n" + text[text.index(END) :]


def _when(timetable: Any) -> str:
    """When a DAG runs, for people: its cron expression, the assets that it follows, or both."""
    condition = getattr(timetable, "asset_condition", None)
    parts = [f"when `{asset.name}` was updated" for asset in getattr(condition, "objects", [])]
    expression = getattr(getattr(timetable, "timetable", timetable), "expression", None)
    if expression:
        parts.append(f"at `{expression}`")
    return " or ".join(parts) or "when triggered"


def main() -> None:
    """Write the table into docs/operators.md."""
    from airflow.dag_processing.dagbag import DagBag

    from bam.orchestration.home import DAGS_FOLDER

    bag = DagBag(DAGS_FOLDER)
    if bag.import_errors:
        sys.exit("\n".join(f"{file}: {error.strip().splitlines()[-1]}" for file, error in bag.import_errors.items()))
    page = Path(DAGS_FOLDER).parent / "docs" / "operators.md"
    page.write_text(with_table(page.read_text(encoding="utf-8"), dag_table(bag.dags)), encoding="utf-8")


if __name__ == "__main__":
    main()
