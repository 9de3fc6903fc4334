"""The runs of a round on the terminal: a table that moves, or a line for each change where there is no terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bam.orchestration.client import RunState

_STYLES = {"success": "green", "failed": "red", "running": "cyan", "queued": "dim"}
_MARKS = {"success": "✓", "failed": "✗"}
_WORDS = {
    "failed": "failed",
    "up_for_retry": "waiting for another try",
    "awaiting_input": "waiting for approval",
    "running": "running",
    "queued": "queued",
    "scheduled": "scheduled",
    "success": "done",
    "skipped": "skipped",
    "upstream_failed": "not reached",
    "": "to come",
}
"""What is said of tasks in a state, first what needs attention."""

_NAMELESS = frozenset({"success", "skipped", ""})


class Board:
    """Shows runs as they go on. All of it goes to standard error, so that standard output keeps the results."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._live: Live | None = None
        self._said: dict[tuple[str, str], str] = {}

    @contextmanager
    def shown(self) -> Iterator[Board]:
        """While this lasts `show` may be called."""
        if not self._console.is_terminal:
            yield self
            return
        with Live(console=self._console, refresh_per_second=8) as self._live:
            yield self
        self._live = None

    def tell(self, line: str) -> None:
        """Say something in a line of its own."""
        self._console.print(line, markup=False)

    def show(self, runs: Sequence[RunState]) -> None:
        """Show the runs as they are now."""
        if self._live:
            self._live.update(_table(runs))
            return
        for run in runs:
            line = f"  {run.dag_id:<16} {run.state:<8} {tasks_in_words(run)}"
            if self._said.get((run.dag_id, run.run_id)) != line:
                self._said[run.dag_id, run.run_id] = line
                self._console.print(line, markup=False)


def tasks_in_words(run: RunState) -> str:
    """How the tasks of a run stand: `1 running: extract_batch, 2 done`."""
    counts = Counter(task.state for task in run.tasks)
    order = [*_WORDS, *sorted(counts.keys() - _WORDS.keys())]
    parts = []
    for state in (state for state in order if counts[state]):
        names = dict.fromkeys(task.task_id for task in run.tasks if task.state == state)
        shown = "" if state in _NAMELESS else ": " + ", ".join(names)
        parts.append(f"{counts[state]} {_WORDS.get(state, state)}{shown}")
    return ", ".join(parts)


def _table(runs: Sequence[RunState]) -> Table:
    table = Table.grid(padding=(0, 2))
    for run in runs:
        style = _STYLES.get(run.state, "")
        mark = Spinner("dots", style=style) if run.state == "running" else Text(_MARKS.get(run.state, "·"), style=style)
        table.add_row(mark, Text(run.dag_id, style=style), Text(run.state, style=style), tasks_in_words(run))
    return table
