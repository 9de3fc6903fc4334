"""What commands share: the run's context with a progress bar on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bam.pipeline.context import RunContext, open_context
from bam.settings import read_settings


class Bars:
    """Progress bars on standard error; nothing is drawn where that is no terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)

    @contextmanager
    def task(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """One bar for one piece of work."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        is_shown = self._console.is_terminal and total > 0
        with Progress(*columns, console=self._console, transient=True, disable=not is_shown) as progress:
            task = progress.add_task(label, total=total)
            yield lambda done: progress.advance(task, done)


def command_context() -> RunContext:
    """The context of a command: settings from the environment, the machine's clock, progress bars."""
    return open_context(read_settings(), progress=Bars())
